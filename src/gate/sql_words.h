/*
 * A text of SQL, token by token, and what its words are. Internal to the
 * sql*.c files of src/gate.
 *
 * Spark reserves no words: each may be a name, too. A word is taken for a
 * keyword unless it surely is a name.
 */
#ifndef T2C_GATE_SQL_WORDS_H
#define T2C_GATE_SQL_WORDS_H

#include "expr/lexer.h"
#include "gate/program.h"

#define SQL_MAX_NESTING 200

/* A name that WITH gives. */
struct sql_common {
	const char *name;
	size_t from;   /* the token from which on it is known */
	size_t depth;  /* the bracket of its WITH */
	size_t before; /* what the name meant before; SIZE_MAX: nothing */
};

struct sql {
	struct program *program;
	const struct py_node *at;
	const char *text;
	struct lexed lexed;
	const char **words; /* of each token in lower case; "": no word */
	bool *is_name;      /* of each token: surely no keyword */
	size_t i;           /* the token at hand */
	bool is_statement;
	bool in_relation; /* a bracket that opens now holds tables */
	bool is_merge;
	/* Of each bracket that is open: */
	bool in_from[SQL_MAX_NESTING]; /* a comma is followed by a table */
	bool in_rows[SQL_MAX_NESTING]; /* but now by a row of VALUES */
	bool is_call[SQL_MAX_NESTING]; /* FROM is a word of the function */
	size_t depth;
	LIST_OF(struct sql_common) commons; /* those of open brackets */
	struct map common;                  /* name: its last one */
};

/* Reads the tokens; at may be NULL. */
void sql_read(struct program *p, const struct py_node *at, const char *text,
    struct sql *ret);
/* Those behind the end are the last one. */
const struct token *sql_token(const struct sql *s, size_t i) RETURNS_NONNULL;
enum token_kind sql_kind(const struct sql *s, size_t i);
/* The word or name in lower case, "" for anything else. */
const char *sql_word(const struct sql *s, size_t i) RETURNS_NONNULL;
/* The same, "" for names. */
const char *sql_keyword(const struct sql *s, size_t i) RETURNS_NONNULL;
bool sql_is(const struct sql *s, size_t i, const char *keyword);
/* The bracket that closes this one, else the last token. */
size_t sql_close(const struct sql *s, size_t open);
/* The token ends a value, rather than that one follows. */
bool sql_ends_value(const struct sql *s, size_t i);
/* Where the name stands in CREATE … TEMPORARY VIEW; 0: it is another
 * statement. */
size_t sql_view(const struct sql *s);
/* What stands there, up to a query or the end, names no column. */
bool sql_is_constant(const struct sql *s, size_t from);
/* A bracket may follow the word without calling it. */
bool sql_takes_bracket(const char *word);

/* Reads the list of WITH, whose first token is at, and returns the token
 * behind it; 0: it is none. */
size_t sql_read_with(struct sql *s, size_t at);
/* WITH gave that name, and the token at hand may use it. */
bool sql_is_common(const struct sql *s, const char *name);
/* A bracket is closed: what WITH gave in it is forgotten. */
void sql_leave(struct sql *s);

#endif
