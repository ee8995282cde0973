#include "base/base.h"

#include "lang/pytree.h"

#include "lang/lang.h"
#include "lang/pystring.h"
#include "lang/pytemplate.h"
#include "lang/tree.h"

struct reading {
	struct arena *arena;
	struct slice text;
	size_t order;
	bool too_deep;
};

static struct py_node *read_node(struct reading *r, struct py_node *parent,
    TSNode node, size_t depth);

static const char *
text_of(struct reading *r, TSNode node)
{
	return tree_text(r->arena, r->text, node);
}

static struct py_node *
add(struct reading *r, struct py_node *parent, TSNode node, enum py_kind kind,
    const char *text)
{
	const struct py_node n = {.kind = kind,
	    .line = ts_node_start_point(node).row + 1,
	    .text = text,
	    .module = "",
	    .alias = "",
	    .order = r->order++};

	return pytree_add(r->arena, parent, &n);
}

static void
read_children(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	/* To ask for a child by its number is slow in long lists. */
	SCOPED(tree_cursor_done) TSTreeCursor c = ts_tree_cursor_new(node);

	if (!ts_tree_cursor_goto_first_child(&c))
		return;
	do {
		TSNode child = ts_tree_cursor_current_node(&c);

		if (ts_node_is_named(child) && !tree_is(child, "comment"))
			read_node(r, parent, child, depth);
	} while (ts_tree_cursor_goto_next_sibling(&c));
}

static void
read_field(struct reading *r, struct py_node *parent, TSNode node,
    const char *name, size_t depth)
{
	TSNode child = tree_field(node, name);

	if (!ts_node_is_null(child))
		read_node(r, parent, child, depth);
}

static void
add_piece(struct reading *r, struct py_node *parent, TSNode node,
    struct slice raw, bool is_raw, bool is_format)
{
	struct py_node *n;
	bool odd = false;
	const char *value = pystring_value(r->arena, raw, is_raw, is_format,
	    &odd);

	n = add(r, parent, node, PY_STRING, value);
	n->is_odd = odd;
}

/* {x}, and neither {x=} nor {x!r} nor {x:…}. */
static bool
is_plain_piece(TSNode interpolation)
{
	uint32_t count = ts_node_child_count(interpolation);
	uint32_t i;

	for (i = 0; i < count; i++) {
		TSNode child = ts_node_child(interpolation, i);

		if (tree_is(child, "=") || tree_is(child, "type_conversion") ||
		    tree_is(child, "format_specifier"))
			return false;
	}
	return true;
}

/* What is computed within an f-string; a format specifier may hold more. */
static void
read_pieces(struct reading *r, struct py_node *n, TSNode node,
    const struct pystring *s, size_t depth)
{
	size_t at = s->start;
	uint32_t count = ts_node_child_count(node);
	uint32_t i;

	for (i = 0; i < count; i++) {
		TSNode child = ts_node_child(node, i);
		size_t start = ts_node_start_byte(child);

		if (!tree_is(child, "interpolation"))
			continue;
		if (start > at)
			add_piece(r, n, node,
			    (struct slice){r->text.p + at, start - at},
			    s->is_raw, true);
		n->is_odd |= !is_plain_piece(child);
		read_children(r, n, child, depth);
		at = ts_node_end_byte(child);
	}
	if (s->end > at)
		add_piece(r, n, node,
		    (struct slice){r->text.p + at, s->end - at}, s->is_raw,
		    true);
}

static struct py_node *
read_string(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	size_t start = ts_node_start_byte(node);
	size_t end = ts_node_end_byte(node);
	struct py_node *n;
	struct pystring s;

	pystring_read(r->text, start, end, &s);
	if (s.is_format) {
		n = add(r, parent, node, PY_FORMAT, "");
		read_pieces(r, n, node, &s, depth);
		return n;
	}
	add_piece(r, parent, node,
	    (struct slice){r->text.p + s.start, s.end - s.start}, s.is_raw,
	    false);
	n = parent->child[parent->n - 1];
	n->alias = s.is_bytes ? "b" : "";
	return n;
}

