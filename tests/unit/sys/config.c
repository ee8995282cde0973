#include "base/base.h"

#include "sys/config.h"

#include "base/buf.h"
#include "sys/files.h"
#include "temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct state {
	struct arena arena;
	const char *dir;
	const char *path;
};

static int
setup(void **state)
{
	static struct state s;

	s.dir = temp_dir(&s.arena);
	s.path = temp_path(&s.arena, s.dir, "text2code.conf");
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	temp_remove(s->dir);
	arena_done(&s->arena);
	return 0;
}

static const struct err *
load(struct state *s, const char *text, struct config *ret)
{
	temp_write(s->path, text, strlen(text));
	return config_load(&s->arena, s->path, ret);
}

static void
test_defaults(void **state)
{
	struct state *s = *state;
	struct config c;

	ok(config_load(&s->arena, NULL, &c));
	assert_true(str_ends(c.data_dir, "/lib/text2code"));
	assert_true(str_ends(c.run_dir, "/lib/text2code/run"));
	assert_true(c.share_dir[0] == '/');
	assert_string_equal(c.public_url, "");
	assert_true(c.page_workers >= 2);
	assert_int_equal(c.call_workers, 32);
	assert_int_equal(c.page_deadline_s, 20);
	assert_int_equal(c.call_deadline_s, 300);
	assert_int_equal(c.session_idle_min, 30);
	assert_int_equal(c.session_life_h, 8);
	assert_int_equal(c.worker_requests, 10000);
	assert_int_equal(c.log_level, LOG_LEVEL_INFO);
}

static void
test_every_key(void **state)
{
	struct state *s = *state;
	struct config c;

	ok(load(s,
	    "# a comment\n"
	    "\n"
	    "data_dir = /srv/t2c\r\n"
	    "  run_dir=/run/t2c\n"
	    "share_dir = share\n"
	    "public_url = https://t2c.example:8443/\n"
	    "page_workers = 3\n"
	    "call_workers = 5\n"
	    "page_deadline_s = 7\n"
	    "call_deadline_s = 11\n"
	    "session_idle_min = 13\n"
	    "session_life_h = 17\n"
	    "worker_requests = 19\n"
	    "log_level = debug",
	    &c));
	assert_string_equal(c.data_dir, "/srv/t2c");
	assert_string_equal(c.run_dir, "/run/t2c");
	assert_true(c.share_dir[0] == '/' && str_ends(c.share_dir, "/share"));
	assert_string_equal(c.public_url, "https://t2c.example:8443");
	assert_int_equal(c.page_workers, 3);
	assert_int_equal(c.call_workers, 5);
	assert_int_equal(c.page_deadline_s, 7);
	assert_int_equal(c.call_deadline_s, 11);
	assert_int_equal(c.session_idle_min, 13);
	assert_int_equal(c.session_life_h, 17);
	assert_int_equal(c.worker_requests, 19);
	assert_int_equal(c.log_level, LOG_LEVEL_DEBUG);
}

static void
test_mistakes_name_file_and_line(void **state)
{
	static const struct {
		const char *text;
		const char *line;
	} cases[] = {
	    {"\nport = 1\n", ":2: "},
	    {"page_workers\n", ":1: "},
	    {"page_workers = many\n", ":1: "},
	    {"page_workers = 0\n", ":1: "},
	    {"call_workers = 257\n", ":1: "},
	    {"page_workers = 4 # four\n", ":1: "},
	    {"data_dir =\n", ":1: "},
	    {"log_level = loud\n", ":1: "},
	    {"public_url = t2c.example\n", ":1: "},
	    {"public_url = https://\n", ":1: "},
	    {"public_url = https://a/b\n", ":1: "},
	    {"public_url = https://a b\n", ":1: "},
	    {"log_level = info\n\n= x\n", ":3: "},
	};
	struct state *s = *state;
	struct config c;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		const struct err *e = load(s, cases[i].text, &c);

		fails(e, S_CONFIG);
		assert_non_null(strstr(e->message, cases[i].line));
		assert_true(str_starts(e->message, s->path));
	}
	fails(config_load(&s->arena, "/nonexistent/x", &c), S_FILE);
	fails(config_load(&s->arena, s->dir, &c), S_FILE);
}

