-- Events commit to what a row says of a file, under a salt that goes when the
-- name is erased. Rows of before get theirs when the server first starts.
ALTER TABLE attachment ADD COLUMN salt TEXT NOT NULL DEFAULT '';
