#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/decimal.h"
#include "eval/utf8.h"

#include <string.h>

#define MAX_TEXT ((size_t)1024 * 1024)

static enum eval_outcome
give_bytes(const struct buf *b, struct value *ret)
{
	*ret = value_text(buf_slice(b));
	ret->type = value_type_of(VALUE_BINARY);
	return EVAL_VALUE;
}

static enum eval_outcome
give_text(const struct buf *b, struct value *ret)
{
	*ret = value_text(buf_slice(b));
	return EVAL_VALUE;
}

static enum eval_outcome
run_ascii(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	uint32_t cp = 0;

	if (arg[0].text.n > 0)
		utf8_next(arg[0].text.p, arg[0].text.n, &cp);
	*ret = value_integer(VALUE_INT, cp);
	return EVAL_VALUE;
}

static enum eval_outcome
run_chr(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct buf b;

	buf_init(&b, r->arena, 8);
	if (arg[0].integer >= 0) {
		if (arg[0].integer % 256 == 0)
			buf_add_chr(&b, '\0');
		else
			buf_add_utf8(&b, (uint32_t)(arg[0].integer % 256));
	}
	return give_text(&b, ret);
}

static enum eval_outcome
run_hex(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct buf b;
	size_t i;

	buf_init(&b, r->arena, MAX_TEXT);
	if (value_is_integral(arg[0].type.kind))
		buf_printf(&b, "%" PRIX64, (uint64_t)arg[0].integer);
	else
		for (i = 0; i < arg[0].text.n; i++)
			buf_printf(&b, "%02X",
			    (unsigned)(unsigned char)arg[0].text.p[i]);
	return give_text(&b, ret);
}

static struct node *
bind_hex(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	if (n != 1 ||
	    (!value_is_integral(arg[0]->type.kind) &&
	        arg[0]->type.kind != VALUE_STRING &&
	        arg[0]->type.kind != VALUE_BINARY))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of this type is not known.", f->name);
	return bind_one(b, value_type_of(VALUE_STRING), run_hex, arg[0]);
}

static enum eval_outcome
run_unhex(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	struct buf b;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (chr_hex(s.p[i]) < 0)
			return node_null(n, ret);
	}
	if (s.n % 2 == 1)
		return node_unknown(r, "unhex() of an odd number of digits.");
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < s.n; i += 2)
		buf_add_chr(&b,
		    (char)(chr_hex(s.p[i]) * 16 + chr_hex(s.p[i + 1])));
	return give_bytes(&b, ret);
}

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 4648, section 4. */
static enum eval_outcome
run_base64(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	struct buf b;
	size_t i;
	size_t j;

	if (s.n > 57)
		return node_differs(r,
		    "Versions of Spark break lines of more "
		    "than 76 characters, or do not.");
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < s.n; i += 3) {
		size_t left = s.n - i < 3 ? s.n - i : 3;
		uint32_t bits = 0;

		for (j = 0; j < 3; j++)
			bits = bits << 8 |
			    (j < left ? (unsigned char)s.p[i + j] : 0);
		for (j = 0; j < 4; j++)
			buf_add_chr(&b,
			    j > left
			        ? '='
			        : base64_letters[bits >> (18 - 6 * j) & 63]);
	}
	return give_text(&b, ret);
}

static int
base64_value(char c)
{
	const char *at = c ? strchr(base64_letters, c) : NULL;

	return at ? (int)(at - base64_letters) : -1;
}

static enum eval_outcome
run_unbase64(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct slice s = arg[0].text;
	uint32_t bits = 0;
	int n_bits = 0;
	struct buf b;
	size_t i;

	if (s.n % 4 != 0)
		return node_differs(r, "Not every Spark reads this text.");
	while (s.n > 0 && s.p[s.n - 1] == '=' && s.n % 4 != 2)
		s.n--;
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < s.n; i++) {
		int value = base64_value(s.p[i]);

		if (value < 0)
			return node_differs(r,
			    "Not every Spark reads this text.");
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			buf_add_chr(&b, (char)(bits >> n_bits & 0xff));
		}
	}
	return give_bytes(&b, ret);
}

static enum eval_outcome
run_bin(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	uint64_t bits = (uint64_t)arg[0].integer;
	int i = 63;
	struct buf b;

	while (i > 0 && (bits >> i & 1) == 0)
		i--;
	buf_init(&b, r->arena, 80);
	for (; i >= 0; i--)
		buf_add_chr(&b, bits >> i & 1 ? '1' : '0');
	return give_text(&b, ret);
}

