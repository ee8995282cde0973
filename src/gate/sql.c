#include "base/base.h"

#include "gate/sql.h"

#include "gate/allow.h"
#include "gate/calls.h"
#include "gate/sql_words.h"

#include <string.h>

static void
check_function(struct sql *s)
{
	const char *name = sql_word(s, s->i);

	if (sql_kind(s, s->i + 1) != TOKEN_LPAREN ||
	    (s->i > 0 && sql_is(s, s->i - 1, "as")))
		return;
	/* WITH name (columns) AS (…) */
	if (s->is_name[s->i] && sql_kind(s, s->i) == TOKEN_WORD &&
	    sql_kind(s, s->i - 1) != TOKEN_DOT)
		return;
	if (sql_takes_bracket(sql_keyword(s, s->i)))
		return;
	if (s->i > 0 && sql_kind(s, s->i - 1) == TOKEN_DOT)
		program_say(s->program, G_SQL, s->at,
		    "The SQL calls %s, a function that is not built in.", name);
	else if (!allow_function(name))
		program_say(s->program, G_SQL, s->at,
		    "The SQL calls %s, which a load has no need of.", name);
}

enum table_use
plan_table_use(struct program *p, const char *name)
{
	const char *alias = NULL;
	const char *message = NULL;
	struct table_ref ref;
	int use = TABLE_UNKNOWN;
	size_t i;
	size_t k;

	if (str_starts(name, "dbfs:/"))
		name += 5;
	if (!table_ref_parse(p->arena, slice_of(name), &ref, &alias,
	        &message) ||
	    alias)
		return TABLE_UNKNOWN;
	for (i = 0; i < p->plan->pipelines.n; i++) {
		const struct plan_pipeline *l = &p->plan->pipelines.v[i];

		for (k = 0; k < l->sources.n; k++) {
			if (table_ref_equal(&ref, l->sources.v[k].table))
				use |= TABLE_READ;
		}
		if (table_ref_equal(&ref, l->target))
			use |= TABLE_WRITTEN | TABLE_TARGET;
		if (l->quarantine.widget &&
		    table_ref_equal(&ref, &l->quarantine.table))
			use |= TABLE_WRITTEN;
	}
	return (enum table_use)use;
}

/* The word at hand begins what comes next, where it is not itself a name. */
static bool
is_reserved(const struct sql *s)
{
	return !s->is_name[s->i] &&
	    keyword_is_quoted((enum keyword)sql_token(s, s->i)->word);
}

/* A name that WITH or a temporary view gives. With a version it is a table's
 * all the same. */
static bool
is_own(const struct sql *s)
{
	static const char *const versions[] = {
	    "version", "timestamp", "for", "system_version", "system_time"};
	const char *name = sql_word(s, s->i);

	return !is_reserved(s) && !STR_IS_IN(sql_word(s, s->i + 1), versions) &&
	    (view_is_made(s->program, name, s->at) || sql_is_common(s, name));
}

/* The table at hand; moves to its last token. */
static void
check_table(struct sql *s, bool written)
{
	size_t first = s->i;
	const char *name;
	enum table_use use;
	bool is_common;

	while (sql_kind(s, s->i + 1) == TOKEN_DOT && sql_word(s, s->i + 2)[0])
		s->i += 2;
	if (first == s->i && !written &&
	    sql_kind(s, s->i + 1) == TOKEN_LPAREN) {
		check_function(s);
		s->i -= is_reserved(s);
		return;
	}
	is_common = first == s->i && !written && is_own(s);
	s->is_name[s->i] = true;
	if (is_common)
		return;
	name = arena_strndup(s->program->arena,
	    s->text + sql_token(s, first)->start,
	    sql_token(s, s->i)->end - sql_token(s, first)->start);
	use = plan_table_use(s->program, name);
	if (use == TABLE_UNKNOWN)
		program_say(s->program, G_TABLE, s->at,
		    "The SQL names the table %s, which the mapping does not.",
		    name);
	else if (s->program->testing)
		program_say(s->program, written ? G_WRITE : G_LIVE, s->at,
		    "The SQL of a test %s %s, which is a table of the mapping.",
		    written ? "writes" : "reads", name);
	else if (written && !(use & TABLE_WRITTEN))
		program_say(s->program, G_WRITE, s->at,
		    "The SQL writes %s, which is a source.", name);
}

