-- answer_create :exec (:box text?)
INSERT INTO answer (generation, connection, host, model, wishes, box, fresh,
	tests_by)
VALUES (:generation, :connection, :host, :model, :wishes, :box, :fresh,
	:tests_by);

-- answer_get :maybe struct stored_answer (:user user_id, :all int)
SELECT a.generation, g.owner, g.status, a.connection, a.host, a.model,
	a.wishes, a.box, a.worker, a.lease, a.started, a.first, a.ended,
	a.stopped, a.round, a.text, a.tokens_in, a.tokens_out, a.report,
	a.fresh, a.source, a.asked, a.tests_by, a.tests_round, a.tests_text,
	a.tests_report, a.tests_error, g.created,
	coalesce(t.code <> '', 0) AND a.tests_round > 0 AS has_code /* int */
FROM answer a JOIN generation g ON g.id = a.generation
LEFT JOIN artifact t ON t.generation = a.generation
WHERE a.generation = :generation AND (g.owner = :user OR :all);

-- answer_claim :exec (:now int)
-- Once; who comes later changes no row. What opens the box has it by now.
UPDATE answer SET worker = :worker, lease = :lease, started = :now, box = NULL,
	round = max(round, 1)
WHERE generation = :generation AND started IS NULL AND ended IS NULL
	AND NOT stopped;

-- answer_advance :exec (:first int?)
UPDATE answer SET text = :text, round = :round, lease = :lease,
	first = coalesce(first, :first), tests_text = :tests_text,
	tests_round = :tests_round
WHERE generation = :generation AND worker = :worker AND ended IS NULL;

-- answer_keep :exec
-- The code has passed; whatever comes of its tests, it stays.
UPDATE answer SET report = :report
WHERE generation = :generation AND worker = :worker AND ended IS NULL;

-- answer_end :exec (:ended int)
UPDATE answer SET text = :text, round = :round, ended = :ended, lease = 0,
	box = NULL, tokens_in = :tokens_in, tokens_out = :tokens_out,
	report = :report, prompt = :prompt, source = :source,
	asked = :asked, tests_text = :tests_text, tests_round = :tests_round,
	tests_report = :tests_report, tests_error = :tests_error
WHERE generation = :generation AND worker = :worker AND ended IS NULL;

-- answer_stop :exec
UPDATE answer SET stopped = 1 WHERE generation = :generation AND ended IS NULL;

-- answer_abandon :exec (:ended int)
-- Nobody works on it.
UPDATE answer SET ended = :ended, lease = 0, box = NULL,
	tests_error = :tests_error
WHERE generation = :generation AND ended IS NULL;

-- answer_restart :exec (:box text?, :tests_by text?)
-- Code that has passed stays; its tests alone are asked for again.
UPDATE answer SET host = :host, model = :model, worker = '', lease = 0, started = NULL, first = NULL,
	ended = NULL, stopped = 0,
	round = CASE WHEN tests_round > 0 THEN round ELSE 0 END,
	text = CASE WHEN tests_round > 0 THEN text ELSE '' END,
	report = CASE WHEN tests_round > 0 THEN report ELSE '[]' END,
	tokens_in = -1, tokens_out = -1, box = :box, fresh = 1, prompt = '',
	source = NULL, tests_text = '', tests_report = '[]', tests_error = '',
	tests_by = coalesce(:tests_by, tests_by)
WHERE generation = :generation;

-- answer_is_stopped :maybe
SELECT stopped FROM answer WHERE generation = :generation;

-- answer_typical :one (:model text)
-- How long the newest answers of a model took, in milliseconds; 0: none yet.
SELECT coalesce(avg(t), 0) AS typical /* int */ FROM (
	SELECT a.ended - a.started AS t FROM answer a
	JOIN generation g ON g.id = a.generation
	WHERE a.model = :model AND a.ended IS NOT NULL
		AND a.started IS NOT NULL AND g.status = 'succeeded'
	ORDER BY a.generation DESC LIMIT 20
);

-- generation_end :exec
UPDATE generation SET status = :status, error = :error, duration = :duration
WHERE id = :id AND status = 'running';

-- generation_restart :exec
UPDATE generation SET status = 'running', error = '' WHERE id = :id
	AND status <> 'succeeded';

-- artifact_set_code :exec
UPDATE artifact SET code = :code WHERE generation = :generation;

-- artifact_set_tests :exec
UPDATE artifact SET tests = :tests WHERE generation = :generation;

-- answer_same :maybe (:since int, :newer int)
-- The newest good answer to the very same question of the same person, with at
-- most so many answers newer than it.
SELECT a.generation, a.ended, a.text, a.report, a.tests_text, a.tests_report,
	t.code, t.tests
FROM answer a
JOIN generation g ON g.id = a.generation
JOIN artifact t ON t.generation = a.generation
WHERE a.prompt = :prompt AND g.owner = :owner AND g.status = 'succeeded'
	AND a.ended >= :since AND a.source IS NULL AND a.tests_error = ''
	AND a.generation >= coalesce((SELECT n.generation FROM answer n
		WHERE n.prompt <> '' AND n.source IS NULL
		ORDER BY n.generation DESC LIMIT 1 OFFSET :newer), 0)
ORDER BY a.generation DESC LIMIT 1;

-- asking_create :exec
INSERT INTO asking (owner, at) VALUES (:owner, :at);

-- asking_count :one (:since int)
SELECT count(*) AS count /* int */ FROM asking
WHERE owner = :owner AND at >= :since;

-- asking_purge :exec (:before int)
DELETE FROM asking WHERE at < :before;

-- answer_earlier :maybe (:id generation_id)
-- The newest good answer of a model for the plan of a generation.
SELECT e.id FROM generation g
JOIN generation e ON e.mapping = g.mapping AND e.number = g.number
	AND e.owner = g.owner AND e.pattern = g.pattern
	AND e.pattern_version = g.pattern_version AND e.options = g.options
WHERE g.id = :id AND e.id <> g.id AND e.engine = 'model'
	AND e.status = 'succeeded'
ORDER BY e.id DESC LIMIT 1;
