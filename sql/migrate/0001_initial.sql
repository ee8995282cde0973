-- The first schema. See sql/schema.sql for what it has become since.

-- People who may sign in.
CREATE TABLE user (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	-- as written; compared without case
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
	-- Argon2id in the usual string form
	password TEXT NOT NULL,
	-- signed in with a one-time password: nothing works until it is changed
	must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
	-- may not sign in any more
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	created INTEGER NOT NULL,
	-- of the last successful sign-in
	last_login INTEGER,
	-- how many the user owns; kept by triggers, so that no list has to count
	generations INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Browsers that are signed in.
CREATE TABLE session (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	-- SHA-256 of the cookie's token, which itself is nowhere
	token_hash TEXT NOT NULL UNIQUE,
	user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
	created INTEGER NOT NULL,
	-- last activity, exact to a minute
	seen INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user);
CREATE INDEX session_by_seen ON session (seen);

-- Failed sign-ins of the last minutes, to slow down guessing.
CREATE TABLE login_failure (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	-- SHA-256 of the lower-cased name, since people type passwords into name
	-- fields; '' after a success, which forgives the name, not the address
	account TEXT NOT NULL,
	-- of the client; an IPv6 address without its lower half
	address TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_failure_by_account ON login_failure (account, at);
CREATE INDEX login_failure_by_address ON login_failure (address, at);
CREATE INDEX login_failure_by_at ON login_failure (at);

-- The bytes of mapping sheets, each content once.
CREATE TABLE sheet (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	-- of the bytes, in hexadecimal
	sha256 TEXT NOT NULL UNIQUE,
	-- in bytes
	size INTEGER NOT NULL,
	-- as they came
	bytes BLOB NOT NULL
) STRICT;

-- A mapping sheet as a person sees it: a name and its revisions.
CREATE TABLE mapping (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	owner INTEGER NOT NULL REFERENCES user (id),
	-- the file's name without its path, or what was given
	name TEXT NOT NULL,
	-- of the form that made it: sent twice, it makes one mapping
	key TEXT,
	created INTEGER NOT NULL,
	-- time and number of the newest revision
	revised INTEGER NOT NULL,
	revisions INTEGER NOT NULL,
	UNIQUE (owner, key)
) STRICT;

-- A state of a mapping sheet. Never changed.
CREATE TABLE revision (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	mapping INTEGER NOT NULL REFERENCES mapping (id) ON DELETE CASCADE,
	-- from 1, without gaps
	number INTEGER NOT NULL,
	sheet INTEGER NOT NULL REFERENCES sheet (id),
	author INTEGER NOT NULL REFERENCES user (id),
	-- what was done: "uploaded", "row 5, Target Column: …"
	note TEXT NOT NULL,
	created INTEGER NOT NULL,
	UNIQUE (mapping, number)
) STRICT;
CREATE INDEX revision_by_sheet ON revision (sheet);
CREATE INDEX revision_by_author ON revision (author);

-- A compilation and its outcome, without the large texts. Never changed.
CREATE TABLE generation (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	owner INTEGER NOT NULL REFERENCES user (id),
	mapping INTEGER NOT NULL REFERENCES mapping (id),
	-- which revision of the mapping it was made from
	number INTEGER NOT NULL,
	-- of the mapping at that time
	name TEXT NOT NULL,
	pattern TEXT NOT NULL,
	-- JSON object, as given
	options TEXT NOT NULL,
	-- 'compiler', later also 'model'
	engine TEXT NOT NULL,
	-- version of the engine
	compiler TEXT NOT NULL,
	-- names of the target tables, ', ' between
	targets TEXT NOT NULL,
	target_count INTEGER NOT NULL,
	column_count INTEGER NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed')),
	-- what went wrong; '' where it succeeded
	error TEXT NOT NULL,
	-- microseconds
	duration INTEGER NOT NULL,
	-- of the form that made it: sent twice, it makes one generation
	key TEXT,
	created INTEGER NOT NULL,
	UNIQUE (owner, key),
	FOREIGN KEY (mapping, number) REFERENCES revision (mapping, number)
) STRICT;
CREATE INDEX generation_by_created ON generation (created);
-- with what filters look at, so that they need not visit the table
CREATE INDEX generation_by_owner
	ON generation (owner, created, status, pattern);
CREATE INDEX generation_by_mapping ON generation (mapping);
CREATE TRIGGER generation_counted AFTER INSERT ON generation BEGIN
	UPDATE user SET generations = generations + 1 WHERE id = NEW.owner;
END;
CREATE TRIGGER generation_uncounted AFTER DELETE ON generation BEGIN
	UPDATE user SET generations = generations - 1 WHERE id = OLD.owner;
END;

-- The large texts of a generation, apart so that lists never touch them.
CREATE TABLE artifact (
	generation INTEGER PRIMARY KEY REFERENCES generation (id)
	    ON DELETE CASCADE,
	-- plan.json
	plan TEXT NOT NULL,
	-- the notebook's source; '' where it failed
	code TEXT NOT NULL
) STRICT;
