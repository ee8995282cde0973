-- Patterns of an organisation, their versions, and people who may write them.
CREATE TABLE pattern (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	installed INTEGER NOT NULL CHECK (installed IN (0, 1)),
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	versions INTEGER NOT NULL,
	created INTEGER NOT NULL
) STRICT;

CREATE TABLE pattern_version (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	pattern INTEGER NOT NULL REFERENCES pattern (id),
	number INTEGER NOT NULL,
	title TEXT NOT NULL,
	summary TEXT NOT NULL,
	base TEXT NOT NULL,
	document TEXT NOT NULL,
	author INTEGER REFERENCES user (id),
	note TEXT NOT NULL,
	created INTEGER NOT NULL,
	UNIQUE (pattern, number)
) STRICT;
CREATE INDEX pattern_version_by_author ON pattern_version (author);

CREATE TABLE pattern_switch (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	pattern INTEGER NOT NULL REFERENCES pattern (id),
	disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
	author INTEGER REFERENCES user (id),
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX pattern_switch_by_pattern ON pattern_switch (pattern);
CREATE INDEX pattern_switch_by_author ON pattern_switch (author);

ALTER TABLE generation ADD COLUMN pattern_version INTEGER NOT NULL DEFAULT 0;

-- A check cannot be changed, and the table not be made anew while others refer
-- to it; so the column is.
ALTER TABLE user ADD COLUMN new_role TEXT NOT NULL DEFAULT 'user'
	CHECK (new_role IN ('user', 'editor', 'admin'));
UPDATE user SET new_role = role;
ALTER TABLE user DROP COLUMN role;
ALTER TABLE user RENAME COLUMN new_role TO role;
