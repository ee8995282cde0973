/*
 * Patterns of an organisation: what a document says, what is refused with its
 * line, and what a plan makes of it.
 */
#include "base/base.h"

#include "plan/derived.h"

#include "core/compile.h"
#include "planning.h"

#include <stdlib.h>

#define TEXTS                                                                  \
	"name: own\n"                                                          \
	"title: Own\n"                                                         \
	"summary: It loads.\n"                                                 \
	"description: More.\n"
#define EXAMPLE                                                                \
	"example: |\n"                                                         \
	"  source_table,source_column,target_table,target_column,role\n"       \
	"  a.b.orders,id,a.c.orders,order_id,key\n"                            \
	"  a.b.orders,changed,a.c.orders,changed_at,sequence\n"
#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,role\n"         \
	"a.b.orders,id,a.c.orders,order_id,key\n"                              \
	"a.b.orders,day,a.c.orders,day,\n"                                     \
	"a.b.orders,changed,a.c.orders,changed_at,sequence\n"
#define PLAIN                                                                  \
	"source_table,source_column,target_table,target_column\n"              \
	"a.b.orders,id,a.c.orders,order_id\n"                                  \
	"a.b.orders,day,a.c.orders,day\n"

static void
check(struct fixture *f, struct slice document, struct derived *d)
{
	f->problems = (struct problems){0};
	pattern_document_check(&f->arena, &f->patterns, document, d,
	    &f->problems);
}

static void
expect(struct fixture *f, const char *document, enum err_code code,
    int64_t line)
{
	struct derived d;

	check(f, slice_of(document), &d);
	if (f->problems.n != 1 || f->problems.v[0].code != code ||
	    f->problems.v[0].row != line)
		fail_msg("%zu problems, first %s at line %" PRId64
		         ": %s\nof\n%s",
		    f->problems.n,
		    f->problems.n ? code_info(f->problems.v[0].code)->id
		                  : "none",
		    f->problems.n ? f->problems.v[0].row : 0,
		    f->problems.n ? f->problems.v[0].message : "", document);
	assert_true(f->problems.v[0].fix[0] != '\0');
}

/* Plans with a document; it must be free of problems. */
static void
plan_own(struct fixture *f, const char *sheet, const char *document,
    const char *option, const char *value)
{
	struct derived *d = arena_new(&f->arena, struct derived);
	struct plan_options options = {0};

	check(f, slice_of(document), d);
	if (f->problems.n > 0)
		fail_msg("%s", f->problems.v[0].message);
	if (option)
		*LIST_ADD(&f->arena, &options) = (struct plan_option){
		    option, value};
	assert_true(mapping_load(&f->arena, slice_of(sheet), &f->mapping,
	    &f->problems));
	plan_make(&f->arena, &f->mapping, "orders.csv", &d->pattern, &options,
	    "0", &f->plan, &f->problems);
}

static void
expect_plan(struct fixture *f, enum err_code code, int64_t row)
{
	assert_int_equal(f->problems.n, 1);
	assert_string_equal(code_info(f->problems.v[0].code)->id,
	    code_info(code)->id);
	assert_int_equal(f->problems.v[0].row, row);
}

