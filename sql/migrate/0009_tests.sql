-- Who writes the tests of a model's code, and what a model wrote as tests.
ALTER TABLE answer ADD COLUMN tests_by TEXT NOT NULL DEFAULT 'compiler'
	CHECK (tests_by IN ('compiler', 'model'));
ALTER TABLE answer ADD COLUMN tests_round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answer ADD COLUMN tests_text TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN tests_report TEXT NOT NULL DEFAULT '[]';
ALTER TABLE answer ADD COLUMN tests_error TEXT NOT NULL DEFAULT '';
