#include "base/base.h"

#include "lang/lang.h"

#include "lang/tree.h"
#include "lang/words.h"

/* What a node means for the colours of itself and of the nodes below. */
enum role {
	ROLE_NONE,
	ROLE_KEYWORD,
	ROLE_NUMBER,
	ROLE_CONSTANT,
	ROLE_COMMENT,
	ROLE_STRING,
	ROLE_TEXT, /* of a string; not looked into */
	ROLE_CODE, /* within an f-string */
	ROLE_SPEC, /* of a format, part string, part code */
	ROLE_NAME,
	ROLE_ATTRIBUTE,
	ROLE_CALL,
	ROLE_ARGUMENTS,
	ROLE_FUNCTION,
	ROLE_CLASS,
	ROLE_DECORATOR,
	ROLE_TYPE,
};

static const struct {
	const char *node;
	enum role role;
} named[] = {
    {"integer", ROLE_NUMBER},
    {"float", ROLE_NUMBER},
    {"true", ROLE_CONSTANT},
    {"false", ROLE_CONSTANT},
    {"none", ROLE_CONSTANT},
    {"ellipsis", ROLE_CONSTANT},
    {"comment", ROLE_COMMENT},
    {"string", ROLE_STRING},
    {"string_content", ROLE_TEXT},
    {"interpolation", ROLE_CODE},
    {"format_expression", ROLE_CODE},
    {"format_specifier", ROLE_SPEC},
    {"type_conversion", ROLE_TEXT},
    {"identifier", ROLE_NAME},
    {"attribute", ROLE_ATTRIBUTE},
    {"call", ROLE_CALL},
    {"argument_list", ROLE_ARGUMENTS},
    {"function_definition", ROLE_FUNCTION},
    {"class_definition", ROLE_CLASS},
    {"decorator", ROLE_DECORATOR},
    {"type", ROLE_TYPE},
};

/* The grammar's numbers, looked up once. */
struct grammar {
	unsigned char *role; /* by symbol */
	size_t n;
	TSFieldId name;
	TSFieldId function;
	TSFieldId attribute;
};

/* A node on the way from the root to the current one. */
struct frame {
	enum role role;
	TSFieldId field;     /* of its parent, which it is */
	enum span_kind fill; /* of what has no colour of its own below it */
	size_t at;           /* of a specifier: what is not painted yet */
	size_t end;
};

struct painter {
	struct arena *arena;
	struct arena *scratch;
	const struct grammar *grammar;
	const char *text;
	size_t offset; /* of the tree within the text */
	struct spans *spans;
	LIST_OF(struct frame) way;
};

static enum role
role_of(const TSLanguage *l, TSSymbol symbol)
{
	const char *name = ts_language_symbol_name(l, symbol);
	size_t i;

	/* The unnamed nodes that read as words are the keywords. */
	if (ts_language_symbol_type(l, symbol) == TSSymbolTypeAnonymous)
		return chr_is_alpha(name[0]) ? ROLE_KEYWORD : ROLE_NONE;
	for (i = 0; i < COUNT_OF(named); i++) {
		if (str_eq(name, named[i].node))
			return named[i].role;
	}
	return ROLE_NONE;
}

static TSFieldId
field_id(const TSLanguage *l, const char *name)
{
	return ts_language_field_id_for_name(l, name,
	    (uint32_t)slice_of(name).n);
}

static const struct grammar *
grammar(void)
{
	static struct arena process = ARENA_INIT;
	static struct grammar g;
	const TSLanguage *l = tree_language();
	size_t i;

	if (g.n > 0)
		return &g;
	g.n = ts_language_symbol_count(l);
	g.role = arena_array(&process, unsigned char, g.n);
	for (i = 0; i < g.n; i++)
		g.role[i] = (unsigned char)role_of(l, (TSSymbol)i);
	g.name = field_id(l, "name");
	g.function = field_id(l, "function");
	g.attribute = field_id(l, "attribute");
	return &g;
}

