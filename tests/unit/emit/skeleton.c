#include "base/base.h"

#include "skeleton.h"

#include "base/map.h"
#include "expr/expr.h"
#include "lang/pyscan.h"
#include "lang/tree.h"

#include <string.h>

#define MAX_SHAPE ((size_t)16 * 1024 * 1024)

struct reading {
	struct arena *arena;
	struct slice code;
	struct buf shape;
	struct skeleton *ret;
	struct skeleton_names called; /* plain names */
	struct skeleton_names assigned;
	const char *comment; /* what the last comment was, as noted */
	const char *error;   /* NULL if there is none */
	const char *taker;   /* of the texts at hand */
};

static void read_node(struct reading *r, TSNode node);

static struct slice
text_of(const struct reading *r, TSNode node)
{
	size_t start = ts_node_start_byte(node);

	return (struct slice){
	    r->code.p + start, ts_node_end_byte(node) - start};
}

static bool
is(TSNode node, const char *type)
{
	return str_eq(ts_node_type(node), type);
}

/* Comments that Databricks takes for more than comments. */
static const char *
comment_kind(struct arena *a, struct slice s)
{
	static const char *const kinds[] = {"# COMMAND ----------", "# DBTITLE",
	    "# Databricks notebook source", "# MAGIC"};
	const char *text = slice_dup(a, s);
	size_t i;

	if (str_starts(text, "# MAGIC %"))
		return text;
	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (str_starts(text, kinds[i]))
			return kinds[i];
	}
	return "#";
}

/* Comments of a kind that follow each other are one: how many lines they take
 * depends on the length of names. */
static void
read_comment(struct reading *r, TSNode node)
{
	const char *kind = comment_kind(r->arena, text_of(r, node));

	if (r->comment && str_eq(r->comment, kind))
		return;
	r->comment = kind;
	buf_printf(&r->shape, "\n<%s>", kind);
}

/* Behind a backslash. False for an escape that Python does not know. */
static bool
add_escaped(struct buf *b, const char **p)
{
	static const char known[] = "n\nt\tr\r\\\\\'\'\"\"";
	char c = *(*p)++;
	int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	uint32_t cp = 0;
	size_t i;

	if (c == '\n')
		return true;
	for (i = 0; known[i]; i += 2) {
		if (known[i] == c) {
			buf_add_chr(b, known[i + 1]);
			return true;
		}
	}
	if (digits == 0)
		return false;
	for (; digits > 0; digits--, (*p)++) {
		if (chr_hex(**p) < 0)
			return false;
		cp = cp * 16 + (uint32_t)chr_hex(**p);
	}
	buf_add_utf8(b, cp);
	return true;
}

/* The value of one literal without prefix f, as Python reads it. */
static void
add_value(struct reading *r, struct buf *b, struct slice literal)
{
	const char *p = literal.p;
	const char *end = literal.p + literal.n;
	size_t quotes = 1;

	for (; p < end && *p != '"' && *p != '\''; p++) {
		if (chr_lower(*p) == 'r')
			r->error = "a raw string";
	}
	if (end - p >= 6 && p[0] == p[1] && p[1] == p[2])
		quotes = 3;
	p += quotes;
	end -= quotes;
	while (p < end) {
		if (*p != '\\') {
			buf_add_chr(b, *p++);
			continue;
		}
		p++;
		if (!add_escaped(b, &p))
			r->error = arena_printf(r->arena, "an escape: %s",
			    slice_dup(r->arena, literal));
	}
}

static bool
is_format(const struct reading *r, TSNode node)
{
	struct slice s = text_of(r, node);
	size_t i;

	for (i = 0; i < s.n && s.p[i] != '"' && s.p[i] != '\''; i++) {
		if (chr_lower(s.p[i]) == 'f')
			return true;
	}
	return false;
}

