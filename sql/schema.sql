-- Today's schema: the sum of sql/migrate. The program never reads this file;
-- tools/sqlgen does, and people.
--
-- Times are milliseconds since 1970 in UTC. Truth values are 0 and 1. Ids are
-- never used again.

-- People who may sign in.
CREATE TABLE user (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- user_id
	-- as written; compared without case
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	password TEXT NOT NULL,                 -- Argon2id, in its string form
	-- signed in with a one-time password: nothing works until it is changed
	must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
	-- may not sign in any more
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	created INTEGER NOT NULL,               -- when the account was made
	last_login INTEGER,                     -- last successful sign-in
	-- how many the user owns; kept by triggers, so that no list counts
	generations INTEGER NOT NULL DEFAULT 0,
	-- editors may write patterns; administrators, too, and they see
	-- everybody's mappings and generations
	role TEXT NOT NULL DEFAULT 'user'
		CHECK (role IN ('user', 'editor', 'admin')),
	-- workspace and id of somebody who signs in there; NULL: a local account
	external TEXT
) STRICT;
CREATE UNIQUE INDEX user_by_external ON user (external);

-- Browsers that are signed in.
CREATE TABLE session (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- session_id
	-- SHA-256 of the cookie's token, which itself is nowhere
	token_hash TEXT NOT NULL UNIQUE,
	-- who is signed in
	user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
	created INTEGER NOT NULL,               -- sign-in
	seen INTEGER NOT NULL                   -- last activity, to the minute
) STRICT;
CREATE INDEX session_by_user ON session (user);
CREATE INDEX session_by_seen ON session (seen);

-- Failed sign-ins of the last minutes, to slow down guessing.
CREATE TABLE login_failure (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- login_failure_id
	-- SHA-256 of the lower-cased name, since people type passwords into
	-- name fields; '' after a success, which forgives the name, not the
	-- address
	account TEXT NOT NULL,
	-- of the client; an IPv6 address without its lower half
	address TEXT NOT NULL,
	at INTEGER NOT NULL                     -- when it began
) STRICT;
CREATE INDEX login_failure_by_account ON login_failure (account, at);
CREATE INDEX login_failure_by_address ON login_failure (address, at);
CREATE INDEX login_failure_by_at ON login_failure (at);

-- The bytes of mapping sheets, each content once.
CREATE TABLE sheet (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- sheet_id
	sha256 TEXT NOT NULL UNIQUE,            -- of the bytes, in hexadecimal
	size INTEGER NOT NULL,                  -- number of bytes
	bytes BLOB NOT NULL                     -- as they came
) STRICT;

-- A mapping sheet as a person sees it: a name and its revisions.
CREATE TABLE mapping (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- mapping_id
	owner INTEGER NOT NULL REFERENCES user (id),   -- who uploaded it
	-- the file's name without its path, or what was given
	name TEXT NOT NULL,
	-- of the form that made it: sent twice, it makes one mapping
	key TEXT,
	created INTEGER NOT NULL,               -- upload
	revised INTEGER NOT NULL,               -- newest revision
	revisions INTEGER NOT NULL,             -- number of the newest revision
	UNIQUE (owner, key)
) STRICT;
CREATE INDEX mapping_by_owner ON mapping (owner);

-- A state of a mapping sheet. Never changed.
CREATE TABLE revision (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- revision_id
	-- of which mapping
	mapping INTEGER NOT NULL REFERENCES mapping (id) ON DELETE CASCADE,
	number INTEGER NOT NULL,                -- from 1, without gaps
	sheet INTEGER NOT NULL REFERENCES sheet (id),   -- its bytes
	author INTEGER NOT NULL REFERENCES user (id),   -- who made it
	-- what was done: "uploaded", "row 5, Target Column: …"
	note TEXT NOT NULL,
	created INTEGER NOT NULL,               -- when it was made
	UNIQUE (mapping, number)
) STRICT;
CREATE INDEX revision_by_sheet ON revision (sheet);
CREATE INDEX revision_by_author ON revision (author);

