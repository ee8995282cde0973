/*
 * The parts of sqlgen: reading named queries, finding their types, and
 * writing C. See sqlgen.c for what it does and refuses.
 */
#ifndef T2C_SQLGEN_H
#define T2C_SQLGEN_H

#include "base/buf.h"

enum value_kind { VALUE_INT, VALUE_TEXT, VALUE_BLOB };

struct value_type {
	enum value_kind kind;
	const char *id; /* "user_id", NULL for a plain value */
	bool nullable;
};

/* A name with a type: a parameter, a result column, or an annotation. */
struct value {
	const char *name;
	struct value_type type;
	bool used; /* an annotation that named something */
};
struct values {
	struct value *v;
	size_t n;
	size_t cap;
};

enum query_kind { QUERY_EXEC, QUERY_ONE, QUERY_MAYBE, QUERY_MANY };

struct query {
	const char *file;
	int line;
	const char *name;
	enum query_kind kind;
	const char *row;     /* name of a shared row struct, NULL: its own */
	const char *comment; /* "" if none */
	const char *sql;
	struct values notes;  /* types stated in the file, of parameters */
	struct values labels; /* types stated in the SQL, of columns */
	const char **outer;   /* tables of outer joins */
	size_t n_outer;
	struct values params; /* by index, from 0 */
	struct values columns;
};
struct queries {
	struct query *v;
	size_t n;
	size_t cap;
};

/* Ends the program with file, line and message. */
void fail(const char *file, int line, const char *format, ...) PRINTF(3, 4)
    NORETURN;
/* The whole file. */
const char *read_file(struct arena *a, const char *path);

/* "int", "text?", "user_id": false for anything else. */
bool value_type_parse(struct arena *a, struct slice text,
    struct value_type *ret) MUST_USE;
bool value_type_equal(struct value_type a, struct value_type b);
struct value *value_find(const struct values *list, const char *name);

/* Adds the named queries of a file, not yet typed. */
void queries_read(struct arena *a, const char *path, struct queries *ret);
/* Prepares each query on the schema, finds its parameters and columns, and
 * refuses what the file says wrongly. */
void queries_type(struct arena *a, const char *schema_path,
    struct queries *queries);

/* The generated files. */
void emit_header(const struct queries *queries, struct buf *out);
void emit_source(const struct queries *queries, struct buf *out);
void emit_migrations(struct arena *a, char **path, size_t n, struct buf *out);

#endif
