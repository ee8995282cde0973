#include "base/base.h"

#include "eval/value.h"

#include "base/buf.h"
#include "expr/expr.h"

#include <string.h>

#define MAX_DEPTH EXPR_MAX_DEPTH

static const struct {
	const char *name;
	enum value_kind kind;
} plain[] = {
    {"void", VALUE_VOID},
    {"boolean", VALUE_BOOLEAN},
    {"tinyint", VALUE_TINYINT},
    {"smallint", VALUE_SMALLINT},
    {"int", VALUE_INT},
    {"bigint", VALUE_BIGINT},
    {"float", VALUE_FLOAT},
    {"double", VALUE_DOUBLE},
    {"string", VALUE_STRING},
    {"binary", VALUE_BINARY},
    {"date", VALUE_DATE},
    {"timestamp", VALUE_TIMESTAMP},
    {"timestamp_ntz", VALUE_TIMESTAMP_NTZ},
};

static const char *const month_units[] = {"year", "month"};
static const char *const micro_units[] = {"day", "hour", "minute", "second"};

struct scan {
	struct arena *arena;
	const char *p;
	int depth;
};

struct value_type
value_type_of(enum value_kind kind)
{
	return (struct value_type){.kind = kind};
}

struct value_type
value_type_decimal(unsigned precision, unsigned scale)
{
	return (struct value_type){.kind = VALUE_DECIMAL,
	    .precision = (unsigned char)precision,
	    .scale = (unsigned char)scale};
}

struct value_type
value_type_array(struct arena *a, struct value_type element)
{
	struct value_field *field = arena_new(a, struct value_field);

	*field = (struct value_field){"element", element};
	return (struct value_type){
	    .kind = VALUE_ARRAY, .field = field, .n_fields = 1};
}

static bool
take(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(s->p, word, n) != 0)
		return false;
	s->p += n;
	return true;
}

static bool
take_number(struct scan *s, unsigned max, unsigned *ret)
{
	unsigned n = 0;

	if (!chr_is_digit(*s->p))
		return false;
	for (; chr_is_digit(*s->p); s->p++) {
		n = n * 10 + (unsigned)(*s->p - '0');
		if (n > max)
			return false;
	}
	*ret = n;
	return true;
}

static bool
take_length(struct scan *s)
{
	unsigned n;

	return take_number(s, INT32_MAX / 10, &n) && take(s, ")");
}

static bool
take_decimal(struct scan *s, struct value_type *ret)
{
	unsigned precision;
	unsigned scale;

	if (!take_number(s, 38, &precision) || !take(s, ",") ||
	    !take_number(s, precision, &scale) || !take(s, ")") ||
	    precision == 0)
		return false;
	*ret = value_type_decimal(precision, scale);
	return true;
}

static bool
take_unit(struct scan *s, const char *const *units, size_t n,
    unsigned char *ret)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (take(s, units[i])) {
			*ret = (unsigned char)i;
			return true;
		}
	}
	return false;
}

static bool
take_interval(struct scan *s, struct value_type *ret)
{
	const char *const *units = month_units;
	size_t n = COUNT_OF(month_units);

	*ret = value_type_of(VALUE_MONTHS);
	if (!take_unit(s, units, n, &ret->precision)) {
		units = micro_units;
		n = COUNT_OF(micro_units);
		ret->kind = VALUE_MICROS;
		if (!take_unit(s, units, n, &ret->precision))
			return false;
	}
	ret->scale = ret->precision;
	return !take(s, " to ") || take_unit(s, units, n, &ret->scale);
}

static bool take_type(struct scan *s, struct value_type *ret);

static bool
take_name(struct scan *s, const char **ret)
{
	const char *from = s->p;
	struct buf b;

	if (*s->p != '`') {
		s->p += strcspn(s->p, ":");
		*ret = arena_strndup(s->arena, from, (size_t)(s->p - from));
		return true;
	}
	buf_init(&b, s->arena, EXPR_MAX_BYTES);
	for (s->p++; *s->p; s->p++) {
		if (*s->p == '`' && *++s->p != '`') {
			*ret = buf_str(&b);
			return true;
		}
		buf_add_chr(&b, *s->p);
	}
	return false;
}

/* A comment is text in quotes, in which \ stands before what is quoted. */
static bool
skip_comment(struct scan *s)
{
	if (!take(s, " comment '"))
		return true;
	while (*s->p && *s->p != '\'') {
		if (*s->p == '\\' && s->p[1])
			s->p++;
		s->p++;
	}
	return take(s, "'");
}

static bool
take_fields(struct scan *s, struct value_type *ret)
{
	LIST_OF(struct value_field) fields = {0};

	*ret = value_type_of(VALUE_STRUCT);
	if (take(s, ">"))
		return true;
	do {
		struct value_field *f = LIST_ADD(s->arena, &fields);

		if (!take_name(s, &f->name) || !take(s, ":") ||
		    !take_type(s, &f->type))
			return false;
		take(s, " not null");
		if (!skip_comment(s))
			return false;
	} while (take(s, ","));
	ret->field = fields.v;
	ret->n_fields = fields.n;
	return take(s, ">");
}

