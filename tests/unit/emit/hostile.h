/*
 * Texts that want to be code: what a hostile or unlucky person may write into a
 * sheet. The same seed gives the same texts on every machine.
 */
#ifndef T2C_TEST_HOSTILE_H
#define T2C_TEST_HOSTILE_H

#include "base/str.h"

/* A source of numbers: splitmix64, as published by Sebastiano Vigna. */
struct dice {
	uint64_t state;
};

/* 0 to n - 1; n > 0. */
size_t dice_roll(struct dice *d, size_t n);
/* One time of n. */
bool dice_hit(struct dice *d, size_t n);

/* Any text in UTF-8: quotes, backslashes, braces, line ends, invisible
 * characters, ends of strings with code behind them. Rarely empty, rarely much
 * longer than a line. */
const char *hostile_text(struct arena *a, struct dice *d);

enum hostile {
	HOSTILE_CELL,   /* what a cell of prose may hold */
	HOSTILE_NAME,   /* what may stand in backticks; never empty */
	HOSTILE_COLUMN, /* what Delta takes for a column; never plain */
	HOSTILE_PATH    /* what may follow the / of a path */
};

/* As hostile_text(), without what sheets refuse at that place. */
const char *hostile_kind(struct arena *a, struct dice *d, enum hostile kind);

#endif
