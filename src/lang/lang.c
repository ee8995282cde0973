#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"
#include "lang/notebook.h"
#include "lang/pyword.h"
#include "lang/tree.h"
#include "lang/words.h"

#include <string.h>

static const char too_slow[] =
    "The text takes too long to parse; it is probably no Python.";

struct check {
	struct arena *arena;
	struct arena *scratch;
	struct slice text;
	struct deadline deadline;
	struct lang_error *ret;
	struct buf *line; /* the line at hand, completed */
};

/* Always false. */
static bool
fail(const struct check *c, size_t at, const char *message)
{
	size_t line_start = 0;
	size_t i;

	c->ret->line = 1;
	for (i = 0; i < at && i < c->text.n; i++) {
		if (c->text.p[i] == '\n') {
			c->ret->line++;
			line_start = i + 1;
		}
	}
	c->ret->column = at - line_start + 1;
	c->ret->message = arena_strdup(c->arena, message);
	return false;
}

/* Finds a byte that no Python source may have, wherever it stands. */
static bool
find_bad_byte(struct slice text, size_t *ret_at, const char **ret_message)
{
	const char *nul = memchr(text.p, '\0', text.n);
	size_t i = 0;

	if (nul) {
		*ret_at = (size_t)(nul - text.p);
		*ret_message = "There is a NUL byte in the text.";
		return true;
	}
	while (i < text.n) {
		uint32_t cp;
		size_t n = utf8_next(text.p + i, text.n - i, &cp);

		if (n == 1 && (text.p[i] & 0x80)) {
			*ret_at = i;
			*ret_message = "The text is not UTF-8 here.";
			return true;
		}
		i += n;
	}
	return false;
}

/* Moves to the first error or missing token of a tree that has one. */
static TSNode
first_error(TSTreeCursor *c)
{
	for (;;) {
		TSNode node = ts_tree_cursor_current_node(c);

		if (ts_node_is_missing(node) ||
		    str_eq(ts_node_type(node), "ERROR"))
			return node;
		if (ts_node_has_error(node) &&
		    ts_tree_cursor_goto_first_child(c))
			continue;
		/* The error is in this node, not in its children, or in one of
		 * the nodes behind it. */
		if (ts_node_has_error(node) ||
		    !ts_tree_cursor_goto_next_sibling(c))
			return node;
	}
}

static const char *
describe(const struct check *c, size_t at, TSNode node)
{
	struct slice near;
	size_t start = at;

	if (ts_node_is_missing(node) && ts_node_is_named(node))
		return "A name or a value is missing here.";
	if (ts_node_is_missing(node))
		return arena_printf(c->scratch, "\"%s\" is missing here.",
		    ts_node_type(node));
	if (!slice_line(c->text, &start, &near))
		return "The text ends too early.";
	near = slice_trim(near);
	if (near.n == 0)
		return "This is not valid Python.";
	return arena_printf(c->scratch, "This is not valid Python near \"%s\".",
	    utf8_cut(c->scratch, slice_dup(c->scratch, near), 30));
}

/* Parses code that stands at the offset in the text, less what was put before
 * it. False: the error is in *c->ret. */
static bool
check_code(const struct check *c, struct slice code, size_t words,
    size_t offset, size_t before)
{
	SCOPED(tree_done) TSTree *tree = NULL;
	SCOPED(tree_cursor_done) TSTreeCursor cursor = {0};
	TSNode node;
	size_t at;

	if (words > LANG_MAX_WORDS)
		return fail(c, offset, "The statement is too long to check.");
	tree = tree_parse(code, words, c->deadline);
	if (!tree)
		return fail(c, offset, too_slow);
	node = ts_tree_root_node(tree);
	if (!ts_node_has_error(node))
		return true;
	cursor = ts_tree_cursor_new(node);
	node = first_error(&cursor);
	at = ts_node_start_byte(node);
	at = offset + (at > before ? at - before : 0);
	return fail(c, at, describe(c, at, node));
}

