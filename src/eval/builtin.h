/*
 * The functions that are known here. Each file of functions has a table; the
 * registry finds a name in them. For src/eval alone.
 *
 * A signature says what becomes of the arguments, and what comes out: "si|i:s"
 * takes a text, a whole number and perhaps another, and gives a text.
 *   s string   y binary   b boolean   i int   l bigint   d double   D date
 *   t timestamp   I int, but no bigint   n number, text as a double
 *   a as it is   * as the one before, any number of them, none too
 *   A array   M map   C one of both   S array of text   N array of arrays
 *   E element of the first argument, X array like it, K key of it
 * and of the result
 *   0 the type of the first argument   1 of its elements   L an array of it
 *   P an array of its keys   Q of its values
 */
#ifndef T2C_EVAL_BUILTIN_H
#define T2C_EVAL_BUILTIN_H

#include "eval/bind.h"

struct builtin;

typedef struct node *builtin_bind(struct bind *b, const struct builtin *f,
    const struct expr *e, const struct node **arg, size_t n);

struct builtin {
	const char *name;
	const char *signature; /* NULL: bind does all */
	node_fn *run;          /* of a signature */
	builtin_bind *bind;    /* NULL: by the signature alone */
	enum node_style style; /* of a signature */
	size_t index;          /* n->index of the node */
};

struct builtins {
	const struct builtin *v;
	size_t n;
};

extern const struct builtins builtins_condition;
extern const struct builtins builtins_text;
extern const struct builtins builtins_text_find;
extern const struct builtins builtins_text_code;
extern const struct builtins builtins_like;
extern const struct builtins builtins_regex;
extern const struct builtins builtins_number;
extern const struct builtins builtins_real;
extern const struct builtins builtins_date;
extern const struct builtins builtins_date_part;
extern const struct builtins builtins_time;
extern const struct builtins builtins_hash;
extern const struct builtins builtins_array;
extern const struct builtins builtins_lambda;
extern const struct builtins builtins_json;
extern const struct builtins builtins_nested;
extern const struct builtins builtins_opaque;

/* By the signature, of arguments that are bound. */
struct node *bind_signature(struct bind *b, const struct builtin *f,
    const struct node **arg, size_t n);
/* NULL, for a call with so many arguments. */
struct node *bind_wrong_count(struct bind *b, const struct builtin *f, size_t n)
    COLD;
/* The function of that name, NULL if it is not known. */
const struct builtin *builtin_find(const char *name);
/* The word of a keyword argument (YEAR of EXTRACT), NULL if e is none. */
const char *expr_unit(const struct expr *e);

#endif
