/*
 * The units of dates and intervals.
 */
#ifndef T2C_EXPR_UNITS_H
#define T2C_EXPR_UNITS_H

#include "base/str.h"

enum unit_kind {
	UNIT_NONE,
	UNIT_YEAR_MONTH,
	UNIT_DAY_TIME,
};

/* YEAR … MICROSECOND, as DATEADD takes them. */
bool unit_is_datetime(struct slice word);
/* dateadd, datediff and their synonyms, in lower case. */
bool unit_is_date_function(const char *name);
/* Singular or plural, as INTERVAL takes them. */
enum unit_kind unit_of_interval(struct slice word);
/* SECOND and SECONDS alone may have a fraction. */
bool unit_is_second(struct slice word);
/* The place of DAY, HOUR, MINUTE or SECOND in that order, from 1; 0 for any
 * other word. */
int unit_rank(struct slice word);

#endif
