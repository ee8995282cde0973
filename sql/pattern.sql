-- pattern_create :one
INSERT INTO pattern (name, installed, versions, created)
VALUES (:name, :installed, 1, :created)
RETURNING id AS id /* pattern_id */;

-- pattern_advance :exec
UPDATE pattern SET versions = :versions, installed = :installed WHERE id = :id;

-- pattern_set_disabled :exec
UPDATE pattern SET disabled = :disabled WHERE id = :id;

-- pattern_version_create :exec (:author user_id?)
INSERT INTO pattern_version (pattern, number, title, summary, base, document,
	author, note, created)
VALUES (:pattern, :number, :title, :summary, :base, :document, :author, :note,
	:created);

-- pattern_switch_create :exec (:author user_id?)
INSERT INTO pattern_switch (pattern, disabled, author, created)
VALUES (:pattern, :disabled, :author, :created);

-- pattern_get :maybe struct stored_pattern (:number int?)
-- One version, the newest if none is asked for.
SELECT p.id, p.name, p.installed, p.disabled, p.versions, v.number, v.title,
	v.summary, v.base, v.document, u.name AS author /* text? */,
	v.author AS author_id /* user_id? */, v.note, v.created
FROM pattern p
JOIN pattern_version v ON v.pattern = p.id
	AND v.number = coalesce(:number, p.versions)
LEFT JOIN user u ON u.id = v.author
WHERE p.name = :name;

-- pattern_list :many struct stored_pattern (:limit int)
-- The newest version of each, by name.
SELECT p.id, p.name, p.installed, p.disabled, p.versions, v.number, v.title,
	v.summary, v.base, v.document, u.name AS author /* text? */,
	v.author AS author_id /* user_id? */, v.note, v.created
FROM pattern p
JOIN pattern_version v ON v.pattern = p.id AND v.number = p.versions
LEFT JOIN user u ON u.id = v.author
ORDER BY p.name LIMIT :limit;

-- pattern_titles :many (:limit int)
-- The newest of each, by name, without the documents.
SELECT p.name, v.title
FROM pattern p
JOIN pattern_version v ON v.pattern = p.id AND v.number = p.versions
ORDER BY p.name LIMIT :limit;

-- pattern_versions :many (:limit int)
-- Newest first.
SELECT v.number, v.title, v.note, v.created, u.name AS author /* text? */
FROM pattern_version v LEFT JOIN user u ON u.id = v.author
WHERE v.pattern = :pattern
ORDER BY v.number DESC LIMIT :limit;

-- pattern_switches :many (:limit int)
-- Newest first.
SELECT s.disabled, s.created, u.name AS author /* text? */
FROM pattern_switch s LEFT JOIN user u ON u.id = s.author
WHERE s.pattern = :pattern
ORDER BY s.id DESC LIMIT :limit;
