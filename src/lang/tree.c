#include "base/base.h"

#include "lang/tree.h"

#include "base/clock.h"
#include "lang/lang.h"

/* A tree of this many words takes well below a megabyte. */
#define GROUP_WORDS 4000

const TSLanguage *tree_sitter_python(void);

const TSLanguage *
tree_language(void)
{
	return tree_sitter_python();
}

int64_t tree_least_us = 5000000;

struct deadline
tree_deadline(size_t text_bytes)
{
	/* Usual text takes about 0.15 us a byte. */
	return (struct deadline){
	    clock_monotonic_us() + tree_least_us + (int64_t)text_bytes / 2};
}

static TSParser *
parser(void)
{
	static TSParser *p;

	if (!p) {
		bool known;

		p = ts_parser_new();
		known = ts_parser_set_language(p, tree_sitter_python());
		assert(known);
	}
	return p;
}

TSTree *
tree_parse(struct slice text, size_t words, struct deadline d)
{
	int64_t left = d.at_us - clock_monotonic_us();
	TSTree *tree;

	assert(words <= LANG_MAX_WORDS && text.n <= LANG_MAX_BYTES);
	if (left <= 0)
		return NULL;
	/* Whole seconds: libtree-sitter 0.20.7 adds fractions without a carry,
	 * so that the time is over at the next tick of the second. */
	ts_parser_set_timeout_micros(parser(),
	    (uint64_t)(left / 1000000 + 1) * 1000000);
	tree = ts_parser_parse_string_encoding(parser(), NULL, text.p,
	    (uint32_t)text.n, TSInputEncodingUTF8);
	/* Else the next parse would go on with this one. */
	if (!tree)
		ts_parser_reset(parser());
	return tree;
}

size_t
tree_group(const struct parts *parts, size_t first, size_t end,
    struct part *ret)
{
	size_t i = first + 1;

	*ret = parts->v[first];
	while (i < end && ret->words + parts->v[i].words <= GROUP_WORDS) {
		ret->words += parts->v[i].words;
		ret->end = parts->v[i].end;
		i++;
	}
	return i - first;
}

void
tree_done(TSTree **tree)
{
	if (*tree)
		ts_tree_delete(*tree);
}

void
tree_cursor_done(TSTreeCursor *cursor)
{
	ts_tree_cursor_delete(cursor);
}

bool
tree_is(TSNode node, const char *type)
{
	return str_eq(ts_node_type(node), type);
}

TSNode
tree_field(TSNode node, const char *name)
{
	return ts_node_child_by_field_name(node, name,
	    (uint32_t)slice_of(name).n);
}

const char *
tree_text(struct arena *a, struct slice text, TSNode node)
{
	size_t start;

	if (ts_node_is_null(node))
		return "";
	start = ts_node_start_byte(node);
	return arena_strndup(a, text.p + start, ts_node_end_byte(node) - start);
}