/* … IS DISTINCT FROM …, EXTRACT(… FROM …); else a table follows. */
static bool
is_other_from(struct sql *s)
{
	size_t i = s->i;

	if (i > 2 && sql_is(s, i - 1, "distinct")) {
		i -= sql_is(s, i - 2, "not") ? 3 : 2;
		return i > 0 && sql_is(s, i, "is") && sql_ends_value(s, i - 1);
	}
	if (!s->is_call[s->depth] || sql_kind(s, i - 1) == TOKEN_LPAREN)
		return false;
	s->is_call[s->depth] = false;
	return true;
}

/* What stands where a table may stand. */
static void
read_relation(struct sql *s, bool written)
{
	static const char *const before[] = {"table", "if", "not", "exists"};

	while (written ? STR_IS_IN(sql_keyword(s, s->i + 1), before)
	               : sql_is(s, s->i + 1, "lateral"))
		s->i++;
	s->in_relation = sql_kind(s, s->i + 1) == TOKEN_LPAREN;
	if (!written && sql_is(s, s->i + 1, "values") &&
	    sql_kind(s, s->i + 2) == TOKEN_LPAREN) {
		/* VALUES (…), (…) */
		s->i++;
		s->in_rows[s->depth] = true;
	} else if (sql_word(s, s->i + 1)[0]) {
		s->i++;
		check_table(s, written);
	}
}

/* What a bracket in the list of VALUES begins with: a table, where it is no
 * value. */
static void
read_row(struct sql *s)
{
	enum token_kind behind = sql_kind(s, s->i + 2);

	if (!sql_word(s, s->i + 1)[0] || behind == TOKEN_LPAREN ||
	    behind == TOKEN_STRING)
		return;
	s->i++;
	if (is_reserved(s))
		s->i--;
	else
		check_table(s, false);
}

static void
open_bracket(struct sql *s)
{
	static const char *const functions[] = {
	    "extract", "trim", "substring", "substr", "overlay", "position"};
	static const char *const queries[] = {
	    "select", "with", "from", "table"};
	const char *before = s->i > 0 ? sql_keyword(s, s->i - 1) : "";
	bool in_relation = s->in_relation;
	bool in_rows = s->in_rows[s->depth];

	s->in_relation = false;
	if (s->depth + 1 >= SQL_MAX_NESTING) {
		program_say(s->program, G_SQL, s->at,
		    "The SQL is nested too deeply to be read.");
		s->i = s->lexed.tokens.n;
		return;
	}
	s->depth++;
	s->in_rows[s->depth] = in_rows;
	s->in_from[s->depth] = in_relation &&
	    !STR_IS_IN(sql_keyword(s, s->i + 1), queries);
	s->is_call[s->depth] = STR_IS_IN(before, functions);
	if (s->in_from[s->depth])
		read_relation(s, false);
	else if (in_rows)
		read_row(s);
}

/* USING and a format, LOCATION, OPTIONS */
static bool
names_place(const struct sql *s)
{
	const struct token *next = sql_token(s, s->i + 1);

	if (sql_is(s, s->i, "using"))
		return !(s->is_merge && s->depth == 0) &&
		    sql_word(s, s->i + 1)[0] &&
		    (!allow_format(sql_word(s, s->i + 1)) ||
		        sql_kind(s, s->i + 2) == TOKEN_DOT);
	if (sql_is(s, s->i, "location"))
		return next->kind == TOKEN_STRING;
	return sql_is(s, s->i, "options") && next->kind == TOKEN_LPAREN;
}

