#include "base/base.h"

#include "core/generations.h"

#include "base/buf.h"
#include "core/key.h"
#include "db/db.h"
#include "db/queries.h"

#include <string.h>

#define LIST_MAX 1000
#define TEXT_MAX 200 /* bytes of a search text */

static const char *const statuses[GENERATION__STATUS_COUNT] = {
    [GENERATION_RUNNING] = "running",
    [GENERATION_SUCCEEDED] = "succeeded",
    [GENERATION_FAILED] = "failed",
    [GENERATION_STOPPED] = "stopped",
};

/* The words that sql/generation.sql knows. */
static const char *const sorts[SORT__COUNT] = {
    [SORT_CREATED] = "created",
    [SORT_NAME] = "name",
    [SORT_PATTERN] = "pattern",
    [SORT_TARGET] = "target",
    [SORT_STATUS] = "status",
    [SORT_DURATION] = "duration",
    [SORT_OWNER] = "owner",
};

const char *
generation_status_name(enum generation_status status)
{
	return statuses[status];
}

enum generation_status
generation_status_find(const char *name)
{
	for (size_t i = 0; i < GENERATION__STATUS_COUNT; i++) {
		if (str_eq(name, statuses[i]))
			return (enum generation_status)i;
	}
	return GENERATION_FAILED;
}

static struct generation
item_of(const struct q_generation *row)
{
	return (struct generation){
	    .id = row->id,
	    .mapping = row->mapping,
	    .revision_number = row->number,
	    .name = row->name,
	    .pattern = row->pattern,
	    .pattern_version = row->pattern_version,
	    .options = row->options,
	    .engine = row->engine,
	    .compiler = row->compiler,
	    .targets = row->targets,
	    .target_count = row->target_count,
	    .column_count = row->column_count,
	    .status = generation_status_find(row->status),
	    .error = row->error,
	    .duration_us = row->duration,
	    .created_ms = row->created,
	    .owner = row->owner,
	    .code = "",
	    .plan = "",
	    .source_map = "[]",
	    .untested = "[]",
	};
}

static const struct err *
find_key(const struct app *app, struct arena *a, const struct user *user,
    const char *key, struct generation_id *ret)
{
	const struct q_generation_by_key_row *row;
	const struct err *e;

	e = q_generation_by_key(app->db, a, user->id, key, &row);
	if (!e)
		*ret = row ? row->id : (struct generation_id){0};
	return e;
}

const struct err *
generations_find_key(const struct app *app, const struct user *user,
    const char *idempotency_key, struct generation_id *ret)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	const char *key;

	e = key_check(idempotency_key, &key);
	if (e)
		return e;
	if (!key) {
		*ret = (struct generation_id){0};
		return NULL;
	}
	return find_key(app, &a, user, key, ret);
}

static const struct err *
create(const struct app *app, struct arena *a, const struct user *user,
    const char *key, const struct generation *g, struct generation_id *ret)
{
	const struct q_generation_create_row *row;
	const struct err *e;

	e = q_generation_create(app->db, a, user->id, g->name, g->pattern,
	    g->options, g->engine, g->compiler, g->targets, g->target_count,
	    g->column_count, statuses[g->status], g->error, g->duration_us, key,
	    clock_now_ms(&app->clock), g->pattern_version, g->mapping,
	    g->revision_number, user_sees_all(user), &row);
	if (!e && !row)
		e = db_no_row();
	if (!e)
		e = q_artifact_create(app->db, row->id, g->plan, g->code,
		    g->source_map ? g->source_map : "[]", g->tests,
		    g->untested ? g->untested : "[]");
	if (!e)
		*ret = row->id;
	return e;
}

const struct err *
generations_insert(const struct app *app, struct arena *a,
    const struct user *user, const char *key, const struct generation *g,
    struct generation_id *ret, bool *ret_made)
{
	struct generation_id id = {0};
	const struct err *e = NULL;

	if (key)
		e = find_key(app, a, user, key, &id);
	*ret_made = id.v == 0;
	if (!e && id.v == 0)
		e = create(app, a, user, key, g, &id);
	if (!e)
		*ret = id;
	return e;
}

const struct err *
generations_create(const struct app *app, const struct user *user,
    const char *idempotency_key, const struct generation *g,
    struct generation_id *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	const char *key;
	bool made;

	e = key_check(idempotency_key, &key);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e)
		e = generations_insert(app, &a, user, key, g, ret, &made);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
generations_get(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, struct generation *ret)
{
	const struct q_generation *row;
	const struct q_artifact_get_row *artifact;
	struct generation g;
	const struct err *e;

	e = q_generation_get(app->db, a, id, user->id, user_sees_all(user),
	    &row);
	if (!e && !row)
		e = db_no_row();
	if (e)
		return e;
	g = item_of(row);
	e = q_artifact_get(app->db, a, id, &artifact);
	if (!e && !artifact)
		e = db_no_row();
	if (e)
		return e;
	g.plan = artifact->plan;
	g.code = artifact->code;
	g.source_map = artifact->source_map;
	g.tests = artifact->tests;
	g.untested = artifact->untested;
	*ret = g;
	return NULL;
}

/* A filter as the queries take it. */
struct scope {
	const struct user_id *owner; /* NULL: everybody's */
	const char *text;            /* pattern of LIKE */
	const char *pattern;
	const char *status;
	int64_t from;
	int64_t to;
	int64_t limit;
	int64_t offset;
	bool nothing; /* can only be empty */
};

