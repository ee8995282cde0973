/*
 * Spark SQL expressions: text in, syntax tree out. Covers the expression part
 * of Spark 3.5's grammar (SqlBaseParser.g4, rule namedExpression without the
 * alias): literals and typed literals, intervals, qualified and backticked
 * names, operators, CASE, CAST / TRY_CAST and ::, IN, BETWEEN, LIKE / ILIKE /
 * RLIKE (ANY, ALL, ESCAPE), IS [NOT] NULL / DISTINCT FROM / TRUE, function
 * calls with DISTINCT, FILTER and OVER, lambdas, subscripts, field access,
 * EXTRACT, TRIM(BOTH … FROM …), POSITION, OVERLAY, SUBSTRING … FROM.
 *
 * Beyond 3.5 it reads what Databricks and Spark 4 have and 3.5 has not: the
 * cast x::type, the shifts << >> >>>, COLLATE, and the path into JSON or
 * VARIANT, raw:customer.id, with no blanks around the colon.
 *
 * It is stricter than Spark where Spark is only lenient: an alias is refused,
 * so is a word such as THEN or SELECT as a bare column name (backticks help),
 * and the parameter markers ? and :name.
 *
 * It does not resolve names or compute types, and it knows no tables. Parsing
 * never recurses deeper than EXPR_MAX_DEPTH nested expressions and never reads
 * outside the text. A chain such as a || b || c is a tree that leans to the
 * left; it is never higher than EXPR_MAX_HEIGHT, so walking it by recursion is
 * safe.
 */
#ifndef T2C_EXPR_H
#define T2C_EXPR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define EXPR_MAX_DEPTH 200
#define EXPR_MAX_HEIGHT 1000
#define EXPR_MAX_BYTES ((size_t)1024 * 1024)
#define EXPR_MAX_FINDINGS 20 /* of one text; more are not told */

enum expr_kind {
	EXPR_LITERAL, /* number, string, TRUE, FALSE, NULL, DATE'…', X'…' */
	EXPR_INTERVAL,  /* INTERVAL 3 DAYS, INTERVAL '1-2' YEAR TO MONTH */
	EXPR_COLUMN,    /* a, t.a, t.a.field, `odd name` */
	EXPR_UNARY,     /* -x, +x, ~x, NOT x; op */
	EXPR_BINARY,    /* arg[0] op arg[1]. Also, with the name as a string
	                     literal: x:name (op ":", name in arg[1]),
	                     name => x in a call (op "=>", name in arg[0]),
	                     x AS name in struct() and rows (op "as",
	                     name in arg[1]) */
	EXPR_CASE,      /* args: [operand] when then … [else]; has_operand,
	                     has_else */
	EXPR_CAST,      /* arg[0], type; op is "cast", "try_cast" or "::" */
	EXPR_IN,        /* arg[0] [not] in (arg[1] …) */
	EXPR_BETWEEN,   /* arg[0] between arg[1] and arg[2] */
	EXPR_LIKE,      /* arg[0] op arg[1…]; op like, ilike, rlike, … */
	EXPR_IS,        /* arg[0] is [not] op; op null, true, false, unknown,
	                     or "distinct from" with arg[1] */
	EXPR_CALL,      /* op is the function as written; args. A keyword
	                     argument (YEAR of EXTRACT, DAY of DATEADD, BOTH
	                     of TRIM) is a LITERAL_TYPED with op "unit" */
	EXPR_LAMBDA,    /* x -> …, (x, y) -> …; params; arg[0] */
	EXPR_SUBSCRIPT, /* arg[0] [ arg[1] ] */
	EXPR_FIELD,     /* arg[0] . op   where arg[0] is not a name */
	EXPR_ROW,       /* (a, b) */
};

enum literal_kind {
	LITERAL_NULL,
	LITERAL_BOOLEAN,
	LITERAL_NUMBER,
	LITERAL_STRING,
	LITERAL_TYPED
};

enum expr_frame_unit { FRAME_DEFAULT, FRAME_ROWS, FRAME_RANGE };

/* One end of a frame. */
enum expr_bound_kind {
	BOUND_FIRST, /* UNBOUNDED PRECEDING */
	BOUND_PRECEDING,
	BOUND_CURRENT,
	BOUND_FOLLOWING,
	BOUND_LAST, /* UNBOUNDED FOLLOWING */
};

struct expr_bound {
	enum expr_bound_kind kind;
	const struct expr *offset; /* of PRECEDING and FOLLOWING */
};

struct expr_sort {
	bool descending;
	bool nulls_last;
};

struct expr_window {      /* OVER (…) or OVER name */
	const char *name; /* NULL unless a name was used; such
	                                   a window is always an error */
	const struct expr **partition;
	size_t n_partition;
	const struct expr **order;
	const struct expr_sort *sort; /* of each of order */
	size_t n_order;
	enum expr_frame_unit frame;
	struct expr_bound from; /* unless the frame is the default */
	struct expr_bound to;
};

