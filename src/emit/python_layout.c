#include "base/base.h"

#include "emit/python_layout.h"

#include <string.h>

enum kind { ATOM, TEXT, CALL };

struct argument {
	const char *label;
	struct python_node *node;
};

struct python_node {
	enum kind kind;
	bool exploded;
	/* ATOM: the code. TEXT: the text. CALL: what stands before the
	 * bracket, without the receiver. */
	const char *text;
	const char *literal;
	const char *open;
	const char *close;
	struct python_node *receiver;
	struct {
		struct argument *v;
		size_t n;
		size_t cap;
	} arguments;
	/* On one line; NULL until asked for. */
	const char *flat;
	int64_t row; /* of the sheet; 0: none */
};

static struct python_node *
new_node(struct arena *a, enum kind kind, const char *text)
{
	struct python_node *node = arena_new(a, struct python_node);

	node->kind = kind;
	node->text = text;
	node->open = "(";
	node->close = ")";
	return node;
}

struct python_node *
python_atom(struct arena *a, const char *code)
{
	struct python_node *node = new_node(a, ATOM, code);

	node->flat = code;
	return node;
}

struct python_node *
python_text(struct arena *a, const char *text)
{
	struct python_node *node = new_node(a, TEXT, text);

	node->flat = python_string(a, text);
	return node;
}

struct python_node *
python_function(struct arena *a, const char *name)
{
	return new_node(a, CALL, name);
}

struct python_node *
python_method(struct arena *a, struct python_node *receiver, const char *name)
{
	struct python_node *node = new_node(a, CALL,
	    arena_printf(a, ".%s", name));

	node->receiver = receiver;
	return node;
}

static struct python_node *
new_brackets(struct arena *a, const char *open, const char *close)
{
	struct python_node *node = new_node(a, CALL, "");

	node->open = open;
	node->close = close;
	return node;
}

struct python_node *
python_dict(struct arena *a)
{
	return new_brackets(a, "{", "}");
}

struct python_node *
python_list(struct arena *a)
{
	return new_brackets(a, "[", "]");
}

void
python_of_row(struct python_node *node, int64_t row)
{
	node->row = row;
}

void
python_add(struct arena *a, struct python_node *call, const char *label,
    struct python_node *argument)
{
	struct argument *arg = LIST_ADD(a, &call->arguments);

	arg->label = label ? label : "";
	arg->node = argument;
}

void
python_add_atom(struct arena *a, struct python_node *call, const char *code)
{
	python_add(a, call, NULL, python_atom(a, code));
}

void
python_add_text(struct arena *a, struct python_node *call, const char *text)
{
	python_add(a, call, NULL, python_text(a, text));
}

void
python_explode(struct python_node *call)
{
	call->exploded = true;
}

/* May the node stand on one line, as far as its parts go? */
static bool
is_exploded(const struct python_node *node)
{
	size_t i;

	if (node->kind != CALL)
		return false;
	if (node->exploded || (node->receiver && is_exploded(node->receiver)))
		return true;
	for (i = 0; i < node->arguments.n; i++) {
		if (is_exploded(node->arguments.v[i].node))
			return true;
	}
	return false;
}

static const char *flat(struct arena *a, struct python_node *node);

static const char *
flat_arguments(struct arena *a, const struct python_node *call)
{
	size_t room = 0;
	struct buf b;
	size_t i;

	for (i = 0; i < call->arguments.n; i++)
		room += 2 + strlen(call->arguments.v[i].label) +
		    strlen(flat(a, call->arguments.v[i].node));
	buf_init(&b, a, room);
	for (i = 0; i < call->arguments.n; i++)
		buf_printf(&b, "%s%s%s", i ? ", " : "",
		    call->arguments.v[i].label,
		    flat(a, call->arguments.v[i].node));
	return buf_str(&b);
}

static const char *
flat(struct arena *a, struct python_node *node)
{
	if (!node->flat)
		node->flat = arena_printf(a, "%s%s%s%s%s",
		    node->receiver ? flat(a, node->receiver) : "", node->text,
		    node->open, flat_arguments(a, node), node->close);
	return node->flat;
}

/* How many methods are called on something that is more than a name. */
static int
count_links(const struct python_node *node)
{
	int n = 0;

	for (; node->kind == CALL && node->receiver; node = node->receiver)
		n += node->receiver->kind == CALL;
	return n;
}

/* The line if all of it fits on one, else NULL. */
static const char *
one_line(struct arena *a, int level, const char *prefix,
    struct python_node *node, const char *suffix)
{
	const char *line;

	if (is_exploded(node))
		return NULL;
	line = arena_printf(a, "%s%s%s", prefix, flat(a, node), suffix);
	return python_fits(level, line) ? line : NULL;
}

static void put_node(struct python *py, int level, const char *prefix,
    struct python_node *node, const char *suffix);

