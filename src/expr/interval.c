#include "base/base.h"

#include "expr/parser.h"

#include "expr/units.h"

static bool
is_amount(enum token_kind kind)
{
	return kind == TOKEN_INTEGER || kind == TOKEN_DECIMAL ||
	    kind == TOKEN_NUMBER || kind == TOKEN_STRING;
}

static bool
is_unit(const struct parser *p, size_t k)
{
	return peek_kind(p, k) == TOKEN_WORD &&
	    unit_of_interval(token_slice(p, peek_at(p, k))) != UNIT_NONE;
}

/* A reader of the words within an interval's quotes. */
struct scan {
	const char *p;
	const char *end;
};

static void
scan_blanks(struct scan *s)
{
	while (s->p < s->end && chr_is_space(*s->p))
		s->p++;
}

static bool
scan_chr(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
scan_sign(struct scan *s)
{
	return scan_chr(s, '-') || scan_chr(s, '+');
}

/* Digits, whose number is returned; *ret_value is cut off at a million. */
static size_t
scan_digits(struct scan *s, int *ret_value)
{
	const char *from = s->p;

	*ret_value = 0;
	for (; s->p < s->end && chr_is_digit(*s->p); s->p++) {
		if (*ret_value < 1000000)
			*ret_value = *ret_value * 10 + (*s->p - '0');
	}
	return (size_t)(s->p - from);
}

static struct slice
scan_word(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && chr_is_alpha(*s->p))
		s->p++;
	return (struct slice){from, (size_t)(s->p - from)};
}

/* "1 day -2.5 seconds": NULL, or what is wrong with it. */
static const char *
check_units(struct slice text)
{
	struct scan s = {text.p, text.p + text.n};
	enum unit_kind first = UNIT_NONE;

	scan_blanks(&s);
	if (s.end - s.p > 8 && slice_ieq((struct slice){s.p, 8}, "interval"))
		s.p += 8;
	do {
		struct slice unit;
		enum unit_kind kind;
		bool fraction;
		size_t digits;
		int value;

		scan_blanks(&s);
		if (scan_sign(&s))
			scan_blanks(&s);
		digits = scan_digits(&s, &value);
		fraction = scan_chr(&s, '.');
		if (fraction)
			digits += scan_digits(&s, &value);
		if (digits == 0)
			return "Expected a number before the unit of the "
			       "interval.";
		if (s.p < s.end && !chr_is_space(*s.p))
			return "Expected a blank after the number of the "
			       "interval.";
		scan_blanks(&s);
		unit = scan_word(&s);
		kind = unit_of_interval(unit);
		if (kind == UNIT_NONE)
			return "Expected a unit such as DAYS after the number "
			       "of the interval.";
		if (fraction && !unit_is_second(unit))
			return "Only seconds may have a fraction in an "
			       "interval.";
		if (first != UNIT_NONE && kind != first)
			return "An interval has either years and months or "
			       "days and smaller units, not both.";
		first = kind;
		scan_blanks(&s);
	} while (s.p < s.end);
	return NULL;
}

/* '1-2' YEAR TO MONTH */
static bool
is_year_month(struct slice text)
{
	struct scan s = {text.p, text.p + text.n};
	int months;
	int years;

	scan_sign(&s);
	return scan_digits(&s, &years) > 0 && scan_chr(&s, '-') &&
	    scan_digits(&s, &months) > 0 && months < 12 && s.p == s.end;
}

/* '1 2:03:04.5' DAY TO SECOND and its parts; ranks as of unit_rank(). */
static bool
is_day_time(struct slice text, int from, int to)
{
	static const int limit[] = {0, 0, 23, 59, 59};
	struct scan s = {text.p, text.p + text.n};
	int rank;

	scan_sign(&s);
	for (rank = from; rank <= to; rank++) {
		int value;
		size_t digits = scan_digits(&s, &value);

		if (digits == 0)
			return false;
		if (rank > from && (digits > 2 || value > limit[rank]))
			return false;
		if (rank == 4 && scan_chr(&s, '.')) {
			digits = scan_digits(&s, &value);
			if (digits == 0 || digits > 9)
				return false;
		}
		if (rank < to && !scan_chr(&s, rank == 1 ? ' ' : ':'))
			return false;
	}
	return s.p == s.end;
}

void
interval_check(struct parser *p, const struct token *t, const char *value)
{
	const char *wrong = check_units(slice_of(value));

	if (wrong)
		fail(p, E_SYNTAX, t, "Write, for example, INTERVAL 3 DAYS.",
		    "%s", wrong);
}