/* Programs that rows go through, classes that read and write them. */
static bool
names_program(const struct sql *s)
{
	static const char *const words[] = {"using", "serde", "recordreader",
	    "recordwriter", "inputformat", "outputformat", "directory"};
	const char *w = sql_keyword(s, s->i);

	if (sql_kind(s, s->i + 1) == TOKEN_STRING)
		return STR_IS_IN(w, words);
	if (str_eq(w, "stored"))
		return sql_is(s, s->i + 1, "as") || sql_is(s, s->i + 1, "by");
	return str_eq(w, "row") && sql_is(s, s->i + 1, "format");
}

/* SELECT, GROUP BY and their like: what follows is no list of tables. Other
 * words are no end of it, as each may be a column or an alias. */
static void
end_tables(struct sql *s)
{
	static const char *const sets[] = {
	    "union", "all", "distinct", "except", "intersect", "minus"};
	static const char *const lists[] = {
	    "group", "order", "sort", "cluster", "distribute", "partition"};
	const char *before = s->i > 0 ? sql_keyword(s, s->i - 1) : "";

	s->in_rows[s->depth] = false;
	if (sql_is(s, s->i, "select")) {
		if (s->in_from[s->depth] && !STR_IS_IN(before, sets))
			program_say(s->program, G_SQL, s->at,
			    "SELECT stands behind FROM.");
		s->in_from[s->depth] = false;
	} else if ((sql_is(s, s->i, "by") && STR_IS_IN(before, lists)) ||
	    (sql_is(s, s->i, "lateral") && sql_is(s, s->i + 1, "view"))) {
		s->in_from[s->depth] = false;
	}
}

/* The table whose last word is at hand is replaced. */
static void
say_replaced(struct sql *s, bool whole)
{
	size_t first = s->i;

	while (first > 1 && sql_kind(s, first - 1) == TOKEN_DOT)
		first -= 2;
	call_say_replaces(s->program, s->at,
	    arena_strndup(s->program->arena,
	        s->text + sql_token(s, first)->start,
	        sql_token(s, s->i)->end - sql_token(s, first)->start),
	    whole);
}

/* INSERT INTO, whose second word is at hand, or INSERT OVERWRITE. */
static void
read_insert(struct sql *s)
{
	bool replaces = sql_is(s, s->i, "overwrite");
	size_t i;

	read_relation(s, true);
	if (replaces)
		say_replaced(s, !sql_is(s, s->i + 1, "partition"));
	/* REPLACE WHERE stands before the query, USING and ON, too. */
	for (i = s->i + 1; !replaces && sql_kind(s, i) != TOKEN_END; i++) {
		if (sql_kind(s, i) == TOKEN_LPAREN)
			i = sql_close(s, i);
		if (sql_is(s, i, "select") || sql_is(s, i, "values"))
			break;
		if (sql_is(s, i, "replace") &&
		    (sql_is(s, i + 1, "where") || sql_is(s, i + 1, "using") ||
		        sql_is(s, i + 1, "on"))) {
			say_replaced(s,
			    sql_is(s, i + 1, "where") &&
			        sql_is_constant(s, i + 2));
			break;
		}
	}
}

/* The words after which a table follows. */
static void
find_tables(struct sql *s)
{
	const char *w = sql_keyword(s, s->i);
	const char *before = s->i > 0 ? sql_keyword(s, s->i - 1) : "";

	if (str_eq(w, "from") && !is_other_from(s)) {
		s->in_from[s->depth] = true;
		read_relation(s, str_eq(before, "delete"));
	} else if (str_eq(w, "join") || str_eq(w, "clone") ||
	    (str_eq(w, "using") && s->is_merge && s->depth == 0)) {
		read_relation(s, false);
	} else if (str_eq(before, "insert") &&
	    (str_eq(w, "into") || str_eq(w, "overwrite"))) {
		read_insert(s);
	} else if (str_eq(w, "into")) {
		read_relation(s, true);
	}
}

/* What GROUP BY … WITH ROLLUP and their like say is no list. */
static void
read_with(struct sql *s)
{
	if (!sql_is(s, s->i + 1, "rollup") && !sql_is(s, s->i + 1, "cube") &&
	    sql_read_with(s, s->i) == 0)
		program_say(s->program, G_SQL, s->at,
		    "What WITH gives cannot be read.");
}

