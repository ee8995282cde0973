#include "base/base.h"

#include "eval/builtin.h"

#include "eval/coerce.h"

#include <string.h>

static const struct builtins *const tables[] = {
    &builtins_condition,
    &builtins_text,
    &builtins_text_find,
    &builtins_text_code,
    &builtins_like,
    &builtins_regex,
    &builtins_number,
    &builtins_real,
    &builtins_date,
    &builtins_date_part,
    &builtins_time,
    &builtins_hash,
    &builtins_array,
    &builtins_lambda,
    &builtins_json,
    &builtins_nested,
    &builtins_opaque,
};

const struct builtin *
builtin_find(const char *name)
{
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(tables); i++) {
		for (j = 0; j < tables[i]->n; j++) {
			if (str_eq(tables[i]->v[j].name, name))
				return &tables[i]->v[j];
		}
	}
	return NULL;
}

const char *
expr_unit(const struct expr *e)
{
	if (e->kind == EXPR_LITERAL && e->literal == LITERAL_TYPED &&
	    str_eq(e->op, "unit"))
		return e->value;
	return NULL;
}

struct node *
bind_wrong_count(struct bind *b, const struct builtin *f, size_t n)
{
	return bind_fail(b, EVAL_UNKNOWN,
	    "%s() with %zu arguments is not known.", f->name, n);
}

static const struct {
	char letter;
	enum value_kind kind;
} letters[] = {{'s', VALUE_STRING}, {'y', VALUE_BINARY}, {'b', VALUE_BOOLEAN},
    {'i', VALUE_INT}, {'l', VALUE_BIGINT}, {'d', VALUE_DOUBLE},
    {'D', VALUE_DATE}, {'t', VALUE_TIMESTAMP}};

static struct value_type
letter_type(char letter)
{
	size_t i;

	for (i = 0; letters[i].letter != letter; i++)
		assert(i + 1 < COUNT_OF(letters));
	return value_type_of(letters[i].kind);
}

/* Days are not taken from a BIGINT. */
static const struct node *
want_days(struct bind *b, const struct node *n)
{
	if (n->type.kind == VALUE_BIGINT)
		return bind_fail(b, EVAL_UNKNOWN,
		    "A number of days is no BIGINT.");
	return coerce_implicit(b, n, value_type_of(VALUE_INT));
}

static const struct node *
want_number(struct bind *b, const struct node *n)
{
	if (value_is_numeric(n->type.kind))
		return n;
	return coerce_implicit(b, n, value_type_of(VALUE_DOUBLE));
}

static bool
is_collection(char letter, struct value_type type)
{
	bool array = type.kind == VALUE_ARRAY;

	switch (letter) {
	case 'A':
		return array;
	case 'M':
		return type.kind == VALUE_MAP;
	case 'C':
		return array || type.kind == VALUE_MAP;
	case 'N':
		return array && type.field[0].type.kind == VALUE_ARRAY;
	default:
		return false;
	}
}

static const struct node *
want_collection(struct bind *b, const struct node *n, char letter)
{
	if (is_collection(letter, n->type))
		return n;
	return bind_fail(b, EVAL_UNKNOWN, "%s where %s is wanted.",
	    value_type_text(b->arena, n->type),
	    letter == 'M' ? "a map" : "another collection");
}

/* An argument that has to fit the first one. */
static const struct node *
want_like(struct bind *b, const struct node *n, char letter,
    struct value_type first)
{
	struct value_type type = letter == 'X' ? first : first.field[0].type;
	struct value_type common = type;

	if (n->type.kind == VALUE_VOID && letter != 'X')
		return bind_fail(b, EVAL_UNKNOWN,
		    "A bare NULL as an element is not known.");
	if (!value_type_eq(n->type, type) &&
	    (!coerce_tightest(b, n->type, type, &common) ||
	        !value_type_eq(common, type)))
		return bind_fail(b, EVAL_UNKNOWN,
		    "An argument has the type %s, not %s.",
		    value_type_text(b->arena, n->type),
		    value_type_text(b->arena, type));
	return coerce_cast(b, n, type);
}

static const struct node *
want(struct bind *b, const struct node *n, char letter, struct value_type first)
{
	switch (letter) {
	case 'a':
		return n;
	case 'b':
		return bind_condition(b, n);
	case 'I':
		return want_days(b, n);
	case 'n':
		return want_number(b, n);
	case 'A':
	case 'M':
	case 'C':
	case 'N':
		return want_collection(b, n, letter);
	case 'E':
	case 'X':
	case 'K':
		return want_like(b, n, letter, first);
	case 'S':
		return coerce_implicit(b, n,
		    value_type_array(b->arena, letter_type('s')));
	default:
		return coerce_implicit(b, n, letter_type(letter));
	}
}

static struct value_type
result_type(struct bind *b, char letter, const struct node *made)
{
	struct value_type first = made->n_args > 0 ? made->arg[0]->type
	                                           : value_type_of(VALUE_VOID);

	switch (letter) {
	case '0':
		return first;
	case '1':
		return first.field[0].type;
	case 'L':
		return value_type_array(b->arena, first);
	case 'P':
		return value_type_array(b->arena, first.field[0].type);
	case 'Q':
		return value_type_array(b->arena, first.field[1].type);
	default:
		return letter_type(letter);
	}
}

struct node *
bind_signature(struct bind *b, const struct builtin *f, const struct node **arg,
    size_t n)
{
	const char *s = f->signature;
	struct node *node;
	char letter = 'a';
	size_t i;

	node = bind_node(b, value_type_of(VALUE_VOID), f->run, f->style, n);
	for (i = 0; i < n; i++) {
		if (*s == '|')
			s++;
		if (*s != '*' && *s != ':')
			letter = *s++;
		else if (*s == ':')
			break;
		node->arg[i] = want(b, arg[i], letter,
		    node->arg[0] ? node->arg[0]->type : arg[i]->type);
		if (!node->arg[i])
			return NULL;
	}
	s += *s == '|' ? strcspn(s, ":") : *s == '*' ? 1 : 0;
	if (*s != ':' || i < n)
		return bind_wrong_count(b, f, n);
	node->type = result_type(b, s[1], node);
	node->index = f->index;
	return node;
}

struct node *
bind_call(struct bind *b, const struct expr *e)
{
	const struct builtin *f = builtin_find(e->op);
	const struct node **arg;
	struct node *n;

	if (!f)
		return bind_fail(b, EVAL_UNKNOWN, "%s() is not known.", e->op);
	if (e->distinct || e->star || e->filter || e->nulls || e->n_within > 0)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", e->op);
	if (!f->signature)
		return f->bind(b, f, e, NULL, 0);
	arg = bind_args(b, e->arg, e->n_args);
	if (!arg)
		return NULL;
	n = f->bind ? f->bind(b, f, e, arg, e->n_args)
	            : bind_signature(b, f, arg, e->n_args);
	return n;
}
