#include "base/base.h"

#include "lang/pytemplate.h"

#include "lang/pystring.h"

#include <string.h>

#define MAX_ARGUMENTS 32
/* Bytes of an argument that stands in a template more than once. */
#define MAX_TWICE 40

/* What fills it, and how. */
struct filling {
	struct arena *arena;
	struct slice text;
	TSNode arguments; /* a list, a tuple, or the only one */
	bool is_list;
	bool percent;
	int next; /* the place of {} */
	uint32_t used[MAX_ARGUMENTS];
	struct pytemplate *ret;
};

static uint32_t
count_of(const struct filling *f)
{
	return f->is_list ? ts_node_named_child_count(f->arguments) : 1;
}

static TSNode
argument(const struct filling *f, uint32_t i)
{
	return f->is_list ? ts_node_named_child(f->arguments, i) : f->arguments;
}

static bool
is_keyword(const struct filling *f, TSNode n)
{
	return f->is_list && tree_is(n, "keyword_argument");
}

/* By its name, or by its place where there is none. */
static bool
fill(struct filling *f, const char *name, int place)
{
	int at = 0;
	uint32_t i;

	for (i = 0; i < count_of(f); i++) {
		TSNode n = argument(f, i);
		bool found;

		if (tree_is(n, "list_splat") || tree_is(n, "dictionary_splat"))
			return false;
		if (is_keyword(f, n)) {
			found = name &&
			    str_eq(name,
			        tree_text(f->arena, f->text,
			            tree_field(n, "name")));
			n = tree_field(n, "value");
		} else {
			found = !name && at++ == place;
		}
		if (!found)
			continue;
		/* What is read twice is small, whatever it holds. */
		if (f->used[i]++ > 0 && !tree_is(n, "identifier") &&
		    ts_node_end_byte(n) - ts_node_start_byte(n) > MAX_TWICE)
			return false;
		*LIST_ADD(f->arena, f->ret) = (struct pytemplate_part){
		    .value = n};
		return true;
	}
	return false;
}

static bool
fill_field(struct filling *f, const char *field, size_t n)
{
	const char *name = arena_strndup(f->arena, field, n);
	size_t i;

	if (n == 0)
		return fill(f, NULL, f->next++);
	if (n == 1 && chr_is_digit(name[0]))
		return fill(f, NULL, name[0] - '0');
	for (i = 0; i < n; i++) {
		if (!chr_is_alnum(name[i]) && name[i] != '_')
			return false;
	}
	return fill(f, name, -1);
}

/* The field at *at, which then stands behind it. */
static bool
read_field(struct filling *f, const char **at)
{
	const char *field = *at + 1;
	size_t n = f->percent ? 0 : strcspn(field, "}");

	if (f->percent ? *field != 's' : (**at != '{' || field[n] != '}'))
		return false;
	*at = field + n + 1;
	return fill_field(f, field, n);
}

static bool
fill_all(struct filling *f, const char *text)
{
	const char *signs = f->percent ? "%" : "{}";
	uint32_t i;

	while (*text) {
		size_t n = strcspn(text, signs);
		/* {{ and %% are one. */
		bool doubled = text[n] && text[n + 1] == text[n];

		if (n + doubled > 0)
			*LIST_ADD(f->arena, f->ret) = (struct pytemplate_part){
			    .text = arena_strndup(f->arena, text, n + doubled)};
		text += n + (doubled ? 2 : 0);
		if (!doubled && *text && !read_field(f, &text))
			return false;
	}
	for (i = 0; i < count_of(f); i++) {
		if (f->used[i] == 0)
			return false;
	}
	return true;
}

/* The literal that is filled, and with what; false: none is. */
static bool
find_parts(struct filling *f, TSNode node, TSNode *literal)
{
	if (tree_is(node, "binary_operator")) {
		f->percent = tree_is(tree_field(node, "operator"), "%");
		*literal = tree_field(node, "left");
		f->arguments = tree_field(node, "right");
		f->is_list = tree_is(f->arguments, "tuple");
		return f->percent;
	}
	if (!tree_is(node, "call"))
		return false;
	node = tree_field(node, "function");
	f->arguments = tree_field(ts_node_parent(node), "arguments");
	f->is_list = true;
	if (!tree_is(node, "attribute") ||
	    !tree_is(f->arguments, "argument_list"))
		return false;
	*literal = tree_field(node, "object");
	return str_eq(tree_text(f->arena, f->text,
	                  tree_field(node, "attribute")),
	    "format");
}

bool
pytemplate_read(struct arena *a, struct slice text, TSNode node,
    struct pytemplate *ret)
{
	struct filling f = {.arena = a, .text = text, .ret = ret};
	struct pystring s;
	TSNode literal;
	bool odd = false;
	const char *value;

	*ret = (struct pytemplate){0};
	if (!find_parts(&f, node, &literal) || !tree_is(literal, "string") ||
	    count_of(&f) > MAX_ARGUMENTS)
		return false;
	pystring_read(text, ts_node_start_byte(literal),
	    ts_node_end_byte(literal), &s);
	if (s.is_format)
		return false;
	value = pystring_value(a,
	    (struct slice){text.p + s.start, s.end - s.start}, s.is_raw, false,
	    &odd);
	return !odd && fill_all(&f, value);
}
