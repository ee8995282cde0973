/*
 * What a regular expression is compiled to: instructions for a machine that
 * tries the first way first and comes back for the others. For regex.c and
 * regex_compile.c alone.
 */
#ifndef T2C_EVAL_REGEX_PROGRAM_H
#define T2C_EVAL_REGEX_PROGRAM_H

#include "eval/regex.h"

enum regex_op {
	REGEX_CHAR, /* c */
	REGEX_ANY,  /* but a line terminator */
	REGEX_SET,  /* ranges[first … last), negated */
	REGEX_BEGIN,
	REGEX_END,
	REGEX_BOUNDARY, /* negated */
	REGEX_SAVE,     /* the place into first */
	REGEX_JUMP,     /* to first */
	REGEX_SPLIT,    /* to first, and if that fails to last */
	REGEX_MATCH,
};

struct instruction {
	enum regex_op op;
	bool negated;
	uint32_t c;
	size_t first;
	size_t last;
};

struct char_range {
	uint32_t from;
	uint32_t to;
};

struct regex {
	LIST_OF(struct instruction) program;
	LIST_OF(struct char_range) ranges;
	size_t groups; /* without group 0 */
	bool fold;     /* case does not matter */
};

#endif