static void
put_text(struct python *py, int level, const char *prefix,
    const struct python_node *node, const char *suffix)
{
	struct python_pieces pieces = {0};
	bool wrap = prefix[0] != '\0';
	int inner = wrap ? level + 1 : level;
	size_t i;

	python_split(py->arena, node->text,
	    (size_t)PYTHON_WIDTH - (size_t)inner * 4, &pieces);
	if (suffix[0] || pieces.n < 2) {
		python_line(py, level, "%s%s%s", prefix, node->flat, suffix);
		return;
	}
	if (wrap)
		python_line(py, level, "%s(", prefix);
	for (i = 0; i < pieces.n; i++)
		python_line(py, inner, "%s", pieces.v[i]);
	if (wrap)
		python_line(py, level, ")");
}

/* The row that an expression, or a part of it, comes from. */
static int64_t
row_of(const struct python_node *node)
{
	int64_t row = node->row;
	size_t i;

	if (!row && node->receiver)
		row = row_of(node->receiver);
	for (i = 0; !row && i < node->arguments.n; i++)
		row = row_of(node->arguments.v[i].node);
	return row;
}

/* The elements of a list or dict that is broken stand each on its own line. */
static bool
is_long_literal(const struct python_node *node)
{
	return !str_eq(node->open, "(") && node->arguments.n > 1;
}

static void
put_arguments(struct python *py, int level, const struct python_node *call)
{
	const char *line;
	size_t i;

	if (!is_exploded(call) && !is_long_literal(call)) {
		line = flat_arguments(py->arena, call);
		if (python_fits(level, line)) {
			int64_t row = row_of(call);

			if (row)
				python_mark(py, python_line_number(py), row);
			python_line(py, level, "%s", line);
			return;
		}
	}
	for (i = 0; i < call->arguments.n; i++)
		put_node(py, level, call->arguments.v[i].label,
		    call->arguments.v[i].node,
		    call->arguments.n > 1 || call->exploded ? "," : "");
}

/* Everything up to the opening bracket of the call. */
static const char *
head_of(struct arena *a, const struct python_node *call)
{
	return arena_printf(a, "%s%s%s",
	    call->receiver ? flat(a, call->receiver) : "", call->text,
	    call->open);
}

/* The call without what it is called on. */
static struct python_node
without_receiver(const struct python_node *call)
{
	struct python_node link = *call;

	link.receiver = NULL;
	link.flat = NULL;
	return link;
}

/* At the last bracket whose beginning fits; if none does, at the last. */
static void
put_cut(struct python *py, int level, const char *prefix,
    struct python_node *node, const char *suffix)
{
	struct arena *a = py->arena;
	const char *head = arena_printf(a, "%s%s", prefix, head_of(a, node));
	struct python_node *before = node->receiver;
	struct python_node link;
	const char *cut;

	if (before && before->kind == CALL && !python_fits(level, head)) {
		cut = arena_printf(a, "%s%s", prefix, head_of(a, before));
		if (python_fits(level, cut)) {
			python_line(py, level, "%s", cut);
			put_arguments(py, level + 1, before);
			link = without_receiver(node);
			put_node(py, level, before->close, &link, suffix);
			return;
		}
	}
	python_line(py, level, "%s", head);
	put_arguments(py, level + 1, node);
	python_line(py, level, "%s%s", node->close, suffix);
}

/* One call of a chain on a line of its own. */
static void
put_link(struct python *py, int level, struct python_node *node,
    const char *suffix)
{
	struct python_node link;

	if (node->receiver && node->receiver->kind == CALL) {
		put_link(py, level, node->receiver, "");
		link = without_receiver(node);
		node = &link;
	}
	put_node(py, level, "", node, suffix);
}

static void
put_broken(struct python *py, int level, const char *prefix,
    struct python_node *node, const char *suffix)
{
	if (node->kind == ATOM)
		python_line(py, level, "%s%s%s", prefix, node->text, suffix);
	else if (node->kind == TEXT)
		put_text(py, level, prefix, node, suffix);
	else if (count_links(node) > 1)
		put_link(py, level, node, suffix);
	else
		put_cut(py, level, prefix, node, suffix);
}

static void
put_node(struct python *py, int level, const char *prefix,
    struct python_node *node, const char *suffix)
{
	const char *line = one_line(py->arena, level, prefix, node, suffix);
	int64_t row = line ? row_of(node) : node->row;
	int64_t first = row ? python_line_number(py) : 0;

	if (line)
		python_line(py, level, "%s", line);
	else
		put_broken(py, level, prefix, node, suffix);
	if (row)
		python_mark(py, first, row);
}

void
python_put_statement(struct python *py, int level, const char *prefix,
    struct python_node *node)
{
	if (count_links(node) > 1 &&
	    !one_line(py->arena, level, prefix, node, "")) {
		python_line(py, level, "%s(", prefix);
		put_link(py, level + 1, node, "");
		python_line(py, level, ")");
		return;
	}
	put_node(py, level, prefix, node, "");
}

void
python_put_def(struct python *py, struct python_node *function,
    const char *result)
{
	const char *suffix = result ? arena_printf(py->arena, " -> %s:", result)
	                            : ":";

	/* A parameter that stands alone has its comma nevertheless. */
	if (function->arguments.n == 1 &&
	    !one_line(py->arena, 0, "def ", function, suffix))
		python_explode(function);
	put_node(py, 0, "def ", function, suffix);
}

void
python_put_element(struct python *py, int level, struct python_node *node)
{
	put_node(py, level, "", node, ",");
}
