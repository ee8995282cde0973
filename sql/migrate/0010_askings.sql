-- How often a person has asked models of late: beginning anew asks, too.
CREATE TABLE asking (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	owner INTEGER NOT NULL REFERENCES user (id),
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX asking_by_owner ON asking (owner, at);
CREATE INDEX asking_by_at ON asking (at);