static void
read_statement_word(struct sql *s)
{
	/* WHEN NOT MATCHED BY SOURCE THEN UPDATE, or DELETE */
	if (s->is_merge && sql_is(s, s->i, "source") && s->i > 1 &&
	    sql_is(s, s->i - 1, "by") && sql_is(s, s->i - 2, "matched"))
		call_say_deletes(s->program, s->at,
		    "The SQL changes rows that no source has");
	if (sql_is(s, s->i, "delete") && s->i > 0 &&
	    sql_is(s, s->i - 1, "then"))
		call_say_deletes(s->program, s->at, "The SQL deletes rows");
	if (sql_is(s, s->i, "table"))
		program_say(s->program, G_SQL, s->at,
		    "TABLE stands where a query may stand.");
	if (names_place(s))
		program_say(s->program, G_SQL, s->at,
		    "%s says where data is, which the mapping alone does.",
		    sql_word(s, s->i));
	if (sql_is(s, s->i, "with"))
		read_with(s);
	end_tables(s);
	find_tables(s);
}

static void
read_expression_word(struct sql *s)
{
	static const char *const queries[] = {
	    "select", "table", "values", "with"};
	const char *w = sql_keyword(s, s->i);

	if (STR_IS_IN(w, queries) || (str_eq(w, "from") && !is_other_from(s)))
		program_say(s->program, G_SQL, s->at,
		    "The expression holds a query of its own.");
}

static void
read_word(struct sql *s)
{
	static const char *const sets[] = {
	    "select", "union", "except", "intersect", "minus", "with"};

	check_function(s);
	if (names_program(s))
		program_say(s->program, G_SQL, s->at,
		    "%s may run or load a program, or write a file.",
		    sql_word(s, s->i));
	if (STR_IS_IN(sql_keyword(s, s->i), sets))
		s->is_call[s->depth] = false;
	if (s->is_statement)
		read_statement_word(s);
	else
		read_expression_word(s);
}

static void
read_token(struct sql *s)
{
	switch ((int)sql_kind(s, s->i)) {
	case TOKEN_LPAREN:
		open_bracket(s);
		break;
	case TOKEN_RPAREN:
		s->depth -= s->depth > 0;
		sql_leave(s);
		break;
	case TOKEN_COMMA:
		s->in_rows[s->depth] &= sql_kind(s, s->i + 1) == TOKEN_LPAREN;
		if (s->in_from[s->depth] && !s->in_rows[s->depth])
			read_relation(s, false);
		break;
	case TOKEN_SEMICOLON:
		if (sql_kind(s, s->i + 1) != TOKEN_END)
			program_say(s->program, G_SQL, s->at,
			    "The SQL holds several statements.");
		break;
	case TOKEN_PIPE:
		if (s->text[sql_token(s, s->i)->end] == '>')
			program_say(s->program, G_SQL, s->at,
			    "The SQL goes on with |>, which is not followed.");
		break;
	case TOKEN_WORD:
	case TOKEN_QUOTED:
		read_word(s);
		break;
	default:
		break;
	}
}

static void
read_tokens(struct sql *s, size_t from, size_t end)
{
	for (s->i = from; s->i < s->lexed.tokens.n && s->i < end; s->i++)
		read_token(s);
}

static bool
start(struct program *p, const struct py_node *at, const char *text,
    struct sql *ret)
{
	sql_read(p, at, text, ret);
	if (strstr(text, "${")) {
		program_say(p, G_SQL, at,
		    "The SQL holds ${, which Spark replaces by settings.");
		return false;
	}
	if (sql_kind(ret, ret->lexed.tokens.n - 1) == TOKEN_BAD) {
		program_say(p, G_SQL, at, "The SQL cannot be read: %s",
		    ret->lexed.bad.message);
		return false;
	}
	return true;
}

void
sql_check_expression(struct program *p, const struct py_node *at,
    const char *text)
{
	struct sql s;

	if (start(p, at, text, &s))
		read_tokens(&s, 0, SIZE_MAX);
}

