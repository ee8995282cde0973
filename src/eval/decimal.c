#include "base/base.h"

#include "eval/decimal.h"

#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (LONG_DECIMAL_DIGITS + 64)

int128
decimal_power(int n)
{
	int128 power = 1;

	assert(n >= 0 && n <= DECIMAL_DIGITS);
	while (n-- > 0)
		power *= 10;
	return power;
}

/* Without zeros in front. */
static void
normalize(struct long_decimal *d)
{
	int zeros = 0;

	while (zeros < d->n && d->digit[zeros] == 0)
		zeros++;
	d->n -= zeros;
	memmove(d->digit, d->digit + zeros, (size_t)d->n);
	if (d->n == 0)
		d->negative = false;
}

static void
push(struct long_decimal *d, int digit)
{
	assert(d->n < LONG_DECIMAL_DIGITS);
	d->digit[d->n++] = (unsigned char)digit;
}

struct long_decimal
decimal_of(int128 unscaled, int scale)
{
	struct long_decimal d = {.negative = unscaled < 0, .scale = scale};
	uint128 rest = unscaled < 0 ? -(uint128)unscaled : (uint128)unscaled;
	unsigned char digit[40];
	int n = 0;

	for (; rest > 0; rest /= 10)
		digit[n++] = (unsigned char)(rest % 10);
	while (n > 0)
		push(&d, digit[--n]);
	return d;
}