static void
paint(struct painter *p, size_t start, size_t end, enum span_kind kind)
{
	struct spans *list = p->spans;
	struct span *last = list->n > 0 ? &list->v[list->n - 1] : NULL;

	start += p->offset;
	end += p->offset;
	/* Within errors a specifier may hold what is painted already. */
	if (last && start < last->end)
		start = last->end;
	if (start >= end || kind == SPAN_PLAIN)
		return;
	if (last && last->kind == kind && last->end == start) {
		last->end = end;
		return;
	}
	*LIST_ADD(p->arena, list) = (struct span){start, end, kind};
}

/* MAX_ROWS, but not F: the habit of constants. */
static bool
is_constant_name(const char *s, size_t n)
{
	bool letter = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] >= 'A' && s[i] <= 'Z')
			letter = true;
		else if (s[i] != '_' && !chr_is_digit(s[i]))
			return false;
	}
	return letter && n > 1;
}

static enum span_kind
name_kind(const struct painter *p, const struct frame *f, size_t start)
{
	const struct grammar *g = p->grammar;
	const struct frame *up = p->way.n > 1 ? f - 1 : f;

	if (f->fill == SPAN_DECORATOR || f->fill == SPAN_TYPE)
		return f->fill;
	if (f->field == g->name && up->role == ROLE_FUNCTION)
		return SPAN_FUNCTION;
	if (f->field == g->name && up->role == ROLE_CLASS)
		return SPAN_TYPE;
	if (f->field == g->function && up->role == ROLE_CALL)
		return SPAN_FUNCTION;
	if (f->field == g->attribute && up->role == ROLE_ATTRIBUTE &&
	    p->way.n > 2 && up->field == g->function &&
	    up[-1].role == ROLE_CALL)
		return SPAN_FUNCTION;
	if (is_constant_name(p->text + p->offset + start, f->end - start))
		return SPAN_CONSTANT;
	return SPAN_PLAIN;
}

static enum span_kind
leaf_kind(const struct painter *p, const struct frame *f, size_t start)
{
	static const enum span_kind fixed[] = {
	    [ROLE_KEYWORD] = SPAN_KEYWORD,
	    [ROLE_NUMBER] = SPAN_NUMBER,
	    [ROLE_CONSTANT] = SPAN_CONSTANT,
	    [ROLE_COMMENT] = SPAN_COMMENT,
	    [ROLE_TEXT] = SPAN_STRING,
	};

	if (f->role == ROLE_NAME)
		return name_kind(p, f, start);
	if (f->role < COUNT_OF(fixed) && fixed[f->role] != SPAN_PLAIN)
		return fixed[f->role];
	return f->fill == SPAN_TYPE ? SPAN_PLAIN : f->fill;
}

/* What a node's role means for everything below it. */
static enum span_kind
fill_of(enum role role, enum span_kind fill)
{
	if (role == ROLE_STRING)
		return SPAN_STRING;
	if (role == ROLE_CODE)
		return SPAN_PLAIN;
	if (role == ROLE_DECORATOR)
		return SPAN_DECORATOR;
	if (role == ROLE_TYPE)
		return SPAN_TYPE;
	if (role == ROLE_ARGUMENTS && fill == SPAN_DECORATOR)
		return SPAN_PLAIN;
	return fill;
}

static struct frame *
enter(struct painter *p, const TSTreeCursor *c, TSNode node)
{
	struct frame *up = p->way.n > 0 ? &p->way.v[p->way.n - 1] : NULL;
	enum span_kind fill = up ? up->fill : SPAN_PLAIN;
	size_t start = ts_node_start_byte(node);
	TSSymbol symbol = ts_node_symbol(node);
	enum role role = ROLE_NONE;
	struct frame *f;

	/* An error's symbol is outside the table. */
	if (symbol < p->grammar->n)
		role = (enum role)p->grammar->role[symbol];
	if (up && up->role == ROLE_SPEC && role == ROLE_CODE) {
		paint(p, up->at, start, SPAN_STRING);
		up->at = ts_node_end_byte(node);
	}
	f = LIST_ADD(p->scratch, &p->way);
	f->role = role;
	f->field = ts_tree_cursor_current_field_id(c);
	f->fill = fill_of(role, fill);
	f->at = start;
	f->end = ts_node_end_byte(node);
	return f;
}

