/*
 * Which texts an expression may have when the program runs, by reading alone.
 * Internal to src/gate.
 */
#ifndef T2C_GATE_FLOW_H
#define T2C_GATE_FLOW_H

#include "gate/program.h"

#define FLOW_MAX_TEXTS 256

struct texts {
	const char **v;
	size_t n;
	size_t cap;
	bool unknown;              /* there may be others */
	const struct py_node *why; /* what gives them; NULL */
	bool from_widget; /* or others that a parameter of the run gives */
	bool from_field;  /* of some object: which one it is was not asked */
};

/* The whole texts: constants, followed through names, parameters, f-strings
 * and +. */
void flow_texts(struct program *p, const struct py_node *node,
    struct texts *ret);
/* The value behind a name; of a list or dictionary, if nothing changes it, so
 * that it has what is written there. n itself where it is no name; NULL. */
const struct py_node *flow_literal(struct program *p, const struct py_node *n);
/* What x["key"] is, of a dictionary that is written out, which nothing changes:
 * how many entries have the key, and the first and another one. 0: nobody
 * knows. */
size_t flow_entry(struct program *p, const struct py_node *subscript,
    const struct py_node *ret[2]);
/* The one text it surely has, whoever starts the run; else NULL. */
const char *flow_constant(struct program *p, const struct py_node *node);

/* The pieces of which texts are put together; unknown: there may be pieces
 * that no literal of the program holds. */
void flow_pieces(struct program *p, const struct py_node *node,
    struct texts *ret);
/* The own function that program_callee() tells is surely called. */
bool flow_calls_own(struct program *p, const struct py_node *call);
/* A call that gives a Column, which is no text. */
bool flow_gives_column(const struct program *p, const struct py_node *call);
/* Whether pieces, in any order and number, can spell the word (lower case) as
 * a word of its own, whatever their case. */
bool flow_spells(const struct texts *pieces, const char *word);

#endif
