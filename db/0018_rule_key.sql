-- "key" is what forms call their own idempotency key.
ALTER TABLE rule RENAME COLUMN key TO rule_key;
