#include "base/base.h"

#include "core/own_patterns.h"

#include "core/generations.h"
#include "db/db.h"
#include "fixture.h"
#include "sys/files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DOCUMENT(name, title, more)                                            \
	"name: " name "\ntitle: " title "\nsummary: S.\ndescription: D.\n"     \
	"extends: merge\n" more "example: |\n"                                 \
	"  source_table,source_column,target_table,target_column,role\n"       \
	"  a.b.orders,id,a.c.orders,order_id,key\n"
#define ONE DOCUMENT("own", "One", "")
#define TWO                                                                    \
	DOCUMENT("own", "Two",                                                 \
	    "options:\n  - name: vanished\n    default: delete\n")
#define THREE DOCUMENT("own", "Three", "")
#define PROMPT                                                                 \
	"name: words\ntitle: Words\nsummary: S.\ndescription: D.\n"            \
	"prompt: Do it.\n"

static struct patterns built_in;

static int
setup(void **state)
{
	const char *top = getenv("srcdir");
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	built_in = (struct patterns){0};
	ok(patterns_load(&f->arena,
	    arena_printf(&f->arena, "%s/patterns", top ? top : "."),
	    &built_in));
	f->app.patterns = &built_in;
	return 0;
}

static const struct err *
save(struct fixture *f, const struct user *author, int64_t base,
    const char *document, int64_t *ret_version)
{
	struct problems problems = {0};
	struct derived d;

	pattern_document_check(&f->arena, &built_in, slice_of(document), &d,
	    &problems);
	if (problems.n > 0)
		fail_msg("%s", problems.v[0].message);
	return own_patterns_save(&f->app, author, base, "why", &d,
	    slice_of(document), ret_version);
}

static int64_t
saved(struct fixture *f, const struct user *author, int64_t base,
    const char *document)
{
	int64_t version = 0;

	ok(save(f, author, base, document, &version));
	return version;
}

static const struct own_pattern *
find(struct fixture *f, const char *name, int64_t version)
{
	const struct own_pattern *p;

	ok(own_patterns_find(&f->app, &f->arena, name, version, &p));
	return p;
}

static void
test_versions(void **state)
{
	struct fixture *f = *state;
	const struct own_pattern *p;
	struct own_patterns list = {0};

	assert_null(find(f, "own", 0));
	assert_int_equal(saved(f, &f->ann, 0, ONE), 1);
	fixture_pass_time(f, MINUTE);
	assert_int_equal(saved(f, &f->bob, 1, TWO), 2);
	p = find(f, "own", 0);
	assert_string_equal(p->title, "Two");
	assert_string_equal(p->document, TWO);
	assert_string_equal(p->base, "merge");
	assert_string_equal(p->author, "bob");
	assert_string_equal(p->note, "why");
	assert_int_equal(p->version, 2);
	assert_int_equal(p->version_count, 2);
	assert_int_equal(p->created_ms, START_MS + MINUTE);
	assert_false(p->installed);
	p = find(f, "own", 1);
	assert_string_equal(p->document, ONE);
	assert_string_equal(p->author, "ann");
	assert_int_equal(p->version_count, 2);
	assert_null(find(f, "own", 3));
	assert_null(find(f, "merge", 0));
	saved(f, &f->ann, 0, PROMPT);
	ok(own_patterns_list(&f->app, &f->arena, &list));
	assert_int_equal(list.n, 2);
	assert_string_equal(list.v[0].name, "own");
	assert_string_equal(list.v[1].base, "");
}

static void
test_two_editors(void **state)
{
	struct fixture *f = *state;
	int64_t version = 0;
	const struct err *e;

	saved(f, &f->ann, 0, ONE);
	fails(save(f, &f->bob, 0, TWO, &version), P_NAME_EXISTS);
	saved(f, &f->ann, 1, TWO);
	e = save(f, &f->bob, 1, THREE, &version);
	fails(e, W_CONFLICT);
	assert_non_null(strstr(e->message, "version 2"));
	assert_int_equal(find(f, "own", 0)->version, 2);
	fails(save(f, &f->bob, 3, PROMPT, &version), W_NOT_FOUND);
	assert_int_equal(version, 0);
}

/* A POST that is repeated, and a save that changes nothing. */
static void
test_again(void **state)
{
	struct fixture *f = *state;
	int64_t version = 0;

	assert_int_equal(saved(f, &f->ann, 0, ONE), 1);
	assert_int_equal(saved(f, &f->ann, 0, ONE), 1);
	fails(save(f, &f->bob, 0, ONE, &version), P_NAME_EXISTS);
	assert_int_equal(saved(f, &f->bob, 1, ONE), 1);
	assert_int_equal(saved(f, &f->ann, 1, TWO), 2);
	assert_int_equal(saved(f, &f->ann, 1, TWO), 2);
	fails(save(f, &f->bob, 1, TWO, &version), W_CONFLICT);
	/* Back to what was is a version of its own. */
	assert_int_equal(saved(f, &f->bob, 2, ONE), 3);
	assert_int_equal(find(f, "own", 0)->version_count, 3);
	/* The command line has no name. */
	assert_int_equal(saved(f, NULL, 3, TWO), 4);
	assert_int_equal(saved(f, NULL, 3, TWO), 4);
	assert_null(find(f, "own", 0)->author);
}

