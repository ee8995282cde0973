#include "base/base.h"

#include "emit/sql_parts.h"

#include "expr/expr.h"

#include <string.h>

void
sql_put_list(struct sql *s, int level, const char *before,
    const struct python_pieces *list, const char *after)
{
	const char *line = arena_printf(s->arena, "%s%s%s", before,
	    python_join(s->arena, list, ", "), after);
	size_t n = strlen(before);
	size_t i;

	if (python_fits(level, line)) {
		SQL_LINE(s, level, "%s", line);
		return;
	}
	if (n > 0 && before[n - 1] == ' ')
		n--;
	SQL_LINE(s, level, "%.*s", (int)n, before);
	for (i = 0; i < list->n; i++)
		SQL_LINE(s, level + 1, "%s%s", list->v[i],
		    i + 1 < list->n ? "," : "");
	if (after[0])
		SQL_LINE(s, level, "%s", after);
}

/* No line begins within an expression, whatever stands in its literals. */
static const char *
one_line(struct sql *s, const char *text)
{
	const char *line = expr_one_line(s->arena, text);

	assert(line); /* what cannot be is refused before */
	return line;
}

const char *
sql_string(struct sql *s, const char *text)
{
	return one_line(s, expr_quote_string(s->arena, text));
}

const char *
sql_name(const struct sql *s, size_t column)
{
	return expr_quote_name(s->arena, s->p->columns.v[column].name);
}

void
sql_add_names(struct sql *s, struct python_pieces *list,
    const struct plan_indices *columns)
{
	size_t i;

	for (i = 0; i < columns->n; i++)
		python_add_piece(s->arena, list, "%s",
		    sql_name(s, columns->v[i]));
}

void
sql_add_written(struct sql *s, struct python_pieces *list)
{
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		if ((int)i != s->p->deleted)
			python_add_piece(s->arena, list, "%s", sql_name(s, i));
	}
}

struct python_pieces
sql_prefixed(struct sql *s, const struct python_pieces *names,
    const char *prefix)
{
	struct python_pieces list = {0};
	size_t i;

	for (i = 0; i < names->n; i++)
		python_add_piece(s->arena, &list, "%s%s", prefix, names->v[i]);
	return list;
}

struct python_pieces
sql_same(struct sql *s, const struct python_pieces *names)
{
	struct python_pieces list = {0};
	size_t i;

	for (i = 0; i < names->n; i++)
		python_add_piece(s->arena, &list, "target.%s <=> source.%s",
		    names->v[i], names->v[i]);
	return list;
}

const char *
sql_same_all(struct sql *s, const struct python_pieces *names)
{
	struct python_pieces same = sql_same(s, names);

	return python_join(s->arena, &same, " AND ");
}

void
sql_begin(struct sql *s, int level, const char *name, const char *what)
{
	if (!s->has_query)
		SQL_LINE(s, level, "WITH");
	s->has_query = true;
	SQL_LINE(s, level, "-- %s", what);
	SQL_LINE(s, level, "%s AS (", name);
}

void
sql_end(struct sql *s, int level, bool is_last)
{
	SQL_LINE(s, level, "%s", is_last ? ")" : "),");
}

/* What is read. Of a source alone only the columns that the sheet names: one
 * that is not there must not be taken for another column of the target, which
 * Spark would look for next. */
static const char *
source_of(struct sql *s, const struct plan_source *from)
{
	const char *table = arena_printf(s->arena, "IDENTIFIER(:%s)",
	    from->widget);
	struct python_pieces needs = {0};
	size_t i;

	if (s->p->sources.n > 1 || from->needs.n == 0)
		return table;
	for (i = 0; i < from->needs.n; i++)
		python_add_piece(s->arena, &needs, "%s",
		    expr_quote_name(s->arena, from->needs.v[i]));
	return arena_printf(s->arena, "(SELECT %s FROM %s)",
	    python_join(s->arena, &needs, ", "), table);
}

