#include "base/base.h"

#include "core/mappings.h"

#include "base/buf.h"
#include "core/key.h"
#include "db/db.h"
#include "db/queries.h"
#include "mapping/sheet.h"
#include "sys/crypto.h"

#include <string.h>

#define NAME_LENGTH 120
#define NOTE_LENGTH 500
#define LIST_MAX 1000

/* The last part of a path of any system, fit to be shown. */
static const char *
clean_name(struct arena *a, const char *name)
{
	struct buf b;
	size_t n = strlen(name);
	size_t i;

	for (i = n; i > 0 && name[i - 1] != '/' && name[i - 1] != '\\'; i--)
		;
	buf_init(&b, a, n);
	while (i < n) {
		uint32_t cp;
		size_t used = utf8_next(name + i, n - i, &cp);

		if (cp >= 0x20 && cp != 0x7f && cp != 0xfffd)
			buf_add(&b, name + i, used);
		i += used;
	}
	name = str_trim(a, buf_str(&b));
	return str_empty(name) ? "mapping" : utf8_cut(a, name, NAME_LENGTH);
}

static const struct err *
check_size(struct slice bytes)
{
	if (bytes.n > SHEET_MAX_BYTES)
		return err_new(M_TOO_LARGE, "The sheet has %zu bytes.",
		    bytes.n);
	return NULL;
}

static const struct err *
store_sheet(const struct app *app, struct arena *a, const char *sha256,
    struct slice bytes, struct sheet_id *ret)
{
	struct q_sheet_by_sha256_row row;
	const struct err *e;

	e = q_sheet_store(app->db, sha256, (int64_t)bytes.n, bytes);
	if (!e)
		e = q_sheet_by_sha256(app->db, a, sha256, &row);
	if (!e)
		*ret = row.id;
	return e;
}

static const struct err *
create(const struct app *app, struct arena *a, const struct user *user,
    const char *key, const char *name, struct slice bytes,
    struct mapping_id *ret)
{
	struct q_mapping_create_row made;
	const struct err *e;
	struct sheet_id sheet;
	int64_t now = clock_now_ms(&app->clock);

	e = store_sheet(app, a, crypto_sha256(a, bytes), bytes, &sheet);
	if (!e)
		e = q_mapping_create(app->db, a, user->id, clean_name(a, name),
		    key, now, &made);
	if (!e)
		e = q_revision_create(app->db, made.id, 1, sheet, user->id,
		    "uploaded", now);
	if (!e)
		*ret = made.id;
	return e;
}

const struct err *
mappings_create(const struct app *app, const struct user *user,
    const char *idempotency_key, const char *name, struct slice bytes,
    struct mapping_id *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_mapping_by_key_row *before = NULL;
	const struct err *e;
	struct mapping_id id;
	const char *key;

	e = key_check(idempotency_key, &key);
	if (!e)
		e = check_size(bytes);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e && key)
		e = q_mapping_by_key(app->db, &a, user->id, key, &before);
	if (e)
		return e;
	if (before) {
		*ret = before->id;
		return NULL;
	}
	e = create(app, &a, user, key, name, bytes, &id);
	if (!e)
		e = db_commit(&tx);
	if (!e)
		*ret = id;
	return e;
}

static const struct err *
get(const struct app *app, struct arena *a, const struct user *user,
    struct mapping_id id, const int64_t *number, struct stored_mapping *ret)
{
	const struct q_mapping_get_row *row;
	const struct err *e;

	e = q_mapping_get(app->db, a, number, id, user->id, user_sees_all(user),
	    &row);
	if (!e && !row)
		e = db_no_row();
	if (e)
		return e;
	*ret = (struct stored_mapping){
	    .id = row->id,
	    .name = row->name,
	    .owner = row->owner,
	    .created_ms = row->created,
	    .revision = row->revision,
	    .revision_number = row->number,
	    .revision_count = row->revisions,
	    .revised_ms = row->revised,
	    .bytes = row->bytes,
	};
	return NULL;
}

const struct err *
mappings_get(const struct app *app, struct arena *a, const struct user *user,
    struct mapping_id id, struct stored_mapping *ret)
{
	return get(app, a, user, id, NULL, ret);
}

