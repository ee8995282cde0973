-- Which lines of the code come from which row of the sheet: JSON. Generations
-- that are there already do not say.
ALTER TABLE artifact ADD COLUMN source_map TEXT NOT NULL DEFAULT '[]';
