/*
 * What the sources must be like for the mapping to make sense: the sheet says
 * nothing about the types of source columns, so they are guessed from what is
 * done with them. Cautiously: where nothing speaks for more, a column is text.
 */
#ifndef T2C_GUESS_H
#define T2C_GUESS_H

#include "eval/value.h"
#include "expr/expr.h"

/* What the places where a column is used ask for; bits. */
enum guess_use {
	GUESS_TEXT = 1 << 0,
	GUESS_INTEGER = 1 << 1,
	GUESS_NUMBER = 1 << 2,
	GUESS_DATE = 1 << 3,
	GUESS_TIMESTAMP = 1 << 4,
	GUESS_BOOLEAN = 1 << 5,
	GUESS_BINARY = 1 << 6,
	GUESS_ARRAY = 1 << 7,
	GUESS_MAP = 1 << 8,
	GUESS_STRUCT = 1 << 9,
};

struct guess;

struct guess_field {
	const char *name;
	struct guess *guess;
};

struct guess {
	const struct value_type *known; /* no guess needed; NULL */
	unsigned uses;
	/* What a text must spell, since it is cast to that. */
	bool has_content;
	struct value_type content;
	const char *format; /* of a date or time in a text; NULL */
	/* What it is compared with, or tested for. */
	LIST_OF(const struct expr *) literals;
	LIST_OF(struct guess_field) fields; /* of a struct or of JSON */
	struct guess *element;              /* of an array or map */
	bool is_json;
	bool is_text_file;  /* all columns are strings */
	bool is_json_file;  /* as Spark infers types from JSON */
	struct guess *same; /* another one that must have the same type */
};

/* Finds the guess of a column; n_parts is how many parts of its name it takes.
 * NULL if there is no such column. */
typedef struct guess *guess_find(void *data, const char *const *part,
    size_t n_parts, size_t *ret_parts);

/* Takes in what an expression says about the columns in it. want is the type
 * that the result is cast to, NULL if to none. */
void guess_expr(struct arena *a, guess_find *find, void *data,
    const struct expr *e, const struct value_type *want);
/* The same for a condition. */
void guess_condition(struct arena *a, guess_find *find, void *data,
    const struct expr *e);

/* They are of one type from now on. */
void guess_unite(struct arena *a, struct guess *x, struct guess *y);
/* The guess that stands for all those of the same type. */
struct guess *guess_root(struct guess *g);
struct value_type guess_type(struct arena *a, struct guess *g);

/* A type that holds the values of the one given and still needs the cast to
 * it. */
struct value_type guess_wider(struct value_type t);
/* Binary counts as nested. */
bool guess_is_nested(enum value_kind kind);

#define GUESS_MAX_VALUES 12

/* Values worth trying, of that type, the typical one first and NULL last; at
 * most GUESS_MAX_VALUES. */
size_t guess_values(struct arena *a, struct guess *g, struct value *ret);
/* The value number n of many that all differ; false where there is none. */
bool guess_number(struct arena *a, struct guess *g, size_t n, struct value *ret)
    MUST_USE;

#endif
