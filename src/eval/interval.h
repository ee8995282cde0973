/*
 * INTERVAL literals, and dates and timestamps plus or minus something. For
 * src/eval alone.
 */
#ifndef T2C_EVAL_INTERVAL_H
#define T2C_EVAL_INTERVAL_H

#include "eval/bind.h"

/* The words behind INTERVAL: 3 DAYS, '1-2' YEAR TO MONTH, '2 hours'. False
 * for the forms that are not known. */
bool interval_parse(struct slice words, struct value *ret) MUST_USE;

/* Whether + or - of these types is of dates. */
bool interval_concerns(struct value_type left, struct value_type right);
struct node *bind_date_arithmetic(struct bind *b, bool minus,
    const struct node *left, const struct node *right);

/* INTERVAL 1 DAY * n, and the other way round. */
struct node *bind_interval_multiple(struct bind *b, const struct node *left,
    const struct node *right);

/* A timestamp and so many units, YEAR … MICROSECOND. False for an unknown unit
 * and where it overflows. */
bool interval_add_unit(const char *unit, int64_t n, int64_t micros,
    int64_t *ret) MUST_USE;
/* The whole units from one timestamp to another. */
bool interval_whole_units(const char *unit, int64_t from, int64_t to,
    int64_t *ret) MUST_USE;

#endif
