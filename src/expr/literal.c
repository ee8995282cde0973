#include "base/base.h"

#include "expr/literal.h"

#include "base/buf.h"

/* Hexadecimal digits at p as a number, -1 where there are not that many. */
static int64_t
read_hex(const char *p, const char *end, size_t digits)
{
	int64_t value = 0;
	size_t i;

	if ((size_t)(end - p) < digits)
		return -1;
	for (i = 0; i < digits; i++) {
		int digit = chr_hex(p[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static void
add_code_point(struct buf *b, int64_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = 0xfffd;
	buf_add_utf8(b, (uint32_t)cp);
}

/* \uXXXX and \UXXXXXXXX behind the backslash; 0 if it is neither. */
static size_t
unescape_unicode(struct buf *b, const char *p, const char *end)
{
	int64_t high = -1;
	int64_t low = -1;

	if (*p == 'U') {
		high = read_hex(p + 1, end, 8);
		if (high >= 0)
			add_code_point(b, high);
		return high >= 0 ? 9 : 0;
	}
	if (*p == 'u')
		high = read_hex(p + 1, end, 4);
	if (high < 0)
		return 0;
	if (high >= 0xd800 && high <= 0xdbff && end - p >= 11 && p[5] == '\\' &&
	    p[6] == 'u')
		low = read_hex(p + 7, end, 4);
	if (low >= 0xdc00 && low <= 0xdfff) {
		add_code_point(b,
		    0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00));
		return 11;
	}
	add_code_point(b, high);
	return 5;
}

/* What follows a backslash at p; returns the bytes used. */
static size_t
unescape_one(struct buf *b, const char *p, const char *end)
{
	static const char from[] = "0bnrtZ";
	static const char to[] = "\0\b\n\r\t\x1a";
	size_t n = unescape_unicode(b, p, end);
	size_t i;

	if (n > 0)
		return n;
	if (end - p >= 3 && (p[0] == '0' || p[0] == '1') && p[1] >= '0' &&
	    p[1] <= '7' && p[2] >= '0' && p[2] <= '7') {
		add_code_point(b,
		    (p[0] - '0') * 64 + (p[1] - '0') * 8 + (p[2] - '0'));
		return 3;
	}
	for (i = 0; i + 1 < sizeof(from); i++) {
		if (p[0] == from[i]) {
			buf_add_chr(b, to[i]);
			return 1;
		}
	}
	/* LIKE looks at these two again, so they keep the backslash. */
	if (p[0] == '%' || p[0] == '_')
		buf_add_chr(b, '\\');
	buf_add_chr(b, p[0]);
	return 1;
}

const char *
literal_unescape(struct arena *a, struct slice token)
{
	const char *p = token.p + 1;
	const char *end = token.p + token.n - 1;
	struct buf b;

	if (chr_is_alpha(token.p[0]))
		return arena_strndup(a, p + 1, (size_t)(end - p - 1));
	buf_init(&b, a, 2 * token.n + 4);
	while (p < end) {
		const char *from = p;

		while (p < end && *p != '\\')
			p++;
		buf_add(&b, from, (size_t)(p - from));
		if (p + 1 < end)
			p += 1 + unescape_one(&b, p + 1, end);
		else
			p = end;
	}
	return buf_str(&b);
}

/* 0.D × 10^exponent, D without leading zeros. */
struct decimal {
	const char *digits;
	size_t n;
	int64_t exponent;
	size_t scale;  /* digits behind the point, as written */
	int64_t power; /* behind the E */
};

static void
read_decimal(struct arena *a, struct slice s, struct decimal *ret)
{
	char *digits = arena_alloc(a, s.n + 1);
	bool point = false;
	bool negative;
	size_t i = 0;

	*ret = (struct decimal){.digits = digits};
	for (; i < s.n && (chr_is_digit(s.p[i]) || s.p[i] == '.'); i++) {
		if (s.p[i] == '.') {
			point = true;
			continue;
		}
		if (point)
			ret->scale++;
		if (ret->n > 0 || s.p[i] != '0')
			digits[ret->n++] = s.p[i];
	}
	ret->exponent = (int64_t)ret->n - (int64_t)ret->scale;
	if (i == s.n || chr_lower(s.p[i]) != 'e')
		return;
	negative = s.p[i + 1] == '-';
	i += s.p[i + 1] == '-' || s.p[i + 1] == '+' ? 2 : 1;
	for (; i < s.n && chr_is_digit(s.p[i]); i++) {
		if (ret->power < 1000000)
			ret->power = ret->power * 10 + (s.p[i] - '0');
	}
	ret->power = negative ? -ret->power : ret->power;
	ret->exponent += ret->power;
}

/* More than 0.limit × 10^exponent? */
static bool
exceeds(const struct decimal *d, const char *limit, int64_t exponent)
{
	size_t i;

	if (d->n == 0 || d->exponent != exponent)
		return d->n > 0 && d->exponent > exponent;
	for (i = 0; i < d->n && limit[i]; i++) {
		if (d->digits[i] != limit[i])
			return d->digits[i] > limit[i];
	}
	for (; i < d->n; i++) {
		if (d->digits[i] != '0')
			return true;
	}
	return false;
}

struct range {
	char suffix;
	const char *type;
	const char *limit;
	const char *limit_negative;
	int64_t exponent;
};

static const struct range ranges[] = {
    {'y', "TINYINT", "127", "128", 3},
    {'s', "SMALLINT", "32767", "32768", 5},
    {'l', "BIGINT", "9223372036854775807", "9223372036854775808", 19},
    {'f', "FLOAT", "34028235", "34028235", 39},
    {'d', "DOUBLE", "17976931348623157", "17976931348623157", 309},
};

/* Of a DECIMAL: 38 digits, the scale included. */
static bool
is_too_precise(const struct decimal *d)
{
	int64_t scale = (int64_t)d->scale - d->power;
	int64_t precision = d->n > 0 ? (int64_t)d->n : 1;

	if (scale < 0)
		precision -= scale;
	else if (scale > precision)
		precision = scale;
	return precision > 38;
}

const char *
literal_check_number(struct arena *a, struct slice number)
{
	bool negative = number.n > 0 && number.p[0] == '-';
	struct decimal d;
	char last;
	bool big;
	size_t i;

	while (number.n > 0 && !chr_is_digit(number.p[0]) &&
	    number.p[0] != '.') {
		number.p++;
		number.n--;
	}
	read_decimal(a, number, &d);
	last = number.n > 0 ? chr_lower(number.p[number.n - 1]) : '\0';
	big = last == 'd' && number.n > 1 &&
	    chr_lower(number.p[number.n - 2]) == 'b';
	if (big || ((chr_is_digit(last) || last == '.') && d.power == 0)) {
		if (!is_too_precise(&d))
			return NULL;
		return "A number has at most 38 digits.";
	}
	if (chr_is_digit(last))
		last = 'd';
	for (i = 0; i < COUNT_OF(ranges); i++) {
		const struct range *r = &ranges[i];

		if (r->suffix == last &&
		    exceeds(&d, negative ? r->limit_negative : r->limit,
		        r->exponent))
			return arena_printf(a,
			    "The number is too large for "
			    "%s.",
			    r->type);
	}
	return NULL;
}

bool
literal_is_hex(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (chr_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}