static void
test_processes_that_save_at_once(void **state)
{
	static const char *const documents[] = {TWO, THREE};
	struct fixture *f = *state;
	int saves = 0;
	pid_t pid[2];
	int status;
	size_t i;

	saved(f, &f->ann, 0, ONE);
	app_close(&f->app);
	for (i = 0; i < COUNT_OF(pid); i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct arena a = ARENA_INIT;
			const struct err *e = app_reopen(&a, &f->app);
			int64_t version;

			if (!e)
				e = save(f, i ? &f->ann : &f->bob, 1,
				    documents[i], &version);
			_exit(!e ? 10 : e->code == W_CONFLICT ? 11 : 12);
		}
	}
	for (i = 0; i < COUNT_OF(pid); i++) {
		waitpid(pid[i], &status, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 12);
		saves += WEXITSTATUS(status) == 10;
	}
	assert_int_equal(saves, 1);
	ok(app_reopen(&f->arena, &f->app));
	assert_int_equal(find(f, "own", 0)->version, 2);
}

static void
test_switch_and_history(void **state)
{
	struct fixture *f = *state;
	struct own_pattern_events events;
	const struct own_pattern *p;

	saved(f, &f->ann, 0, ONE);
	fixture_pass_time(f, MINUTE);
	ok(own_patterns_switch(&f->app, &f->bob, "own", true));
	ok(own_patterns_switch(&f->app, &f->ann, "own", true));
	fixture_pass_time(f, MINUTE);
	saved(f, &f->ann, 1, TWO);
	fixture_pass_time(f, MINUTE);
	ok(own_patterns_switch(&f->app, &f->ann, "own", false));
	fails(own_patterns_switch(&f->app, &f->ann, "none", true), W_NOT_FOUND);
	p = find(f, "own", 0);
	assert_false(p->disabled);
	ok(own_patterns_history(&f->app, &f->arena, p->id, &events));
	assert_int_equal(events.n, 4);
	assert_int_equal(events.v[0].version, 0);
	assert_false(events.v[0].disabled);
	assert_int_equal(events.v[1].version, 2);
	assert_int_equal(events.v[2].version, 0);
	assert_true(events.v[2].disabled);
	assert_string_equal(events.v[2].author, "bob");
	assert_int_equal(events.v[2].created_ms, START_MS + MINUTE);
	assert_int_equal(events.v[3].version, 1);
}

static const struct pattern *
get(struct fixture *f, const char *reference, bool *ret_disabled)
{
	const struct pattern *p;

	ok(own_patterns_get(&f->app, &f->arena, reference, &p, ret_disabled));
	return p;
}

static void
test_references(void **state)
{
	static const char *const wrong[] = {"none", "own@3", "own@", "own@0",
	    "own@-1", "own@1x", "@1", "", "merge@1"};
	struct fixture *f = *state;
	const struct pattern *p;
	bool disabled;
	size_t i;

	saved(f, &f->ann, 0, ONE);
	saved(f, &f->ann, 1, TWO);
	p = get(f, "merge", &disabled);
	assert_int_equal(p->version, 0);
	assert_string_equal(pattern_reference(&f->arena, p), "merge");
	p = get(f, "own", &disabled);
	assert_int_equal(p->version, 2);
	assert_string_equal(pattern_reference(&f->arena, p), "own@2");
	assert_string_equal(pattern_option(p, "vanished")->initial, "delete");
	p = get(f, "own@1", &disabled);
	assert_string_equal(p->title, "One");
	assert_string_equal(pattern_option(p, "vanished")->initial, "keep");
	assert_false(disabled);
	for (i = 0; i < COUNT_OF(wrong); i++)
		fails(own_patterns_get(&f->app, &f->arena, wrong[i], &p,
		          &disabled),
		    P_UNKNOWN);
	ok(own_patterns_switch(&f->app, &f->ann, "own", true));
	get(f, "own@1", &disabled);
	assert_true(disabled);
}

static void
test_offered(void **state)
{
	struct fixture *f = *state;
	struct pattern_titles titles;
	struct patterns list;
	const struct pattern *p;
	bool disabled;

	saved(f, &f->ann, 0, ONE);
	saved(f, &f->ann, 0, PROMPT);
	saved(f, &f->ann, 0, DOCUMENT("late", "Late", ""));
	ok(own_patterns_offered(&f->app, &f->arena, &list));
	assert_int_equal(list.n, built_in.n + 3);
	assert_string_equal(list.v[0].name, built_in.v[0].name);
	assert_string_equal(list.v[built_in.n].name, "late");
	assert_int_equal(list.v[built_in.n].version, 1);
	p = pattern_find(&list, "words");
	assert_false(pattern_compiles(p));
	/* One is disabled, one is of a release that knew more. */
	ok(own_patterns_switch(&f->app, &f->ann, "own", true));
	ok(db_script(f->app.db,
	    "UPDATE pattern_version SET document = replace(document, "
	    "'extends: merge', 'extends: mesh') WHERE title = 'Late'"));
	ok(own_patterns_offered(&f->app, &f->arena, &list));
	assert_int_equal(list.n, built_in.n + 1);
	fails(own_patterns_get(&f->app, &f->arena, "late", &p, &disabled),
	    P_OUTDATED);
	ok(own_patterns_titles(&f->app, &f->arena, &titles));
	assert_int_equal(titles.n, built_in.n + 3);
	assert_string_equal(pattern_title(&f->arena, &titles, "own", 1),
	    "One v1");
	assert_string_equal(pattern_title(&f->arena, &titles, "merge", 0),
	    "MERGE upsert");
	assert_string_equal(pattern_title(&f->arena, &titles, "gone", 0),
	    "gone");
}

