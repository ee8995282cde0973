/*
 * Regular expressions as java.util.regex understands them, as far as they go
 * here: characters and their escapes, . \d \w \s and their opposites, classes
 * without classes within, groups, alternatives, greedy and lazy quantifiers,
 * ^ $ \b, and (?i) in front. What is not one of these is refused, and so is a
 * quantifier on what can match nothing, where engines differ.
 *
 * The first alternative that leads to a match wins, not the longest. Text is
 * code points.
 */
#ifndef T2C_EVAL_REGEX_H
#define T2C_EVAL_REGEX_H

#include "base/arena.h"
#include "base/str.h"

#define REGEX_GROUPS 10
#define REGEX_NOWHERE SIZE_MAX
#define REGEX_MAX_STEPS 200000

struct regex;

struct regex_match {
	size_t start[REGEX_GROUPS]; /* group 0 is all; REGEX_NOWHERE */
	size_t end[REGEX_GROUPS];
};

enum regex_outcome {
	REGEX_FOUND,
	REGEX_NONE,
	REGEX_UNSURE, /* it takes too long, or depends on Java's version */
};

/* NULL where the pattern, or its meaning, is not known. */
const struct regex *regex_compile(struct arena *a, struct slice pattern);
size_t regex_groups(const struct regex *regex);
/* The first match that starts at or behind from. *steps counts what is done,
 * and ends several searches together. */
enum regex_outcome regex_search(struct arena *a, const struct regex *regex,
    const uint32_t *text, size_t n, size_t from, size_t *steps,
    struct regex_match *ret);

#endif
