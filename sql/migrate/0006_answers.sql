-- What models are asked for, and what they answer: generations that take their
-- time. A check cannot be changed, so the column is.
DROP INDEX generation_by_owner;
ALTER TABLE generation ADD COLUMN new_status TEXT NOT NULL DEFAULT 'failed'
	CHECK (new_status IN ('running', 'succeeded', 'failed', 'stopped'));
UPDATE generation SET new_status = status;
ALTER TABLE generation DROP COLUMN status;
ALTER TABLE generation RENAME COLUMN new_status TO status;
CREATE INDEX generation_by_owner
	ON generation (owner, created, id, status, pattern);

CREATE TABLE answer (
	generation INTEGER PRIMARY KEY REFERENCES generation (id)
	    ON DELETE CASCADE,
	connection INTEGER REFERENCES connection (id) ON DELETE SET NULL,
	host TEXT NOT NULL,
	model TEXT NOT NULL,
	wishes TEXT NOT NULL,
	box TEXT,
	worker TEXT NOT NULL DEFAULT '',
	lease INTEGER NOT NULL DEFAULT 0,
	started INTEGER,
	first INTEGER,
	ended INTEGER,
	stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped IN (0, 1)),
	round INTEGER NOT NULL DEFAULT 0,
	text TEXT NOT NULL DEFAULT '',
	tokens_in INTEGER NOT NULL DEFAULT -1,
	tokens_out INTEGER NOT NULL DEFAULT -1,
	report TEXT NOT NULL DEFAULT '[]',
	fresh INTEGER NOT NULL DEFAULT 0 CHECK (fresh IN (0, 1)),
	prompt TEXT NOT NULL DEFAULT '',
	source INTEGER REFERENCES generation (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX answer_by_connection ON answer (connection);
CREATE INDEX answer_by_model ON answer (model);
CREATE INDEX answer_by_prompt ON answer (prompt);
CREATE INDEX answer_by_source ON answer (source);
