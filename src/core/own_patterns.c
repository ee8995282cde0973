#include "base/base.h"

#include "core/own_patterns.h"

#include "db/db.h"
#include "db/queries.h"

#include <string.h>

#define LIST_MAX 1000
#define HISTORY_MAX 500
#define NOTE_LENGTH 500

static struct own_pattern
item_of(const struct q_stored_pattern *row)
{
	return (struct own_pattern){
	    .id = row->id,
	    .name = row->name,
	    .installed = row->installed != 0,
	    .disabled = row->disabled != 0,
	    .version_count = row->versions,
	    .version = row->number,
	    .title = row->title,
	    .summary = row->summary,
	    .base = row->base,
	    .document = row->document,
	    .author = row->author,
	    .note = row->note,
	    .created_ms = row->created,
	};
}

const struct err *
own_patterns_list(const struct app *app, struct arena *a,
    struct own_patterns *ret)
{
	struct q_pattern_list_rows rows;
	struct own_patterns list = {0};
	const struct err *e;
	size_t i;

	e = q_pattern_list(app->db, a, LIST_MAX, &rows);
	if (e)
		return e;
	for (i = 0; i < rows.n; i++)
		*LIST_ADD(a, &list) = item_of(&rows.v[i]);
	*ret = list;
	return NULL;
}

const struct err *
own_patterns_find(const struct app *app, struct arena *a, const char *name,
    int64_t version, const struct own_pattern **ret)
{
	const struct q_stored_pattern *row;
	struct own_pattern *found;
	const struct err *e;

	e = q_pattern_get(app->db, a, version > 0 ? &version : NULL, name,
	    &row);
	if (e)
		return e;
	*ret = NULL;
	if (row) {
		found = arena_new(a, struct own_pattern);
		*found = item_of(row);
		*ret = found;
	}
	return NULL;
}

/* Both lists are newest first; so is what becomes of them. */
const struct err *
own_patterns_history(const struct app *app, struct arena *a,
    struct pattern_id id, struct own_pattern_events *ret)
{
	struct q_pattern_versions_rows versions;
	struct q_pattern_switches_rows switches;
	struct own_pattern_events list = {0};
	const struct err *e;
	size_t i = 0;
	size_t k = 0;

	e = q_pattern_versions(app->db, a, id, HISTORY_MAX, &versions);
	if (!e)
		e = q_pattern_switches(app->db, a, id, HISTORY_MAX, &switches);
	if (e)
		return e;
	while (list.n < HISTORY_MAX && (i < versions.n || k < switches.n)) {
		const struct q_pattern_versions_row *v = &versions.v[i];
		const struct q_pattern_switches_row *s = &switches.v[k];
		bool is_switch = k < switches.n &&
		    (i == versions.n || s->created >= v->created);

		if (is_switch) {
			*LIST_ADD(a, &list) = (struct own_pattern_event){
			    .disabled = s->disabled != 0,
			    .title = "",
			    .author = s->author,
			    .note = "",
			    .created_ms = s->created};
			k++;
		} else {
			*LIST_ADD(a, &list) = (struct own_pattern_event){
			    .version = v->number,
			    .title = v->title,
			    .author = v->author,
			    .note = v->note,
			    .created_ms = v->created};
			i++;
		}
	}
	*ret = list;
	return NULL;
}

/* What is to be stored, and by whom. */
struct save {
	const struct app *app;
	struct arena *arena;
	const struct user *author; /* NULL: nobody who signs in */
	const char *note;
	const struct pattern *pattern;
	const char *document;
	bool installed;
};

static const struct err *
add_version(const struct save *s, struct pattern_id id, int64_t number)
{
	const struct pattern *p = s->pattern;

	return q_pattern_version_create(s->app->db, id, number, p->title,
	    p->summary, p->extends, s->document,
	    s->author ? &s->author->id : NULL,
	    utf8_cut(s->arena, s->note, NOTE_LENGTH),
	    clock_now_ms(&s->app->clock));
}

static const struct err *
create(const struct save *s)
{
	struct q_pattern_create_row row;
	const struct err *e;

	e = q_pattern_create(s->app->db, s->arena, s->pattern->name,
	    s->installed, clock_now_ms(&s->app->clock), &row);
	if (!e)
		e = add_version(s, row.id, 1);
	return e;
}

