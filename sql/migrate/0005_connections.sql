-- Servers that people have connected: workspaces and language models.
CREATE TABLE connection (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	owner INTEGER NOT NULL REFERENCES user (id),
	name TEXT NOT NULL,
	provider TEXT NOT NULL
		CHECK (provider IN ('databricks', 'openai', 'anthropic')),
	base TEXT NOT NULL,
	workspace TEXT NOT NULL,
	auth TEXT NOT NULL CHECK (auth IN ('stored', 'asked', 'none')),
	box TEXT,
	model TEXT NOT NULL,
	instructions TEXT NOT NULL,
	temperature INTEGER NOT NULL,
	max_tokens INTEGER NOT NULL,
	first_s INTEGER NOT NULL,
	total_s INTEGER NOT NULL,
	is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
	created INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	tested INTEGER,
	tested_code TEXT NOT NULL DEFAULT '',
	tested_note TEXT NOT NULL DEFAULT '',
	key TEXT,
	UNIQUE (owner, key)
) STRICT;
CREATE UNIQUE INDEX connection_by_name ON connection (owner, name COLLATE NOCASE);
CREATE UNIQUE INDEX connection_default ON connection (owner) WHERE is_default;