/* What a line needs before and after it to be a statement on its own. */
static void
complete(const struct line *line, const char **ret_before,
    const char **ret_after)
{
	*ret_before = "";
	*ret_after = line->opens_block ? " pass" : "";
	if (slice_is(line->first, "elif") || slice_is(line->first, "else"))
		*ret_before = "if a: pass\n";
	else if (pyword_continues_block(line->first))
		*ret_before = "try: pass\n";
	else if (line->opens_block && slice_is(line->first, "case"))
		*ret_before = "match a:\n ";
	else if (line->opens_block && slice_is(line->first, "match"))
		*ret_after = "\n case a: pass";
	else if (slice_is(line->first, "try"))
		*ret_after = line->opens_block ? " pass\nfinally: pass"
		                               : "\nfinally: pass";
}

static bool
check_line(const struct check *c, const struct line *line)
{
	bool decorator = c->text.p[line->start] == '@';
	struct buf *code = c->line;
	const char *before;
	const char *after;

	complete(line, &before, &after);
	code->n = 0;
	buf_add_str(code, before);
	buf_add(code, c->text.p + line->start, line->end - line->start);
	buf_add_str(code, decorator ? "\ndef f(): pass" : after);
	buf_add_chr(code, '\n');
	return check_code(c, buf_slice(code), line->words + 20, line->start,
	    slice_of(before).n);
}

/* Checks each line of a part on its own. */
static bool
check_lines(const struct check *c, const struct part *part)
{
	struct lines lines = {0};
	size_t i;

	pyscan_lines(c->scratch, c->text, part, &lines);
	for (i = 0; i < lines.n; i++) {
		if (!check_line(c, &lines.v[i]))
			return false;
	}
	return true;
}

/* Checks a part or several. Where that would be too much, the lines must do:
 * how they belong together is known from the scan. */
static bool
check_part(const struct check *c, const struct part *part)
{
	struct slice code = {c->text.p + part->start, part->end - part->start};

	if (part->words > LANG_MAX_WORDS)
		return check_lines(c, part);
	return check_code(c, code, part->words, part->start, 0);
}

static bool
check_group(const struct check *c, const struct parts *parts, size_t first,
    size_t n, const struct part *group)
{
	size_t i;

	if (check_part(c, group))
		return true;
	for (i = first; i < first + n; i++) {
		if (n > 1 && check_part(c, &parts->v[i]))
			continue;
		/* Where a block is involved the grammar may have taken its
		 * first line for the error; a line alone is placed better. */
		check_lines(c, &parts->v[i]);
		return false;
	}
	return true;
}

enum lang
lang_of(struct slice text)
{
	const char *sign = notebook_sign(text);

	return !sign || str_eq(sign, "#") ? LANG_PYTHON
	    : str_eq(sign, "--")          ? LANG_SQL
	                                  : LANG_SCALA;
}

const char *
lang_extension(enum lang lang)
{
	return lang == LANG_SQL ? "sql" : lang == LANG_SCALA ? "scala" : "py";
}

bool
lang_check(struct arena *a, enum lang lang, struct slice text,
    struct lang_error *ret)
{
	SCOPED(arena_done) struct arena scratch = ARENA_INIT;
	const struct words *words = words_of(lang);
	struct buf line;
	const struct check c = {
	    a, &scratch, text, tree_deadline(text.n), ret, &line};
	struct parts parts = {0};
	struct flaw flaw;
	const char *message;
	size_t at;
	size_t end;
	size_t i;

	if (text.n == 0)
		return true;
	if (text.n > LANG_MAX_BYTES)
		return fail(&c, 0, "The text is too long to check.");
	if (find_bad_byte(text, &at, &message))
		return fail(&c, at, message);
	if (words)
		return words_check(&scratch, words, text, &at, &message) ||
		    fail(&c, at, message);
	buf_init(&line, &scratch, LANG_MAX_BYTES + 100);
	pyscan_parts(&scratch, text, &parts, &flaw);
	end = flaw.message ? flaw.part : parts.n;
	for (i = 0; i < end;) {
		struct part group;
		size_t n = tree_group(&parts, i, end, &group);

		if (!check_group(&c, &parts, i, n, &group))
			return false;
		i += n;
	}
	return !flaw.message || fail(&c, flaw.at, flaw.message);
}