static const struct err *
advance(const struct save *s, const struct q_stored_pattern *head)
{
	const struct err *e;

	e = q_pattern_advance(s->app->db, head->versions + 1, s->installed,
	    head->id);
	if (!e)
		e = add_version(s, head->id, head->versions + 1);
	return e;
}

static bool
is_author(const struct q_stored_pattern *head, const struct user *author)
{
	if (!author)
		return !head->has_author_id;
	return head->has_author_id && head->author_id.v == author->id.v;
}

/* Whether there is something to store, or why it cannot be. */
static const struct err *
judge(const struct save *s, const struct q_stored_pattern *head, int64_t base,
    bool *ret_needed)
{
	bool same = head && str_eq(head->document, s->document);

	*ret_needed = false;
	if (!head && base > 0)
		return db_no_row();
	/* The same POST again: its first try has made the newest version. */
	if (same && head->versions == base + 1 && is_author(head, s->author))
		return NULL;
	if (head && base == 0)
		return err_new(P_NAME_EXISTS,
		    "There is a pattern %s already, at version %" PRId64 ".",
		    head->name, head->versions);
	if (head && head->installed)
		return err_new(P_INSTALLED, "%s comes with the installation.",
		    head->name);
	if (head && head->versions != base)
		return err_new(W_CONFLICT,
		    "The pattern has been changed meanwhile: it is at version "
		    "%" PRId64 ", yours was made of %" PRId64 ".",
		    head->versions, base);
	*ret_needed = !same;
	return NULL;
}

const struct err *
own_patterns_save(const struct app *app, const struct user *author,
    int64_t base, const char *note, const struct derived *derived,
    struct slice document, int64_t *ret_version)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct save s = {app, &a, author, note, &derived->pattern,
	    slice_dup(&a, document), false};
	const struct q_stored_pattern *head;
	const struct err *e;
	bool needed;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_pattern_get(app->db, &a, NULL, derived->pattern.name,
		    &head);
	if (!e)
		e = judge(&s, head, base, &needed);
	if (e)
		return e;
	if (needed || !head) {
		e = head ? advance(&s, head) : create(&s);
		if (!e)
			e = db_commit(&tx);
	}
	if (!e)
		*ret_version = !head ? 1 : head->versions + (needed ? 1 : 0);
	return e;
}

static const struct err *
install_one(const struct app *app, struct arena *a,
    const struct pattern_file *file)
{
	const struct save s = {app, a, NULL, file->path, &file->derived.pattern,
	    slice_dup(a, file->document), true};
	const struct q_stored_pattern *head;
	const struct err *e;
	bool same;

	e = q_pattern_get(app->db, a, NULL, s.pattern->name, &head);
	if (e)
		return e;
	if (!head)
		return create(&s);
	same = str_eq(head->document, s.document);
	if (!same && !head->installed)
		return err_new(P_NAME_EXISTS,
		    "%s: people have made another pattern of this name.",
		    file->path);
	if (!same)
		return advance(&s, head);
	return head->installed
	    ? NULL
	    : q_pattern_advance(app->db, head->versions, true, head->id);
}

/* Patterns that were installed, and whose files are gone. */
static const struct err *
release_others(const struct app *app, struct arena *a,
    const struct pattern_files *files)
{
	struct q_pattern_list_rows rows;
	const struct err *e;
	size_t i;
	size_t k;

	e = q_pattern_list(app->db, a, LIST_MAX, &rows);
	for (i = 0; !e && i < rows.n; i++) {
		for (k = 0; k < files->n; k++) {
			if (str_eq(files->v[k].derived.pattern.name,
			        rows.v[i].name))
				break;
		}
		if (rows.v[i].installed && k == files->n)
			e = q_pattern_advance(app->db, rows.v[i].versions,
			    false, rows.v[i].id);
	}
	return e;
}

const struct err *
own_patterns_install(const struct app *app, const struct pattern_files *files)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	size_t i;

	e = db_begin(app->db, &tx);
	for (i = 0; !e && i < files->n; i++)
		e = install_one(app, &a, &files->v[i]);
	if (!e)
		e = release_others(app, &a, files);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