-- Code for a mapping, by the compiler or a model, without the large texts.
-- Never changed once it is not running any more.
CREATE TABLE generation (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- generation_id
	owner INTEGER NOT NULL REFERENCES user (id),   -- who asked for it
	mapping INTEGER NOT NULL REFERENCES mapping (id),   -- made from it
	number INTEGER NOT NULL,                -- the mapping's revision
	name TEXT NOT NULL,                     -- of the mapping at that time
	pattern TEXT NOT NULL,                  -- "merge_upsert"
	options TEXT NOT NULL,                  -- JSON object, as given
	-- 'compiler', 'model', or 'proposal': rows of a model, no code
	engine TEXT NOT NULL,
	compiler TEXT NOT NULL,                 -- version of the engine
	targets TEXT NOT NULL,                  -- target tables, ', ' between
	target_count INTEGER NOT NULL,          -- number of target tables
	column_count INTEGER NOT NULL,          -- target columns of all of them
	error TEXT NOT NULL,                    -- what went wrong, else ''
	duration INTEGER NOT NULL,              -- microseconds
	-- of the form that made it: sent twice, it makes one generation
	key TEXT,
	created INTEGER NOT NULL,               -- when it was stored
	-- of a pattern in the table pattern, from 1; 0: one of the program
	pattern_version INTEGER NOT NULL DEFAULT 0,
	-- a running one is still being written, a stopped one was ended by its
	-- owner; a failed one has an error, and code only if a model wrote some
	status TEXT NOT NULL DEFAULT 'failed'
		CHECK (status IN ('running', 'succeeded', 'failed', 'stopped')),
	UNIQUE (owner, key),
	FOREIGN KEY (mapping, number) REFERENCES revision (mapping, number)
) STRICT;
CREATE INDEX generation_by_created ON generation (created);
-- with what filters look at, so that they need not visit the table
CREATE INDEX generation_by_owner
	ON generation (owner, created, id, status, pattern);
CREATE INDEX generation_by_mapping ON generation (mapping);
CREATE TRIGGER generation_counted AFTER INSERT ON generation BEGIN
	UPDATE user SET generations = generations + 1 WHERE id = NEW.owner;
END;
CREATE TRIGGER generation_uncounted AFTER DELETE ON generation BEGIN
	UPDATE user SET generations = generations - 1 WHERE id = OLD.owner;
END;

-- The large texts of a generation, apart so that lists never touch them.
CREATE TABLE artifact (
	-- the generation they belong to
	generation INTEGER PRIMARY KEY REFERENCES generation (id)
	    ON DELETE CASCADE,
	plan TEXT NOT NULL,                     -- plan.json
	code TEXT NOT NULL,                     -- the notebook; '' if it failed
	-- which of its lines come from which row of the sheet: JSON
	source_map TEXT NOT NULL DEFAULT '[]',
	-- of the code, for pytest; NULL in old generations, and if it failed
	tests TEXT,
	-- the columns whose values they do not state, and why: JSON
	untested TEXT NOT NULL DEFAULT '[]'
) STRICT;

-- A pattern of the organisation: a name and its versions. Never deleted.
CREATE TABLE pattern (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- pattern_id
	-- as options and generations name it
	name TEXT NOT NULL UNIQUE,
	-- it is a file of the installation; pages do not change it
	installed INTEGER NOT NULL CHECK (installed IN (0, 1)),
	-- nothing new is made with it
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	versions INTEGER NOT NULL,              -- number of the newest version
	created INTEGER NOT NULL                -- first version
) STRICT;

-- A state of a pattern. Never changed.
CREATE TABLE pattern_version (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- pattern_version_id
	-- of which pattern
	pattern INTEGER NOT NULL REFERENCES pattern (id),
	number INTEGER NOT NULL,                -- from 1, without gaps
	title TEXT NOT NULL,                    -- as the document says, like
	summary TEXT NOT NULL,                  -- the next two, for lists
	base TEXT NOT NULL,                     -- "merge"; '' for a prompt only
	document TEXT NOT NULL,                 -- YAML, see plan/derived.h
	-- who made it; NULL: the installation or the command line
	author INTEGER REFERENCES user (id),
	note TEXT NOT NULL,                     -- what was changed and why
	created INTEGER NOT NULL,               -- when it was made
	UNIQUE (pattern, number)
) STRICT;
CREATE INDEX pattern_version_by_author ON pattern_version (author);

-- When a pattern was disabled and enabled again.
CREATE TABLE pattern_switch (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- pattern_switch_id
	-- which pattern
	pattern INTEGER NOT NULL REFERENCES pattern (id),
	disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),   -- to what
	author INTEGER REFERENCES user (id),    -- who; NULL as in pattern_version
	created INTEGER NOT NULL                -- when
) STRICT;
CREATE INDEX pattern_switch_by_pattern ON pattern_switch (pattern);
CREATE INDEX pattern_switch_by_author ON pattern_switch (author);