const struct err *
mappings_get_revision(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id, int64_t number,
    struct stored_mapping *ret)
{
	return get(app, a, user, id, &number, ret);
}

static const struct err *
add_revision(const struct app *app, struct arena *a, const struct user *user,
    struct mapping_id id, int64_t number, const char *note, const char *sha256,
    struct slice bytes)
{
	const struct err *e;
	struct sheet_id sheet;
	int64_t now = clock_now_ms(&app->clock);

	e = store_sheet(app, a, sha256, bytes, &sheet);
	if (!e)
		e = q_mapping_advance(app->db, number, now, id);
	if (!e)
		e = q_revision_create(app->db, id, number, sheet, user->id,
		    utf8_cut(a, note, NOTE_LENGTH), now);
	return e;
}

const struct err *
mappings_revise(const struct app *app, const struct user *user,
    struct mapping_id id, int64_t base, const char *note, struct slice bytes)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_mapping_head_row *head;
	const struct err *e;
	const char *sha256 = crypto_sha256(&a, bytes);
	bool same;

	e = check_size(bytes);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e)
		e = q_mapping_head(app->db, &a, id, user->id,
		    user_sees_all(user), &head);
	if (!e && !head)
		e = db_no_row();
	if (e)
		return e;
	same = str_eq(head->sha256, sha256);
	/* The same POST again: its first try has made the newest revision. */
	if (same && head->revisions == base + 1 && head->author.v == user->id.v)
		return NULL;
	if (head->revisions != base)
		return err_new(W_CONFLICT,
		    "The sheet has been changed "
		    "meanwhile: it is at revision %" PRId64 ", the correction "
		    "was made to %" PRId64 ".",
		    head->revisions, base);
	if (same)
		return NULL;
	e = add_revision(app, &a, user, id, base + 1, note, sha256, bytes);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
mappings_revisions(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id,
    struct mapping_revisions *ret)
{
	struct mapping_revisions list = {0};
	struct q_revision_list_rows rows;
	const struct err *e;
	size_t i;

	e = q_revision_list(app->db, a, id, user->id, user_sees_all(user),
	    &rows);
	if (!e && rows.n == 0)
		e = db_no_row();
	if (e)
		return e;
	for (i = 0; i < rows.n; i++) {
		const struct q_revision_list_row *row = &rows.v[i];

		*LIST_ADD(a, &list) = (struct mapping_revision){
		    .id = row->id,
		    .number = row->number,
		    .created_ms = row->created,
		    .note = row->note,
		    .author = row->author,
		};
	}
	*ret = list;
	return NULL;
}

static struct mapping_item
item_of(const struct q_mapping_item *row)
{
	return (struct mapping_item){
	    .id = row->id,
	    .name = row->name,
	    .owner = row->owner,
	    .created_ms = row->created,
	    .revised_ms = row->revised,
	    .revision_count = row->revisions,
	    .size = row->size,
	};
}

static const struct err *
count(const struct app *app, struct arena *a, const struct user *user,
    int64_t *ret)
{
	struct q_mapping_count_row row;
	const struct err *e;

	e = q_mapping_count(app->db, a, user->id, user_sees_all(user), &row);
	if (!e)
		*ret = row.count;
	return e;
}

const struct err *
mappings_list(const struct app *app, struct arena *a, const struct user *user,
    int64_t limit, int64_t offset, struct mapping_items *ret,
    int64_t *ret_total)
{
	struct mapping_items items = {0};
	struct q_mapping_list_rows all = {0};
	struct q_mapping_list_of_rows own = {0};
	const struct err *e;
	int64_t total;
	size_t i;

	if (limit > LIST_MAX)
		limit = LIST_MAX;
	if (user_sees_all(user))
		e = q_mapping_list(app->db, a, limit, offset, &all);
	else
		e = q_mapping_list_of(app->db, a, user->id, limit, offset,
		    &own);
	if (!e)
		e = count(app, a, user, &total);
	if (e)
		return e;
	for (i = 0; i < all.n; i++)
		*LIST_ADD(a, &items) = item_of(&all.v[i]);
	for (i = 0; i < own.n; i++)
		*LIST_ADD(a, &items) = item_of(&own.v[i]);
	*ret = items;
	*ret_total = total;
	return NULL;
}
