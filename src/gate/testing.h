/*
 * Tests as the gate reads them: which statements are the compiler's own, what
 * the code under test has, and which tables are a test's own. Internal to
 * src/gate.
 */
#ifndef T2C_GATE_TESTING_H
#define T2C_GATE_TESTING_H

#include "gate/flow.h"
#include "gate/frame.h"

/* A constant of the code under test that names a table. */
enum table_constant {
	CONSTANT_NONE,   /* none, or a value that is no table */
	CONSTANT_SOURCE, /* a source of the mapping */
	CONSTANT_TARGET, /* a target, or where broken rows go */
	CONSTANT_UNSURE  /* it may be either */
};

/* A name that the code under test has at its top. */
struct defined {
	const char *name;
	const struct py_node *node; /* the statement at the top that has it */
	const struct py_node *made; /* the function or class; the value */
	bool is_twice;              /* another one had the name before */
	enum table_constant constant;
	/* By indices of the tables of constants that it uses, itself or by
	 * what it calls. */
	bool *uses;
	LIST_OF(size_t) direct; /* those that it names itself */
	/* See open in struct testing. Of the function or class a parameter is,
	 * or the value itself; of something within it; of what it may give
	 * back. */
	bool is_open;
	bool holds_open;
	bool gives_open;
	bool writes; /* a table, itself or by what it calls */
	bool reads;
	/* It, or what it calls, names a target in a way that setting a constant
	 * does not change: a text, a parameter of the run, the default of a
	 * parameter. */
	bool is_bound;
};

struct testing {
	struct frame frame;
	struct program code; /* the one under test */
	LIST_OF(struct defined) defined;
	struct map index; /* name: its place in defined, from 1 */
	/* Of the code's nodes, by their order: a parameter, or a name that is
	 * assigned, whose value may reach SQL, a table, a path or a setting. */
	bool *open;
	size_t writes_at;    /* the line that writes when it is loaded; 0 */
	bool is_too_large;   /* it was not read to its end */
	struct map fixtures; /* of the tests; name: its place in all, from 1 */
};

/* What the code under test has; code is one that has passed gate_check(). */
void testing_read_code(struct arena *a, struct slice code,
    const struct plan *plan, struct testing *ret);
const struct defined *testing_find(const struct testing *t, const char *name);
bool testing_has(const struct program *p, const char *name);
/* Fills open. */
void testing_find_open(struct testing *t);
/* The code can be tested at all. */
void testing_check_code(struct program *p);
/* What the code has, where tests name it: it gets nothing from them that
 * reaches SQL, a table, a path or a setting but tables of their own. */
void testing_check_use(struct program *p, const struct py_node *name);
/* A constant of the code under test, by an attribute of the fixture; NULL. */
const struct defined *testing_constant(const struct program *p,
    const struct py_node *node);

/* Whose a table or path is, by the expression that names it. */
enum place_kind {
	PLACE_UNKNOWN,
	PLACE_VIEW, /* a temporary view that the tests make */
	PLACE_OWN   /* a table or folder of which only the test knows */
};
enum place_kind place_of(struct program *p, const struct py_node *node);
/* A part of a path that does not lead out of its folder. */
bool place_stays_within(const struct py_node *part);
void testing_check_table(struct program *p, const struct py_node *call,
    const struct py_node *arg, bool written);

/* A fixture is a function that pytest calls for those that name it. Its
 * decorator, a call where it has arguments; NULL for any other node. */
const struct py_node *fixture_call(const struct py_node *def);
bool fixture_is(const struct py_node *def);
void testing_find_fixtures(const struct program *p, struct testing *ret);
/* NULL if there is none. */
const struct py_node *fixture_find(const struct program *p, const char *name);
/* The name by which tests ask for it. */
const char *fixture_name(const struct py_node *def);
/* A function test_…, at the top or in a class; a class may have it from another
 * one. */
bool test_is(const struct py_node *def);
/* pytest looks there for it. */
bool test_is_collected(const struct py_node *def);
/* The name is a parameter of a test or fixture, which a given fixture or
 * pytest itself fills. */
bool fixture_is_given(const struct program *p, const struct py_node *name,
    const char *fixture);

/* The names that parametrize() gives values to; unknown: others as well. */
void testing_parameters(struct program *p, const struct py_node *call,
    struct texts *ret);
/* What is asked of pytest: fixture() by its arguments, a fixture by a
 * parameter. And replace() or copy(), which move files where it is a path. */
void testing_check_fixture(struct program *p, const struct py_node *call);
void testing_check_asked(struct program *p, const struct py_node *param);
bool testing_may_ask(const struct program *p, const char *fixture);
void testing_check_moves(struct program *p, const struct py_node *call);

/* The module pytest; what a name or attribute is of it, as "mark", or NULL; a
 * mark without arguments, or a list of such. */
bool pytest_is(const struct program *p, const struct py_node *name);
const char *pytest_part(const struct program *p, const struct py_node *node);
bool pytest_is_marks(const struct program *p, const struct py_node *node);
/* Where that may stand, and what decorates. */
void testing_check_pytest(struct program *p, const struct py_node *node);
/* It stands in the type of a parameter, or of what a function returns. */
bool testing_is_hint(const struct py_node *node);
/* The class or file that a definition stands in, whatever decorates it. */
const struct py_node *testing_home(const struct py_node *def);

/* Fixtures of pytest that can do more than tests need. */
void testing_check_guarded(struct program *p, const struct py_node *node);
void testing_check_guarded_name(struct program *p, const struct binding *b);
/* Where tmp_path goes, and what is made from it. */
void testing_check_folders(struct program *p);

/* What tests may be made of: the names that pytest looks for, parameters, what
 * stands in a class, what is assigned. */
void testing_check_shape(struct program *p);

/* Each test as it runs: that it asserts something, and that no function of the
 * code reaches a table of the mapping. */
void testing_check_runs(struct program *p);

#endif