/* Texts beside each other are one. */
static struct py_node *
read_strings(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	struct py_node *n = add(r, parent, node, PY_FORMAT, "");
	size_t i;

	read_children(r, n, node, depth);
	for (i = 0; i < n->n; i++) {
		if (n->child[i]->kind != PY_STRING)
			return n;
	}
	n->kind = PY_STRING;
	for (i = 0; i < n->n; i++) {
		n->text = arena_printf(r->arena, "%s%s", n->text,
		    n->child[i]->text);
		n->is_odd = n->is_odd || n->child[i]->is_odd;
	}
	n->n = 0;
	r->order = n->order + 1;
	return n;
}

static void
read_import_name(struct reading *r, struct py_node *parent, TSNode name,
    const char *module)
{
	bool renamed = tree_is(name, "aliased_import");
	const char *what = text_of(r,
	    renamed ? tree_field(name, "name") : name);
	struct py_node *n = add(r, parent, name, module ? PY_FROM : PY_IMPORT,
	    what);
	const char *first = what;
	size_t i = 0;

	while (first[i] && first[i] != '.')
		i++;
	n->module = module ? module : "";
	n->alias = renamed ? text_of(r, tree_field(name, "alias"))
	                   : arena_strndup(r->arena, first, i);
}

static void
read_import(struct reading *r, struct py_node *parent, TSNode node)
{
	const char *module = NULL;
	uint32_t count = ts_node_named_child_count(node);
	TSNode from = tree_field(node, "module_name");
	uint32_t i;

	if (tree_is(node, "import_from_statement"))
		module = text_of(r, from);
	else if (tree_is(node, "future_import_statement"))
		module = "__future__";
	for (i = 0; i < count; i++) {
		TSNode child = ts_node_named_child(node, i);
		struct py_node *n;

		if (module && !ts_node_is_null(from) && ts_node_eq(child, from))
			continue;
		if (tree_is(child, "wildcard_import")) {
			n = add(r, parent, child, PY_FROM, "*");
			n->module = module ? module : "";
		} else if (!tree_is(child, "comment")) {
			read_import_name(r, parent, child, module);
		}
	}
}

static struct py_node *
read_parameter(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	TSNode name = tree_field(node, "name");
	bool starred = false;
	struct py_node *n;

	if (tree_is(node, "identifier"))
		name = node;
	while (ts_node_is_null(name) || !tree_is(name, "identifier")) {
		TSNode inner = ts_node_is_null(name) ? node : name;

		if (ts_node_named_child_count(inner) == 0)
			return add(r, parent, node, PY_OTHER,
			    ts_node_type(node));
		starred |= str_ends(ts_node_type(inner), "splat_pattern");
		name = ts_node_named_child(inner, 0);
	}
	n = add(r, parent, node, PY_PARAM, text_of(r, name));
	n->is_odd = starred;
	read_field(r, n, node, "value", depth);
	return n;
}

static void
read_parameters(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	struct py_node *list = add(r, parent, node, PY_LIST, "");
	uint32_t i;

	if (ts_node_is_null(node))
		return;
	for (i = 0; i < ts_node_named_child_count(node); i++) {
		TSNode child = ts_node_named_child(node, i);

		if (!tree_is(child, "comment"))
			read_parameter(r, list, child, depth);
	}
}

/* What [T: …] behind a name says. */
static void
read_generic(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	if (!ts_node_is_null(tree_field(node, "type_parameters")))
		read_field(r, add(r, parent, node, PY_OTHER, "type_parameters"),
		    node, "type_parameters", depth);
}

static struct py_node *
read_function(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	bool lambda = tree_is(node, "lambda");
	struct py_node *n = add(r, parent, node, lambda ? PY_LAMBDA : PY_DEF,
	    lambda ? "" : text_of(r, tree_field(node, "name")));
	TSNode parameters = tree_field(node, "parameters");
	struct py_node *hints;
	uint32_t i;

	n->is_odd = tree_is(ts_node_child(node, 0), "async");
	if (ts_node_is_null(parameters))
		add(r, n, node, PY_LIST, "");
	else
		read_parameters(r, n, parameters, depth);
	hints = add(r, n, node, PY_OTHER, "hints");
	for (i = 0; !ts_node_is_null(parameters) &&
	     i < ts_node_named_child_count(parameters);
	     i++)
		read_field(r, hints, ts_node_named_child(parameters, i), "type",
		    depth);
	read_field(r, hints, node, "return_type", depth);
	read_generic(r, hints, node, depth);
	if (hints->n == 0) {
		n->n--;
		r->order = hints->order;
	}
	read_field(r, n, node, "body", depth);
	return n;
}

