/*
 * The words of Python. Internal to src/lang.
 */
#ifndef T2C_LANG_PYWORD_H
#define T2C_LANG_PYWORD_H

#include "base/str.h"

/* A reserved word that is no value; so not True, False and None. */
bool pyword_is_keyword(struct slice word);
/* It is a keyword at the start of a statement only: case, match, type. */
bool pyword_is_soft(struct slice word);
/* It starts a statement or a part of one and never stands within brackets, as
 * if, for, else, async, await, lambda and yield do. */
bool pyword_is_statement(struct slice word);
/* A line that starts with it has a colon: if, for, def ... */
bool pyword_opens_block(struct slice word);
/* It belongs to a statement above: else, elif, except, finally. */
bool pyword_continues_block(struct slice word);
/* It does so for a block whose line starts with the head. */
bool pyword_continues(struct slice word, struct slice head);
/* An expression may start with this keyword: not, lambda ... */
bool pyword_starts_value(struct slice word);
/* Two keywords, of which the second starts no value: yield from ... */
bool pyword_may_follow(struct slice word, struct slice keyword);
/* A line may end with this keyword: return, pass ... */
bool pyword_may_end(struct slice word);

#endif
