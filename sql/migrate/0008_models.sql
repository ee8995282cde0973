-- Which models a server has named, and how much a model was told.
ALTER TABLE connection ADD COLUMN models TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