struct expr {
	enum expr_kind kind;
	size_t start; /* byte range in the text */
	size_t end;
	const char *op; /* lower case; see the kinds */
	bool negated;   /* NOT IN, NOT LIKE, IS NOT … */
	const struct expr **arg;
	size_t n_args;
	/* EXPR_COLUMN: the parts, unquoted, case as written */
	const char **part;
	size_t n_parts;
	/* EXPR_LAMBDA */
	const char **param;
	size_t n_params;
	/* EXPR_LITERAL: the value, unescaped, where it is a string, else as
	 * written; LITERAL_TYPED: op is date, timestamp, x, ….
	 * EXPR_INTERVAL: the words after INTERVAL. */
	enum literal_kind literal;
	const char *value;
	/* EXPR_CAST: canonical, see expr/type.h */
	const char *type;
	/* EXPR_CASE */
	bool has_operand;
	bool has_else;
	/* EXPR_CALL */
	bool distinct;
	bool star;                  /* count(*), which has no args */
	const char *nulls;          /* "ignore" or "respect"; NULL */
	const struct expr **within; /* WITHIN GROUP (ORDER BY …) */
	size_t n_within;
	const struct expr *filter; /* FILTER (WHERE …) */
	const struct expr_window *over;
	size_t op_end;   /* the name is text[start, op_end) */
	unsigned height; /* of the tree below, 1 for a leaf */
};

/* A column as the text uses it; lambda parameters are not columns. In the
 * order of the text, repeated as often as used. */
struct expr_column {
	const char **part;
	size_t n_parts;
	size_t start;
	size_t end;
};

struct expr_function {
	const char *name; /* lower case */
	size_t start;     /* of the name */
	size_t end;
	bool known; /* built into Spark SQL */
};

/* What is wrong with a text, or remarkable in it. */
struct expr_finding {
	enum err_code code; /* E_… */
	size_t start;
	size_t end;
	const char *message; /* a sentence: what was expected */
	const char *fix;     /* NULL: the catalogue's */
};

struct expr_parsed {
	const char *text;        /* the text that was parsed */
	const struct expr *root; /* NULL if it does not parse */
	LIST_OF(struct expr_column) columns;
	LIST_OF(struct expr_function) functions;
	LIST_OF(struct expr_finding) findings; /* errors and warnings */
	size_t errors;                         /* of the findings, the errors */
	bool is_aggregate; /* an aggregate call outside OVER */
	bool is_window;    /* some call has OVER */
	bool is_volatile;  /* differs from run to run: now(),
	                                   uuid(), current_user(), … */
	bool is_generator; /* explode() and relatives */
	bool is_literal;   /* one literal, a signed number too */
	bool is_condition; /* certainly or possibly boolean: false
	                                   only where it surely is not */
};

/* Parses one column's logic. Aggregates, generators, subqueries, a bare star,
 * statements, prose and "target := expression" are findings with their own
 * codes; an unknown function is a warning. Findings are in the order of the
 * text. Text may be any bytes. A word that stands for "copy it" or "nothing"
 * (direct, 1:1, n/a, …) is prose even where it could be a column; in backticks
 * it is a column. */
void expr_parse(struct arena *a, const char *text, struct expr_parsed *ret);

/* The text with comments dropped, runs of white space outside quotes made one
 * blank, and the column names replaced as given: rename(column, data) returns
 * the replacement or NULL to keep the name as written. ${ in a literal, which
 * Spark takes for a variable before it parses anything (VariableSubstitution,
 * spark.sql.variable.substitute), is written \u0024{. For a text that
 * parses. */
const char *expr_rewrite(struct arena *a, const struct expr_parsed *p,
    const char *(*rename)(const struct expr_column *, void *), void *data);

/* One identifier as Spark SQL wants it: plain where it may be, else in
 * backticks with backticks doubled. Reserved words are quoted too. */
const char *expr_quote_name(struct arena *a, const char *name);
/* A string literal of Spark SQL, in single quotes, escaped for the default
 * setting of spark.sql.parser.escapedStringLiterals. */
const char *expr_quote_string(struct arena *a, const char *s);

/* SQL as a cell of a notebook has it: without ends of lines, and with \u0024
 * for the $ of literals, which begins a parameter there (Databricks, SQL
 * language reference, STRING type) and a variable in Spark. NULL where that
 * cannot be, which is in raw literals (r'…') and in quoted names. For a text
 * that parses and has no comments, as expr_rewrite gives it. */
const char *expr_one_line(struct arena *a, const char *text);

/* Whether the root is target = x, as if the cell assigned to its own target:
 * E_ASSIGNMENT is then the caller's to report. The left side is that one
 * column, compared without regard to case, qualified or not. With == the
 * author means a comparison. */
bool expr_assigns(const struct expr_parsed *p, const char *target);

/* The tree in a compact prefix form, for tests: (+ a (call abs b)). */
const char *expr_dump(struct arena *a, const struct expr *e);

#endif