-- Servers that people have connected: workspaces and language models.
CREATE TABLE connection (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- connection_id
	owner INTEGER NOT NULL REFERENCES user (id),   -- whose it is
	name TEXT NOT NULL,                     -- as the owner calls it
	-- whose API it has
	provider TEXT NOT NULL
		CHECK (provider IN ('databricks', 'openai', 'anthropic')),
	base TEXT NOT NULL,                     -- "https://host", remote/host.h
	workspace TEXT NOT NULL,                -- id, of a host with many; ''
	-- the token, a refresh token or a client's secret, see core/seal.h
	box TEXT,
	model TEXT NOT NULL,                    -- that writes code; '' for none
	instructions TEXT NOT NULL,             -- system prompt; '': the usual
	temperature INTEGER NOT NULL,           -- percent; -1: the server's
	max_tokens INTEGER NOT NULL,            -- of an answer
	first_s INTEGER NOT NULL,               -- seconds to the first token
	total_s INTEGER NOT NULL,               -- seconds for an answer
	-- the one that forms choose first
	is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
	created INTEGER NOT NULL,               -- when it was entered
	changed INTEGER NOT NULL,               -- last change
	tested INTEGER,                         -- last test; NULL: none since
	tested_code TEXT NOT NULL DEFAULT '',   -- "R110"; '' if it went well
	tested_note TEXT NOT NULL DEFAULT '',   -- what it said
	-- of the form that made it: sent twice, it makes one connection
	key TEXT,
	-- a token: stored here, asked for each time, or none is needed; or by
	-- OAuth: whoever signs in, or a service principal
	auth TEXT NOT NULL DEFAULT 'asked'
		CHECK (auth IN ('stored', 'asked', 'none', 'person', 'client')),
	client_id TEXT NOT NULL DEFAULT '',     -- of a service principal
	signed_in TEXT NOT NULL DEFAULT '',     -- who has, "ann@example.com"
	access TEXT,                            -- the access token, sealed
	access_until INTEGER NOT NULL DEFAULT 0, -- when to get another one
	-- until when a worker gets one; 0: none does
	renewing INTEGER NOT NULL DEFAULT 0,
	models TEXT NOT NULL DEFAULT '',        -- that it has, one a line
	UNIQUE (owner, key)
) STRICT;
CREATE UNIQUE INDEX connection_by_name ON connection (owner, name COLLATE NOCASE);
CREATE UNIQUE INDEX connection_default ON connection (owner) WHERE is_default;

-- What a model was asked for, and what it has answered so far.
CREATE TABLE answer (
	-- what it is for
	generation INTEGER PRIMARY KEY REFERENCES generation (id)
	    ON DELETE CASCADE,
	-- who is asked; NULL where it was removed meanwhile
	connection INTEGER REFERENCES connection (id) ON DELETE SET NULL,
	host TEXT NOT NULL,                     -- of the connection
	model TEXT NOT NULL,                    -- of the connection
	wishes TEXT NOT NULL,                   -- what the person adds; ''
	-- a token that is used once and then forgotten, see core/seal.h
	box TEXT,
	worker TEXT NOT NULL DEFAULT '',        -- the request that works on it
	lease INTEGER NOT NULL DEFAULT 0,       -- the worker lives until then
	started INTEGER,                        -- NULL: nobody has begun
	first INTEGER,                          -- first token
	ended INTEGER,                          -- all is said
	-- its owner wants it to end
	stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped IN (0, 1)),
	round INTEGER NOT NULL DEFAULT 0,       -- 1; 2: asked to repair it
	text TEXT NOT NULL DEFAULT '',          -- of this round, as it came
	tokens_in INTEGER NOT NULL DEFAULT -1,  -- of all rounds; -1: not told
	tokens_out INTEGER NOT NULL DEFAULT -1, -- the same
	report TEXT NOT NULL DEFAULT '[]',      -- what the gate has found: JSON
	-- the model is asked even if it has answered the same before
	fresh INTEGER NOT NULL DEFAULT 0 CHECK (fresh IN (0, 1)),
	-- SHA-256 of all that the model is asked, and whom; '' before that
	prompt TEXT NOT NULL DEFAULT '',
	-- whose answer this is, where the model was not asked again
	source INTEGER REFERENCES generation (id) ON DELETE SET NULL,
	asked INTEGER NOT NULL DEFAULT 0,       -- bytes that the model was told
	-- who is to write the tests of the code
	tests_by TEXT NOT NULL DEFAULT 'compiler'
		CHECK (tests_by IN ('compiler', 'model')),
	-- 0: the code has not passed; 1: tests are asked for; 2: to be mended
	tests_round INTEGER NOT NULL DEFAULT 0,
	tests_text TEXT NOT NULL DEFAULT '',    -- of this round, as it came
	tests_report TEXT NOT NULL DEFAULT '[]', -- as report, of the tests
	-- why they are not those of the generation; '' where they are
	tests_error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX answer_by_connection ON answer (connection);
CREATE INDEX answer_by_model ON answer (model);
CREATE INDEX answer_by_prompt ON answer (prompt);
CREATE INDEX answer_by_source ON answer (source);

-- Answers that were asked for, or begun anew, within the last minute.
CREATE TABLE asking (
	id INTEGER PRIMARY KEY AUTOINCREMENT,   -- asking_id
	owner INTEGER NOT NULL REFERENCES user (id), -- who has asked
	at INTEGER NOT NULL                     -- when
) STRICT;
CREATE INDEX asking_by_owner ON asking (owner, at);
CREATE INDEX asking_by_at ON asking (at);
