-- The firm that puts a hazard right: everybody at the school may know it, while
-- who to call there stays with those who assign the work.
ALTER TABLE hazard ADD COLUMN firm TEXT NOT NULL DEFAULT '';
