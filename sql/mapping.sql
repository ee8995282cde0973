-- sheet_store :exec
-- The same bytes are kept once.
INSERT INTO sheet (sha256, size, bytes) VALUES (:sha256, :size, :bytes)
ON CONFLICT (sha256) DO NOTHING;

-- sheet_by_sha256 :one
SELECT id FROM sheet WHERE sha256 = :sha256;

-- mapping_create :one
INSERT INTO mapping (owner, name, key, created, revised, revisions)
VALUES (:owner, :name, :key, :created, :created, 1)
RETURNING id AS id /* mapping_id */;

-- mapping_by_key :maybe
SELECT id FROM mapping WHERE owner = :owner AND key = :key;

-- mapping_get :maybe (:id mapping_id, :user user_id, :all int, :number int?)
-- With the bytes of one revision, the newest if none is asked for.
SELECT m.id, m.name, u.name AS owner, m.created, r.id AS revision, r.number,
	m.revisions, r.created AS revised, s.bytes
FROM mapping m
JOIN user u ON u.id = m.owner
JOIN revision r ON r.mapping = m.id
	AND r.number = coalesce(:number, m.revisions)
JOIN sheet s ON s.id = r.sheet
WHERE m.id = :id AND (m.owner = :user OR :all);

-- mapping_head :maybe (:id mapping_id, :user user_id, :all int)
-- The newest revision, without its bytes.
SELECT m.revisions, r.author, s.sha256
FROM mapping m
JOIN revision r ON r.mapping = m.id AND r.number = m.revisions
JOIN sheet s ON s.id = r.sheet
WHERE m.id = :id AND (m.owner = :user OR :all);

-- mapping_advance :exec
UPDATE mapping SET revisions = :revisions, revised = :revised WHERE id = :id;

-- revision_create :exec
INSERT INTO revision (mapping, number, sheet, author, note, created)
VALUES (:mapping, :number, :sheet, :author, :note, :created);

-- revision_list :many (:user user_id, :all int)
SELECT r.id, r.number, r.created, r.note, u.name AS author
FROM mapping m
JOIN revision r ON r.mapping = m.id
JOIN user u ON u.id = r.author
WHERE m.id = :mapping AND (m.owner = :user OR :all)
ORDER BY r.number DESC;

-- mapping_list :many struct mapping_item (:limit int, :offset int)
-- Everybody's, for administrators.
SELECT m.id, m.name, u.name AS owner, m.created, m.revised, m.revisions, s.size
FROM mapping m
JOIN user u ON u.id = m.owner
JOIN revision r ON r.mapping = m.id AND r.number = m.revisions
JOIN sheet s ON s.id = r.sheet
ORDER BY m.id DESC LIMIT :limit OFFSET :offset;

-- mapping_list_of :many struct mapping_item (:limit int, :offset int)
-- One person's.
SELECT m.id, m.name, u.name AS owner, m.created, m.revised, m.revisions, s.size
FROM mapping m
JOIN user u ON u.id = m.owner
JOIN revision r ON r.mapping = m.id AND r.number = m.revisions
JOIN sheet s ON s.id = r.sheet
WHERE m.owner = :owner
ORDER BY m.id DESC LIMIT :limit OFFSET :offset;

-- mapping_count :one (:user user_id, :all int)
SELECT count(*) AS count /* int */
FROM user u CROSS JOIN mapping m ON m.owner = u.id
WHERE u.id = :user OR :all;
