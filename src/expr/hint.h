/*
 * Help where a text stops being an expression: the slips that people bring
 * from other systems, from spreadsheets and from Python. Each function looks
 * at one place of the grammar; where it knows the slip it fails the parser
 * with a message of its own, else it does nothing and the parser goes on.
 */
#ifndef T2C_EXPR_HINT_H
#define T2C_EXPR_HINT_H

#include "expr/parser.h"

/* Before anything is read. */
void hint_start(struct parser *p);
/* IF condition …, without parentheses. */
bool hint_is_if(const struct parser *p);
/* Behind an expression that could be complete, before what should not be
 * there; fails always. */
void hint_trailing(struct parser *p);
/* Where ) must follow for the ( given. */
void hint_before_close(struct parser *p, const struct token *open);
/* At a token that starts no value. */
void hint_no_value(struct parser *p);
/* At a keyword that starts no value. */
void hint_misplaced(struct parser *p);
/* "a value after THEN" */
const char *hint_expected_value(struct parser *p);
void hint_after_operator(struct parser *p);
void hint_after_colon(struct parser *p);
void hint_before_predicate(struct parser *p);
void hint_after_dot(struct parser *p);
void hint_after_in(struct parser *p);
void hint_after_is(struct parser *p);
void hint_after_else(struct parser *p);
void hint_in_case(struct parser *p);
void hint_in_cast(struct parser *p);
void hint_before_call(struct parser *p, const struct expr *call);
/* (x AS name), just read. */
void hint_alias(struct parser *p);
void hint_after_string(struct parser *p, const struct token *t);
/* At a name right before a string. */
void hint_name_and_string(struct parser *p);

#endif