static void
read_children(struct reading *r, TSNode node)
{
	/* To ask for a child by its number is slow in long lists. */
	SCOPED(tree_cursor_done)
	TSTreeCursor c = ts_tree_cursor_new(node);

	if (!ts_tree_cursor_goto_first_child(&c))
		return;
	do
		read_node(r, ts_tree_cursor_current_node(&c));
	while (ts_tree_cursor_goto_next_sibling(&c));
}

/* Of an f-string, what it computes. */
static void
read_format(struct reading *r, TSNode node)
{
	uint32_t n = ts_node_child_count(node);
	uint32_t i;

	buf_add_str(&r->shape, "(format");
	for (i = 0; i < n; i++) {
		TSNode child = ts_node_child(node, i);

		if (is(child, "interpolation"))
			read_children(r, child);
	}
	buf_add_str(&r->shape, ")");
}

static void
read_string(struct reading *r, TSNode node)
{
	uint32_t n = is(node, "string") ? 1 : ts_node_named_child_count(node);
	struct buf value;
	uint32_t i;

	buf_init(&value, r->arena, MAX_SHAPE);
	for (i = 0; i < n; i++) {
		TSNode piece = is(node, "string")
		    ? node
		    : ts_node_named_child(node, i);

		if (is_format(r, piece))
			read_format(r, piece);
		else if (is(piece, "string"))
			add_value(r, &value, text_of(r, piece));
		else
			read_comment(r, piece);
	}
	if (n == 1 && is_format(r, node))
		return;
	buf_add_str(&r->shape, " text");
	*LIST_ADD(r->arena, &r->ret->texts) = arena_strdup(r->arena,
	    buf_str(&value));
	*LIST_ADD(r->arena, &r->ret->takers) = r->taker;
}

static void
note_name(struct reading *r, struct skeleton_names *names, TSNode node)
{
	if (!ts_node_is_null(node) && is(node, "identifier"))
		*LIST_ADD(r->arena, names) = slice_dup(r->arena,
		    text_of(r, node));
}

static void
note_names(struct reading *r, TSNode node)
{
	if (is(node, "call"))
		note_name(r, &r->called,
		    ts_node_child_by_field_name(node, "function", 8));
	else if (is(node, "assignment"))
		note_name(r, &r->assigned,
		    ts_node_child_by_field_name(node, "left", 4));
	else if (is(node, "typed_parameter"))
		note_name(r, &r->assigned, ts_node_child(node, 0));
}

/* What Spark reads the texts of a call or an assignment for. */
static const char *
taker_of(const struct reading *r, TSNode node)
{
	/* Functions by their last name, and variables. */
	static const char *const known[] = {"expr", "where", "col", "max",
	    "partitionBy", "orderBy", "whenMatchedDelete", "require_unique",
	    "History", "sightings_of", "values", "same_key", "same_row",
	    "outdated", "in_order"};
	bool is_call = is(node, "call");
	struct slice s = text_of(r,
	    is_call ? ts_node_child_by_field_name(node, "function", 8)
	            : ts_node_child_by_field_name(node, "left", 4));
	size_t from = s.n;
	size_t i;

	while (from > 0 &&
	    (chr_is_alnum(s.p[from - 1]) || s.p[from - 1] == '_'))
		from--;
	s = (struct slice){s.p + from, s.n - from};
	for (i = 0; i < COUNT_OF(known); i++) {
		if (slice_is(s, known[i]))
			return known[i];
	}
	return NULL;
}

/* Its arguments have a taker of their own. */
static void
read_call(struct reading *r, TSNode node)
{
	const char *outer = r->taker;

	r->taker = NULL;
	read_node(r, ts_node_child_by_field_name(node, "function", 8));
	r->taker = taker_of(r, node);
	read_node(r, ts_node_child_by_field_name(node, "arguments", 9));
	r->taker = outer;
}

/* Within a function, a variable hides what has its name outside. */
static void
read_function(struct reading *r, TSNode node)
{
	size_t called = r->called.n;
	struct map assigned = {0};
	size_t i = r->assigned.n;

	read_children(r, node);
	for (; i < r->assigned.n; i++)
		map_add(r->arena, &assigned, slice_of(r->assigned.v[i]), 1);
	for (i = called; i < r->called.n; i++) {
		if (map_get(&assigned, slice_of(r->called.v[i]), 0))
			r->ret->shadowed = r->called.v[i];
	}
}

