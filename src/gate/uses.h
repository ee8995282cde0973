/*
 * What is done with the names of a program: whether a list or dictionary is
 * changed behind its literal, whether a class is what it looks like, which
 * calls give a parameter its value. What is on none of these lists is unknown.
 * Internal to src/gate.
 */
#ifndef T2C_GATE_USES_H
#define T2C_GATE_USES_H

#include "gate/program.h"

/* Nothing adds to what a name is bound to, but for known methods, which
 * pieces.c looks at: adds says whether these may be there; nests, whether it
 * holds lists or dictionaries in its turn. */
bool uses_are_known(struct program *p, const struct binding *b, bool adds,
    bool nests);
/* The same of all attributes of that name. */
bool uses_of_field_are_known(struct program *p, const char *name, bool adds,
    bool nests);
/* Calls each(at, data) for what may be added to what that name, or attribute,
 * means: calls of its methods, and x[…] where that is stored. */
void uses_added(const struct program *p, const struct py_node *name,
    void (*each)(const struct py_node *, void *), void *data);
/* What is written out there holds a list or dictionary. */
bool uses_nest(const struct program *p, const struct py_node *value);
/* The target of an assignment, of a loop, of del. */
bool uses_is_stored(const struct py_node *n);
/* What n names is an object of an own class, and of nothing else. */
bool uses_is_own_object(struct program *p, const struct py_node *n);
/* The texts that the class holds are what its names give: not so an Enum's. */
bool uses_holds_texts(const struct py_node *class);
/* Calls each(value, data) for all that gives fields of that name of own objects
 * their values. False: one may get another, or there is none. */
bool uses_field_values(struct program *p, const char *name,
    void (*each)(const struct py_node *, void *), void *data);
/* A value that may be changed later: no text, and no number. */
bool uses_may_change(const struct program *p, const struct py_node *value);

/* The class is an exception: by its bases. */
bool uses_is_exception(const struct program *p, const struct py_node *class);
/* The class is but a list of fields: a dataclass, or a NamedTuple. */
bool uses_is_record(const struct program *p, const struct py_node *class);
/* The class is an Enum of texts, without methods of its own. */
bool uses_is_enum(const struct py_node *class);
/* The call makes a record that nothing changes. */
bool uses_is_fixed(const struct program *p, const struct py_node *call);
/* The class that n names, or whose object, or self, it is in a method; NULL. */
const struct py_node *uses_class(const struct program *p,
    const struct py_node *n);
/* The class that the function is defined in; NULL. */
const struct py_node *uses_class_of(const struct py_node *def);
/* It gets the class first, whoever it is called on. */
bool uses_is_of_class(const struct py_node *def);
/* A function of a class that gets an object, or the class, first. */
bool uses_is_method(const struct py_node *def);
/* The class has that method. Any node. */
bool uses_has_method(const struct py_node *class, const char *name);
/* Something else may be called in its place, or with other arguments. */
bool uses_is_decorated(const struct py_node *def);
/* The object of a method, in a program where that is one of its class. */
bool uses_is_self(const struct program *p, const struct binding *b);
/* No class of the program makes something else than its objects, and methods
 * are called on these alone. */
bool uses_classes_are_plain(const struct program *p);
/* cls(…), x.__init__(…) */
bool uses_make_otherwise(const struct program *p);

/* The call may run the function; and every call that may can be told. */
bool uses_is_call_of(const struct program *p, const struct py_node *call,
    const struct py_node *def);
bool uses_calls_are_known(struct program *p, const struct py_node *def);

#endif
