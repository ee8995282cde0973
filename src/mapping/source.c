#include "base/base.h"

#include "mapping/reader.h"

#include "mapping/name.h"

#include <string.h>

struct slice
names_key(struct arena *a, const char *const *part, size_t n)
{
	size_t length = n;
	size_t at = 0;
	char *p;
	size_t i;

	for (i = 0; i < n; i++)
		length += strlen(part[i]);
	p = arena_alloc(a, length + 1);
	/* No part has a line end, and no path starts with one. */
	for (i = 0; i < n; i++) {
		size_t k = strlen(part[i]);

		p[at++] = '\n';
		memcpy(p + at, part[i], k);
		at += k;
	}
	return slice_of(name_fold(a, (struct slice){p, at}));
}

/* What makes two table cells the same table; see table_ref_equal(). */
static struct slice
table_key(struct arena *a, const struct table_ref *t)
{
	struct slice path;

	if (t->kind == TABLE_NAME)
		return names_key(a, t->part, t->n_parts);
	path = slice_of(t->name);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

/* Gives the table its id, and says so where it is spelled in another case than
 * before; once for each spelling. */
static void
identify(struct reader *r, struct table_cell *t, const struct cell *c)
{
	struct slice key = table_key(r->a, &t->ref);
	const char *first;
	struct problem *p;

	t->id = map_get(&r->ids, key, NONE);
	if (t->id == NONE) {
		t->id = r->tables.n;
		*LIST_ADD(r->a, &r->tables) = (struct table_id){
		    t->ref.name, NONE};
		(void)map_add(r->a, &r->ids, key, t->id);
	}
	first = r->tables.v[t->id].spelling;
	if (!map_add(r->a, &r->spellings, slice_of(t->ref.name), t->id) ||
	    t->ref.kind == TABLE_PATH || str_eq(first, t->ref.name))
		return;
	p = reader_report(r, c, M_SAME_NAME_CASE,
	    "The sheet has spelled %s with other upper and lower case before.",
	    text_shown(r->a, slice_of(t->ref.name)));
	reader_fix(r, p, "Write %s everywhere.",
	    text_shown(r->a, slice_of(first)));
}

const struct table_cell *
find_table(struct reader *r, struct slice text, const struct cell *c)
{
	struct table_cell *t;
	size_t i = map_get(&r->texts, text, NONE);

	if (i != NONE)
		return r->cells.v[i];
	t = arena_new(r->a, struct table_cell);
	t->ok = table_ref_parse(r->a, text, &t->ref, &t->alias, &t->message);
	(void)map_add(r->a, &r->texts, text, r->cells.n);
	*LIST_ADD(r->a, &r->cells) = t;
	if (t->ok)
		identify(r, t, c);
	return t;
}

const struct table_cell *
read_table(struct reader *r, const struct cell *c)
{
	const struct table_cell *t;
	struct problem *p;

	if (c->bad || cell_empty(c))
		return NULL;
	t = find_table(r, c->text, c);
	if (t->ok)
		return t;
	p = reader_report(r, c, M_TABLE_NAME,
	    "\"%s\" is no table name and no path.", cell_shown(r, c));
	reader_fix(r, p, "%s", t->message);
	return NULL;
}

/* The base name of a path without its ending, the last part of a name. */
const char *
default_alias(struct arena *a, const struct table_ref *table)
{
	struct slice s;
	size_t start;
	size_t i;

	if (table->kind == TABLE_NAME)
		return name_make_identifier(a,
		    slice_of(table->part[table->n_parts - 1]));
	s = slice_of(table->name);
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	for (start = s.n; start > 0 && s.p[start - 1] != '/';)
		start--;
	s = (struct slice){s.p + start, s.n - start};
	for (i = 1; i < s.n; i++) {
		if (s.p[i] == '.')
			s.n = i;
	}
	return name_make_identifier(a, s);
}

static bool
same_alias(const char *a, const char *b)
{
	return a && b ? name_equal(a, b) : a == b;
}

/* What a row without alias means: the source without one, else the only one
 * with one. */
static size_t
find_unaliased(struct reader *r, size_t target, size_t table,
    const struct cell *c, bool *ret_failed)
{
	const struct target_state *t = &r->states.v[target];
	size_t found = NONE;
	size_t i;
	struct problem *p;

	*ret_failed = false;
	for (i = 0; i < t->sources.n; i++) {
		const struct source_state *s = &t->sources.v[i];

		if (s->table != table)
			continue;
		if (!s->alias)
			return i;
		if (found != NONE) {
			p = reader_report(r, c, M_ALIAS,
			    "The table is read as %s and as %s; the row does "
			    "not say which one it means.",
			    t->sources.v[found].alias, s->alias);
			reader_fix(r, p,
			    "Write the alias after the table name.");
			*ret_failed = true;
			return NONE;
		}
		found = i;
	}
	return found;
}

static size_t
find_aliased(struct reader *r, size_t target, const struct table_cell *table,
    const char *alias, const struct cell *c, bool *ret_failed)
{
	const struct target_state *t = &r->states.v[target];
	const char *without = default_alias(r->a, &table->ref);
	size_t i;

	*ret_failed = false;
	for (i = 0; i < t->sources.n; i++) {
		const struct source_state *s = &t->sources.v[i];

		if (s->table == table->id &&
		    (same_alias(s->alias, alias) ||
		        (!s->alias && name_equal(without, alias))))
			return i;
		if (s->table != table->id && same_alias(s->alias, alias)) {
			reader_report(r, c, M_ALIAS_TWICE,
			    "%s is the alias of %s already.", alias,
			    text_shown(r->a,
			        slice_of(r->m->targets.v[target]
			                     .sources.v[i]
			                     .table.name)));
			*ret_failed = true;
			return NONE;
		}
	}
	return NONE;
}

size_t
find_source(struct reader *r, size_t target, const struct table_cell *table,
    const char *alias, const struct cell *c, const struct cell *join)
{
	struct target_state *t = &r->states.v[target];
	struct mapping_source *source;
	bool failed;
	size_t i = alias ? find_aliased(r, target, table, alias, c, &failed)
	                 : find_unaliased(r, target, table->id, c, &failed);

	if (i != NONE || failed)
		return i;
	if (t->sources.n == MAPPING_MAX_SOURCES) {
		reader_report(r, c, M_TOO_MANY_SOURCES,
		    "The target reads %d other sources already.",
		    MAPPING_MAX_SOURCES);
		return NONE;
	}
	*LIST_ADD(r->a, &t->sources) = (struct source_state){
	    .table = table->id, .alias = alias, .cell = *c, .join_cell = *join};
	source = LIST_ADD(r->a, &r->m->targets.v[target].sources);
	source->table = table->ref;
	source->alias = alias;
	source->row = c->row;
	return t->sources.n - 1;
}

static bool
is_taken(const struct mapping_target *t, const char *alias)
{
	size_t i;

	for (i = 0; i < t->sources.n; i++) {
		if (t->sources.v[i].alias &&
		    name_equal(t->sources.v[i].alias, alias))
			return true;
	}
	return false;
}

/* The names of a table with at least that many parts, as qualifiers. */
static void
add_names(struct reader *r, const struct table_ref *table, size_t least)
{
	size_t i;

	for (i = 0; i + least <= table->n_parts; i++)
		(void)map_add(r->a, &r->qualifiers,
		    names_key(r->a, table->part + i, table->n_parts - i), 1);
}

static void
settle_target(struct reader *r, struct mapping_target *t)
{
	size_t i;

	for (i = 0; i < t->sources.n; i++) {
		struct mapping_source *s = &t->sources.v[i];
		const char *base = default_alias(r->a, &s->table);
		const char *alias = base;
		int n = 2;

		while (!s->alias && is_taken(t, alias))
			alias = arena_printf(r->a, "%s_%d", base, n++);
		if (!s->alias)
			s->alias = alias;
		(void)map_add(r->a, &r->qualifiers,
		    names_key(r->a, &s->alias, 1), 1);
		add_names(r, &s->table, 1);
	}
	/* One word may well be a column of the target's name. */
	add_names(r, &t->table, 2);
}

void
settle_aliases(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->m->targets.n; i++)
		settle_target(r, &r->m->targets.v[i]);
}