/* format_number(x, places): rounded half even, with commas. */
static enum eval_outcome
run_format_number(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	bool decimal = arg[0].type.kind == VALUE_DECIMAL;
	struct long_decimal d = decimal_of(decimal ? arg[0].decimal
	                                           : (int128)arg[0].integer,
	    decimal ? arg[0].type.scale : 0);
	int64_t places = arg[1].integer;
	const char *text;
	struct slice whole;
	struct buf b;
	size_t i;

	if (places < 0 || places > 30)
		return node_unknown(r, "format_number() of such places.");
	decimal_round(&d, (int)places, ROUND_HALF_EVEN);
	buf_init(&b, r->arena, 512);
	/* Java writes -0 for what is rounded to nothing. */
	if (d.n == 0 && (decimal ? arg[0].decimal : arg[0].integer) < 0)
		return node_unknown(r, "format_number() of a negative zero.");
	if (d.negative)
		buf_add_chr(&b, '-');
	d.negative = false;
	text = decimal_text(r->arena, &d);
	whole = (struct slice){text, strcspn(text, ".")};
	for (i = 0; i < whole.n; i++) {
		if (i > 0 && (whole.n - i) % 3 == 0)
			buf_add_chr(&b, ',');
		buf_add_chr(&b, text[i]);
	}
	if (places > 0)
		buf_add_chr(&b, '.');
	text += whole.n + (text[whole.n] == '.' ? 1 : 0);
	for (i = 0; (int64_t)i < places; i++)
		buf_add_chr(&b, *text ? *text++ : '0');
	return give_text(&b, ret);
}

static struct node *
bind_format_number(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n != 2 || arg[1]->type.kind != VALUE_INT ||
	    (!value_is_integral(arg[0]->type.kind) &&
	        arg[0]->type.kind != VALUE_DECIMAL))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of these types is not known.", f->name);
	return bind_two(b, value_type_of(VALUE_STRING), run_format_number,
	    arg[0], arg[1]);
}

static bool
has_pairs(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s >= 0xf0)
			return true;
	}
	return false;
}

/* One %s, %d, %05d, … of format_string(); false where it is not known. */
static bool
add_item(struct arena *a, struct buf *b, struct slice flags, char what,
    const struct value *v)
{
	bool zero = flags.n > 0 && flags.p[0] == '0';
	bool left = flags.n > 0 && flags.p[0] == '-';
	struct slice digits = {
	    flags.p + (zero || left ? 1 : 0), flags.n - (zero || left ? 1 : 0)};
	bool number = value_is_integral(v->type.kind);
	int64_t width = 0;
	const char *text;
	int64_t missing;

	if ((digits.n > 0 && !slice_to_int(digits, 1, 1000, &width)) ||
	    (digits.n == 0 && (zero || left)))
		return false;
	if (what == 'd' ? !number : what != 's' || zero)
		return false;
	if (!number && v->type.kind != VALUE_STRING)
		return false;
	text = v->is_null ? "null" : value_format(a, v);
	/* Java counts characters beyond the first plane twice. */
	if (width > 0 && has_pairs(text))
		return false;
	if (zero && (v->is_null || v->integer < 0))
		return false;
	missing = width - (int64_t)utf8_length(slice_of(text));
	for (; !left && missing > 0; missing--)
		buf_add_chr(b, zero ? '0' : ' ');
	buf_add_str(b, text);
	for (; missing > 0; missing--)
		buf_add_chr(b, ' ');
	return true;
}

static enum eval_outcome
run_format_string(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	size_t next = 1;
	struct buf b;
	size_t i;

	if (arg[0].is_null)
		return node_null(n, ret);
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < s.n; i++) {
		size_t from = i + 1;

		if (s.p[i] != '%') {
			buf_add_chr(&b, s.p[i]);
			continue;
		}
		for (i++; i < s.n && (chr_is_digit(s.p[i]) || s.p[i] == '-');)
			i++;
		if (i < s.n && s.p[i] == '%' && i == from) {
			buf_add_chr(&b, '%');
			continue;
		}
		if (i == s.n || next >= n->n_args ||
		    !add_item(r->arena, &b,
		        (struct slice){s.p + from, i - from}, s.p[i],
		        &arg[next++]))
			return node_unknown(r, "The format is not known here.");
	}
	return give_text(&b, ret);
}

static struct node *
bind_format_string(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct node *made = bind_node(b, value_type_of(VALUE_STRING),
	    run_format_string, NODE_EAGER, n);
	size_t i;

	if (n == 0 || arg[0]->type.kind != VALUE_STRING)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() without a format is not known.", f->name);
	for (i = 0; i < n; i++)
		made->arg[i] = arg[i];
	return made;
}

static const struct builtin table[] = {
    {.name = "ascii", .signature = "s:i", .run = run_ascii},
    {.name = "chr", .signature = "l:s", .run = run_chr},
    {.name = "char", .signature = "l:s", .run = run_chr},
    {.name = "hex", .signature = "", .bind = bind_hex},
    {.name = "unhex", .signature = "s:y", .run = run_unhex},
    {.name = "base64", .signature = "y:s", .run = run_base64},
    {.name = "unbase64", .signature = "s:y", .run = run_unbase64},
    {.name = "bin", .signature = "l:s", .run = run_bin},
    {.name = "format_number", .signature = "", .bind = bind_format_number},
    {.name = "format_string", .signature = "", .bind = bind_format_string},
    {.name = "printf", .signature = "", .bind = bind_format_string},
};

const struct builtins builtins_text_code = {table, COUNT_OF(table)};