/* The kinds whose children are read as they come. */
static enum py_kind
plain_kind(const char *type)
{
	static const struct {
		const char *type;
		enum py_kind kind;
	} kinds[] = {{"list", PY_LIST}, {"tuple", PY_LIST}, {"set", PY_LIST},
	    {"expression_list", PY_LIST}, {"pattern_list", PY_LIST},
	    {"tuple_pattern", PY_LIST}, {"list_pattern", PY_LIST},
	    {"dictionary", PY_DICT}, {"list_splat", PY_STAR},
	    {"dictionary_splat", PY_STAR}, {"list_splat_pattern", PY_STAR},
	    {"dictionary_splat_pattern", PY_STAR}, {"subscript", PY_SUBSCRIPT},
	    {"conditional_expression", PY_CHOICE},
	    {"list_comprehension", PY_EACH}, {"set_comprehension", PY_EACH},
	    {"dictionary_comprehension", PY_EACH},
	    {"generator_expression", PY_EACH}, {"return_statement", PY_RETURN},
	    {"yield", PY_RETURN}, {"global_statement", PY_GLOBAL},
	    {"nonlocal_statement", PY_GLOBAL}, {"as_pattern", PY_AS}};
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kinds[i].type, type))
			return kinds[i].kind;
	}
	return PY_OTHER;
}

/* The kinds whose parts have names. */
static struct py_node *
read_fields(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	static const struct {
		const char *type;
		enum py_kind kind;
		const char *text; /* a field, NULL for none */
		const char *field[3];
	} rows[] = {
	    {"attribute", PY_ATTRIBUTE, "attribute", {"object"}},
	    {"keyword_argument", PY_KEYWORD, "name", {"value"}},
	    {"pair", PY_PAIR, NULL, {"key", "value"}},
	    {"assignment", PY_ASSIGN, NULL, {"left", "right"}},
	    {"augmented_assignment", PY_ADD, NULL, {"left", "right"}},
	    {"named_expression", PY_ASSIGN, NULL, {"name", "value"}},
	    {"for_in_clause", PY_FOR, NULL, {"left", "right"}},
	    {"class_definition", PY_CLASS, "name", {"superclasses", "body"}},
	};
	struct py_node *n;
	size_t i;
	size_t k;

	for (i = 0; i < COUNT_OF(rows); i++) {
		if (tree_is(node, rows[i].type))
			break;
	}
	if (i == COUNT_OF(rows))
		return NULL;
	/* A hint is computed when the program runs. */
	read_field(r, parent, node, "type", depth);
	read_generic(r, parent, node, depth);
	n = add(r, parent, node, rows[i].kind,
	    rows[i].text ? text_of(r, tree_field(node, rows[i].text)) : "");
	n->is_odd = tree_is(node, "named_expression") ||
	    (n->kind == PY_ASSIGN &&
	        tree_is(tree_field(node, "left"), "parenthesized_expression"));
	for (k = 0; k < COUNT_OF(rows[i].field) && rows[i].field[k]; k++)
		read_field(r, n, node, rows[i].field[k], depth);
	return n;
}

static struct py_node *
read_loop(struct reading *r, struct py_node *parent, TSNode node, size_t depth)
{
	struct py_node *n = add(r, parent, node, PY_FOR, "");

	read_field(r, n, node, "left", depth);
	read_field(r, n, node, "right", depth);
	read_field(r, n, node, "body", depth);
	read_field(r, n, node, "alternative", depth);
	return n;
}

/* "…{}".format(x) and "…%s" % x, as the f-string that they are; NULL. */
static struct py_node *
read_template(struct reading *r, struct py_node *parent, TSNode node,
    size_t depth)
{
	struct pytemplate t;
	struct py_node *n;
	size_t i;

	if (!pytemplate_read(r->arena, r->text, node, &t))
		return NULL;
	n = add(r, parent, node, PY_FORMAT, "");
	for (i = 0; i < t.n; i++) {
		if (t.v[i].text)
			add(r, n, node, PY_STRING, t.v[i].text);
		else
			read_node(r, n, t.v[i].value, depth);
	}
	return n;
}

