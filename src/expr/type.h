/*
 * Spark SQL data types as they are written in CAST and in CREATE TABLE
 * (SqlBaseParser.g4, rule dataType): primitive types and their synonyms,
 * decimal(p,s), char(n), varchar(n), intervals, array<>, map<>, struct<>.
 */
#ifndef T2C_TYPE_H
#define T2C_TYPE_H

#include "base/arena.h"
#include "base/str.h"

enum type_class {
	TYPE_NUMBER,
	TYPE_STRING,
	TYPE_BOOLEAN,
	TYPE_BINARY,
	TYPE_DATE,
	TYPE_TIMESTAMP,
	TYPE_INTERVAL,
	TYPE_NESTED,
	TYPE_OTHER
};

struct type {
	const char *text; /* canonical: lower case, synonyms resolved
	                           (integer → int, long → bigint, dec, numeric →
	                           decimal(10,0)), no blanks */
	enum type_class cls;
};

/* Parses the whole text. On failure returns false and a sentence that says
 * what is wrong and what was probably meant ("NUMBER is not a Spark type; use
 * DECIMAL(38,0)"). Understands what other systems write only far enough to
 * say what to write instead: varchar2, number, datetime, text, int8 …. */
bool type_parse(struct arena *a, struct slice text, struct type *ret,
    const char **ret_message) MUST_USE;

#endif