/* What is put together when the code runs is not known here. */
static void
read_operator(struct reading *r, TSNode node)
{
	const char *outer = r->taker;

	r->taker = NULL;
	read_children(r, node);
	r->taker = outer;
}

static void
read_assignment(struct reading *r, TSNode node)
{
	const char *outer = r->taker;

	r->taker = taker_of(r, node);
	read_children(r, node);
	r->taker = outer;
}

static bool
is_layout(const char *type)
{
	return str_eq(type, ",") || str_eq(type, "(") || str_eq(type, ")") ||
	    str_eq(type, "line_continuation");
}

static void
read_node(struct reading *r, TSNode node)
{
	const char *type = ts_node_type(node);
	struct slice text;

	if (is_layout(type))
		return;
	if (str_eq(type, "comment")) {
		read_comment(r, node);
		return;
	}
	r->comment = NULL;
	if (str_eq(type, "string") || str_eq(type, "concatenated_string")) {
		read_string(r, node);
	} else if (str_eq(type, "parenthesized_expression")) {
		read_children(r, node);
	} else if (ts_node_child_count(node) == 0) {
		text = text_of(r, node);
		buf_add_chr(&r->shape, ' ');
		buf_add_slice(&r->shape, text);
	} else {
		note_names(r, node);
		buf_printf(&r->shape, "%s(%s",
		    ts_node_is_named(node) && is(node, "expression_statement")
		        ? "\n"
		        : " ",
		    type);
		if (str_eq(type, "call"))
			read_call(r, node);
		else if (str_eq(type, "assignment"))
			read_assignment(r, node);
		else if (str_eq(type, "binary_operator"))
			read_operator(r, node);
		else if (str_eq(type, "function_definition"))
			read_function(r, node);
		else
			read_children(r, node);
		buf_add_chr(&r->shape, ')');
	}
}

/* The first error, or what is missing; NULL if there is none. */
static const char *
find_error(const struct reading *r, TSNode node)
{
	uint32_t i;

	if (!ts_node_has_error(node))
		return NULL;
	if (is(node, "ERROR") || ts_node_is_missing(node))
		return arena_printf(r->arena, "line %u: %s",
		    ts_node_start_point(node).row + 1,
		    slice_dup(r->arena, text_of(r, node)));
	for (i = 0; i < ts_node_child_count(node); i++) {
		const char *error = find_error(r, ts_node_child(node, i));

		if (error)
			return error;
	}
	return "somewhere";
}

/* One cell. */
static bool
read_cell(struct reading *r, struct slice cell, const char **ret_error)
{
	SCOPED(tree_done) TSTree *tree = NULL;
	TSNode root;

	r->code = cell;
	r->comment = NULL;
	tree = tree_parse(cell, pyscan_words(cell.p, cell.n),
	    tree_deadline(cell.n));
	assert(tree);
	root = ts_tree_root_node(tree);
	*ret_error = find_error(r, root);
	if (*ret_error)
		return false;
	buf_add_str(&r->shape, "\n[cell]");
	read_node(r, root);
	*ret_error = r->error;
	return !r->error;
}

static void
add_names(struct arena *a, struct skeleton_names *to,
    const struct skeleton_names *from)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		*LIST_ADD(a, to) = from->v[i];
}

