/*
 * Decimal numbers longer than any DECIMAL, for what lies between two of them:
 * a product has 76 digits before it is rounded. Digits are kept one by one,
 * the highest first; there is nothing to overflow but their number.
 */
#ifndef T2C_EVAL_DECIMAL_H
#define T2C_EVAL_DECIMAL_H

#include "eval/value.h"

#define DECIMAL_DIGITS 38
#define LONG_DECIMAL_DIGITS 400

enum rounding {
	ROUND_HALF_UP, /* away from zero */
	ROUND_HALF_EVEN,
	ROUND_DOWN, /* towards zero */
	ROUND_FLOOR,
	ROUND_CEILING,
};

struct long_decimal {
	bool negative;
	int n;     /* digits; 0 is no digit */
	int scale; /* the value is the digits × 10^-scale; may be < 0 */
	unsigned char digit[LONG_DECIMAL_DIGITS];
};

struct long_decimal decimal_of(int128 unscaled, int scale);
/* A number as 12, -1.5, .5, 1e-7 has it, with nothing before or behind.
 * False for anything else, and for more digits than there is room for. */
bool decimal_parse(struct slice text, struct long_decimal *ret) MUST_USE;
/* The shortest decimal that is read as this double, and no other. Must be
 * finite. */
struct long_decimal decimal_of_double(double d);
/* The same of a float. */
struct long_decimal decimal_of_float(float f);
/* Java before 19 writes some large and small ones with digits that nobody
 * needs: whether all versions write this one with the digits that the two
 * functions above give. */
bool decimal_is_certain(const struct long_decimal *d, bool is_float);

/* Operands come from decimal_of() with scales of 0 to 38. */
struct long_decimal decimal_add(const struct long_decimal *a,
    const struct long_decimal *b);
struct long_decimal decimal_multiply(const struct long_decimal *a,
    const struct long_decimal *b);
/* To 38 digits behind the point, rounded half up. b is not 0. */
struct long_decimal decimal_divide(const struct long_decimal *a,
    const struct value *b);
/* <0, 0, >0 */
int decimal_compare(const struct long_decimal *a, const struct long_decimal *b);

/* To the given scale, which may be negative. */
void decimal_round(struct long_decimal *d, int scale, enum rounding how);
/* To so many digits in all, rounded half up. */
void decimal_limit(struct long_decimal *d, int digits);
/* As a DECIMAL of that type, rounded half up; false if it does not fit. */
bool decimal_fit(const struct long_decimal *d, struct value_type type,
    int128 *ret) MUST_USE;
/* The whole part as an integer; false if it is beyond 64 bits. */
bool decimal_whole(const struct long_decimal *d, int64_t *ret) MUST_USE;
double decimal_double(const struct long_decimal *d);
/* 12.30: all digits of the scale. */
const char *decimal_text(struct arena *a, const struct long_decimal *d);

/* 10^n for n up to 38. */
int128 decimal_power(int n);

#endif