/* The types within array<…> and map<…>. */
static bool
take_elements(struct scan *s, enum value_kind kind, size_t n,
    struct value_type *ret)
{
	struct value_field *f = arena_array(s->arena, struct value_field, n);
	size_t i;

	*ret = value_type_of(kind);
	for (i = 0; i < n; i++) {
		f[i].name = kind == VALUE_ARRAY ? "element"
		    : i == 0                    ? "key"
		                                : "value";
		if ((i > 0 && !take(s, ",")) || !take_type(s, &f[i].type))
			return false;
	}
	ret->field = f;
	ret->n_fields = n;
	return take(s, ">");
}

/* The longest name that stands here; timestamp_ntz starts with another. */
static bool
take_plain(struct scan *s, struct value_type *ret)
{
	size_t n = 0;
	size_t i;

	while (chr_is_alnum(s->p[n]) || s->p[n] == '_')
		n++;
	for (i = 0; i < COUNT_OF(plain); i++) {
		if (slice_is((struct slice){s->p, n}, plain[i].name)) {
			s->p += n;
			*ret = value_type_of(plain[i].kind);
			return true;
		}
	}
	return false;
}

static bool
take_type(struct scan *s, struct value_type *ret)
{
	bool ok = false;

	if (++s->depth > MAX_DEPTH)
		return false;
	if (take(s, "decimal("))
		ok = take_decimal(s, ret);
	else if (take(s, "array<"))
		ok = take_elements(s, VALUE_ARRAY, 1, ret);
	else if (take(s, "map<"))
		ok = take_elements(s, VALUE_MAP, 2, ret);
	else if (take(s, "struct<"))
		ok = take_fields(s, ret);
	else if (take(s, "interval "))
		ok = take_interval(s, ret);
	else if (take(s, "char(") || take(s, "varchar(")) {
		*ret = value_type_of(VALUE_STRING);
		ok = take_length(s);
	} else
		ok = take_plain(s, ret);
	s->depth--;
	return ok;
}

bool
value_type_parse(struct arena *a, const char *text, struct value_type *ret)
{
	struct scan s = {.arena = a, .p = text};

	*ret = value_type_of(VALUE_VOID);
	return take_type(&s, ret) && *s.p == '\0';
}

static void add_type(struct buf *b, struct value_type type);

static void
add_fields(struct buf *b, struct value_type type)
{
	size_t i;

	for (i = 0; i < type.n_fields; i++) {
		if (i > 0)
			buf_add_chr(b, ',');
		if (type.kind == VALUE_STRUCT) {
			buf_add_str(b, type.field[i].name);
			buf_add_chr(b, ':');
		}
		add_type(b, type.field[i].type);
	}
	buf_add_chr(b, '>');
}

static void
add_interval(struct buf *b, struct value_type type)
{
	const char *const *units = type.kind == VALUE_MONTHS ? month_units
	                                                     : micro_units;

	buf_printf(b, "interval %s", units[type.precision]);
	if (type.scale != type.precision)
		buf_printf(b, " to %s", units[type.scale]);
}

static void
add_type(struct buf *b, struct value_type type)
{
	size_t i;

	switch (type.kind) {
	case VALUE_DECIMAL:
		buf_printf(b, "decimal(%d,%d)", type.precision, type.scale);
		return;
	case VALUE_MONTHS:
	case VALUE_MICROS:
		add_interval(b, type);
		return;
	case VALUE_ARRAY:
		buf_add_str(b, "array<");
		add_fields(b, type);
		return;
	case VALUE_MAP:
		buf_add_str(b, "map<");
		add_fields(b, type);
		return;
	case VALUE_STRUCT:
		buf_add_str(b, "struct<");
		add_fields(b, type);
		return;
	case VALUE_VOID:
	case VALUE_BOOLEAN:
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_BIGINT:
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
	case VALUE_STRING:
	case VALUE_BINARY:
	case VALUE_DATE:
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
		break;
	}
	for (i = 0; i < COUNT_OF(plain); i++) {
		if (plain[i].kind == type.kind)
			buf_add_str(b, plain[i].name);
	}
}

const char *
value_type_text(struct arena *a, struct value_type type)
{
	struct buf b;

	buf_init(&b, a, EXPR_MAX_BYTES);
	add_type(&b, type);
	return buf_str(&b);
}

bool
value_type_eq(struct value_type a, struct value_type b)
{
	size_t i;

	if (a.kind != b.kind || a.precision != b.precision ||
	    a.scale != b.scale || a.n_fields != b.n_fields)
		return false;
	for (i = 0; i < a.n_fields; i++) {
		if (!value_type_eq(a.field[i].type, b.field[i].type) ||
		    (a.kind == VALUE_STRUCT &&
		        !str_ieq(a.field[i].name, b.field[i].name)))
			return false;
	}
	return true;
}
