/*
 * Values of Spark SQL and their types: what a row holds, and what an
 * expression gives. Dates are days since 1970-01-01, timestamps microseconds
 * since then in UTC (the proleptic Gregorian calendar), decimals their digits
 * as a whole number. The time zone of the session is UTC.
 */
#ifndef T2C_VALUE_H
#define T2C_VALUE_H

#include "base/arena.h"
#include "base/str.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum value_kind {
	VALUE_VOID, /* of a bare NULL */
	VALUE_BOOLEAN,
	VALUE_TINYINT,
	VALUE_SMALLINT,
	VALUE_INT,
	VALUE_BIGINT,
	VALUE_DECIMAL,
	VALUE_FLOAT,
	VALUE_DOUBLE,
	VALUE_STRING, /* char(n) and varchar(n) too: a cast to them does
	                   not look at the length */
	VALUE_BINARY,
	VALUE_DATE,
	VALUE_TIMESTAMP,
	VALUE_TIMESTAMP_NTZ,
	VALUE_MONTHS, /* interval year to month */
	VALUE_MICROS, /* interval day to second */
	VALUE_ARRAY,
	VALUE_MAP,
	VALUE_STRUCT,
};

struct value_field;

struct value_type {
	enum value_kind kind;
	/* VALUE_DECIMAL: digits in all, and behind the point. Intervals: the
	 * first and the last unit, 0 YEAR, 1 MONTH; 0 DAY … 3 SECOND. */
	unsigned char precision;
	unsigned char scale;
	/* VALUE_ARRAY: one, the elements'. VALUE_MAP: keys', values'.
	 * VALUE_STRUCT: the fields. */
	const struct value_field *field;
	size_t n_fields;
};

struct value_field {
	const char *name;
	struct value_type type;
};

struct value_list {
	const struct value *v;
	size_t n;
};

struct value {
	struct value_type type;
	bool is_null;
	union {
		bool boolean;
		int64_t integer; /* TINYINT … BIGINT, days, microseconds,
		                    months */
		int128 decimal;
		double real;            /* a float is exact in it */
		struct slice text;      /* UTF-8, or the bytes of a BINARY */
		struct value_list list; /* elements; fields; key, value, key, …
		                         */
	};
};

/* A type from the text of expr/type.h: "int", "decimal(12,2)",
 * "array<string>". False for what no value here can have: variant, char-like
 * types with a collation, the calendar interval. */
bool value_type_parse(struct arena *a, const char *text, struct value_type *ret)
    MUST_USE;
/* The same text back, as Spark's simpleString() has it. */
const char *value_type_text(struct arena *a, struct value_type type);
bool value_type_eq(struct value_type a, struct value_type b);
/* A type without parameters. */
struct value_type value_type_of(enum value_kind kind);
struct value_type value_type_decimal(unsigned precision, unsigned scale);
struct value_type value_type_array(struct arena *a, struct value_type element);
bool value_is_integral(enum value_kind kind);
/* Integral, DECIMAL, FLOAT, DOUBLE. */
bool value_is_numeric(enum value_kind kind);

/* Whether an integral type, or any other kept as an integer, has the number.
 */
bool value_fits(enum value_kind kind, int64_t n);

/* Constructors. Text is borrowed. */
struct value value_null(struct value_type type);
struct value value_boolean(bool b);
struct value value_integer(enum value_kind kind, int64_t n);
struct value value_real(enum value_kind kind, double d);
struct value value_decimal(struct value_type type, int128 unscaled);
struct value value_string(const char *s);
struct value value_text(struct slice s);

/* As CAST(x AS STRING) gives it; NULL is "NULL" at the top and "null" within.
 * Decimals have all digits of their scale, timestamps no zeros at the end of
 * the fraction, doubles the form of Java. */
const char *value_format(struct arena *a, const struct value *v);
/* False where value_format() is not what every Spark gives: very small and very
 * large doubles, which versions of Java write in several ways, and decimals
 * below 0.000001, which Spark 3.5 writes as 1E-7 without ANSI mode. */
bool value_format_is_certain(const struct value *v);

/* As ORDER BY … ASC sorts two values of one type: NULL first, then NaN above
 * all numbers, -0.0 the same as 0.0, strings and binaries by bytes. <0, 0, >0.
 * Maps have no order: they count as equal only to themselves, entry by entry.
 * 0 is also what GROUP BY and <=> call the same. */
int value_compare(const struct value *a, const struct value *b);

#endif