static void
test_run_dir_follows_data_dir_unless_set(void **state)
{
	struct state *s = *state;
	struct config c;

	ok(config_load(&s->arena, NULL, &c));
	ok(config_set(&s->arena, &c, "data_dir", "/a"));
	assert_string_equal(c.run_dir, "/a/run");
	ok(config_set(&s->arena, &c, "run_dir", "/b"));
	ok(config_set(&s->arena, &c, "data_dir", "/c"));
	assert_string_equal(c.run_dir, "/b");
	assert_string_equal(c.data_dir, "/c");
	fails(config_set(&s->arena, &c, "data", "/c"), S_CONFIG);
}

/* The installed file shows each key with its default. */
static void
test_sample_file(void **state)
{
	struct state *s = *state;
	struct arena *a = &s->arena;
	const char *top = getenv("srcdir");
	struct config want;
	struct config c;
	struct slice text;
	struct buf b;
	size_t i;

	ok(file_read(a,
	    arena_printf(a, "%s/conf/text2code.conf", top ? top : "."), 65536,
	    &text));
	buf_init(&b, a, 65536);
	for (i = 0; i < text.n; i++) {
		/* "#key = value" becomes "key = value"; prose has "# ". */
		if (text.p[i] == '#' && (i == 0 || text.p[i - 1] == '\n') &&
		    chr_is_alpha(text.p[i + 1]))
			continue;
		buf_add_chr(&b, text.p[i]);
	}
	ok(load(s, buf_str(&b), &c));
	ok(config_load(a, NULL, &want));
	assert_int_equal(c.call_workers, want.call_workers);
	assert_int_equal(c.page_deadline_s, want.page_deadline_s);
	assert_int_equal(c.call_deadline_s, want.call_deadline_s);
	assert_int_equal(c.session_idle_min, want.session_idle_min);
	assert_int_equal(c.session_life_h, want.session_life_h);
	assert_int_equal(c.worker_requests, want.worker_requests);
	assert_int_equal(c.log_level, want.log_level);
	assert_string_equal(c.public_url, want.public_url);
}

static void
test_data_directory_must_be_ours(void **state)
{
	struct state *s = *state;
	const char *dir = temp_path(&s->arena, s->dir, "data");
	struct stat st;

	ok(dir_make(&s->arena, dir));
	ok(dir_make(&s->arena, dir));
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(chmod(dir, 0770), 0);
	fails(dir_make(&s->arena, dir), S_FILE);
	assert_int_equal(chmod(dir, 0755), 0);
	ok(dir_make(&s->arena, dir));
	assert_int_equal(rmdir(dir), 0);
	temp_write(dir, "x", 1);
	fails(dir_make(&s->arena, dir), S_FILE);
	fails(dir_make(&s->arena, temp_path(&s->arena, dir, "below")), S_FILE);
}

static void
test_file_read(void **state)
{
	struct state *s = *state;
	struct slice text;

	temp_write(s->path, "a\0b", 3);
	ok(file_read(&s->arena, s->path, 3, &text));
	assert_int_equal(text.n, 3);
	assert_memory_equal(text.p, "a\0b", 4);
	fails(file_read(&s->arena, s->path, 2, &text), S_FILE);
	fails(file_read(&s->arena, s->dir, 2, &text), S_FILE);
	fails(file_read(&s->arena, "/nonexistent", 2, &text), S_FILE);
	assert_true(disk_free(s->dir, NULL) > 0);
	assert_int_equal(disk_free("/nonexistent", NULL), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_every_key),
	    cmocka_unit_test(test_mistakes_name_file_and_line),
	    cmocka_unit_test(test_run_dir_follows_data_dir_unless_set),
	    cmocka_unit_test(test_sample_file),
	    cmocka_unit_test(test_data_directory_must_be_ours),
	    cmocka_unit_test(test_file_read),
	};

	return cmocka_run_group_tests_name("config", tests, setup, teardown);
}