static struct py_node *
read_call(struct reading *r, struct py_node *parent, TSNode node, size_t depth)
{
	TSNode arguments = tree_field(node, "arguments");
	struct py_node *n = add(r, parent, node, PY_CALL, "");
	read_field(r, n, node, "function", depth);
	if (tree_is(arguments, "argument_list"))
		read_children(r, n, arguments, depth);
	else
		read_node(r, n, arguments, depth);
	return n;
}

/* What stands between two operands, but for spaces around it. */
static const char *
operator_of(struct reading *r, TSNode node)
{
	size_t start;
	size_t end;

	if (ts_node_named_child_count(node) != 2 ||
	    !str_ends(ts_node_type(node), "_operator"))
		return "";
	start = ts_node_end_byte(ts_node_named_child(node, 0));
	end = ts_node_start_byte(ts_node_named_child(node, 1));
	return slice_dup(r->arena,
	    slice_trim((struct slice){r->text.p + start, end - start}));
}

static struct py_node *
read_other(struct reading *r, struct py_node *parent, TSNode node, size_t depth)
{
	const char *type = ts_node_type(node);
	enum py_kind kind = plain_kind(type);
	struct py_node *n;

	if (tree_is(node, "binary_operator") &&
	    tree_is(tree_field(node, "operator"), "+"))
		kind = PY_PLUS;
	n = add(r, parent, node, kind,
	    kind == PY_OTHER || kind == PY_EACH ? type : "");
	if (kind == PY_OTHER)
		n->alias = operator_of(r, node);
	n->is_odd = tree_is(node, "set") || tree_is(node, "yield") ||
	    str_starts(type, "dictionary_splat");
	n->is_tuple = tree_is(node, "tuple");
	read_children(r, n, node, depth);
	return n;
}

static struct py_node *
read_node(struct reading *r, struct py_node *parent, TSNode node, size_t depth)
{
	const char *type = ts_node_type(node);
	struct py_node *n;

	if (depth++ > PYTREE_MAX_DEPTH) {
		r->too_deep = true;
		return NULL;
	}
	if (str_eq(type, "identifier"))
		return add(r, parent, node, PY_NAME, text_of(r, node));
	if (str_eq(type, "integer") || str_eq(type, "float"))
		return add(r, parent, node, PY_NUMBER, text_of(r, node));
	if (str_eq(type, "string"))
		return read_string(r, parent, node, depth);
	if (str_eq(type, "concatenated_string"))
		return read_strings(r, parent, node, depth);
	if (str_eq(type, "call") || str_eq(type, "binary_operator")) {
		n = read_template(r, parent, node, depth);
		if (n)
			return n;
	}
	if (str_eq(type, "call"))
		return read_call(r, parent, node, depth);
	if (str_eq(type, "for_statement"))
		return read_loop(r, parent, node, depth);
	if (str_eq(type, "function_definition") || str_eq(type, "lambda"))
		return read_function(r, parent, node, depth);
	if (str_ends(type, "import_statement") ||
	    str_eq(type, "import_from_statement")) {
		read_import(r, parent, node);
		return NULL;
	}
	if ((str_eq(type, "parenthesized_expression") ||
	        str_eq(type, "expression_statement") ||
	        str_eq(type, "as_pattern_target") || str_eq(type, "block")) &&
	    parent) {
		read_children(r, parent, node, depth);
		return NULL;
	}
	n = read_fields(r, parent, node, depth);
	return n ? n : read_other(r, parent, node, depth);
}

bool
pytree_read(struct arena *a, struct slice text, const struct py_node **ret)
{
	SCOPED(tree_done) TSTree *tree = NULL;
	struct reading r = {.arena = a, .text = text};
	size_t words;
	TSNode root;

	if (text.n > LANG_MAX_BYTES)
		return false;
	words = pyscan_words(text.p, text.n);
	if (words > LANG_MAX_WORDS)
		return false;
	tree = tree_parse(text, words, tree_deadline(text.n));
	if (!tree)
		return false;
	root = ts_tree_root_node(tree);
	if (ts_node_has_error(root))
		return false;
	*ret = read_node(&r, NULL, root, 0);
	return *ret && !r.too_deep;
}
