#include "base/base.h"

#include "planned.h"

#include "base/buf.h"
#include "mapping/name.h"

#include <string.h>

#define MAX_SHEET ((size_t)1024 * 1024)
#define PLANNED_PARTITION 2 /* the column */

/* A sheet on its way. */
struct writing {
	struct arena *arena;
	struct dice dice; /* of the shape: the same for any names */
	const struct names *names;
	struct planned *ret;
	struct buf sheet;
	size_t n_literals;
	size_t n_remarks;
	size_t n_comments;
	size_t n_sources; /* of the target at hand */
	size_t first_source;
	size_t n_columns; /* of the target at hand */
	bool order_taken;
};

/* The text with an apostrophe for each of some characters. */
static const char *
without(struct arena *a, const char *text, const char *characters)
{
	char *s = arena_strdup(a, text);
	size_t i;

	for (i = 0; s[i]; i++) {
		if (strchr(characters, s[i]))
			s[i] = '\'';
	}
	return s;
}

/* The name of a function that notebooks have, or may have. */
static const char *
function_name(struct arena *a, struct dice *d)
{
	static const char *const functions[] = {"transform_%s", "write_%s",
	    "load_%s", "new_%s", "latest_%s", "columns_%s_1"};
	static const char *const targets[] = {"orders", "data", "t2026"};
	const char *form = functions[dice_roll(d, COUNT_OF(functions))];
	size_t n = strcspn(form, "%");

	return arena_printf(a, "%.*s%s%s", (int)n, form,
	    targets[dice_roll(d, COUNT_OF(targets))], form + n + 2);
}

/* Half of them code that wants out, some the names of what is there. */
static const char *
table_name(struct arena *a, struct dice *d, const struct words *helpers)
{
	static const char *const plain[] = {
	    "orders", "2026", "", "Orders", "class", "spark", "f"};

	switch (dice_roll(d, 8)) {
	case 0:
		return helpers->v[dice_roll(d, helpers->n)];
	case 1:
		return function_name(a, d);
	case 2:
	case 3:
		return arena_printf(a, "%s~",
		    plain[dice_roll(d, COUNT_OF(plain))]);
	default:
		/* Identifiers are cut. */
		return utf8_cut(a,
		    without(a, hostile_kind(a, d, HOSTILE_PATH), "/."), 50);
	}
}

void
names_hostile(struct arena *a, struct dice *d, const struct words *helpers,
    struct names *ret)
{
	size_t i;

	ret->file = hostile_text(a, d);
	for (i = 0; i < PLANNED_TABLES; i++) {
		ret->table[i] = table_name(a, d, helpers);
		ret->schema[i] = arena_printf(a, "_%s%zu",
		    hostile_kind(a, d, HOSTILE_PATH), i);
	}
	for (i = 0; i < PLANNED_COLUMNS; i++) {
		ret->source[i] = arena_printf(a, "%s%zu",
		    hostile_kind(a, d, HOSTILE_NAME), i);
		ret->target[i] = arena_printf(a, "%s%zu",
		    hostile_kind(a, d, HOSTILE_COLUMN), i);
	}
	/* Delta does not partition by others. */
	ret->target[PLANNED_PARTITION] = without(a,
	    ret->target[PLANNED_PARTITION], ".`");
	for (i = 0; i < PLANNED_TEXTS; i++) {
		/* Equal filters are one. */
		ret->literal[i] = arena_printf(a, "%s%zu",
		    hostile_kind(a, d, HOSTILE_CELL), i);
		ret->comment[i] = hostile_kind(a, d, HOSTILE_CELL);
		ret->remark[i] = hostile_kind(a, d, HOSTILE_CELL);
	}
}

void
names_harmless(struct arena *a, const struct names *hostile, struct names *ret)
{
	size_t i;

	ret->file = "mapping.csv";
	for (i = 0; i < PLANNED_TABLES; i++) {
		ret->table[i] = plan_identifier(a, hostile->table[i]);
		ret->schema[i] = arena_printf(a, "s@%zu", i);
	}
	for (i = 0; i < PLANNED_COLUMNS; i++) {
		ret->source[i] = arena_printf(a, "s@%zu", i);
		ret->target[i] = arena_printf(a, "t@%zu", i);
	}
	for (i = 0; i < PLANNED_TEXTS; i++) {
		ret->literal[i] = arena_printf(a, "x%zu", i);
		/* Whether there is one makes a difference, blanks none. */
		ret->comment[i] = cell_is_blank(slice_of(hostile->comment[i]))
		    ? ""
		    : "a note";
		ret->remark[i] = "a note";
	}
}

/* In backticks, which are doubled within. */
static const char *
quoted(struct arena *a, const char *name)
{
	struct buf b;

	buf_init(&b, a, MAX_SHEET);
	buf_add_chr(&b, '`');
	for (; *name; name++) {
		if (*name == '`')
			buf_add_chr(&b, '`');
		buf_add_chr(&b, *name);
	}
	buf_add_chr(&b, '`');
	return buf_str(&b);
}

