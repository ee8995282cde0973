#include "base/base.h"

#include "trial/guess.h"
#include "trial/trial.h"

#include "base/buf.h"
#include "base/json.h"
#include "trial/pattern_text.h"

#include <string.h>

#define MICROS_A_SECOND INT64_C(1000000)
#define SECONDS_A_DAY 86400

struct values {
	struct arena *arena;
	struct value *v;
	size_t n;
};

static void
add(struct values *list, struct value v)
{
	size_t i;

	/* One place is for NULL. */
	if (list->n + 1 >= GUESS_MAX_VALUES)
		return;
	for (i = 0; i < list->n; i++) {
		if (!v.is_null && value_compare(&list->v[i], &v) == 0)
			return;
	}
	list->v[list->n++] = v;
}

static int128
power_of_ten(unsigned n)
{
	int128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* The greatest of the type, as far as people can read it. */
static struct value
greatest(struct value_type t)
{
	if (t.kind == VALUE_TINYINT)
		return value_integer(t.kind, INT8_MAX);
	if (t.kind == VALUE_SMALLINT)
		return value_integer(t.kind, INT16_MAX);
	if (t.kind == VALUE_INT)
		return value_integer(t.kind, INT32_MAX);
	if (t.kind == VALUE_BIGINT)
		return value_integer(t.kind, INT64_MAX);
	return value_decimal(t, power_of_ten(t.precision) - 1);
}

/* The number as a value of the type; a decimal in its hundredths. */
static struct value
number(struct value_type t, int64_t hundredths)
{
	if (t.kind == VALUE_FLOAT || t.kind == VALUE_DOUBLE)
		return value_real(t.kind, (double)hundredths / 100);
	if (t.kind == VALUE_DECIMAL)
		return value_decimal(t,
		    t.scale >= 2 ? hundredths * power_of_ten(t.scale - 2u)
		                 : hundredths / power_of_ten(2u - t.scale));
	return value_integer(t.kind, hundredths / 100);
}

/* Numbers around one that the column is compared with. */
static void
add_around(struct values *list, struct value_type t, const char *text)
{
	struct value literal = value_string(text);
	struct value v;
	const char *why;
	int64_t step;

	if (eval_cast(list->arena, &literal, t, &v, &why) != EVAL_VALUE ||
	    v.is_null)
		return;
	add(list, v);
	for (step = -1; step <= 1; step += 2) {
		struct value next = v;

		if (t.kind == VALUE_DECIMAL)
			next.decimal += step;
		else if (t.kind == VALUE_FLOAT || t.kind == VALUE_DOUBLE)
			next.real += (double)step / 4;
		else
			next.integer += step;
		add(list, next);
	}
}

static void
add_numbers(struct values *list, const struct guess *g, struct value_type t)
{
	size_t i;

	for (i = 0; i < g->literals.n && i < 3; i++) {
		if (g->literals.v[i]->literal == LITERAL_NUMBER)
			add_around(list, t, g->literals.v[i]->value);
	}
	add(list, number(t, 1250));
	if (t.kind == VALUE_DECIMAL && t.scale > 2)
		/* Halves, which rounding to fewer digits must treat. */
		add(list,
		    value_decimal(t,
		        number(t, 201).decimal +
		            5 * power_of_ten(t.scale - 3u)));
	add(list, number(t, 0));
	add(list, number(t, -305));
	if (t.kind != VALUE_FLOAT && t.kind != VALUE_DOUBLE)
		add(list, greatest(t));
}

/* 2024-01-31 10:15:30, and others around what calendars have of oddities. */
static const int64_t moments[] = {
    INT64_C(1706696130000000), /* 2024-01-31 10:15:30 */
    INT64_C(1709251199500000), /* 2024-02-29 23:59:59.5 */
    INT64_C(946598400000000),  /* 1999-12-31 00:00:00 */
    INT64_C(1711846800000000), /* 2024-03-31 01:00:00 */
};

static void
add_times(struct values *list, const struct guess *g, struct value_type t)
{
	size_t i;

	for (i = 0; i < g->literals.n && i < 3; i++) {
		struct value literal = value_string(g->literals.v[i]->value);
		struct value v;
		const char *why;
		int64_t step = t.kind == VALUE_DATE ? 1 : MICROS_A_SECOND;

		if (eval_cast(list->arena, &literal, t, &v, &why) !=
		        EVAL_VALUE ||
		    v.is_null)
			continue;
		add(list, v);
		add(list, value_integer(t.kind, v.integer - step));
		add(list, value_integer(t.kind, v.integer + step));
	}
	for (i = 0; i < COUNT_OF(moments); i++)
		add(list,
		    value_integer(t.kind,
		        t.kind == VALUE_DATE
		            ? moments[i] / MICROS_A_SECOND / SECONDS_A_DAY
		            : moments[i]));
}

static const char *
without_wildcards(struct arena *a, const char *pattern)
{
	struct buf b;

	buf_init(&b, a, strlen(pattern) + 1);
	for (; *pattern; pattern++) {
		if (*pattern != '%')
			buf_add_chr(&b, *pattern == '_' ? 'x' : *pattern);
	}
	return buf_str(&b);
}

/* Other spellings: upper() makes one of them the same, trim() the other. */
static void
add_spellings(struct values *list, const char *text)
{
	char *other = arena_strdup(list->arena, text);
	size_t i;

	for (i = 0; other[i]; i++)
		other[i] = chr_lower(text[i]) == text[i] ? chr_upper(text[i])
		                                         : chr_lower(text[i]);
	if (!str_eq(other, text))
		add(list, value_string(other));
	if (text[0])
		add(list,
		    value_string(arena_printf(list->arena, " %s ", text)));
}

static void
add_texts(struct values *list, const struct guess *g)
{
	size_t first = SIZE_MAX;
	size_t i;

	for (i = 0; i < g->literals.n && list->n < 6; i++) {
		if (g->literals.v[i]->literal != LITERAL_STRING)
			continue;
		first = first == SIZE_MAX ? i : first;
		add(list,
		    value_string(without_wildcards(list->arena,
		        g->literals.v[i]->value)));
	}
	if (first == SIZE_MAX) {
		add(list, value_string("Ann Lee"));
		add(list, value_string(" bob "));
	} else {
		add(list, value_string("other"));
		add_spellings(list, list->v[0].text.p);
	}
	/* Spark reads it from CSV as NULL. */
	if (!g->is_text_file)
		add(list, value_string(""));
	if (first == SIZE_MAX)
		add(list, value_string("M\xc3\x9cLLER"));
}

/* What a text spells, as a text. */
static struct value
spelled(struct arena *a, const struct guess *g, const struct value *v)
{
	const char *text = NULL;

	if (g->format)
		text = pattern_text(a, g->format, v);
	if (!text)
		text = value_format(a, v);
	return value_string(text);
}

static bool
spells(const struct guess *g)
{
	return g->has_content && g->content.kind != VALUE_STRING &&
	    !guess_is_nested(g->content.kind) && !g->is_json;
}

static void add_typed(struct values *list, struct guess *g,
    struct value_type t);

/* Texts that the cast can read, with more digits than it leaves. */
static void
add_spelled(struct values *list, struct guess *g)
{
	struct guess inner = {.literals = {g->literals.v, g->literals.n, 0}};
	struct value v[GUESS_MAX_VALUES];
	struct values typed = {list->arena, v, 0};
	struct value_type t = g->content;
	size_t i;

	if (t.kind == VALUE_DECIMAL)
		t = guess_wider(t);
	add_typed(&typed, &inner, t);
	for (i = 0; i < typed.n; i++)
		add(list, spelled(list->arena, g, &typed.v[i]));
}

/* {"name": value, …}, with the values that come at that place; then one
 * without any. */
static void
add_json(struct values *list, struct guess *g)
{
	struct value v[GUESS_MAX_VALUES];
	size_t row;
	size_t i;

	for (row = 0; row < 3; row++) {
		struct json_writer w;
		struct buf b;

		buf_init(&b, list->arena, 4096);
		json_init(&w, &b, false);
		json_object(&w);
		for (i = 0; i < g->fields.n && row < 2; i++) {
			size_t n = guess_values(list->arena,
			    g->fields.v[i].guess, v);

			json_key_str(&w, g->fields.v[i].name,
			    value_format(list->arena, &v[row % (n - 1)]));
		}
		json_object_end(&w);
		add(list, value_text(buf_slice(&b)));
	}
}

static void
add_structs(struct values *list, struct guess *g, struct value_type t)
{
	size_t row;
	size_t i;

	for (row = 0; row < 3; row++) {
		struct value *fields = arena_array(list->arena, struct value,
		    t.n_fields);
		struct value s = {.type = t};

		for (i = 0; i < t.n_fields; i++) {
			struct value v[GUESS_MAX_VALUES];
			size_t n = guess_values(list->arena,
			    g->fields.v[i].guess, v);

			fields[i] = row == 2 ? v[n - 1] : v[row % (n - 1)];
		}
		s.list = (struct value_list){fields, t.n_fields};
		add(list, s);
	}
}

/* Two elements, and none. */
static void
add_lists(struct values *list, struct guess *g, struct value_type t)
{
	struct value v[GUESS_MAX_VALUES];
	struct value *elements = arena_array(list->arena, struct value, 4);
	struct value whole = {.type = t};
	struct guess nothing = {0};
	size_t n = guess_values(list->arena, g->element ? g->element : &nothing,
	    v);
	size_t i;

	if (!value_type_eq(v[0].type, t.field[t.n_fields - 1].type))
		return;
	for (i = 0; i < 2; i++) {
		if (t.kind == VALUE_MAP)
			elements[whole.list.n++] = value_string(i ? "b" : "a");
		elements[whole.list.n++] = v[i % (n - 1)];
	}
	whole.list.v = elements;
	add(list, whole);
	whole.list.n = 0;
	add(list, whole);
}

static void
add_typed(struct values *list, struct guess *g, struct value_type t)
{
	if (value_is_numeric(t.kind)) {
		add_numbers(list, g, t);
	} else if (t.kind == VALUE_DATE || t.kind == VALUE_TIMESTAMP ||
	    t.kind == VALUE_TIMESTAMP_NTZ) {
		add_times(list, g, t);
	} else if (t.kind == VALUE_BOOLEAN) {
		add(list, value_boolean(true));
		add(list, value_boolean(false));
	} else if (t.kind == VALUE_STRUCT) {
		if (t.n_fields == g->fields.n)
			add_structs(list, g, t);
	} else if (t.kind == VALUE_ARRAY || t.kind == VALUE_MAP) {
		add_lists(list, g, t);
	} else if (t.kind == VALUE_STRING) {
		if (g->is_json)
			add_json(list, g);
		else if (spells(g))
			add_spelled(list, g);
		else
			add_texts(list, g);
	}
}

size_t
guess_values(struct arena *a, struct guess *g, struct value *ret)
{
	struct values list = {a, ret, 0};
	struct value_type t = guess_type(a, g);
	size_t i;

	add_typed(&list, guess_root(g), t);
	for (i = 0; i < list.n; i++)
		ret[i].type = t;
	ret[list.n++] = value_null(t);
	/* Of a type whose values are not known there is NULL alone. */
	if (list.n == 1)
		ret[list.n++] = value_null(t);
	return list.n;
}

bool
guess_number(struct arena *a, struct guess *g, size_t n, struct value *ret)
{
	struct value_type t = guess_type(a, g);
	struct value v;

	g = guess_root(g);
	if (t.kind != VALUE_STRING || !spells(g))
		return trial_value(a, t, n, ret);
	if (!trial_value(a, g->content, n, &v))
		return false;
	*ret = spelled(a, g, &v);
	return true;
}
