/*
 * A program as the gate reads it: its tree, what its names are bound to, and
 * where that is looked up. Internal to src/gate.
 */
#ifndef T2C_GATE_PROGRAM_H
#define T2C_GATE_PROGRAM_H

#include "base/map.h"
#include "gate/gate.h"
#include "lang/pytree.h"

enum bind_kind {
	BIND_VALUE,  /* value: what is assigned */
	BIND_ADDED,  /* the same, by += */
	BIND_EACH,   /* value: what is gone through, or taken apart */
	BIND_PARAM,  /* node: the parameter */
	BIND_DEF,    /* node: the function */
	BIND_CLASS,  /* node: the class */
	BIND_IMPORT, /* node: the import */
	BIND_OTHER   /* something that is not followed */
};

struct binding {
	enum bind_kind kind;
	const char *name;
	const struct py_node *scope; /* the function, class or root */
	const struct py_node *node;
	const struct py_node *value; /* NULL where there is none */
	unsigned levels; /* BIND_EACH: how often the value is gone through */
	bool is_inner;   /* of a comprehension, which no name outside sees */
	size_t next;     /* of the same name; SIZE_MAX: none */
	size_t place;    /* among those of the name, from 1 */
};

/* Bindings of one name. Wide tables have df = df.withColumn(…) for each
 * column; to look a name up goes through all of its bindings. */
#define PROGRAM_MAX_BOUND 4000

/* A temporary view that the program may make. */
struct view {
	const struct py_node *at;   /* the call behind which it is there */
	const struct py_node *name; /* the parameter that has its name; NULL */
	size_t before; /* another one of the name, from 1; 0: none */
};

struct shapes;
struct testing;

struct nodes {
	const struct py_node **v;
	size_t n;
	size_t cap;
};

struct program {
	struct arena *arena;
	const struct plan *plan;
	const struct py_node *root;
	struct gate_report *report;
	LIST_OF(struct binding) bindings;
	struct map first;   /* name: its first binding */
	struct map globals; /* names that global or nonlocal lists */
	struct map texts;   /* the texts of literals, and aliases */
	struct map members; /* attributes and fields of own classes */
	struct map stored;  /* attributes that something assigns */
	struct map rows;    /* fields of Row(…) */
	struct map views;   /* temporary views, lower case: the last of made
	                       that has the name, from 1 */
	LIST_OF(struct view) made;
	struct nodes calls;
	struct nodes all; /* every node, in the order of the text */
	/* Of each node that was asked for; see gate/shape.h. */
	struct shapes **shapes;
	unsigned char *told; /* the same of what gate/uses.h has told */
	bool has_star;       /* it imports all of a module */
	size_t star;         /* the last node that does */
	bool is_plain; /* self is an object of its class, see gate/uses.h */
	bool makes_otherwise; /* objects are filled not by a class's name */
	size_t budget;        /* of steps, for what repeats itself */
	/* Of tests, see gate/testing.h; NULL: the program is a load. */
	const struct testing *testing;
};

/* False: a name is bound more often than can be followed. */
bool program_read(struct program *p) MUST_USE;

/* The bindings that a name may have where it stands, and perhaps others, in its
 * scope or those around it: calls each(binding, data). False: there is none. */
bool program_resolve(const struct program *p, const struct py_node *name,
    void (*each)(const struct binding *, void *), void *data);
/* The only binding; NULL where there is none or several. */
const struct binding *program_only(const struct program *p,
    const struct py_node *name);
/* The name of what is called, whatever an import calls it here. */
const char *program_called(const struct program *p, const struct py_node *call);
/* The own function that a call calls, or the class; NULL. */
const struct py_node *program_callee(const struct program *p,
    const struct py_node *call);
/* The program has something of that name, or a class with that attribute. */
bool program_has(const struct program *p, const struct py_node *n);
/* The function around a node, NULL at the top. */
const struct py_node *program_function(const struct py_node *node);
/* The return, or yield, of the function that stands behind the last one in the
 * text; of NULL the first. NULL: there is none. */
const struct py_node *program_return(const struct program *p,
    const struct py_node *function, const struct py_node *last);
/* The number of a function's parameter, without the object of a method; -1 if
 * it has none. */
int program_place(const struct py_node *param);
/* The function is only called, never handed on. */
bool program_is_only_called(const struct program *p,
    const struct py_node *function);

/* "loads" or "tests", for messages. */
const char *program_kind(const struct program *p) RETURNS_NONNULL;
/* It stands in a part of the tests that is the compiler's own, word for word,
 * and is not looked at. */
bool program_is_given(const struct program *p, const struct py_node *node);

/* Takes steps from the budget; false, from then on, where they are more than it
 * has. */
bool program_charge(struct program *p, size_t steps);
void program_say(struct program *p, enum err_code code,
    const struct py_node *at, const char *format, ...) PRINTF(4, 5);

/* The parts of checking. The first starts the report; false: there is nothing
 * that could be read. */
bool gate_check_text(struct arena *a, struct slice code,
    struct gate_report *ret);
void gate_names(struct program *p);
/* What format() fills, which takes values into account. */
void gate_formats(struct program *p);
void gate_calls(struct program *p);
void gate_columns(struct program *p);

#endif
