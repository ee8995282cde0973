/*
 * What the text of a literal means: strings without their quotes and
 * backslashes, and whether a number, a date or a timestamp is one that Spark
 * accepts.
 */
#ifndef T2C_EXPR_LITERAL_H
#define T2C_EXPR_LITERAL_H

#include "base/str.h"

/* The value of one string token, quotes included: '…', "…", r'…', r"…". A NUL
 * written as \0 ends it. */
const char *literal_unescape(struct arena *a, struct slice token);
/* NULL, or what is wrong with the number. A leading minus is part of it. */
const char *literal_check_number(struct arena *a, struct slice number);
bool literal_is_date(struct slice s);
bool literal_is_timestamp(struct slice s);
bool literal_is_hex(struct slice s);

#endif