/* Text anywhere, with nothing in it that LIKE would understand. */
static const char *
like(struct arena *a, const char *text)
{
	struct buf b;

	buf_init(&b, a, 2 * TEXT_MAX + 2);
	buf_add_chr(&b, '%');
	for (; *text; text++) {
		if (strchr("%_\\", *text))
			buf_add_chr(&b, '\\');
		buf_add_chr(&b, *text);
	}
	buf_add_chr(&b, '%');
	return buf_str(&b);
}

static const struct err *
find_owner(const struct app *app, struct arena *a, const struct user *user,
    const char *name, struct scope *s)
{
	const struct user *owner = user;
	const struct err *e;

	if (user_sees_all(user)) {
		owner = NULL;
		if (str_empty(name))
			return NULL;
		e = user_find(app, a, name, &owner);
		if (e)
			return e;
	} else if (!str_empty(name) && !str_ieq(name, user->name)) {
		owner = NULL;
	}
	s->nothing = !owner;
	s->owner = owner ? &owner->id : NULL;
	return NULL;
}

static const struct err *
make_scope(const struct app *app, struct arena *a, const struct user *user,
    const struct generation_filter *f, struct scope *ret)
{
	struct scope s = {
	    .pattern = str_empty(f->pattern) ? NULL : f->pattern,
	    .status = str_empty(f->status) ? NULL : f->status,
	    .from = f->from_ms,
	    .to = f->to_ms > 0 ? f->to_ms : INT64_MAX,
	    .limit = f->limit < LIST_MAX ? f->limit : LIST_MAX,
	    .offset = f->offset,
	};
	const struct err *e = find_owner(app, a, user, f->owner, &s);

	if (e)
		return e;
	if (!str_empty(f->text) && strlen(f->text) > TEXT_MAX)
		s.nothing = true;
	else if (!str_empty(f->text))
		s.text = like(a, f->text);
	*ret = s;
	return NULL;
}

static void
take(struct arena *a, const struct q_generation *rows, size_t n,
    struct generation_list *ret)
{
	size_t i;

	for (i = 0; i < n; i++)
		*LIST_ADD(a, ret) = item_of(&rows[i]);
}

/* The usual order has queries of its own, which read no more than a page. */
static const struct err *
list(const struct app *app, struct arena *a, const struct scope *s,
    const struct generation_filter *f, struct generation_list *ret)
{
	struct q_generation_newest_rows newest = {0};
	struct q_generation_newest_of_rows of = {0};
	struct q_generation_sorted_rows sorted = {0};
	const struct err *e;

	if (f->sort != SORT_CREATED || f->ascending)
		e = q_generation_sorted(app->db, a, sorts[f->sort], s->owner,
		    s->from, s->to, s->pattern, s->status, s->text,
		    f->ascending, s->limit, s->offset, &sorted);
	else if (s->owner)
		e = q_generation_newest_of(app->db, a, *s->owner, s->from,
		    s->to, s->pattern, s->status, s->text, s->limit, s->offset,
		    &of);
	else
		e = q_generation_newest(app->db, a, s->from, s->to, s->pattern,
		    s->status, s->text, s->limit, s->offset, &newest);
	if (e)
		return e;
	take(a, sorted.v, sorted.n, ret);
	take(a, of.v, of.n, ret);
	take(a, newest.v, newest.n, ret);
	return NULL;
}

static bool
is_filtered(const struct scope *s)
{
	return s->text || s->pattern || s->status || s->from > 0 ||
	    s->to < INT64_MAX;
}

static const struct err *
count(const struct app *app, struct arena *a, const struct scope *s,
    int64_t *ret)
{
	struct q_generation_count row;
	const struct err *e;

	if (is_filtered(s))
		e = q_generation_count(app->db, a, s->owner, s->from, s->to,
		    s->pattern, s->status, s->text, &row);
	else
		e = q_generation_total(app->db, a, s->owner, &row);
	if (!e)
		*ret = row.count;
	return e;
}

const struct err *
generations_list(const struct app *app, struct arena *a,
    const struct user *user, const struct generation_filter *f,
    struct generation_list *ret, int64_t *ret_total)
{
	struct generation_list found = {0};
	const struct err *e;
	struct scope s;
	int64_t total = 0;

	assert(f->sort < SORT__COUNT);
	e = make_scope(app, a, user, f, &s);
	if (!e && !s.nothing)
		e = list(app, a, &s, f, &found);
	if (!e && !s.nothing)
		e = count(app, a, &s, &total);
	if (e)
		return e;
	*ret = found;
	*ret_total = total;
	return NULL;
}

const struct err *
generations_of_mapping(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id, int64_t limit,
    struct generation_list *ret)
{
	struct q_generation_of_mapping_rows rows;
	struct generation_list found = {0};
	const struct err *e;

	e = q_generation_of_mapping(app->db, a, id, user->id,
	    user_sees_all(user), limit, &rows);
	if (e)
		return e;
	take(a, rows.v, rows.n, &found);
	*ret = found;
	return NULL;
}

const struct err *
generations_used(const struct app *app, const struct user *user,
    struct mapping_id id, const char *pattern, int64_t version, bool *ret)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_generation_used_row *row;
	const struct err *e;

	e = q_generation_used(app->db, &a, id, pattern, version, user->id,
	    user_sees_all(user), &row);
	if (!e)
		*ret = row != NULL;
	return e;
}