/* Behind the last token, where there is none. */
static size_t
find_word(const struct sql *s, size_t from, const char *text)
{
	while (from < s->lexed.tokens.n && !sql_is(s, from, text))
		from++;
	return from;
}

static bool
read_create(struct sql *s)
{
	bool replaces = sql_is(s, 1, "or") && sql_is(s, 2, "replace");

	s->i = sql_view(s);
	if (s->i > 0)
		return true;
	s->i = replaces ? 3 : 1;
	if (!sql_is(s, 0, "create") || !sql_is(s, s->i, "table"))
		return false;
	read_relation(s, true);
	if (replaces)
		say_replaced(s, true);
	/* LIKE, and the table that it is to be like. */
	if (sql_is(s, s->i + 1, "like")) {
		s->i++;
		read_relation(s, false);
	}
	return true;
}

/* UPDATE, DELETE, OPTIMIZE */
static void
read_change(struct sql *s, const char *verb)
{
	bool deletes = str_eq(verb, "delete");
	size_t where = find_word(s, s->i, "where");

	if (deletes && sql_is_constant(s, where + 1))
		program_say(s->program, G_WRITE, s->at,
		    "The SQL deletes all rows of a table.");
	else if (str_eq(verb, "update") && sql_is_constant(s, where + 1))
		call_say_deletes(s->program, s->at,
		    "The SQL changes all rows of a table");
	if (!str_eq(verb, "optimize"))
		program_say(s->program, G_DELETES, s->at,
		    "The SQL changes rows with %s.", verb);
	if (!deletes)
		read_relation(s, true);
}

/* What the verb of a statement says, which is at hand; moves to the last token
 * of that. False: there is no such statement in a load. */
static bool
read_verb(struct sql *s)
{
	static const char *const changes[] = {"update", "optimize", "delete"};
	static const char *const options[] = {
	    "history", "detail", "extended", "table"};
	const char *verb = sql_keyword(s, s->i);

	if (s->program->testing && !str_eq(verb, "describe") && !sql_view(s))
		return false;
	if (str_eq(verb, "merge")) {
		s->is_merge = true;
		if (!sql_is(s, s->i + 1, "with"))
			return sql_is(s, s->i + 1, "into");
		s->i++;
		return true;
	}
	if (str_eq(verb, "insert")) {
		s->i++;
		read_insert(s);
		return true;
	}
	if (str_eq(verb, "describe") || str_eq(verb, "desc")) {
		while (STR_IS_IN(sql_keyword(s, s->i + 1), options))
			s->i++;
		read_relation(s, false);
		return true;
	}
	if (str_eq(verb, "analyze") && sql_is(s, s->i + 1, "table")) {
		s->i++;
		read_relation(s, true);
		return true;
	}
	if (!STR_IS_IN(verb, changes))
		return read_create(s);
	read_change(s, verb);
	return true;
}

void
sql_check_statement(struct program *p, const struct py_node *at,
    const char *text)
{
	static const char *const reads[] = {"select", "with", "values", "from"};
	struct sql s;
	size_t verb;
	size_t rest = 0;

	if (!start(p, at, text, &s))
		return;
	s.is_statement = true;
	verb = sql_is(&s, 0, "with") ? sql_read_with(&s, 0) : 0;
	s.i = verb;
	if (!STR_IS_IN(sql_keyword(&s, verb), reads) &&
	    (verb == 0 || sql_kind(&s, verb) != TOKEN_LPAREN)) {
		if (!read_verb(&s)) {
			program_say(p, G_SQL, at,
			    "A statement that starts with %s is not for %s.",
			    sql_word(&s, verb)[0] ? sql_word(&s, verb) : "this",
			    program_kind(p));
			return;
		}
		rest = s.i + 1;
	}
	read_tokens(&s, 0, rest > 0 ? verb : SIZE_MAX);
	if (rest > 0)
		read_tokens(&s, rest, SIZE_MAX);
}
