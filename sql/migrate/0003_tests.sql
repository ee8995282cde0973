-- The tests of the code, and the columns whose values they do not state: JSON.
-- Generations that are there already have none.
ALTER TABLE artifact ADD COLUMN tests TEXT;
ALTER TABLE artifact ADD COLUMN untested TEXT NOT NULL DEFAULT '[]';
