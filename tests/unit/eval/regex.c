#include "base/base.h"

#include "eval/regex.h"

#include "eval/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The text of the match and of its groups, "-" for none of either. */
static const char *
search(struct arena *a, const char *pattern, const char *text)
{
	const struct regex *regex = regex_compile(a, slice_of(pattern));
	struct regex_match m;
	enum regex_outcome found;
	const char *result = "";
	size_t steps = 0;
	uint32_t *point;
	size_t n;
	size_t i;

	if (!regex)
		return "unknown";
	point = utf8_points(a, slice_of(text), &n);
	found = regex_search(a, regex, point, n, 0, &steps, &m);
	if (found != REGEX_FOUND)
		return found == REGEX_NONE ? "none" : "unsure";
	for (i = 0; i <= regex_groups(regex); i++) {
		const char *part = "-";

		if (m.start[i] != REGEX_NOWHERE)
			part = slice_dup(a,
			    utf8_part(slice_of(text), (int64_t)m.start[i],
			        (int64_t)m.end[i]));
		result = arena_printf(a, "%s%s%s", result, i ? "|" : "", part);
	}
	return result;
}

/* What java.util.regex gives. */
static const struct {
	const char *pattern;
	const char *text;
	const char *want;
} cases[] = {
    {"b", "abc", "b"},
    {"", "abc", ""},
    {"x", "abc", "none"},
    {"a|ab", "ab", "a"},
    {"(?:a|ab)c", "abc", "abc"},
    {"(a+)(b*)", "aab", "aab|aa|b"},
    {"a+?", "aaa", "a"},
    {"a{2}", "aaa", "aa"},
    {"a{2,}", "aaaa", "aaaa"},
    {"a{1,2}?b", "aab", "aab"},
    {"^a", "ba", "none"},
    {"a$", "ba", "a"},
    {"a$", "ba\n", "a"},
    {"a$", "ba\n\n", "none"},
    {".", "\n", "none"},
    {"[^a]", "\n", "\n"},
    {"[a-c-]+", "xb-cx", "b-c"},
    {"[]a]", "]", "unknown"},
    {"[\\d.]+", "v1.25!", "1.25"},
    {"\\D+", "12ab", "ab"},
    {"\\w+", "-a_1-", "a_1"},
    {"\\s", "a\tb", "\t"},
    {"\\bb", "a b", "b"},
    {"\\bb",
        "\xc3\xa4"
        "b",
        "unsure"},
    {"(?i)ABC", "xabc", "abc"},
    {"(?i)[x-z]", "Y", "Y"},
    {"(a)|(b)", "b", "b|-|b"},
    {"(a(b)?)+", "aba", "aba|a|b"},
    {"((a)|b)*", "ab", "ab|b|a"},
    {"(\\d{4})-(\\d{2})", "on 2024-02-29", "2024-02|2024|02"},
    {"\xc3\xa4+", "x\xc3\xa4\xc3\xa4", "\xc3\xa4\xc3\xa4"},
    {"\\.", "a.b", "."},
    {"a*", "baa", ""},
    {"(a*)*", "aa", "unknown"},
    {"(?=a)", "a", "unknown"},
    {"a++", "aa", "unknown"},
    {"a**", "aa", "unknown"},
    {"(a)\\1", "aa", "unknown"},
    {"\\p{L}", "a", "unknown"},
    {"[[:alpha:]]", "a", "unknown"},
    {"[a&&b]", "a", "unknown"},
    {"(", "a", "unknown"},
    {")", "a", "unknown"},
    {"*a", "a", "unknown"},
    {"a{2", "a", "unknown"},
    {"(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "unsure"},
};

static void
test_search(void **state)
{
	struct arena a = ARENA_INIT;
	size_t failed = 0;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *got = search(&a, cases[i].pattern, cases[i].text);

		if (str_eq(got, cases[i].want))
			continue;
		print_error("%s in %s\n  is   %s\n  want %s\n",
		    cases[i].pattern, cases[i].text, got, cases[i].want);
		failed++;
	}
	arena_done(&a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_search)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
