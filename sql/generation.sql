-- generation_create :maybe (:user user_id, :all int)
-- No row where the revision is not the user's to see.
INSERT INTO generation (owner, mapping, number, name, pattern, options, engine,
	compiler, targets, target_count, column_count, status, error, duration,
	key, created, pattern_version)
SELECT :user, r.mapping, r.number, :name, :pattern, :options, :engine,
	:compiler, :targets, :target_count, :column_count, :status, :error,
	:duration, :key, :created, :pattern_version
FROM mapping m JOIN revision r ON r.mapping = m.id
WHERE m.id = :mapping AND r.number = :number AND (m.owner = :user OR :all)
RETURNING id AS id /* generation_id */;

-- artifact_create :exec
INSERT INTO artifact (generation, plan, code, source_map, tests, untested)
VALUES (:generation, :plan, :code, :source_map, :tests, :untested);

-- generation_by_key :maybe
SELECT id FROM generation WHERE owner = :owner AND key = :key;

-- generation_get :maybe struct generation (:id generation_id, :user user_id,
--     :all int)
SELECT g.id, g.mapping, g.number, g.name, g.pattern, g.options, g.engine,
	g.compiler, g.targets, g.target_count, g.column_count, g.status,
	g.error, g.duration, g.created, g.pattern_version, u.name AS owner
FROM generation g JOIN user u ON u.id = g.owner
WHERE g.id = :id AND (g.owner = :user OR :all);

-- artifact_get :maybe
SELECT plan, code, source_map, tests, untested FROM artifact
WHERE generation = :generation;

-- generation_newest :many struct generation (:text text?, :pattern text?,
--     :status text?, :from int, :to int, :limit int, :offset int)
-- Everybody's in the usual order, straight from an index.
SELECT g.id, g.mapping, g.number, g.name, g.pattern, g.options, g.engine,
	g.compiler, g.targets, g.target_count, g.column_count, g.status,
	g.error, g.duration, g.created, g.pattern_version, u.name AS owner
FROM generation g CROSS JOIN user u ON u.id = g.owner
WHERE g.created >= :from AND g.created < :to
	AND (:pattern IS NULL OR g.pattern = :pattern)
	AND (:status IS NULL OR g.status = :status)
	AND (:text IS NULL OR g.name LIKE :text ESCAPE '\'
		OR g.targets LIKE :text ESCAPE '\')
ORDER BY g.created DESC, g.id DESC LIMIT :limit OFFSET :offset;

-- generation_newest_of :many struct generation (:owner user_id, :text text?,
--     :pattern text?, :status text?, :from int, :to int, :limit int,
--     :offset int)
-- One person's in the usual order, straight from an index.
SELECT g.id, g.mapping, g.number, g.name, g.pattern, g.options, g.engine,
	g.compiler, g.targets, g.target_count, g.column_count, g.status,
	g.error, g.duration, g.created, g.pattern_version, u.name AS owner
FROM generation g CROSS JOIN user u ON u.id = g.owner
WHERE g.owner = :owner AND g.created >= :from AND g.created < :to
	AND (:pattern IS NULL OR g.pattern = :pattern)
	AND (:status IS NULL OR g.status = :status)
	AND (:text IS NULL OR g.name LIKE :text ESCAPE '\'
		OR g.targets LIKE :text ESCAPE '\')
ORDER BY g.created DESC, g.id DESC LIMIT :limit OFFSET :offset;

-- generation_sorted :many struct generation (:owner user_id?, :text text?,
--     :pattern text?, :status text?, :from int, :to int, :sort text,
--     :ascending int, :limit int, :offset int)
-- In any other order, which reads all that the filter leaves. Going through
-- the few users first keeps it to one person's rows where one is meant.
SELECT id, mapping, number, name, pattern, options, engine, compiler, targets,
	target_count, column_count, status, error, duration, created,
	pattern_version, owner_name AS owner
FROM (
	SELECT g.*, u.name AS owner_name, CASE :sort
		WHEN 'created' THEN g.created
		WHEN 'name' THEN lower(g.name)
		WHEN 'pattern' THEN g.pattern
		WHEN 'target' THEN lower(g.targets)
		WHEN 'status' THEN g.status
		WHEN 'duration' THEN g.duration
		WHEN 'owner' THEN lower(u.name)
	END AS rank
	FROM user u CROSS JOIN generation g ON g.owner = u.id
	WHERE (u.id = :owner OR :owner IS NULL)
		AND g.created >= :from AND g.created < :to
		AND (:pattern IS NULL OR g.pattern = :pattern)
		AND (:status IS NULL OR g.status = :status)
		AND (:text IS NULL OR g.name LIKE :text ESCAPE '\'
			OR g.targets LIKE :text ESCAPE '\')
)
ORDER BY CASE WHEN :ascending THEN rank END,
	CASE WHEN NOT :ascending THEN rank END DESC, id DESC
LIMIT :limit OFFSET :offset;

-- generation_total :one struct generation_count (:owner user_id?)
-- Of all there are.
SELECT coalesce(sum(generations), 0) AS count /* int */ FROM user
WHERE id = :owner OR :owner IS NULL;

-- generation_count :one struct generation_count (:owner user_id?,
--     :text text?, :pattern text?, :status text?, :from int, :to int)
-- Of what a filter leaves.
SELECT count(*) AS count /* int */
FROM user u CROSS JOIN generation g ON g.owner = u.id
WHERE (u.id = :owner OR :owner IS NULL)
	AND g.created >= :from AND g.created < :to
	AND (:pattern IS NULL OR g.pattern = :pattern)
	AND (:status IS NULL OR g.status = :status)
	AND (:text IS NULL OR g.name LIKE :text ESCAPE '\'
		OR g.targets LIKE :text ESCAPE '\');

-- generation_of_mapping :many struct generation (:user user_id, :all int,
--     :limit int)
SELECT g.id, g.mapping, g.number, g.name, g.pattern, g.options, g.engine,
	g.compiler, g.targets, g.target_count, g.column_count, g.status,
	g.error, g.duration, g.created, g.pattern_version, u.name AS owner
FROM generation g JOIN user u ON u.id = g.owner
WHERE g.mapping = :mapping AND (g.owner = :user OR :all)
ORDER BY g.id DESC LIMIT :limit;

-- generation_used :maybe (:user user_id, :all int, :pattern text,
--     :pattern_version int)
-- Whether the mapping was compiled with that pattern before.
SELECT g.id FROM generation g
WHERE g.mapping = :mapping AND g.pattern = :pattern
	AND g.pattern_version = :pattern_version AND (g.owner = :user OR :all)
LIMIT 1;
