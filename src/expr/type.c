#include "base/base.h"

#include "expr/type.h"

#include "expr/parser.h"
#include "expr/suggest.h"
#include "expr/units.h"

#define MAX_TEXT EXPR_MAX_BYTES

enum length { LENGTH_NONE, LENGTH_ONE, LENGTH_DECIMAL };

struct primitive {
	const char *name;
	const char *canonical;
	enum type_class cls;
	enum length length;
};

static const struct primitive primitives[] = {
    {"bigint", "bigint", TYPE_NUMBER, LENGTH_NONE},
    {"binary", "binary", TYPE_BINARY, LENGTH_NONE},
    {"boolean", "boolean", TYPE_BOOLEAN, LENGTH_NONE},
    {"byte", "tinyint", TYPE_NUMBER, LENGTH_NONE},
    {"char", "char", TYPE_STRING, LENGTH_ONE},
    {"character", "char", TYPE_STRING, LENGTH_ONE},
    {"date", "date", TYPE_DATE, LENGTH_NONE},
    {"dec", "decimal", TYPE_NUMBER, LENGTH_DECIMAL},
    {"decimal", "decimal", TYPE_NUMBER, LENGTH_DECIMAL},
    {"double", "double", TYPE_NUMBER, LENGTH_NONE},
    {"float", "float", TYPE_NUMBER, LENGTH_NONE},
    {"int", "int", TYPE_NUMBER, LENGTH_NONE},
    {"integer", "int", TYPE_NUMBER, LENGTH_NONE},
    {"long", "bigint", TYPE_NUMBER, LENGTH_NONE},
    {"numeric", "decimal", TYPE_NUMBER, LENGTH_DECIMAL},
    {"real", "float", TYPE_NUMBER, LENGTH_NONE},
    {"short", "smallint", TYPE_NUMBER, LENGTH_NONE},
    {"smallint", "smallint", TYPE_NUMBER, LENGTH_NONE},
    {"string", "string", TYPE_STRING, LENGTH_NONE},
    {"timestamp", "timestamp", TYPE_TIMESTAMP, LENGTH_NONE},
    {"timestamp_ltz", "timestamp", TYPE_TIMESTAMP, LENGTH_NONE},
    {"timestamp_ntz", "timestamp_ntz", TYPE_TIMESTAMP, LENGTH_NONE},
    {"tinyint", "tinyint", TYPE_NUMBER, LENGTH_NONE},
    {"varchar", "varchar", TYPE_STRING, LENGTH_ONE},
    {"variant", "variant", TYPE_OTHER, LENGTH_NONE},
    {"void", "void", TYPE_OTHER, LENGTH_NONE},
};

struct foreign {
	const char *name;
	const char *plain;
	const char *with_length;
};

static const struct foreign foreigns[] = {
#define FOREIGN(name, plain, with_length) {name, plain, with_length},
#include "expr/type_foreign.h"
#undef FOREIGN
};

static enum type_class parse_into(struct parser *p, struct buf *b);

static const struct primitive *
primitive_find(struct slice name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(primitives); i++) {
		if (slice_ieq(name, primitives[i].name))
			return &primitives[i];
	}
	return NULL;
}

bool
type_is_name(struct slice word)
{
	return primitive_find(word) != NULL;
}

/* (10,2) as it is written, "" if there is none; nothing is taken. */
static const char *
peek_length(struct parser *p)
{
	size_t k = 1;

	if (peek_kind(p, 0) != TOKEN_LPAREN)
		return "";
	while (peek_kind(p, k) == TOKEN_INTEGER ||
	    peek_kind(p, k) == TOKEN_COMMA)
		k++;
	if (k > 4 || peek_kind(p, k) != TOKEN_RPAREN)
		return "";
	return arena_printf(p->arena, "%.*s",
	    (int)(peek_at(p, k)->end - peek(p)->start),
	    p->text + peek(p)->start);
}

static void
refuse_name(struct parser *p, const struct token *t)
{
	struct slice name = token_slice(p, t);
	const char *upper = utf8_cut(p->arena, slice_dup(p->arena, name), 40);
	const char *length = peek_length(p);
	const char *near = NULL;
	struct suggestion best;
	size_t i;

	for (i = 0; i < COUNT_OF(foreigns); i++) {
		const struct foreign *f = &foreigns[i];

		if (!slice_ieq(name, f->name))
			continue;
		if (f->with_length && length[0])
			near = arena_printf(p->arena, "%s%s", f->with_length,
			    length);
		else
			near = f->plain;
		fail(p, E_SYNTAX, t, arena_printf(p->arena, "Write %s.", near),
		    "%s is not a Spark type; use %s.", upper, near);
		return;
	}
	suggest_init(&best, name);
	for (i = 0; i < COUNT_OF(primitives); i++)
		suggest_try(&best, primitives[i].name);
	near = suggest_best(&best);
	if (near)
		fail(p, E_SYNTAX, t, arena_printf(p->arena, "Write %s.", near),
		    "%s is not a Spark type; did you mean %s?", upper, near);
	else
		fail(p, E_SYNTAX, t, NULL,
		    "%s is not a Spark type; use a type such as STRING, "
		    "BIGINT, DECIMAL(12,2), DATE or TIMESTAMP.",
		    upper);
}

