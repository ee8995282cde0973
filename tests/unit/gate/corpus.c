/*
 * tests/golden/replies/: answers to the prompts of this program, each written
 * as another model writes, all of them right. A folder has a sheet, the answers
 * as they came, and what becomes of them: "pattern NAME OPTIONS", then a line
 * "NN passed", "NN remarks" or "NN refused" for each. Of a hundred, at most one
 * is refused.
 */
#include "base/base.h"

#include "gating.h"

#include "model/reply.h"
#include "sys/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLIES "tests/golden/replies"
#define MAX_FILE ((size_t)256 * 1024)

struct replies {
	struct arena kept;
	struct patterns patterns;
	size_t n;
	size_t remarked;
	size_t refused;
	size_t wrong;
};

static const char *
read_file(struct arena *a, const char *folder, const char *name)
{
	const char *path = arena_printf(a, "%s/" REPLIES "/%s/%s", gating_top(),
	    folder, name);
	struct slice text = {0};

	if (file_read(a, path, MAX_FILE, &text))
		fail_msg("%s cannot be read", path);
	return slice_dup(a, text);
}

static void
check_reply(struct replies *r, struct arena *a, const char *folder,
    const struct compiled *compiled, const char *line)
{
	const char *number = arena_strndup(a, line, strcspn(line, " "));
	const char *wanted = line + strlen(number) + 1;
	struct gate_report report;
	struct reply reply;
	const char *found;

	reply_read(slice_of(read_file(a, folder,
	               arena_printf(a, "%s.md", number))),
	    &reply);
	gate_check(a, reply.code, &compiled->plan, &report);
	found = report.verdict == GATE_PASSED ? "passed"
	    : report.verdict == GATE_REMARKS  ? "remarks"
	                                      : "refused";
	r->n++;
	r->remarked += report.verdict == GATE_REMARKS;
	r->refused += report.verdict == GATE_REFUSED;
	if (str_eq(found, wanted))
		return;
	r->wrong++;
	print_message("%s/%s: %s rather than %s\n%s", folder, number, found,
	    wanted, gating_words(a, &report));
}

static void
check_folder(struct replies *r, const char *folder)
{
	struct arena a = ARENA_INIT;
	char *rest = arena_strdup(&a, read_file(&a, folder, "verdicts"));
	struct compiled compiled;
	const char *pattern;
	const char *line;

	line = strtok_r(rest, "\n", &rest);
	assert_true(line && str_starts(line, "pattern "));
	line += strlen("pattern ");
	pattern = arena_strndup(&a, line, strcspn(line, " "));
	line += strlen(pattern);
	gating_compile(&a, &r->patterns, pattern,
	    read_file(&a, folder, "sheet.csv"), line[0] ? line + 1 : "",
	    &compiled);
	while ((line = strtok_r(NULL, "\n", &rest)))
		check_reply(r, &a, folder, &compiled, line);
	arena_done(&a);
}

static void
test_replies(void **state)
{
	struct replies r = {0};
	const struct dirent *entry;
	DIR *d;

	(void)state;
	gating_patterns(&r.kept, &r.patterns);
	d = opendir(arena_printf(&r.kept, "%s/" REPLIES, gating_top()));
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (entry->d_name[0] != '.')
			check_folder(&r, entry->d_name);
	}
	closedir(d);
	print_message("%zu replies, %zu with remarks, %zu refused\n", r.n,
	    r.remarked, r.refused);
	assert_true(r.n >= 100);
	assert_true(r.refused * 100 <= r.n);
	assert_int_equal(r.wrong, 0);
	arena_done(&r.kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_replies)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
