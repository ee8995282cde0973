/*
 * What of a program surely runs, and before what, by reading alone. A loop, a
 * condition, what catches an error, a call that cannot be told: each may keep
 * it from running. Internal to src/gate.
 */
#ifndef T2C_GATE_ORDER_H
#define T2C_GATE_ORDER_H

#include "gate/program.h"

/* Whenever the second runs, the first has run to its end. Where the second gets
 * the text, NULL where there is none, from its caller, those callers alone
 * count that may give one with this word. */
bool order_is_before(struct program *p, const struct py_node *first,
    const struct py_node *second, const char *word);
/* The same within one call of the function that both stand in. */
bool order_is_before_there(struct program *p, const struct py_node *first,
    const struct py_node *second);
/* It runs whenever the program does. */
bool order_is_always(struct program *p, const struct py_node *n);
/* It runs whenever the function that it stands in is called. */
bool order_is_sure(struct program *p, const struct py_node *n,
    const struct py_node *def);

/* The function or lambda that computes a node, NULL at the top. */
const struct py_node *order_body(const struct py_node *n);
/* The call runs the function and nothing else. */
bool order_calls(struct program *p, const struct py_node *call,
    const struct py_node *def);
/* What a call gives the parameter that the name stands for; NULL. */
const struct py_node *order_given(const struct program *p,
    const struct py_node *call, const struct py_node *def,
    const struct py_node *name);

#endif