/* 12.5 up to an E; false where there is no digit or no room. */
static bool
parse_digits(struct slice text, size_t *at, struct long_decimal *ret)
{
	bool point = false;
	bool any = false;
	size_t i;

	for (i = *at; i < text.n; i++) {
		if (text.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (!chr_is_digit(text.p[i]))
			break;
		any = true;
		if (ret->n == LONG_DECIMAL_DIGITS)
			return false;
		if (ret->n > 0 || text.p[i] != '0')
			push(ret, text.p[i] - '0');
		ret->scale += point;
	}
	*at = i;
	return any;
}

bool
decimal_parse(struct slice text, struct long_decimal *ret)
{
	struct long_decimal d = {0};
	int64_t exponent = 0;
	size_t i = 0;

	if (i < text.n && (text.p[i] == '-' || text.p[i] == '+'))
		d.negative = text.p[i++] == '-';
	if (!parse_digits(text, &i, &d))
		return false;
	if (i < text.n && (text.p[i] == 'e' || text.p[i] == 'E')) {
		struct slice rest = {text.p + i + 1, text.n - i - 1};

		if (rest.n > 1 && rest.p[0] == '+' && chr_is_digit(rest.p[1]))
			rest = (struct slice){rest.p + 1, rest.n - 1};
		if (!slice_to_int(rest, -100000, 100000, &exponent))
			return false;
		i = text.n;
	}
	d.scale -= (int)exponent;
	if (d.n == 0)
		d.negative = false;
	*ret = d;
	return i == text.n;
}

static struct long_decimal
parse_own(const char *text)
{
	struct long_decimal d = {0};
	bool fine = decimal_parse(slice_of(text), &d);

	assert(fine);
	(void)fine;
	return d;
}

struct long_decimal
decimal_of_double(double value)
{
	char text[64];
	int digits;

	for (digits = 0; digits < 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return parse_own(text);
}

struct long_decimal
decimal_of_float(float value)
{
	char text[64];
	int digits;

	for (digits = 0; digits < 9; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits, (double)value);
		if (strtof(text, NULL) == value)
			break;
	}
	return parse_own(text);
}

bool
decimal_is_certain(const struct long_decimal *d, bool is_float)
{
	int whole = d->n - d->scale; /* digits before the point */

	return d->n == 0 || (whole > -7 && whole <= (is_float ? 7 : 15));
}

static void
scale_up(struct long_decimal *d, int scale)
{
	while (d->scale < scale) {
		if (d->n > 0)
			push(d, 0);
		d->scale++;
	}
}

/* Of digits alone, with one scale. */
static int
compare_digits(const struct long_decimal *a, const struct long_decimal *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return memcmp(a->digit, b->digit, (size_t)a->n);
}

int
decimal_compare(const struct long_decimal *left,
    const struct long_decimal *right)
{
	struct long_decimal a = *left;
	struct long_decimal b = *right;
	int order;

	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	scale_up(&a, b.scale);
	scale_up(&b, a.scale);
	order = compare_digits(&a, &b);
	return a.negative ? -order : order;
}

/* |a| + sign × |b| where |a| ≥ |b| if sign is -1, of one scale. */
static struct long_decimal
combine(const struct long_decimal *a, const struct long_decimal *b, int sign)
{
	struct long_decimal sum = {.scale = a->scale};
	int n = (a->n > b->n ? a->n : b->n) + 1;
	int carry = 0;
	int i;

	sum.n = n;
	for (i = 1; i <= n; i++) {
		int x = i <= a->n ? a->digit[a->n - i] : 0;
		int y = i <= b->n ? b->digit[b->n - i] : 0;
		int digit = x + sign * y + carry;

		carry = digit < 0 ? -1 : digit / 10;
		sum.digit[n - i] = (unsigned char)((digit + 10) % 10);
	}
	return sum;
}

struct long_decimal
decimal_add(const struct long_decimal *left, const struct long_decimal *right)
{
	struct long_decimal a = *left;
	struct long_decimal b = *right;
	struct long_decimal sum;
	bool negative;

	scale_up(&a, b.scale);
	scale_up(&b, a.scale);
	if (a.negative == b.negative) {
		negative = a.negative;
		sum = combine(&a, &b, 1);
	} else if (compare_digits(&a, &b) >= 0) {
		negative = a.negative;
		sum = combine(&a, &b, -1);
	} else {
		negative = b.negative;
		sum = combine(&b, &a, -1);
	}
	sum.negative = negative;
	normalize(&sum);
	return sum;
}

struct long_decimal
decimal_multiply(const struct long_decimal *a, const struct long_decimal *b)
{
	struct long_decimal product = {.n = a->n + b->n};
	int i;
	int j;

	assert(product.n <= LONG_DECIMAL_DIGITS);
	for (i = a->n - 1; i >= 0; i--) {
		int carry = 0;

		for (j = b->n - 1; j >= 0; j--) {
			int at = i + j + 1;
			int digit = product.digit[at] +
			    a->digit[i] * b->digit[j] + carry;

			product.digit[at] = (unsigned char)(digit % 10);
			carry = digit / 10;
		}
		product.digit[i] = (unsigned char)carry;
	}
	product.scale = a->scale + b->scale;
	product.negative = a->negative != b->negative;
	normalize(&product);
	return product;
}

/* (10 × *rest + digit) / divisor; 10 × rest may have more than 128 bits, so it
 * is doubled, added to and doubled again, each time less than twice the
 * divisor. */
static int
next_digit(uint128 *rest, int digit, uint128 divisor)
{
	static const int doubled_in[] = {0, 1, 0, 1};
	uint128 r = 0;
	int bit;
	int q = 0;
	int i;

	/* Ten in binary is 1010: Horner's scheme over its bits. */
	for (bit = 0; bit < 4; bit++) {
		r *= 2;
		q *= 2;
		if (r >= divisor) {
			r -= divisor;
			q++;
		}
		if (!doubled_in[3 - bit])
			continue;
		r += *rest;
		if (r >= divisor) {
			r -= divisor;
			q++;
		}
	}
	for (i = 0; i < digit; i++) {
		if (++r >= divisor) {
			r -= divisor;
			q++;
		}
	}
	*rest = r;
	return q;
}

/* Adds one at the last digit. */
static void
increment(struct long_decimal *d)
{
	int i = d->n - 1;

	while (i >= 0 && d->digit[i] == 9)
		d->digit[i--] = 0;
	if (i >= 0) {
		d->digit[i]++;
		return;
	}
	push(d, 0);
	memmove(d->digit + 1, d->digit, (size_t)(d->n - 1));
	d->digit[0] = 1;
}

struct long_decimal
decimal_divide(const struct long_decimal *a, const struct value *b)
{
	int zeros = DECIMAL_DIGITS - a->scale + b->type.scale;
	struct long_decimal q = {.scale = DECIMAL_DIGITS};
	uint128 divisor = b->decimal < 0 ? -(uint128)b->decimal
	                                 : (uint128)b->decimal;
	uint128 rest = 0;
	int i;

	assert(divisor > 0 && zeros >= 0);
	q.negative = a->negative != (b->decimal < 0);
	for (i = 0; i < a->n + zeros; i++)
		push(&q,
		    next_digit(&rest, i < a->n ? a->digit[i] : 0, divisor));
	if (rest >= divisor - rest)
		increment(&q);
	normalize(&q);
	return q;
}

/* Whether dropping the digits from at on makes the last one that stays grow. */
static bool
rounds_up(const struct long_decimal *d, int at, enum rounding how)
{
	int first = at >= 0 && at < d->n ? d->digit[at] : 0;
	bool rest = false;
	int i;

	for (i = at < 0 ? 0 : at + 1; i < d->n; i++)
		rest = rest || d->digit[i] != 0;
	switch (how) {
	case ROUND_HALF_UP:
		return first >= 5;
	case ROUND_HALF_EVEN:
		if (first == 5 && !rest)
			return at > 0 && d->digit[at - 1] % 2 == 1;
		return first >= 5;
	case ROUND_FLOOR:
		return d->negative && (first > 0 || rest);
	case ROUND_CEILING:
		return !d->negative && (first > 0 || rest);
	case ROUND_DOWN:
		break;
	}
	return false;
}

void
decimal_round(struct long_decimal *d, int scale, enum rounding how)
{
	int drop = d->scale - scale;
	bool up;

	if (drop <= 0)
		return;
	up = rounds_up(d, d->n - drop, how);
	d->n = d->n > drop ? d->n - drop : 0;
	d->scale = scale;
	if (up)
		increment(d);
	normalize(d);
}

void
decimal_limit(struct long_decimal *d, int digits)
{
	/* 99.9 becomes 100 with one digit more than there may be, and that
	 * digit is zero. */
	while (d->n > digits)
		decimal_round(d, d->scale - (d->n - digits), ROUND_HALF_UP);
}

bool
decimal_fit(const struct long_decimal *from, struct value_type type,
    int128 *ret)
{
	struct long_decimal d = *from;
	int128 value = 0;
	int i;

	decimal_round(&d, type.scale, ROUND_HALF_UP);
	if (d.n > 0 && d.n + type.scale - d.scale > type.precision)
		return false;
	if (d.n > 0)
		scale_up(&d, type.scale);
	for (i = 0; i < d.n; i++)
		value = value * 10 + d.digit[i];
	*ret = d.negative ? -value : value;
	return true;
}

bool
decimal_whole(const struct long_decimal *from, int64_t *ret)
{
	struct long_decimal d = *from;
	int64_t value = 0;
	int i;

	decimal_round(&d, 0, ROUND_DOWN);
	if (d.n > 0 && d.n - d.scale > 19)
		return false;
	if (d.n > 0)
		scale_up(&d, 0);
	for (i = 0; i < d.n; i++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, d.digit[i], &value))
			return false;
	}
	if (!d.negative && value == INT64_MIN)
		return false;
	*ret = d.negative ? value : -value;
	return true;
}

double
decimal_double(const struct long_decimal *d)
{
	char text[TEXT_MAX];
	int n = 0;
	int i;

	text[n++] = d->negative ? '-' : '+';
	text[n++] = '0';
	for (i = 0; i < d->n; i++)
		text[n++] = (char)('0' + d->digit[i]);
	snprintf(text + n, sizeof(text) - (size_t)n, "e%d", -d->scale);
	return strtod(text, NULL);
}

const char *
decimal_text(struct arena *a, const struct long_decimal *d)
{
	int whole = d->n - d->scale;
	struct buf b;
	int i;

	buf_init(&b, a, TEXT_MAX + 512);
	if (d->negative)
		buf_add_chr(&b, '-');
	if (whole <= 0)
		buf_add_chr(&b, '0');
	for (i = whole < 0 ? whole : 0; i < d->n; i++) {
		if (i == (whole < 0 ? whole : 0) && whole <= 0)
			buf_add_chr(&b, '.');
		else if (i == whole)
			buf_add_chr(&b, '.');
		buf_add_chr(&b, i < 0 ? '0' : (char)('0' + d->digit[i]));
	}
	return buf_str(&b);
}