static void
test_a_document(void **state)
{
	struct fixture *f = *state;
	struct derived d;
	const struct option *o;

	check(f,
	    SLICE(TEXTS "extends: scd2\n"
	                "prompt: |\n  Do it\n  well.\n"
	                "options:\n"
	                "  - name: late_rows\n"
	                "    default: ignore\n"
	                "    access: fixed\n"
	                "    description: Since we say so.\n"
	                "  - name: valid_from\n"
	                "    title: Gueltig ab\n"
	                "    default: gueltig_ab\n"
	                "  - name: add_columns\n"
	                "    default: true\n"
	                "    access: hidden\n"
	                "  - name: partition_by\n"
	                "    default: [order_id, changed_at]\n"
	                "  - name: tracked\n"
	                "    default: order_id\n" EXAMPLE),
	    &d);
	if (f->problems.n > 0 && f->problems.v[0].code != P_EXAMPLE)
		fail_msg("%s", f->problems.v[0].message);
	assert_string_equal(d.pattern.name, "own");
	assert_string_equal(d.pattern.extends, "scd2");
	assert_int_equal(d.pattern.strategy, STRATEGY_SCD2);
	assert_string_equal(d.pattern.prompt, "Do it\nwell.\n");
	assert_int_equal(d.name_line, 1);
	assert_int_equal(d.extends_line, 5);
	assert_int_equal(d.pattern.options.n,
	    pattern_find(&f->patterns, "scd2")->options.n);
	o = pattern_option(&d.pattern, "late_rows");
	assert_string_equal(o->initial, "ignore");
	assert_int_equal(o->access, OPTION_FIXED);
	assert_string_equal(o->description, "Since we say so.");
	assert_true(o->is_preset);
	o = pattern_option(&d.pattern, "valid_from");
	assert_string_equal(o->initial, "gueltig_ab");
	assert_string_equal(o->title, "Gueltig ab");
	assert_int_equal(o->access, OPTION_OPEN);
	o = pattern_option(&d.pattern, "add_columns");
	assert_string_equal(o->initial, "true");
	assert_int_equal(o->access, OPTION_HIDDEN);
	assert_string_equal(pattern_option(&d.pattern, "partition_by")->initial,
	    "order_id,changed_at");
	o = pattern_option(&d.pattern, "valid_to");
	assert_string_equal(o->initial, "valid_to");
	assert_false(o->is_preset);
	/* The base itself is as it was. */
	o = pattern_option(pattern_find(&f->patterns, "scd2"), "late_rows");
	assert_string_equal(o->initial, "split");
	assert_int_equal(o->access, OPTION_OPEN);
	o = pattern_option(pattern_find(&f->patterns, "scd2"), "valid_from");
	assert_string_equal(o->initial, "valid_from");
}