/* Behind the value: DAY TO SECOND. */
static void
parse_unit_to_unit(struct parser *p, struct buf *b, const struct token *t,
    struct slice value)
{
	struct slice from = token_slice(p, peek(p));
	struct slice to = token_slice(p, peek_at(p, 2));
	bool good;

	buf_printf(b, " %s to %s", token_lower(p, peek(p)),
	    token_lower(p, peek_at(p, 2)));
	take(p);
	take(p);
	if (slice_ieq(from, "year") && slice_ieq(to, "month"))
		good = is_year_month(value);
	else if (unit_rank(from) > 0 && unit_rank(from) < unit_rank(to))
		good = is_day_time(value, unit_rank(from), unit_rank(to));
	else
		good = false;
	if (!good)
		fail(p, E_SYNTAX, t,
		    "Write, for example, INTERVAL '1-2' YEAR "
		    "TO MONTH or INTERVAL '1 2:03:04' DAY TO SECOND.",
		    "The interval does not have the form that its units ask "
		    "for.");
	take(p);
}

static void
add_blank(struct buf *b)
{
	if (b->n > 0)
		buf_add_chr(b, ' ');
}

/* One number and its unit, or all of '1-2' YEAR TO MONTH. */
static bool
parse_part(struct parser *p, struct buf *b)
{
	const struct token *t = peek(p);
	const char *value;
	bool negative = false;

	add_blank(b);
	if (t->kind == TOKEN_MINUS || t->kind == TOKEN_PLUS) {
		negative = t->kind == TOKEN_MINUS;
		take(p);
		t = peek(p);
	}
	if (t->kind == TOKEN_NUMBER || !is_amount(t->kind))
		fail_expected(p, "a whole number for the interval");
	value = t->kind == TOKEN_STRING
	    ? string_value(p, t)
	    : slice_dup(p->arena, token_slice(p, t));
	if (negative && value[0] == '-')
		value++;
	else if (negative)
		buf_add_chr(b, '-');
	buf_add_str(b, value);
	take(p);
	if (peek_word(p, 1, KW_TO) && is_unit(p, 2)) {
		if (t->kind != TOKEN_STRING)
			fail_expected(p,
			    "quotes around the value of the "
			    "interval");
		parse_unit_to_unit(p, b, t, slice_of(value));
		return true;
	}
	if (!is_unit(p, 0))
		fail_expected(p, "a unit such as DAYS in the interval");
	buf_add_chr(b, ' ');
	buf_add_str(b, token_lower(p, take(p)));
	return false;
}

/* INTERVAL x DAY, which no Spark understands. */
static void
refuse_column(struct parser *p)
{
	const struct token *t = peek_at(p, 1);

	if (t->kind == TOKEN_WORD && t->word == KW_NONE && is_unit(p, 2))
		fail(p, E_SYNTAX, t,
		    arena_printf(p->arena,
		        "Write %s * "
		        "INTERVAL 1 %s.",
		        slice_dup(p->arena, token_slice(p, t)),
		        slice_dup(p->arena, token_slice(p, peek_at(p, 2)))),
		    "The number of an interval is written out; it cannot come "
		    "from a column.");
}

struct expr *
parse_interval(struct parser *p)
{
	struct expr *e;
	struct buf b;
	size_t sign = peek_kind(p, 1) == TOKEN_MINUS ||
	    peek_kind(p, 1) == TOKEN_PLUS;
	const struct token *t = peek_at(p, 1 + sign);

	refuse_column(p);
	if (!is_amount((enum token_kind)t->kind) ||
	    (!is_unit(p, 2 + sign) && (sign || t->kind == TOKEN_STRING)))
		return NULL;
	e = node_new(p, EXPR_INTERVAL);
	buf_init(&b, p->arena, EXPR_MAX_BYTES);
	take(p);
	if (!parse_part(p, &b)) {
		while (is_amount(peek_kind(p, 0)) ||
		    ((peek_kind(p, 0) == TOKEN_MINUS ||
		         peek_kind(p, 0) == TOKEN_PLUS) &&
		        is_amount(peek_kind(p, 1)) && is_unit(p, 2)))
			parse_part(p, &b);
		interval_check(p, t, buf_str(&b));
	}
	e->value = buf_str(&b);
	return node_done(p, e, NULL);
}