static void
put_sources(struct sql *s, int level)
{
	static const char *const kinds[] = {
	    [JOIN_LEFT] = "LEFT",
	    [JOIN_INNER] = "INNER",
	    [JOIN_RIGHT] = "RIGHT",
	    [JOIN_FULL] = "FULL",
	};
	struct arena *a = s->arena;
	size_t i;

	for (i = 0; i < s->p->sources.n; i++) {
		const struct plan_source *from = &s->p->sources.v[i];
		const char *how = i == 0 ? "FROM"
		    : from->on ? arena_printf(a, "%s JOIN", kinds[from->join])
		               : "CROSS JOIN";
		const char *line = arena_printf(a, "%s %s AS %s%s%s", how,
		    source_of(s, from), expr_quote_name(a, from->alias),
		    from->on ? " ON " : "",
		    from->on ? one_line(s, from->on) : "");

		python_put_of_row(&s->out, level, from->row, line);
	}
	for (i = 0; i < s->p->filters.n; i++)
		SQL_LINE(s, i == 0 ? level : level + 1, "%s (%s)",
		    i == 0 ? "WHERE" : "AND", one_line(s, s->p->filters.v[i]));
}

void
sql_put_new(struct sql *s, int level, bool is_last)
{
	/* One batch has one name, and a run without one gets its time. */
	const char *batch = "coalesce(nullif(:" PLAN_BATCH_ID
	                    ", ''), date_format(current_timestamp(), "
	                    "'yyyyMMddHHmmssSSS'))";
	size_t i;

	sql_begin(s, level, "new", "The target rows as the sources make them");
	SQL_LINE(s, level + 1, "SELECT");
	for (i = 0; i < s->p->columns.n; i++) {
		const struct plan_column *c = &s->p->columns.v[i];

		python_put_of_row(&s->out, level + 2, c->row,
		    arena_printf(s->arena, "%s AS %s%s",
		        one_line(s, plan_column_sql(s->arena, c, batch)),
		        sql_name(s, i), i + 1 < s->p->columns.n ? "," : ""));
	}
	put_sources(s, level + 1);
	sql_end(s, level, is_last);
}

/* Rows that differ but in what differs in every run are one. */
void
sql_put_batch(struct sql *s, int level, const char *what, const char *from,
    const char *condition, bool is_last)
{
	struct python_pieces told = {0};
	struct python_pieces shown = {0};
	bool any = false;
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		const char *column = sql_name(s, i);

		if (!s->p->columns.v[i].is_volatile) {
			python_add_piece(s->arena, &told, "%s", column);
			python_add_piece(s->arena, &shown, "%s", column);
		} else {
			python_add_piece(s->arena, &shown,
			    "any_value(%s) AS %s", column, column);
			any = true;
		}
	}
	sql_begin(s, level, "batch", what);
	sql_put_list(s, level + 1, any ? "SELECT " : "SELECT DISTINCT ", &shown,
	    "");
	SQL_LINE(s, level + 1, "FROM %s", from);
	if (condition)
		SQL_LINE(s, level + 1, "WHERE %s", condition);
	if (any)
		sql_put_list(s, level + 1, "GROUP BY ", &told, "");
	sql_end(s, level, is_last);
}

void
sql_end_problems(struct sql *s, int level, bool is_last)
{
	if (!s->has_problem)
		return;
	SQL_LINE(s, level + 1, ")");
	SQL_LINE(s, level + 1, "HAVING count(*) > 0");
	sql_end(s, level, is_last);
}