/* Each with one fault, and its line. */
static const struct {
	const char *document;
	enum err_code code;
	int64_t line;
} refused[] = {
    {"", P_DOCUMENT, 1},
    {"- a\n", P_DOCUMENT, 1},
    {TEXTS "name: own\n", P_DOCUMENT, 5},
    {TEXTS "prompt: &p x\n", P_DOCUMENT, 5},
    {TEXTS "prompt: *p\n", P_DOCUMENT, 5},
    {TEXTS "prompt: x\xff\n", P_DOCUMENT, 5},
    {TEXTS "prompt: x\n---\na: b\n", P_DOCUMENT, 6},
    {TEXTS "prompt: x\ntitel: Own\n", P_KEY_UNKNOWN, 6},
    {TEXTS "extends: merge\noptions:\n  - name: keys\n    defualt: "
           "a\n" EXAMPLE,
        P_KEY_UNKNOWN, 8},
    {"title: Own\nsummary: S.\ndescription: D.\nprompt: x\n", P_KEY_VALUE, 0},
    {"name: own\ntitle:\nsummary: S.\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 2},
    {"name: own\ntitle: T\nsummary: 7\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 3},
    {"name: own\ntitle: T\nsummary: '  '\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 3},
    {"name: Own\ntitle: T\nsummary: S\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 1},
    {"name: 1own\ntitle: T\nsummary: S\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 1},
    {"name: own\ntitle: \"a\\nb\"\nsummary: S\ndescription: D.\n"
     "prompt: x\n",
        P_KEY_VALUE, 2},
    {"name: own\ntitle: \"a\\u202Eb\"\nsummary: S\ndescription: D.\n"
     "prompt: x\n",
        P_KEY_VALUE, 2},
    {"name: own\ntitle: "
     "0123456789012345678901234567890123456789012345678"
     "901234567890\nsummary: S\ndescription: D.\nprompt: x\n",
        P_KEY_VALUE, 2},
    {TEXTS "prompt: x\nmodel: fast\n", P_KEY_VALUE, 6},
    {TEXTS "prompt: x\nmodel:\n  nam: m\n", P_KEY_UNKNOWN, 7},
    {TEXTS "prompt: x\nmodel:\n  name: 7\n", P_KEY_VALUE, 7},
    {TEXTS "prompt: x\nmodel:\n  temperature: 2.5\n", P_KEY_VALUE, 7},
    {TEXTS "prompt: x\nmodel:\n  temperature: true\n", P_KEY_VALUE, 7},
    {TEXTS "prompt: x\nmodel:\n  max_tokens: 15\n", P_KEY_VALUE, 7},
    {TEXTS "prompt: x\nmodel:\n  max_tokens: many\n", P_KEY_VALUE, 7},
    {TEXTS "prompt: x\nmodel:\n  first_s: 9\n  total_s: 8\n", P_KEY_VALUE, 8},
    {TEXTS, P_BASE_UNKNOWN, 0},
    {TEXTS "extends: murge\n", P_BASE_UNKNOWN, 5},
    {TEXTS "extends: [merge]\n", P_BASE_UNKNOWN, 5},
    {TEXTS "extends: merge\noptions: keys\n" EXAMPLE, P_KEY_VALUE, 6},
    {TEXTS "extends: merge\noptions:\n  - keys\n" EXAMPLE, P_KEY_VALUE, 7},
    {TEXTS "extends: merge\noptions:\n  - name: keyz\n" EXAMPLE,
        P_PRESET_OPTION, 7},
    {TEXTS "extends: merge\noptions:\n  - default: a\n" EXAMPLE,
        P_PRESET_OPTION, 7},
    {TEXTS "prompt: x\noptions:\n  - name: keys\n", P_PRESET_OPTION, 6},
    {TEXTS "extends: merge\noptions:\n  - name: keys\n  - name: "
           "keys\n" EXAMPLE,
        P_KEY_VALUE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: keys\n    access: "
           "shut\n" EXAMPLE,
        P_KEY_VALUE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: vanished\n"
           "    default: close\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: ignore_nulls\n"
           "    default: 'true'\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: keys\n"
           "    default: {a: b}\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: keys\n"
           "    default: ['a,b']\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: scd2\noptions:\n  - name: valid_from\n"
           "    default: a b\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: scd2\noptions:\n  - name: valid_from\n"
           "    default: ''\n" EXAMPLE,
        P_PRESET_VALUE, 8},
    {TEXTS "extends: scd1_snapshot\noptions:\n  - name: vanished\n"
           "    default: keep\n" EXAMPLE,
        P_BASE_CLOSED, 8},
    {TEXTS "extends: scd1_snapshot\noptions:\n  - name: deleted\n"
           "    title: Flag\n    access: open\n" EXAMPLE,
        P_BASE_CLOSED, 9},
    {TEXTS "extends: merge\n", P_EXAMPLE, 0},
    {TEXTS "extends: merge\nexample: [a]\n", P_KEY_VALUE, 6},
    /* Of the sheet: its line. Of a plan: that of the key. */
    {TEXTS "extends: merge\nexample: |\n"
           "  source_table,source_column,target_table,target_column,role\n"
           "  a,b,c,d,key\n  a,b,c,e,kee\n",
        P_EXAMPLE, 9},
    {TEXTS "extends: incremental\n" EXAMPLE, P_EXAMPLE, 8},
    {TEXTS "extends: merge\noptions:\n  - name: partition_by\n"
           "    default: [day]\n    access: fixed\n" EXAMPLE,
        P_EXAMPLE, 10},
};

static void
test_documents_refused(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(refused); i++)
		expect(f, refused[i].document, refused[i].code,
		    refused[i].line);
	expect(f,
	    "name: merge\ntitle: T\nsummary: S\ndescription: D\nprompt: x\n",
	    P_NAME_BUILT_IN, 1);
	expect(f,
	    "name: new\ntitle: T\nsummary: S\ndescription: D\nprompt: x\n",
	    P_NAME_BUILT_IN, 1);
}

static void
test_too_large(void **state)
{
	struct fixture *f = *state;
	char *bytes = arena_alloc(&f->arena, DERIVED_MAX_BYTES + 1);
	struct derived d;

	memset(bytes, '#', DERIVED_MAX_BYTES + 1);
	check(f, (struct slice){bytes, DERIVED_MAX_BYTES + 1}, &d);
	expect_plan(f, P_DOCUMENT_LARGE, 0);
	check(f, (struct slice){bytes, DERIVED_MAX_BYTES}, &d);
	/* Nothing but a comment. */
	assert_int_equal(f->problems.v[0].code, P_DOCUMENT);
}

/* All problems at once, in the order of the lines. */
static void
test_several_problems(void **state)
{
	struct fixture *f = *state;
	struct derived d;

	check(f,
	    SLICE("name: Own\ntitle: 7\nextends: merge\noptions:\n"
	          "  - name: keyz\n  - name: vanished\n    default: maybe\n"),
	    &d);
	assert_int_equal(f->problems.n, 6);
	assert_int_equal(f->problems.v[0].row, 0); /* no summary */
	assert_int_equal(f->problems.v[2].row, 1);
	assert_int_equal(f->problems.v[3].row, 2);
	assert_int_equal(f->problems.v[4].row, 5);
	assert_int_equal(f->problems.v[5].row, 7);
	assert_string_equal(problem_place(&f->arena, &f->problems.v[5]),
	    "line 7");
	assert_non_null(strstr(f->problems.v[4].fix, "Did you mean keys?"));
	assert_non_null(strstr(f->problems.v[5].fix, "keep, delete"));
}

static void
test_clean(void **state)
{
	struct fixture *f = *state;
	struct slice s = pattern_document_clean(&f->arena,
	    SLICE("\xef\xbb\xbf"
	          "a: 1\r\nb: 2\rc: 3\n\n\n"));

	assert_string_equal(slice_dup(&f->arena, s), "a: 1\nb: 2\nc: 3\n");
	s = pattern_document_clean(&f->arena, SLICE("a: 1"));
	assert_string_equal(slice_dup(&f->arena, s), "a: 1\n");
}

/* What a new pattern starts with is free of problems, and so is each option
 * that is taken out of its comment. */
static void
test_templates(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i <= f->patterns.n; i++) {
		const struct pattern *base = i < f->patterns.n
		    ? &f->patterns.v[i]
		    : NULL;
		char *text = arena_strdup(&f->arena,
		    derived_template(&f->arena, base));
		struct derived d;
		char *at;

		check(f, slice_of(text), &d);
		if (f->problems.n > 0)
			fail_msg("%s: %s", text, f->problems.v[0].message);
		if (!base)
			continue;
		assert_string_equal(d.pattern.summary, base->summary);
		assert_string_equal(d.pattern.description, base->description);
		assert_string_equal(d.pattern.prompt, base->prompt);
		assert_true(slice_eq(d.pattern.example, base->example));
		for (at = strstr(text, "\n#  - name:"); at;
		     at = strstr(at + 1, "\n# "))
			at[1] = at[1] == '#' && at[3] == ' ' ? ' ' : '#';
		check(f, slice_of(text), &d);
		if (f->problems.n > 0 && f->problems.v[0].code != P_EXAMPLE)
			fail_msg("%s: %s", text, f->problems.v[0].message);
	}
}

static void
test_a_preset_is_a_proposal(void **state)
{
	static const char document[] = TEXTS
	    "extends: merge\noptions:\n"
	    "  - name: keys\n    default: [day]\n"
	    "  - name: partition_by\n    default: [day, load_date]\n"
	    "  - name: vanished\n    default: delete\n" EXAMPLE;
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	/* The sheet's roles win, and what the target has not is left out. */
	plan_own(f, SHEET, document, NULL, NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->keys.n, 1);
	assert_int_equal(p->keys.v[0], 0);
	assert_int_equal(p->partitions.n, 1);
	assert_int_equal(p->partitions.v[0], 1);
	assert_int_equal(p->vanished, VANISHED_END);
	/* Where the sheet says nothing, the preset holds. */
	plan_own(f, PLAIN, document, NULL, NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->keys.v[0], 1);
	/* Whoever compiles wins over all. */
	plan_own(f, SHEET, document, "keys", "day");
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->plan.pipelines.v[0].keys.v[0], 1);
	plan_own(f, SHEET, document, "vanished", "keep");
	assert_int_equal(f->plan.pipelines.v[0].vanished, VANISHED_KEEP);
}

static void
test_a_fixed_option(void **state)
{
	static const char closed[] = TEXTS
	    "extends: merge\noptions:\n"
	    "  - name: keys\n    default: order_id\n    access: fixed\n"
	    "  - name: order_by\n    access: fixed\n"
	    "  - name: vanished\n    default: delete\n    access: hidden\n"
	    "  - name: partition_by\n    default: ''\n    access: "
	    "fixed\n" EXAMPLE;
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan_own(f, SHEET, closed, NULL, NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->order_by, 2);
	assert_int_equal(p->vanished, VANISHED_END);
	/* The same again is no contradiction. */
	plan_own(f, SHEET, closed, "keys", " ORDER_ID ");
	assert_int_equal(f->problems.n, 0);
	plan_own(f, SHEET, closed, "orders.vanished", "delete");
	assert_int_equal(f->problems.n, 0);
	plan_own(f, SHEET, closed, "keys", "order_id,day");
	expect_plan(f, P_OPTION_FIXED, 0);
	plan_own(f, SHEET, closed, "keys", "");
	expect_plan(f, P_OPTION_FIXED, 0);
	plan_own(f, SHEET, closed, "orders.vanished", "keep");
	expect_plan(f, P_OPTION_FIXED, 0);
	plan_own(f, SHEET, closed, "partition_by", "day");
	expect_plan(f, P_OPTION_FIXED, 0);
	plan_own(f, SHEET, closed, "order_by", "day");
	expect_plan(f, P_OPTION_FIXED, 0);
	/* Nor may the sheet say otherwise. */
	plan_own(f,
	    "source_table,source_column,target_table,target_column,role\n"
	    "a.b.orders,id,a.c.orders,order_id,key\n"
	    "a.b.orders,day,a.c.orders,day,key\n",
	    closed, NULL, NULL);
	expect_plan(f, P_OPTION_FIXED, 3);
	/* A fixed column must be there. */
	plan_own(f,
	    "source_table,source_column,target_table,target_column\n"
	    "a.b.orders,id,a.c.orders,id\n",
	    closed, NULL, NULL);
	assert_int_equal(f->problems.v[0].code, P_COLUMN_UNKNOWN);
}

static void
test_a_prompt(void **state)
{
	struct fixture *f = *state;

	plan_own(f, SHEET, TEXTS "prompt: Do it.\n", "keys", "order_id");
	expect_plan(f, P_OPTION_UNKNOWN, 0);
}

static const char *
code_of(struct fixture *f, const struct pattern *pattern,
    const struct plan_options *options)
{
	struct compiled compiled;
	const char *code;

	assert_null(compile_run(&f->arena, SLICE(SHEET), "orders.csv", pattern,
	    options, "0", &compiled));
	if (compiled.problems.errors > 0)
		fail_msg("%s", compiled.problems.v[0].message);
	/* Behind the title, which names the pattern. */
	code = slice_dup(&f->arena, compiled.code);
	code = strstr(code, "# COMMAND");
	assert_non_null(code);
	return code;
}

/* What a pattern fixes gives the code that the base gives with these options,
 * also those that all patterns have. */
static void
test_the_code_is_the_bases(void **state)
{
	static const struct plan_option given[] = {{"vanished", "delete"},
	    {"loaded_at", "geladen_um"},
	    {"table_comment", "Unser \"Standard\""}, {"partition_by", "day"},
	    {"broken_rules", "refuse"}};
	struct fixture *f = *state;
	struct plan_options options = {0};
	struct plan_options none = {0};
	struct derived d;
	size_t i;

	for (i = 0; i < COUNT_OF(given); i++)
		*LIST_ADD(&f->arena, &options) = given[i];
	check(f,
	    SLICE(TEXTS "extends: merge\noptions:\n"
	                "  - name: vanished\n    default: delete\n"
	                "    access: hidden\n"
	                "  - name: loaded_at\n    default: geladen_um\n"
	                "    access: fixed\n"
	                "  - name: table_comment\n"
	                "    default: Unser \"Standard\"\n"
	                "    access: fixed\n"
	                "  - name: broken_rules\n    default: refuse\n"
	                "  - name: partition_by\n    default: [day]\n" EXAMPLE),
	    &d);
	assert_int_equal(f->problems.n, 0);
	assert_string_equal(code_of(f, &d.pattern, &none),
	    code_of(f, pattern_find(&f->patterns, "merge"), &options));
	assert_string_not_equal(code_of(f, &d.pattern, &none),
	    code_of(f, pattern_find(&f->patterns, "merge"), &none));
}

/* The output is one for all targets, and can be fixed as well. */
static void
test_an_option_of_the_plan(void **state)
{
	static const char document[] = TEXTS
	    "extends: merge\noptions:\n"
	    "  - name: output\n    default: module\n    access: "
	    "fixed\n" EXAMPLE;
	struct fixture *f = *state;

	plan_own(f, SHEET, document, NULL, NULL);
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->plan.output, OUTPUT_MODULE);
	plan_own(f, SHEET, document, "output", "module");
	assert_int_equal(f->problems.n, 0);
	plan_own(f, SHEET, document, "output", "notebook");
	expect_plan(f, P_OPTION_FIXED, 0);
}

static void
test_compare(void **state)
{
	struct fixture *f = *state;
	struct derived_changes c;

	derived_compare(&f->arena,
	    SLICE(TEXTS "extends: merge\noptions:\n  - name: keys\n"
	                "    default: a\n  - name: vanished\n"
	                "    access: fixed\n"),
	    SLICE(TEXTS "# said otherwise\nextends:   merge\noptions:\n"
	                "  - name: vanished\n    access: hidden\n"
	                "  - name: partition_by\n    default: [x, y]\n"),
	    &c);
	assert_int_equal(c.n, 6);
	assert_string_equal(c.v[0].key, "options.vanished.access");
	assert_string_equal(c.v[0].before, "fixed");
	assert_string_equal(c.v[0].after, "hidden");
	assert_string_equal(c.v[1].key, "options.partition_by.name");
	assert_string_equal(c.v[1].before, "");
	assert_string_equal(c.v[3].key, "options.partition_by.default.2");
	assert_string_equal(c.v[4].key, "options.keys.name");
	assert_string_equal(c.v[4].after, "");
	derived_compare(&f->arena, SLICE(TEXTS), SLICE(TEXTS "# c\n"), &c);
	assert_int_equal(c.n, 0);
	derived_compare(&f->arena, SLICE(TEXTS), SLICE("a: ["), &c);
	assert_int_equal(c.n, 0);
}

static void
test_a_model(void **state)
{
	struct fixture *f = *state;
	const struct pattern_model *m;
	struct derived d;

	check(f,
	    SLICE(TEXTS "prompt: x\n"
	                "model:\n"
	                "  name: opus\n"
	                "  temperature: 0.05\n"
	                "  max_tokens: 8000\n"
	                "  first_s: 20\n"
	                "  total_s: 200\n"
	                "  instructions: |\n    Be brief.\n"),
	    &d);
	assert_int_equal(f->problems.n, 0);
	m = &d.pattern.model;
	assert_string_equal(m->name, "opus");
	assert_string_equal(m->instructions, "Be brief.\n");
	assert_true(m->has_temperature);
	assert_int_equal(m->temperature, 5);
	assert_int_equal(m->max_tokens, 8000);
	assert_int_equal(m->first_s, 20);
	assert_int_equal(m->total_s, 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_a_document, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_documents_refused, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_several_problems, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_a_model, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_clean, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_templates, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_preset_is_a_proposal, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_a_fixed_option, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_a_prompt, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_the_code_is_the_bases, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_an_option_of_the_plan, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_compare, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