own_patterns_switch(const struct app *app, const struct user *author,
    const char *name, bool disabled)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_stored_pattern *head;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_pattern_get(app->db, &a, NULL, name, &head);
	if (!e && !head)
		e = db_no_row();
	if (e || (head->disabled != 0) == disabled)
		return e;
	e = q_pattern_set_disabled(app->db, disabled, head->id);
	if (!e)
		e = q_pattern_switch_create(app->db, head->id, disabled,
		    author ? &author->id : NULL, clock_now_ms(&app->clock));
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
own_patterns_offered(const struct app *app, struct arena *a,
    struct patterns *ret)
{
	struct q_pattern_list_rows rows;
	struct patterns list = {0};
	const struct err *e;
	size_t i;

	e = q_pattern_list(app->db, a, LIST_MAX, &rows);
	if (e)
		return e;
	for (i = 0; i < app->patterns->n; i++)
		*LIST_ADD(a, &list) = app->patterns->v[i];
	for (i = 0; i < rows.n; i++) {
		struct problems problems = {0};
		struct derived d;

		if (rows.v[i].disabled)
			continue;
		derived_read(a, app->patterns, slice_of(rows.v[i].document), &d,
		    &problems);
		if (problems.errors > 0)
			continue;
		d.pattern.version = rows.v[i].number;
		*LIST_ADD(a, &list) = d.pattern;
	}
	*ret = list;
	return NULL;
}

/* "name@3" is version 3 of name, "name" the newest. */
static bool
split_reference(struct arena *a, const char *reference, const char **ret_name,
    int64_t *ret_version)
{
	const char *at = strchr(reference, '@');

	*ret_version = 0;
	*ret_name = reference;
	if (!at)
		return true;
	*ret_name = arena_strndup(a, reference, (size_t)(at - reference));
	return str_to_int(at + 1, 1, INT64_MAX, ret_version);
}

const struct err *
own_patterns_get(const struct app *app, struct arena *a, const char *reference,
    const struct pattern **ret, bool *ret_disabled)
{
	const struct pattern *own = pattern_find(app->patterns, reference);
	const struct own_pattern *stored = NULL;
	struct problems problems = {0};
	struct derived *d = arena_new(a, struct derived);
	const struct err *e;
	const char *name;
	int64_t version;

	*ret_disabled = false;
	*ret = own;
	if (own)
		return NULL;
	if (split_reference(a, reference, &name, &version)) {
		e = own_patterns_find(app, a, name, version, &stored);
		if (e)
			return e;
	}
	if (!stored)
		return err_new(P_UNKNOWN, "There is no pattern %s.", reference);
	derived_read(a, app->patterns, slice_of(stored->document), d,
	    &problems);
	if (problems.errors > 0)
		return err_new(P_OUTDATED, "%s, version %" PRId64 ", %s",
		    stored->name, stored->version,
		    pattern_problem_text(a, &problems.v[0]));
	d->pattern.version = stored->version;
	*ret = &d->pattern;
	*ret_disabled = stored->disabled;
	return NULL;
}

const char *
pattern_reference(struct arena *a, const struct pattern *pattern)
{
	if (pattern->version == 0)
		return pattern->name;
	return arena_printf(a, "%s@%" PRId64, pattern->name, pattern->version);
}

const struct err *
own_patterns_titles(const struct app *app, struct arena *a,
    struct pattern_titles *ret)
{
	struct q_pattern_titles_rows rows;
	struct pattern_titles list = {0};
	const struct err *e;
	size_t i;

	e = q_pattern_titles(app->db, a, LIST_MAX, &rows);
	if (e)
		return e;
	for (i = 0; i < app->patterns->n; i++)
		*LIST_ADD(a, &list) = (struct pattern_title){
		    app->patterns->v[i].name, app->patterns->v[i].title};
	for (i = 0; i < rows.n; i++)
		*LIST_ADD(a, &list) = (struct pattern_title){
		    rows.v[i].name, rows.v[i].title};
	*ret = list;
	return NULL;
}

const char *
pattern_title(struct arena *a, const struct pattern_titles *titles,
    const char *name, int64_t version)
{
	const char *title = name;
	size_t i;

	for (i = 0; i < titles->n; i++) {
		if (str_eq(titles->v[i].name, name))
			title = titles->v[i].title;
	}
	if (version == 0)
		return title;
	return arena_printf(a, "%s v%" PRId64, title, version);
}

const struct err *
own_patterns_get_version(const struct app *app, struct arena *a,
    const char *name, int64_t version, const struct pattern **ret,
    bool *ret_disabled)
{
	const struct pattern was = {.name = name, .version = version};

	return own_patterns_get(app, a, pattern_reference(a, &was), ret,
	    ret_disabled);
}
