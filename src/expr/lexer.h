/*
 * The tokens of Spark SQL expressions. Comments and white space leave no
 * token. Reading stops at the first thing that is no token; the finding says
 * what it is.
 */
#ifndef T2C_EXPR_LEXER_H
#define T2C_EXPR_LEXER_H

#include "expr/expr.h"
#include "expr/keywords.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BAD,     /* no token: see lexed.bad */
	TOKEN_WORD,    /* keyword or plain name */
	TOKEN_QUOTED,  /* `name` */
	TOKEN_STRING,  /* '…', "…", r'…', r"…" */
	TOKEN_INTEGER, /* 12 */
	TOKEN_DECIMAL, /* 1.5, .5, 5. */
	TOKEN_NUMBER,  /* with an exponent or a suffix */
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_LBRACKET,
	TOKEN_RBRACKET,
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_SEMICOLON,
	TOKEN_COLON,
	TOKEN_DOUBLE_COLON,
	TOKEN_QUESTION,
	TOKEN_BANG,
	TOKEN_ARROW,     /* -> */
	TOKEN_FAT_ARROW, /* => */
	TOKEN_EQ,        /* = == */
	TOKEN_NSEQ,      /* <=> */
	TOKEN_NEQ,       /* <> != */
	TOKEN_LT,
	TOKEN_LTE, /* <= !> */
	TOKEN_GT,
	TOKEN_GTE, /* >= !< */
	TOKEN_SHIFT_LEFT,
	TOKEN_SHIFT_RIGHT,
	TOKEN_SHIFT_RIGHT_UNSIGNED,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_PERCENT,
	TOKEN_TILDE,
	TOKEN_AMPERSAND,
	TOKEN_PIPE,
	TOKEN_CONCAT, /* || */
	TOKEN_HAT,
};

struct token {
	uint32_t start;
	uint32_t end;
	uint8_t kind; /* enum token_kind */
	uint8_t word; /* enum keyword, for TOKEN_WORD */
};

struct lexed {
	LIST_OF(struct token) tokens; /* the last one is END or BAD */
	struct expr_finding bad;      /* for BAD */
};

/* Reads at most EXPR_MAX_BYTES. */
void lexer_read(struct arena *a, struct slice text, struct lexed *ret);

#endif
