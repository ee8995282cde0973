#include "base/base.h"

#include "trial/guess.h"

static struct value_type
wider_decimal(struct value_type t)
{
	unsigned scale = t.scale + (t.scale > 0 ? 1u : 0u);
	unsigned precision = t.precision + 2u;

	if (precision > 38)
		return t;
	return value_type_decimal(precision, scale);
}

struct value_type
guess_wider(struct value_type t)
{
	if (t.kind == VALUE_TINYINT || t.kind == VALUE_SMALLINT)
		return value_type_of(VALUE_INT);
	if (t.kind == VALUE_INT)
		return value_type_of(VALUE_BIGINT);
	if (t.kind == VALUE_BIGINT)
		return value_type_decimal(20, 0);
	if (t.kind == VALUE_FLOAT)
		return value_type_of(VALUE_DOUBLE);
	return t.kind == VALUE_DECIMAL ? wider_decimal(t) : t;
}

bool
guess_is_nested(enum value_kind kind)
{
	return kind == VALUE_ARRAY || kind == VALUE_MAP ||
	    kind == VALUE_STRUCT || kind == VALUE_BINARY;
}

static struct value_type
nested_type(struct arena *a, struct guess *g)
{
	struct value_field *f;
	struct value_type t = {0};
	size_t i;

	if (g->uses & GUESS_STRUCT) {
		t.kind = VALUE_STRUCT;
		f = arena_array(a, struct value_field, g->fields.n + 1);
		for (i = 0; i < g->fields.n; i++)
			f[i] = (struct value_field){g->fields.v[i].name,
			    guess_type(a, g->fields.v[i].guess)};
		t.field = f;
		t.n_fields = g->fields.n;
		return t;
	}
	t.kind = g->uses & GUESS_ARRAY ? VALUE_ARRAY : VALUE_MAP;
	t.n_fields = t.kind == VALUE_ARRAY ? 1 : 2;
	f = arena_array(a, struct value_field, 2);
	f[0].type = value_type_of(VALUE_STRING);
	f[t.n_fields - 1].type = g->element ? guess_type(a, g->element)
	                                    : value_type_of(VALUE_STRING);
	t.field = f;
	return t;
}

/* The type that Spark infers for such values in a file of JSON. */
static struct value_type
in_json(struct value_type t)
{
	if (value_is_integral(t.kind))
		return value_type_of(VALUE_BIGINT);
	if (value_is_numeric(t.kind))
		return value_type_of(VALUE_DOUBLE);
	return t.kind == VALUE_BOOLEAN || guess_is_nested(t.kind)
	    ? t
	    : value_type_of(VALUE_STRING);
}

static struct value_type
type_of(struct arena *a, struct guess *g)
{
	if (g->has_content && guess_is_nested(g->content.kind))
		return g->content;
	if (!g->is_json && g->uses & (GUESS_STRUCT | GUESS_ARRAY | GUESS_MAP))
		return nested_type(a, g);
	if (g->uses & GUESS_TEXT)
		return value_type_of(VALUE_STRING);
	if (g->uses & (GUESS_NUMBER | GUESS_INTEGER)) {
		if (g->has_content && value_is_numeric(g->content.kind))
			return guess_wider(g->content);
		return g->uses & GUESS_NUMBER ? value_type_decimal(12, 2)
		                              : value_type_of(VALUE_INT);
	}
	if (g->uses & GUESS_TIMESTAMP)
		return value_type_of(VALUE_TIMESTAMP);
	if (g->uses & GUESS_DATE)
		return value_type_of(VALUE_DATE);
	if (g->uses & GUESS_BOOLEAN)
		return value_type_of(VALUE_BOOLEAN);
	if (g->uses & GUESS_BINARY)
		return value_type_of(VALUE_BINARY);
	return value_type_of(VALUE_STRING);
}

struct value_type
guess_type(struct arena *a, struct guess *g)
{
	struct value_type t;

	if (g->known)
		return *g->known;
	g = guess_root(g);
	t = type_of(a, g);
	if (g->is_text_file) {
		/* The text spells what it is used as. */
		if (!g->has_content && !guess_is_nested(t.kind))
			g->content = t;
		g->has_content = g->has_content || !guess_is_nested(t.kind);
		return value_type_of(VALUE_STRING);
	}
	return g->is_json_file ? in_json(t) : t;
}
