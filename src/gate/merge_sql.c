#include "base/base.h"

#include "gate/merges.h"

#include "gate/selects.h"

/* MERGE INTO t USING s ON … WHEN …, token by token. */
struct statement {
	struct merging m;
	struct sql s;
	size_t i;
};

static bool
take(struct statement *r, const char *word)
{
	bool is = sql_is(&r->s, r->i, word);

	r->i += is;
	return is;
}

/* To the next WHEN, or THEN, or the end. */
static void
skip_to(struct statement *r, const char *word)
{
	while (!sql_is_end(&r->s, r->i) && !sql_is(&r->s, r->i, word)) {
		if (sql_is(&r->s, r->i, "case")) {
			size_t depth = 1;

			for (r->i++; depth > 0 && !sql_is_end(&r->s, r->i);
			     r->i = sql_next(&r->s, r->i)) {
				depth += sql_is(&r->s, r->i, "case");
				depth -= sql_is(&r->s, r->i, "end");
			}
			continue;
		}
		r->i = sql_next(&r->s, r->i);
	}
}

/* Where an item of a list ends. */
static size_t
item_end(struct statement *r, size_t end)
{
	size_t i = r->i;

	while (i < end && sql_kind(&r->s, i) != TOKEN_COMMA)
		i = sql_next(&r->s, i);
	return i;
}

/* a = …, b = …; false: it cannot be read. */
static bool
read_set(struct statement *r, size_t end, const struct shape *from,
    struct shape *ret)
{
	while (r->i < end) {
		size_t name = sql_behind_name(&r->s, r->i);
		size_t last = item_end(r, end);

		if (sql_kind(&r->s, name) != TOKEN_EQ || name + 1 >= last)
			return false;
		*LIST_ADD(r->m.c->p->arena, ret) = (struct made){
		    .name = sql_word(&r->s, name - 1),
		    .sql = sql_between(&r->s, name + 1, last),
		    .from = from,
		    .at = r->m.call};
		r->i = last + 1;
	}
	return ret->n > 0;
}

/* (a, b) VALUES (…, …) */
static bool
read_values(struct statement *r, const struct shape *from, struct shape *ret)
{
	struct sql *s = &r->s;
	size_t names = r->i;
	size_t end;

	if (sql_kind(s, names) != TOKEN_LPAREN)
		return false;
	r->i = sql_close(s, names) + 1;
	if (!take(r, "values") || sql_kind(s, r->i) != TOKEN_LPAREN)
		return false;
	end = sql_close(s, r->i);
	for (r->i++; r->i < end; names++) {
		size_t last = item_end(r, end);

		names = sql_behind_name(s, names + 1);
		if (sql_kind(s, names) != TOKEN_COMMA &&
		    sql_kind(s, names) != TOKEN_RPAREN)
			return false;
		*LIST_ADD(r->m.c->p->arena, ret) = (struct made){
		    .name = sql_word(s, names - 1),
		    .sql = sql_between(s, r->i, last),
		    .from = from,
		    .at = r->m.call};
		r->i = last + 1;
		names--;
	}
	return sql_kind(s, names + 1) == TOKEN_RPAREN;
}

/* One clause, behind its THEN; end: where the next one begins. */
static void
read_clause(struct statement *r, size_t end)
{
	struct merging *m = &r->m;
	bool updates = take(r, "update");
	bool all;
	size_t i;
	size_t at;

	if (!updates && !take(r, "insert"))
		return;
	if (updates)
		take(r, "set");
	all = sql_kind(&r->s, r->i) == TOKEN_STAR;
	m->updates_all = m->updates_all || (updates && all);
	if (all) {
		columns_check_rows(m->c, m->from, m->call, true);
		return;
	}
	at = r->i;
	for (i = 0; i < m->from->n; i++) {
		const struct shape *from = merge_both(m, m->from->v[i]);
		struct shape values = {0};

		r->i = at;
		if (updates) {
			values.unknown = !read_set(r, end, from, &values);
			merge_update(m, &values);
		} else {
			values.unknown = !read_values(r, from, &values);
			columns_check_shape(m->c, &values, m->call, false);
		}
	}
	columns_note_rows(m->c, m->from, m->call);
}

static void
read_clauses(struct statement *r)
{
	while (!sql_is_end(&r->s, r->i)) {
		size_t then;
		size_t next;

		r->i++;
		skip_to(r, "then");
		if (sql_is_end(&r->s, r->i))
			return;
		then = r->i;
		skip_to(r, "when");
		next = r->i;
		r->m.has_clause = true;
		r->i = then + 1;
		read_clause(r, next);
		r->i = next;
	}
}

/* WHEN MATCHED, WHEN NOT MATCHED */
static size_t
count_clauses(const struct statement *r)
{
	size_t found = 0;
	size_t i;

	for (i = r->i; !sql_is_end(&r->s, i); i = sql_next(&r->s, i))
		found += sql_is(&r->s, i, "when") &&
		    (sql_is(&r->s, i + 1, "matched") ||
		        (sql_is(&r->s, i + 1, "not") &&
		            sql_is(&r->s, i + 2, "matched")));
	return found;
}

/* THEN UPDATE, THEN INSERT, THEN DELETE, as the clauses are read. */
static size_t
count_thens(struct statement *r)
{
	size_t begin = r->i;
	size_t found = 0;

	while (!sql_is_end(&r->s, r->i)) {
		r->i++;
		skip_to(r, "then");
		if (sql_is_end(&r->s, r->i))
			break;
		found += sql_is(&r->s, r->i + 1, "update") ||
		    sql_is(&r->s, r->i + 1, "insert") ||
		    sql_is(&r->s, r->i + 1, "delete");
		skip_to(r, "when");
	}
	r->i = begin;
	return found;
}

bool
columns_check_sql_merge(struct checking *c, const struct py_node *call,
    const char *text)
{
	struct statement r = {.m = {.c = c, .call = call, .sure = true}};
	struct shapes *from = arena_new(c->p->arena, struct shapes);
	size_t on;

	sql_read(c->p, call, text, &r.s);
	if (!take(&r, "merge"))
		return false;
	if (take(&r, "with"))
		r.i += sql_is(&r.s, r.i, "schema") +
		    sql_is(&r.s, r.i + 1, "evolution");
	if (!take(&r, "into"))
		return false;
	r.m.alias = sql_relation_shape(c->p, call, &r.s, &r.i)->alias;
	if (!take(&r, "using"))
		return false;
	*LIST_ADD(c->p->arena, from) = sql_relation_shape(c->p, call, &r.s,
	    &r.i);
	if (!take(&r, "on"))
		return false;
	on = r.i;
	skip_to(&r, "when");
	if (sql_is_end(&r.s, r.i) || r.i == on)
		return false;
	r.m.condition = sql_between(&r.s, on, r.i);
	r.m.from = from;
	r.m.set = arena_array(c->p->arena, bool, c->l->columns.n + 1);
	/* Or a word is a name somewhere. */
	if (count_clauses(&r) != count_thens(&r))
		return false;
	read_clauses(&r);
	if (!r.m.has_clause)
		return false;
	merge_check_keys(&r.m);
	merge_check_unset(&r.m);
	return true;
}
