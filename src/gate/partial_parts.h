/*
 * What the partial*.c files share: what is being built, what is known, and who
 * builds what.
 */
#ifndef T2C_GATE_PARTIAL_PARTS_H
#define T2C_GATE_PARTIAL_PARTS_H

#include "gate/program.h"

/* What a name stands for in what is being built. */
struct stand_in {
	const char *name;
	const struct py_node *value;
	const struct stand_in *of; /* for the names in the value */
	const struct stand_in *outer;
};

/* A value that is written out, and what the names in it stand for. */
struct known {
	const struct py_node *node; /* NULL: it is not known */
	const struct stand_in *with;
};

struct knowns {
	struct known *v;
	size_t n;
	size_t cap;
};

/* A call for which a function gets a copy. */
struct special {
	const struct py_node *def;
	const struct py_node *call;
	const char *name;             /* of the copy */
	const struct stand_in *with;  /* what is known of its parameters */
	const struct py_node *result; /* it is but this expression; NULL */
	bool is_function; /* it was a method of an object that is known */
};

struct growing;

struct partial {
	struct program *p;
	struct special **of;  /* of each node that is a call; NULL */
	bool *gone;           /* of each function: all its calls have copies */
	struct nodes special; /* the calls */
	struct growing **grown; /* of each node that fills a list; NULL */
	bool *kept;          /* of each call: it is there, or has been done */
	struct map field;    /* name: its place in fields */
	struct nodes fields; /* what each surely has; NULL */
	bool flattens;       /* classes take what their bases have */
	size_t left;         /* nodes that may still be made */
	bool changed;
	bool failed;
};

/* Whatever the name stands for; NULL. */
const struct stand_in *partial_find(const struct stand_in *with,
    const char *name);
/* The same names, and one more. */
const struct stand_in *partial_stand_in(struct partial *r, const char *name,
    struct known value, const struct stand_in *outer);
/* The text, number, list, dictionary or record that the expression is. */
struct known partial_known(struct partial *r, const struct py_node *n,
    const struct stand_in *with);
/* with: for its names; node may be NULL. */
struct known partial_value(const struct py_node *node,
    const struct stand_in *with);
/* What something is taken out of: not of what stands in the expression itself,
 * of which nothing may be left out. */
struct known partial_base(struct partial *r, const struct py_node *n,
    const struct stand_in *with);
/* A field of StructField(name, type, …), or of StructType([…]); NULL. */
const struct py_node *partial_type_field(struct program *p,
    const struct py_node *call, const char *field);
/* What an attribute was given, which may be a name. */
struct known partial_field(struct partial *r, const struct py_node *n,
    const struct stand_in *with);
/* What a loop over it goes through; false: that is not known. */
bool partial_elements(struct partial *r, const struct py_node *n,
    const struct stand_in *with, struct knowns *ret);
/* The condition is true, 1, or false, 0; -1: nobody knows. */
int partial_truth(struct partial *r, const struct py_node *n,
    const struct stand_in *with);
/* Wherever it stands, and however often, the expression means the same.
 * anywhere: in other functions, too. */
bool partial_is_constant(struct partial *r, const struct py_node *n,
    bool anywhere);

/* It may run more than once, whenever what it stands in does. */
bool partial_is_in_loop(const struct py_node *n);
/* T.StringType(), StructField(…) */
bool partial_is_type(const struct program *p, const struct py_node *call);
/* The class, where its objects are but their fields; else NULL. */
const struct py_node *partial_record(const struct program *p,
    const struct py_node *call);
/* What a field of a record has that is not given; NULL. */
const struct py_node *partial_default(struct program *p,
    const struct py_node *field);
/* What the class gives the name, in one place; NULL where there are none, or
 * several. */
const struct binding *partial_bound_once(const struct program *p,
    const struct py_node *class, const char *name);

/* Finds out whether classes can have what their bases have. */
void partial_flatten(struct partial *r);
/* A class with what it takes from its base, which is then left out. */
bool partial_flat(struct partial *r, struct py_node *parent,
    const struct py_node *class);
/* self.__class__.__name__ */
bool partial_class_name(struct partial *r, struct py_node *parent,
    const struct py_node *n);

/* The calls in it have been done, or are never reached. */
void partial_keep(struct partial *r, const struct py_node *n);
/* The same, of records and types alone: they do nothing. */
void partial_keep_plain(struct partial *r, const struct py_node *n);
/* Adds a node without children. */
struct py_node *partial_add(struct partial *r, struct py_node *parent,
    const struct py_node *like);
void partial_children(struct partial *r, struct py_node *parent,
    const struct py_node *n, size_t from, const struct stand_in *with);

/* These build what the node comes to; false: that is not known. */
bool partial_loop(struct partial *r, struct py_node *parent,
    const struct py_node *loop, const struct stand_in *with);
bool partial_comprehension(struct partial *r, struct py_node *parent,
    const struct py_node *each, const struct stand_in *with);
/* reduce(f, [a, b], x) */
bool partial_reduce(struct partial *r, struct py_node *parent,
    const struct py_node *call, const struct stand_in *with);
/* list(d), d.keys(), a + b: a list of what is known. */
bool partial_list(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with);
/* *x in a list or call, **x in a dictionary */
bool partial_star(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with);
/* spark.sql("… :name …", args={"name": value}) */
bool partial_statement(struct partial *r, struct py_node *parent,
    const struct py_node *call, const struct stand_in *with);
/* Name = namedtuple("Name", ["a", "b"]), as the class that it is. */
bool partial_class(struct partial *r, struct py_node *parent,
    const struct py_node *assign);

/* Finds the calls for which functions get copies. */
void partial_specialise(struct partial *r);
/* Builds the copies of a function, or those of a class's methods that have
 * become functions, behind it. */
void partial_copies(struct partial *r, struct py_node *parent,
    const struct py_node *n);
/* Builds the call of a copy. */
void partial_call(struct partial *r, struct py_node *parent,
    const struct special *s, const struct stand_in *with);
/* Finds lists and dictionaries that are filled by statements. */
void partial_grow(struct partial *r);
/* Builds such a one, filled; false: the node has no part in that. */
bool partial_grown(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with);
/* Builds what a property gives; false: it is none, or not known. */
bool partial_property(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with);
/* The statement of spark.sql() with its arguments in their places; NULL where
 * it has none, or they are not known. ret_tables has, as its children, the
 * tables that are given by name. */
const char *partial_sql(struct partial *r, const struct py_node *call,
    const struct stand_in *with, struct py_node *ret_tables);
/* A name in the node gets another value; or, where closures is set, something
 * in it may read the name later. */
bool partial_is_bound(const struct partial *r, const struct py_node *n,
    const char *name, bool closures);
/* A text that is read as it is. */
bool partial_is_text(const struct py_node *n);
/* That text; NULL. */
const char *partial_text(struct known k);
/* A list, or what holds one, can stand for the name only where nothing is done
 * to it by that name. target: what binds it. */
bool partial_may_stand_for(struct partial *r, const struct py_node *target,
    const struct py_node *value);
bool partial_holds_list(const struct py_node *n);
/* Something is called in it. */
bool partial_calls(const struct py_node *n);
/* How often the name stands there. */
size_t partial_count(const struct py_node *n, const char *name);
void partial_build(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with);

#endif