static void
add_cell(struct writing *w, const char *text)
{
	if (w->sheet.n > 0 && w->sheet.p[w->sheet.n - 1] != '\n')
		buf_add_chr(&w->sheet, ',');
	buf_add_chr(&w->sheet, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_chr(&w->sheet, '"');
		buf_add_chr(&w->sheet, *text);
	}
	buf_add_chr(&w->sheet, '"');
}

static void
add_option(struct writing *w, const char *name, const char *value)
{
	const struct option *o = pattern_option(w->ret->pattern, name);

	if (o && o->access == OPTION_OPEN)
		*LIST_ADD(w->arena, &w->ret->options) = (struct plan_option){
		    name, value};
}

static bool
is_required(const struct writing *w, const char *name)
{
	const struct option *o = pattern_option(w->ret->pattern, name);

	return o && o->is_required;
}

/* The table of that number as a sheet names it; numbers decide what it is. */
static const char *
table_cell(struct writing *w, size_t i, bool is_source)
{
	struct arena *a = w->arena;
	const struct names *n = w->names;

	switch (i % 4) {
	case 0:
		return quoted(a,
		    arena_printf(a, "/Volumes/%s/%s%s", n->schema[i],
		        n->table[i], is_source ? ".csv" : ""));
	case 1:
		return quoted(a,
		    arena_printf(a, "s3://b/%s/%s%s", n->schema[i], n->table[i],
		        is_source ? ".json.gz" : ""));
	case 2:
		return arena_printf(a, "%s.%s", quoted(a, n->schema[i]),
		    quoted(a, n->table[i]));
	default:
		return arena_printf(a, "main.%s.%s", quoted(a, n->schema[i]),
		    quoted(a, n->table[i]));
	}
}

static const char *
literal(struct writing *w)
{
	const char *value = w->names->literal[w->n_literals++ % PLANNED_TEXTS];
	struct arena *a = w->arena;
	struct buf b;

	if (dice_hit(&w->dice, 2))
		return expr_quote_string(a, value);
	buf_init(&b, a, MAX_SHEET);
	buf_add_chr(&b, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_add_chr(&b, '\\');
		buf_add_chr(&b, *value);
	}
	buf_add_chr(&b, '"');
	return buf_str(&b);
}

static const char *
column(struct writing *w)
{
	const char *name = quoted(w->arena,
	    w->names->source[dice_roll(&w->dice, PLANNED_COLUMNS)]);

	if (w->n_sources == 1)
		return name;
	return arena_printf(w->arena, "a%zu.%s",
	    dice_roll(&w->dice, w->n_sources), name);
}

static const char *
remark(struct writing *w)
{
	const char *text = w->names->remark[w->n_remarks++ % PLANNED_TEXTS];

	return arena_printf(w->arena, "/* %s */",
	    without(w->arena, text, "*/"));
}

/* c: a column, l: a literal, r: a remark; all else stands for itself. */
static const char *
expression(struct writing *w)
{
	static const char *const forms[] = {"upper(c)", "concat(c, l)",
	    "c || l || c", "CASE WHEN c = l THEN l ELSE c END",
	    "coalesce(c, l) r", "regexp_replace(c, l, l)",
	    "if(c IN (l, l), l, NULL)", "CAST(c AS STRING)",
	    "row_number() OVER (PARTITION BY c ORDER BY c)", "l", "r c r || l",
	    "c LIKE l", "date_format(c, l)", "c <=> l AND c <> l",
	    "sha2(concat_ws(l, c, c, c, l, c, l), 256)"};
	const char *form = forms[dice_roll(&w->dice, COUNT_OF(forms))];
	struct buf b;
	const char *p;

	buf_init(&b, w->arena, MAX_SHEET);
	for (p = form; *p; p++) {
		bool alone = (p == form || !chr_is_alnum(p[-1])) &&
		    !chr_is_alnum(p[1]) && p[1] != '_';

		if (alone && *p == 'c')
			buf_add_str(&b, column(w));
		else if (alone && *p == 'l')
			buf_add_str(&b, literal(w));
		else if (alone && *p == 'r')
			buf_add_str(&b, remark(w));
		else
			buf_add_chr(&b, *p);
	}
	return buf_str(&b);
}

static const char *
condition(struct writing *w)
{
	return arena_printf(w->arena, "%s = %s", column(w), literal(w));
}

/* A rule of the sheet, about that column of the target and others. */
static const char *
rule(struct writing *w, size_t index)
{
	struct arena *a = w->arena;
	const char *name = quoted(a, w->names->target[index]);

	switch (dice_roll(&w->dice, 4)) {
	case 0:
		return "not null; unique";
	case 1:
		return arena_printf(a, "in (%s, %s)", literal(w), literal(w));
	case 2:
		return arena_printf(a, "%s LIKE %s OR %s IS NULL", name,
		    literal(w), quoted(a, w->names->target[0]));
	default:
		return arena_printf(a, "<> %s; %s = %s", literal(w), name,
		    literal(w));
	}
}

/* What the row is to the pattern: the first one is the key, the second one
 * what orders rows. */
static const char *
role_of(const struct writing *w, size_t index)
{
	if (index == 0)
		return "key";
	if (index != 1)
		return "";
	return w->ret->pattern->strategy == STRATEGY_INCREMENTAL ? "watermark"
	                                                         : "sequence";
}

