-- Connections that act as whoever signs in to the workspace, or as a service
-- principal; people whom a workspace tells. A check cannot be changed, so the
-- column is.
ALTER TABLE connection ADD COLUMN new_auth TEXT NOT NULL DEFAULT 'asked'
	CHECK (new_auth IN ('stored', 'asked', 'none', 'person', 'client'));
UPDATE connection SET new_auth = auth;
ALTER TABLE connection DROP COLUMN auth;
ALTER TABLE connection RENAME COLUMN new_auth TO auth;
ALTER TABLE connection ADD COLUMN client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE connection ADD COLUMN signed_in TEXT NOT NULL DEFAULT '';
ALTER TABLE connection ADD COLUMN access TEXT;
ALTER TABLE connection ADD COLUMN access_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN renewing INTEGER NOT NULL DEFAULT 0;

ALTER TABLE user ADD COLUMN external TEXT;
CREATE UNIQUE INDEX user_by_external ON user (external);