static int64_t
take_number(struct parser *p, int64_t max)
{
	const struct token *t = peek(p);
	int64_t value = 0;

	if (t->kind != TOKEN_INTEGER) {
		fail_expected(p, "a whole number in the type");
		return 0;
	}
	if (!slice_to_int(token_slice(p, t), 0, max, &value))
		fail(p, E_SYNTAX, t, NULL,
		    "The number is larger than %" PRId64 ".", max);
	take(p);
	return value;
}

static void
parse_decimal(struct parser *p, struct buf *b)
{
	const struct token *t = peek(p);
	int64_t precision = 10;
	int64_t scale = 0;

	if (take_kind(p, TOKEN_LPAREN)) {
		precision = take_number(p, 38);
		if (take_kind(p, TOKEN_COMMA))
			scale = take_number(p, 38);
		want_kind(p, TOKEN_RPAREN, ") after the digits of DECIMAL");
	}
	if (scale > precision)
		fail(p, E_SYNTAX, t, NULL,
		    "DECIMAL(%" PRId64 ",%" PRId64
		    ") has more digits behind the point than in all.",
		    precision, scale);
	buf_printf(b, "(%" PRId64 ",%" PRId64 ")", precision, scale);
}

static void
parse_length(struct parser *p, struct buf *b, const char *name)
{
	if (peek_kind(p, 0) != TOKEN_LPAREN)
		fail(p, E_SYNTAX, &p->tok[p->at - 1],
		    arena_printf(p->arena, "Write STRING, or %s(50).", name),
		    "%s needs a length; use STRING or %s(50).", name, name);
	take(p);
	buf_printf(b, "(%" PRId64 ")", take_number(p, INT32_MAX));
	want_kind(p, TOKEN_RPAREN, ") after the length");
}

/* Words and lengths that other systems have behind a type. */
static void
refuse_suffix(struct parser *p, const struct primitive *t)
{
	const struct token *next = peek(p);
	const char *length = peek_length(p);

	if (next->kind == TOKEN_LPAREN && t->cls == TYPE_STRING)
		fail(p, E_SYNTAX, next, NULL,
		    "STRING has no length; use "
		    "STRING or VARCHAR%s.",
		    length);
	if (next->kind == TOKEN_LPAREN)
		fail(p, E_SYNTAX, next, NULL,
		    "The type has no length; use %s "
		    "alone.",
		    t->canonical);
	if (token_is(p, next, "precision"))
		fail(p, E_SYNTAX, next, "Write DOUBLE.",
		    "DOUBLE PRECISION is "
		    "not a Spark type; use DOUBLE.");
	if (token_is(p, next, "varying"))
		fail(p, E_SYNTAX, next, "Write STRING or VARCHAR(50).",
		    "CHAR VARYING is not a Spark type; use VARCHAR.");
	if (token_is(p, next, "unsigned"))
		fail(p, E_SYNTAX, next, "Use the next larger type.",
		    "Spark has no UNSIGNED types; use a larger one.");
	if (peek_word(p, 0, KW_WITH) || token_is(p, next, "without"))
		fail(p, E_SYNTAX, next, "Write TIMESTAMP or TIMESTAMP_NTZ.",
		    "Spark has TIMESTAMP with and TIMESTAMP_NTZ without a "
		    "time zone.");
}

static enum type_class
parse_primitive(struct parser *p, struct buf *b)
{
	const struct token *t = peek(p);
	const struct primitive *type = primitive_find(token_slice(p, t));

	if (t->kind == TOKEN_WORD && token_is(p, peek_at(p, 1), "varying")) {
		take(p);
		refuse_suffix(p, &primitives[0]);
	}
	take(p);
	if (!type) {
		refuse_name(p, t);
		return TYPE_OTHER;
	}
	buf_add_str(b, type->canonical);
	if (type->length == LENGTH_DECIMAL)
		parse_decimal(p, b);
	else if (type->length == LENGTH_ONE)
		parse_length(p, b, type->name);
	if (str_eq(type->name, "string") && take_word(p, KW_COLLATE))
		buf_printf(b, " collate %s", take_name(p, "a collation"));
	refuse_suffix(p, type);
	return type->cls;
}