static void
add_row(struct writing *w, size_t target, size_t index)
{
	static const char *const types[] = {
	    "", "", "STRING", "DECIMAL(12,2)", "STRUCT<a: INT, `b c`: STRING>"};
	struct arena *a = w->arena;
	size_t source = index % w->n_sources;
	bool derived = index > 1 && dice_hit(&w->dice, 2);
	const char *table = table_cell(w, w->first_source + source, true);

	add_cell(w,
	    w->n_sources > 1 ? arena_printf(a, "%s AS a%zu", table, source)
	                     : table);
	add_cell(w, derived ? "" : quoted(a, w->names->source[index]));
	add_cell(w, table_cell(w, target, false));
	add_cell(w, quoted(a, w->names->target[index]));
	add_cell(w, derived ? expression(w) : "");
	add_cell(w, role_of(w, index));
	add_cell(w, types[dice_roll(&w->dice, COUNT_OF(types))]);
	add_cell(w, dice_hit(&w->dice, 4) ? literal(w) : "");
	add_cell(w,
	    dice_hit(&w->dice, 2)
	        ? w->names->comment[w->n_comments++ % PLANNED_TEXTS]
	        : "");
	add_cell(w,
	    source > 0 && index < w->n_sources
	        ? arena_printf(a, "a%zu.%s = a%zu.%s AND a%zu.%s <> %s", source,
	              quoted(a, w->names->source[source]), source - 1,
	              quoted(a, w->names->source[0]), source,
	              quoted(a, w->names->source[2]), literal(w))
	        : "");
	add_cell(w, dice_hit(&w->dice, 5) ? condition(w) : "");
	add_cell(w, dice_hit(&w->dice, 4) ? rule(w, index) : "");
	buf_add_chr(&w->sheet, '\n');
}

static void
add_target(struct writing *w, size_t target)
{
	size_t i;

	w->n_sources = 1 + dice_roll(&w->dice, 3);
	w->first_source = dice_roll(&w->dice, 2);
	w->n_columns = w->n_sources + 3 + dice_roll(&w->dice, 6);
	for (i = 0; i < w->n_columns; i++)
		add_row(w, target, i);
}

/* Each that the pattern has is given or not. */
static void
add_options(struct writing *w)
{
	static const char *const options[][2] = {{"overwrite_schema", "false"},
	    {"add_columns", "true"}, {"ignore_nulls", "true"},
	    {"null_watermark", "skip"}, {"null_watermark", "load"},
	    {"broken_rules", "refuse"}, {"broken_rules", "report"},
	    {"join_matches", "refuse"}, {"loaded_at", "loaded"},
	    {"batch_id", "batch"}};
	enum strategy strategy = w->ret->pattern->strategy;
	const char *const *target = w->names->target;
	size_t i;

	for (i = 0; i < COUNT_OF(options); i++) {
		if (dice_hit(&w->dice, 2))
			add_option(w, options[i][0], options[i][1]);
	}
	if (dice_hit(&w->dice, 2))
		add_option(w, "late_rows",
		    strategy == STRATEGY_SCD2 ? "ignore" : "load");
	if (dice_hit(&w->dice, 2))
		add_option(w, "vanished",
		    strategy == STRATEGY_SCD2 ? "close" : "delete");
	if (dice_hit(&w->dice, 2) || is_required(w, "deleted"))
		add_option(w, "deleted", target[3]);
	if (dice_hit(&w->dice, 2))
		add_option(w, "deletions",
		    dice_hit(&w->dice, 2) ? "mark" : "delete");
	if (dice_hit(&w->dice, 2))
		add_option(w, "surrogate_key", "the_key");
	if (dice_hit(&w->dice, 3))
		add_option(w,
		    dice_hit(&w->dice, 2) ? "partition_by" : "cluster_by",
		    target[PLANNED_PARTITION]);
	if (dice_hit(&w->dice, 3))
		add_option(w, "output", "module");
	else if (dice_hit(&w->dice, 3))
		add_option(w, "output", "lakeflow");
	if (dice_hit(&w->dice, 2))
		add_option(w, "table_comment", w->names->literal[0]);
}

void
planned_make(struct arena *a, uint64_t shape, const struct names *names,
    const struct patterns *patterns, struct planned *ret)
{
	struct writing w = {
	    .arena = a, .dice = {shape}, .names = names, .ret = ret};
	size_t targets = 1 + (size_t)dice_hit(&w.dice, 3);
	size_t i;

	*ret = (struct planned){
	    .pattern = &patterns->v[dice_roll(&w.dice, patterns->n)]};
	buf_init(&w.sheet, a, MAX_SHEET);
	buf_add_str(&w.sheet,
	    "source_table,source_column,target_table,target_column,"
	    "transformation,role,data_type,default,comment,join,filter,rule\n");
	for (i = 0; i < targets; i++)
		add_target(&w, 4 + 2 * i + dice_roll(&w.dice, 2));
	add_options(&w);
	ret->sheet = buf_str(&w.sheet);
}
