-- The index of words anew: the tenant's and ledger's mark stands inside each
-- word, and words are split and folded by the program alone. The engine knows
-- how its table is made. What is there already is put in piece by piece, see
-- store/search_again.c.
DROP TABLE IF EXISTS search;
{search};
INSERT INTO setting (name, value)
  SELECT 'search_again', 'begin' WHERE EXISTS (SELECT 1 FROM tenant);