/* Files of the installation, in a folder of the test. */
static struct pattern_files
install_files(struct fixture *f, const char *folder)
{
	struct pattern_files files = {0};

	ok(patterns_load_files(&f->arena, folder, &built_in, &files));
	return files;
}

static void
put_file(struct fixture *f, const char *name, const char *text)
{
	ok(file_write(&f->arena, arena_printf(&f->arena, "%s/%s", f->dir, name),
	    slice_of(text)));
}

static void
test_installed(void **state)
{
	struct fixture *f = *state;
	struct pattern_files files;
	const struct own_pattern *p;
	int64_t version;

	files = install_files(f, "/nowhere/at/all");
	assert_int_equal(files.n, 0);
	put_file(f, "own.yaml", ONE);
	put_file(f, "notes.txt", "not a pattern");
	files = install_files(f, f->dir);
	assert_int_equal(files.n, 1);
	ok(own_patterns_install(&f->app, &files));
	ok(own_patterns_install(&f->app, &files));
	p = find(f, "own", 0);
	assert_true(p->installed);
	assert_null(p->author);
	assert_int_equal(p->version_count, 1);
	fails(save(f, &f->ann, 1, TWO, &version), P_INSTALLED);
	/* Another text of the file is another version. */
	put_file(f, "own.yaml", TWO);
	files = install_files(f, f->dir);
	ok(own_patterns_install(&f->app, &files));
	assert_int_equal(find(f, "own", 0)->version_count, 2);
	/* Where the file is gone, the pattern is like any other. */
	files = (struct pattern_files){0};
	ok(own_patterns_install(&f->app, &files));
	assert_false(find(f, "own", 0)->installed);
	assert_int_equal(saved(f, &f->ann, 2, THREE), 3);
	/* And what people have written is not written over. */
	files = install_files(f, f->dir);
	fails(own_patterns_install(&f->app, &files), P_NAME_EXISTS);
	assert_string_equal(find(f, "own", 0)->title, "Three");
	put_file(f, "own.yaml", THREE);
	files = install_files(f, f->dir);
	ok(own_patterns_install(&f->app, &files));
	assert_true(find(f, "own", 0)->installed);
	assert_int_equal(find(f, "own", 0)->version_count, 3);
}

static void
test_broken_files(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
	    {"name: own\n", "has no title"},
	    {DOCUMENT("other", "T", ""), "holds a pattern named other"},
	    {DOCUMENT("own", "T", "options:\n  - name: nix\n"), "line 7"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct pattern_files files = {0};
		const struct err *e;

		put_file(f, "own.yaml", cases[i].text);
		e = patterns_load_files(&f->arena, f->dir, &built_in, &files);
		fails(e, P_DEFINITION);
		assert_non_null(strstr(e->message, "own.yaml"));
		if (!strstr(e->message, cases[i].says))
			fail_msg("%s", e->message);
	}
}

static void
test_what_was_used(void **state)
{
	struct fixture *f = *state;
	struct mapping_id id = {0};
	struct generation_id made;
	struct generation g = {.revision_number = 1,
	    .name = "a.csv",
	    .pattern = "own",
	    .pattern_version = 2,
	    .options = "{}",
	    .engine = "compiler",
	    .compiler = "0",
	    .targets = "t",
	    .error = "",
	    .code = "",
	    .plan = ""};
	bool used;

	ok(mappings_create(&f->app, &f->ann, NULL, "a.csv", SLICE("a,b\n"),
	    &id));
	g.mapping = id;
	ok(generations_create(&f->app, &f->ann, NULL, &g, &made));
	ok(generations_get(&f->app, &f->arena, &f->ann, made, &g));
	assert_int_equal(g.pattern_version, 2);
	ok(generations_used(&f->app, &f->ann, id, "own", 2, &used));
	assert_true(used);
	ok(generations_used(&f->app, &f->admin, id, "own", 2, &used));
	assert_true(used);
	ok(generations_used(&f->app, &f->ann, id, "own", 1, &used));
	assert_false(used);
	ok(generations_used(&f->app, &f->bob, id, "own", 2, &used));
	assert_false(used);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_versions),
	    TEST(test_two_editors),
	    TEST(test_again),
	    TEST(test_processes_that_save_at_once),
	    TEST(test_switch_and_history),
	    TEST(test_references),
	    TEST(test_offered),
	    TEST(test_installed),
	    TEST(test_broken_files),
	    TEST(test_what_was_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