static void
leave(struct painter *p)
{
	const struct frame *f = &p->way.v[--p->way.n];

	if (f->role == ROLE_SPEC)
		paint(p, f->at, f->end, SPAN_STRING);
}

static void
paint_tree(struct painter *p, TSTree *tree)
{
	SCOPED(tree_cursor_done) TSTreeCursor c = {0};

	c = ts_tree_cursor_new(ts_tree_root_node(tree));
	for (;;) {
		TSNode node = ts_tree_cursor_current_node(&c);
		struct frame *f = enter(p, &c, node);

		if (f->role != ROLE_TEXT && ts_tree_cursor_goto_first_child(&c))
			continue;
		/* A specifier paints what is left between its codes itself. */
		if (p->way.n < 2 || f[-1].role != ROLE_SPEC)
			paint(p, f->at, f->end, leaf_kind(p, f, f->at));
		leave(p);
		while (!ts_tree_cursor_goto_next_sibling(&c)) {
			if (!ts_tree_cursor_goto_parent(&c))
				return;
			leave(p);
		}
	}
}

/* False: there is no more time. */
static bool
paint_range(struct painter *p, struct deadline d, const struct part *range)
{
	SCOPED(tree_done) TSTree *tree = NULL;
	struct slice code = {p->text + range->start, range->end - range->start};

	if (range->words > LANG_MAX_WORDS)
		return true;
	tree = tree_parse(code, range->words, d);
	if (!tree)
		return false;
	p->offset = range->start;
	paint_tree(p, tree);
	return true;
}

/* Paints a part that is too large to be parsed, line by line. */
static bool
paint_lines(struct painter *p, struct deadline d, const struct part *part)
{
	struct slice text = {p->text, part->end};
	struct parts ranges = {0};
	struct lines lines = {0};
	size_t i;

	pyscan_lines(p->scratch, text, part, &lines);
	for (i = 0; i < lines.n; i++) {
		struct part *range = LIST_ADD(p->scratch, &ranges);

		range->start = lines.v[i].start;
		range->end = i + 1 < lines.n ? lines.v[i + 1].start : part->end;
		range->words = pyscan_words(p->text + range->start,
		    range->end - range->start);
	}
	for (i = 0; i < ranges.n;) {
		struct part group;

		i += tree_group(&ranges, i, ranges.n, &group);
		if (!paint_range(p, d, &group))
			return false;
	}
	return true;
}

void
lang_highlight(struct arena *a, enum lang lang, struct slice text,
    struct spans *ret)
{
	SCOPED(arena_done) struct arena scratch = ARENA_INIT;
	struct deadline d = tree_deadline(text.n);
	struct parts parts = {0};
	struct painter p = {.arena = a,
	    .scratch = &scratch,
	    .grammar = grammar(),
	    .text = text.p,
	    .spans = ret};
	const struct words *words = words_of(lang);
	struct flaw flaw;
	size_t i;

	if (text.n == 0 || text.n > LANG_MAX_BYTES)
		return;
	if (words) {
		words_highlight(a, words, text, ret);
		return;
	}
	pyscan_parts(&scratch, text, &parts, &flaw);
	for (i = 0; i < parts.n;) {
		struct part group;
		bool more;

		i += tree_group(&parts, i, parts.n, &group);
		if (group.words > LANG_MAX_WORDS)
			more = paint_lines(&p, d, &group);
		else
			more = paint_range(&p, d, &group);
		if (!more)
			return;
	}
}