/* INTERVAL, and perhaps DAY TO SECOND. */
static enum type_class
parse_interval_type(struct parser *p, struct buf *b)
{
	struct slice from;
	struct slice to;
	bool year;

	buf_add_str(b, token_lower(p, take(p)));
	from = token_slice(p, peek(p));
	year = slice_ieq(from, "year");
	if (!year && !slice_ieq(from, "month") && unit_rank(from) == 0)
		return TYPE_INTERVAL;
	buf_printf(b, " %s", token_lower(p, take(p)));
	if (!take_word(p, KW_TO))
		return TYPE_INTERVAL;
	to = token_slice(p, peek(p));
	if (year ? !slice_ieq(to, "month")
	         : unit_rank(from) == 0 || unit_rank(to) <= unit_rank(from))
		fail(p, E_SYNTAX, peek(p), NULL,
		    "An interval type is YEAR TO "
		    "MONTH or DAY TO SECOND or a part of one of them.");
	buf_printf(b, " to %s", token_lower(p, take(p)));
	return TYPE_INTERVAL;
}

static void
parse_field(struct parser *p, struct buf *b)
{
	buf_add_str(b,
	    expr_quote_name(p->arena, take_name(p, "the name of a field")));
	buf_add_chr(b, ':');
	take_kind(p, TOKEN_COLON);
	parse_into(p, b);
	if (take_word(p, KW_NOT)) {
		want_word(p, KW_NULL, "NULL after NOT");
		buf_add_str(b, " not null");
	}
	if (token_is(p, peek(p), "comment") &&
	    peek_kind(p, 1) == TOKEN_STRING) {
		take(p);
		buf_printf(b, " comment %s",
		    expr_quote_string(p->arena, string_value(p, take(p))));
	}
}

static enum type_class
parse_nested(struct parser *p, struct buf *b)
{
	const struct token *t = take(p);
	bool map = token_is(p, t, "map");

	buf_add_str(b, token_lower(p, t));
	if (token_is(p, t, "struct") && peek_kind(p, 0) == TOKEN_NEQ) {
		take(p);
		buf_add_str(b, "<>");
		return TYPE_NESTED;
	}
	want_kind(p, TOKEN_LT, "< and the types within");
	buf_add_chr(b, '<');
	if (!token_is(p, t, "struct")) {
		parse_into(p, b);
		if (map) {
			want_kind(p, TOKEN_COMMA,
			    "a comma and the type of "
			    "the values");
			buf_add_chr(b, ',');
			parse_into(p, b);
		}
	} else if (peek_kind(p, 0) != TOKEN_GT) {
		parse_field(p, b);
		while (take_kind(p, TOKEN_COMMA)) {
			buf_add_chr(b, ',');
			parse_field(p, b);
		}
	}
	want_kind(p, TOKEN_GT, "> at the end of the type");
	buf_add_chr(b, '>');
	return TYPE_NESTED;
}

static enum type_class
parse_into(struct parser *p, struct buf *b)
{
	const struct token *t = peek(p);
	enum type_class cls = TYPE_OTHER;

	if (++p->depth > EXPR_MAX_DEPTH)
		fail_too_deep(p);
	if (t->kind != TOKEN_WORD)
		fail_expected(p, "a data type");
	else if (token_is(p, t, "array") || token_is(p, t, "map") ||
	    token_is(p, t, "struct"))
		cls = parse_nested(p, b);
	else if (t->word == KW_INTERVAL)
		cls = parse_interval_type(p, b);
	else
		cls = parse_primitive(p, b);
	p->depth--;
	return cls;
}

const char *
parse_type(struct parser *p, struct type *ret)
{
	struct buf b;

	buf_init(&b, p->arena, MAX_TEXT);
	ret->cls = parse_into(p, &b);
	ret->text = buf_str(&b);
	return ret->text;
}

bool
type_parse(struct arena *a, struct slice text, struct type *ret,
    const char **ret_message)
{
	struct lexed tokens;
	struct parser p;
	struct type type;

	lexer_read(a, text, &tokens);
	parser_init(&p, a, text.p, &tokens);
	parse_type(&p, &type);
	if (peek_kind(&p, 0) != TOKEN_END)
		fail_expected(&p, "nothing behind the type");
	if (p.failed) {
		*ret_message = p.error.message;
		return false;
	}
	*ret = type;
	return true;
}
