/*
 * The parser's own business, shared by the parser_*.c files and type.c. Other
 * folders see expr.h only.
 *
 * Recursive descent over the token array. The first failure is kept and moves
 * the parser to the last token, where every loop ends; so nobody checks for
 * failure, and every function returns a node, if only a useless one.
 */
#ifndef T2C_EXPR_PARSER_H
#define T2C_EXPR_PARSER_H

#include "base/buf.h"
#include "expr/lexer.h"
#include "expr/type.h"

struct parser {
	struct arena *arena;
	const char *text;
	const struct token *tok;
	size_t at;
	size_t last; /* the END or BAD token */
	unsigned depth;
	unsigned cases;                 /* CASE without END so far, within
	                                   the same parentheses */
	const struct expr_finding *bad; /* of the lexer */
	LIST_OF(struct expr_finding) warnings;
	bool failed;
	struct expr_finding error;
	size_t error_at; /* token of the error */
};

/* A list of nodes that grows. */
struct nodes {
	const struct expr **v;
	size_t n;
	size_t cap;
};

void parser_init(struct parser *p, struct arena *a, const char *text,
    struct lexed *tokens);

/* parser.c: looking at tokens */
const struct token *peek(const struct parser *p);
const struct token *peek_at(const struct parser *p, size_t k);
enum token_kind peek_kind(const struct parser *p, size_t k);
bool peek_word(const struct parser *p, size_t k, enum keyword w);
bool token_is(const struct parser *p, const struct token *t, const char *s);
struct slice token_slice(const struct parser *p, const struct token *t);
/* The next token, which is then behind the parser. END stays. */
const struct token *take(struct parser *p);
bool take_kind(struct parser *p, enum token_kind kind);
bool take_word(struct parser *p, enum keyword w);
/* As before, but anything else is a failure: "Expected <what>, found …". */
void want_kind(struct parser *p, enum token_kind kind, const char *what);
void want_word(struct parser *p, enum keyword w, const char *what);
/* A name: a plain word of any kind or a quoted one, unquoted. */
bool is_name(const struct parser *p, size_t k);
const char *take_name(struct parser *p, const char *what);
const char *token_name(const struct parser *p, const struct token *t);
/* How the token reads in a message: "the name x", "THEN", "the end". */
const char *token_describe(struct parser *p, const struct token *t);

/* parser.c: failures */
void fail(struct parser *p, enum err_code code, const struct token *t,
    const char *fix, const char *format, ...) PRINTF(5, 6);
void fail_expected(struct parser *p, const char *what);
void fail_too_deep(struct parser *p);

/* parser.c: nodes */
struct expr *node_new(struct parser *p, enum expr_kind kind);
/* Gives the node its args and ends it at the last token taken. */
struct expr *node_done(struct parser *p, struct expr *e, struct nodes *args);
struct expr *node_pair(struct parser *p, struct expr *e,
    const struct expr *left, const struct expr *right);
void nodes_add(struct parser *p, struct nodes *list, const struct expr *e);
/* The token's text in lower case. */
const char *token_lower(struct parser *p, const struct token *t);

/* parser_operator.c: a nested expression; one without AND, OR, NOT and
 * predicates */
struct expr *parse_expression(struct parser *p);
struct expr *parse_value(struct parser *p);
/* parser_primary.c */
struct expr *parse_primary(struct parser *p);
bool starts_expression(const struct token *t);
bool starts_query(const struct parser *p, size_t k);
void fail_query(struct parser *p, const struct token *t);
/* x or x AS name, as struct() and rows have it. */
struct expr *parse_named(struct parser *p);
/* parser_call.c */
struct expr *parse_call(struct parser *p, struct expr *call);
/* parser_window.c: what may follow the parenthesis of a call */
void parse_call_tail(struct parser *p, struct expr *call);
/* parser_literal.c */
struct expr *parse_number(struct parser *p);
struct expr *parse_string(struct parser *p);
struct expr *parse_typed_literal(struct parser *p);
struct expr *literal_name(struct parser *p, const struct token *t,
    const char *name);
const char *string_value(struct parser *p, const struct token *t);
/* interval.c: an interval literal, NULL if INTERVAL is only a name here */
struct expr *parse_interval(struct parser *p);
void interval_check(struct parser *p, const struct token *t, const char *value);
/* type.c */
const char *parse_type(struct parser *p, struct type *ret);
/* A primitive type. */
bool type_is_name(struct slice word);

#endif
