-- connection_create :one
INSERT INTO connection (owner, name, provider, base, workspace, auth,
	client_id, model, instructions, temperature, max_tokens, first_s, total_s, is_default,
	created, changed, key)
VALUES (:owner, :name, :provider, :base, :workspace, :auth, :client_id,
	:model, :instructions, :temperature, :max_tokens, :first_s, :total_s,
	NOT EXISTS (SELECT 1 FROM connection c WHERE c.owner = :owner
		AND c.is_default), :created, :created, :key)
RETURNING id AS id /* connection_id */;

-- connection_change :exec
-- What was tested is another connection now. Access stays where it is to the
-- same as the same, and the names of models where it is the same server.
UPDATE connection SET name = :name, base = :base, workspace = :workspace,
	auth = :auth, client_id = :client_id, model = :model,
	instructions = :instructions, temperature = :temperature,
	max_tokens = :max_tokens, first_s = :first_s, total_s = :total_s,
	changed = :changed, tested = NULL, tested_code = '', tested_note = '',
	models = iif(base = :base, models, ''),
	access = iif(base = :base AND workspace = :workspace AND auth = :auth
		AND client_id = :client_id, access, NULL),
	renewing = iif(base = :base AND workspace = :workspace
		AND auth = :auth AND client_id = :client_id, renewing, 0)
WHERE id = :id;

-- connection_set_box :exec (:box text?)
-- What it was got with is another one.
UPDATE connection SET box = :box, signed_in = '', access = NULL,
	access_until = 0, renewing = 0
WHERE id = :id;

-- connection_sign_in :exec (:box text?, :until int)
-- No row where it leads elsewhere by now.
UPDATE connection SET box = :box, access = :access, access_until = :until,
	signed_in = :signed_in, renewing = 0, changed = :changed,
	tested = NULL, tested_code = '', tested_note = ''
WHERE id = :id AND base = :base AND workspace = :workspace
	AND auth = 'person';

-- connection_sign_out :exec (:base text?)
-- One, or all of a workspace. Whoever gets a new token meanwhile keeps none.
UPDATE connection SET box = NULL, access = NULL, access_until = 0,
	renewing = 0, signed_in = '', changed = :changed, tested = NULL,
	tested_code = '', tested_note = ''
WHERE owner = :owner AND auth = 'person'
	AND (id = :id OR base = :base);

-- connection_grant :maybe
-- What is needed of it to get a token.
SELECT base, workspace, auth, client_id, box /* text? */,
	access /* text? */, access_until
FROM connection WHERE id = :id AND owner = :owner;

-- connection_claim :exec (:until int, :now int)
-- Whoever changes the row gets the next access token. A lease that lies further
-- ahead than one can be is of a clock that was wrong.
UPDATE connection SET renewing = :until
WHERE id = :id AND (renewing < :now OR renewing > :until);

-- connection_release :exec (:lease int)
UPDATE connection SET renewing = 0 WHERE id = :id AND renewing = :lease;

-- connection_renewed :exec (:box text?, :access text?, :until int,
--     :lease int)
-- Nothing where it was changed, or signed out, meanwhile.
UPDATE connection SET box = :box, access = :access, access_until = :until,
	renewing = 0
WHERE id = :id AND renewing = :lease;

-- connection_set_tested :exec (:tested int)
UPDATE connection SET tested = :tested, tested_code = :tested_code,
	tested_note = :tested_note, models = :models
WHERE id = :id AND changed = :changed;

-- connection_set_model :exec
UPDATE connection SET model = :model, changed = :changed, tested = NULL,
	tested_code = '', tested_note = ''
WHERE id = :id;

-- connection_no_default :exec
UPDATE connection SET is_default = 0 WHERE owner = :owner AND is_default;

-- connection_set_default :exec
UPDATE connection SET is_default = 1 WHERE id = :id;

-- connection_delete :exec
DELETE FROM connection WHERE id = :id;

-- connection_list :many struct stored_connection (:limit int)
-- Nobody has many, so all lookups are made in this list.
SELECT id, owner, name, provider, base, workspace, auth, box /* text? */,
	client_id, signed_in, access /* text? */, access_until, model,
	instructions, temperature, max_tokens, first_s, total_s, is_default,
	created, changed, tested, tested_code, tested_note, models, key
FROM connection WHERE owner = :owner
ORDER BY is_default DESC, name COLLATE NOCASE LIMIT :limit;