/* What was read of a cell that other notebooks have, too. */
static bool
read_known_cell(struct reading *r, struct slice cell, const char **ret_error)
{
	static struct arena kept = ARENA_INIT;
	static struct map known;
	static LIST_OF(struct skeleton) list;
	size_t i = map_get(&known, cell, SIZE_MAX);
	size_t k;

	if (i == SIZE_MAX) {
		struct reading own = {.arena = &kept};

		own.ret = LIST_ADD(&kept, &list);
		buf_init(&own.shape, &kept, MAX_SHAPE);
		if (!read_cell(&own,
		        slice_of(arena_strndup(&kept, cell.p, cell.n)),
		        ret_error))
			return false;
		own.ret->shape = buf_str(&own.shape);
		i = list.n - 1;
		map_add(&kept, &known, own.code, i);
	}
	buf_add_str(&r->shape, list.v[i].shape);
	add_names(r->arena, &r->ret->texts, &list.v[i].texts);
	/* Nothing of a sheet is in there. */
	for (k = 0; k < list.v[i].texts.n; k++)
		*LIST_ADD(r->arena, &r->ret->takers) = NULL;
	if (list.v[i].shadowed)
		r->ret->shadowed = list.v[i].shadowed;
	return true;
}

static bool
is_titled(struct slice cell, const char *title)
{
	static const char lead[] = "\n# DBTITLE 1,";
	size_t n = strlen(lead);

	return cell.n > n + strlen(title) && memcmp(cell.p, lead, n) == 0 &&
	    memcmp(cell.p + n, title, strlen(title)) == 0 &&
	    cell.p[n + strlen(title)] == '\n';
}

static struct slice
next_cell(struct slice code, size_t *at)
{
	static const char separator[] = "\n# COMMAND ----------\n";
	const char *start = code.p + *at;
	size_t left = code.n - *at;
	const char *end = memmem(start, left, separator, strlen(separator));
	size_t n = end ? (size_t)(end - start) + 1 : left;

	*at += end ? n + strlen(separator) - 1 : n;
	return (struct slice){start, n};
}

bool
skeleton_read(struct arena *a, struct slice code, struct skeleton *ret,
    const char **ret_error)
{
	struct reading r = {.arena = a, .ret = ret};
	size_t at = 0;

	*ret = (struct skeleton){0};
	buf_init(&r.shape, a, MAX_SHAPE);
	while (at < code.n) {
		struct slice cell = next_cell(code, &at);
		bool known = is_titled(cell, "Imports") ||
		    is_titled(cell, "Helpers");

		if (!(known ? read_known_cell(&r, cell, ret_error)
		            : read_cell(&r, cell, ret_error)))
			return false;
	}
	ret->shape = buf_str(&r.shape);
	return true;
}

static void
add_sql(struct buf *b, const struct expr *e)
{
	size_t i;

	buf_printf(b, "(%d", (int)e->kind);
	if (e->kind == EXPR_COLUMN)
		buf_printf(b, " %zu", e->n_parts);
	else if (e->kind == EXPR_CAST)
		buf_printf(b, " %s", e->type);
	else if (e->kind == EXPR_LITERAL)
		buf_printf(b, " %d", (int)e->literal);
	else if (e->op)
		buf_printf(b, " %s%s", e->negated ? "not " : "", e->op);
	for (i = 0; i < e->n_args; i++)
		add_sql(b, e->arg[i]);
	for (i = 0; e->over && i < e->over->n_partition; i++)
		add_sql(b, e->over->partition[i]);
	for (i = 0; e->over && i < e->over->n_order; i++)
		add_sql(b, e->over->order[i]);
	buf_add_chr(b, ')');
}

static bool
is_word(const char *text)
{
	for (; *text; text++) {
		if (!chr_is_alnum(*text) && *text != '_')
			return false;
	}
	return true;
}

const char *
skeleton_of_sql(struct arena *a, const char *text)
{
	struct expr_parsed parsed;
	struct buf b;

	expr_parse(a, text, &parsed);
	/* "none" and "na" are names to Spark; our parser takes them for what
	 * people write where nothing is. */
	if (!parsed.root && is_word(text) &&
	    str_eq(expr_quote_name(a, text), text))
		expr_parse(a, arena_printf(a, "`%s`", text), &parsed);
	if (!parsed.root)
		return NULL;
	buf_init(&b, a, MAX_SHAPE);
	add_sql(&b, parsed.root);
	return buf_str(&b);
}