void
sql_put_problem(struct sql *s, int level, const char *text, const char *from,
    const char *having)
{
	if (s->has_problem) {
		SQL_LINE(s, level + 2, "UNION ALL");
	} else {
		sql_begin(s, level, "problems", "What must not be");
		SQL_LINE(s, level + 1,
		    "SELECT array_join(array_sort(collect_list(problem)), "
		    "'; ') AS problems");
		SQL_LINE(s, level + 1, "FROM (");
		s->has_problem = true;
	}
	SQL_LINE(s, level + 2, "SELECT %s AS problem", text);
	SQL_LINE(s, level + 2, "FROM %s", from);
	SQL_LINE(s, level + 2, "HAVING %s", having);
}

void
sql_put_repeated(struct sql *s, int level, const char *subject,
    const char *from, const struct python_pieces *keys)
{
	const char *names = python_join(s->arena, keys, ", ");

	sql_put_problem(s, level,
	    arena_printf(s->arena,
	        "concat(%s, ': keys that occur more than once (up to 20 "
	        "shown): ', array_join(collect_list(_key), '; '))",
	        subject),
	    arena_printf(s->arena,
	        "(SELECT to_json(struct(%s), map('ignoreNullFields', "
	        "'false')) AS _key FROM %s GROUP BY %s HAVING count(*) > 1 "
	        "ORDER BY %s LIMIT 20)",
	        names, from, names, names),
	    "count(*) > 0");
}

void
sql_put_rules(struct sql *s, int level, const char *rows)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *exempt = plan_flag(p) < 0
	    ? ""
	    : arena_printf(a, "%s OR ", pipeline_exempt(a, p));
	size_t i;

	for (i = 0; i < p->rules.n; i++) {
		const struct plan_rule *rule = &p->rules.v[i];
		int64_t first = python_line_number(&s->out);

		sql_put_problem(s, level,
		    arena_printf(a,
		        "concat(:%s, ': rows break a rule: ', %s, ' (', "
		        "count(*), ' rows)')",
		        p->widget, sql_string(s, rule->name)),
		    arena_printf(a,
		        "(SELECT %scoalesce(%s, false) AS _holds FROM %s) "
		        "WHERE NOT _holds",
		        exempt, one_line(s, rule->condition), rows),
		    "count(*) > 0");
		python_mark(&s->out, first, rule->row);
	}
}

void
sql_put_matches(struct sql *s, int level)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	size_t i;
	size_t j;

	for (i = 1; p->single_matches && i < p->sources.n; i++) {
		const struct plan_source *from = &p->sources.v[i];
		const char *table = arena_printf(a, "IDENTIFIER(:%s)",
		    from->widget);
		const char *subject = arena_printf(a, ":%s", from->widget);
		struct python_pieces keys = {0};
		struct python_pieces known = {0};

		for (j = 0; j < from->match.n; j++) {
			const char *name = expr_quote_name(a, from->match.v[j]);

			python_add_piece(s->arena, &keys, "%s", name);
			python_add_piece(s->arena, &known, "%s IS NOT NULL",
			    name);
		}
		if (keys.n == 0)
			sql_put_problem(s, level,
			    arena_printf(a,
			        "concat(%s, ': a join would take each of "
			        "several rows')",
			        subject),
			    table, "count(*) > 1");
		else
			sql_put_repeated(s, level, subject,
			    arena_printf(a, "%s WHERE %s", table,
			        python_join(s->arena, &known, " AND ")),
			    &keys);
	}
}

void
sql_put_checked(struct sql *s, int level, const char *from, size_t columns,
    size_t raised, const char *end)
{
	struct python_pieces shown = {0};
	size_t i;

	SQL_LINE(s, level, "SELECT * FROM %s%s", from,
	    s->has_problem ? "" : end);
	if (!s->has_problem)
		return;
	for (i = 0; i < columns; i++)
		python_add_piece(s->arena, &shown, "%s",
		    i == raised ? "raise_error(problems)" : "NULL");
	SQL_LINE(s, level, "UNION ALL");
	SQL_LINE(s, level, "-- Raises an error if there is a problem.");
	SQL_LINE(s, level, "SELECT %s FROM problems%s",
	    python_join(s->arena, &shown, ", "), end);
}
