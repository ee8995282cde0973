#include "base/base.h"

#include "db/db.h"

/* Workers of several processes may start at once: what is to be done is
 * decided again once it is our turn to write. */
static const struct err *
apply_next(struct db *db, const struct migration *list, size_t n)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	const struct migration *m;
	int64_t version;

	e = db_begin(db, &tx);
	if (!e)
		e = db_version(db, &version);
	if (e || version >= (int64_t)n)
		return e;
	m = &list[version];
	e = db_script(db, m->sql);
	if (!e)
		e = db_script(db,
		    arena_printf(&a, "PRAGMA user_version = %" PRId64,
		        m->number));
	if (!e)
		e = db_commit(&tx);
	return e ? err_wrap(e, "migration %s", m->name) : NULL;
}

const struct err *
db_migrate(struct db *db, const struct migration *list, size_t n)
{
	const struct err *e;
	int64_t version;

	for (;;) {
		e = db_version(db, &version);
		if (e)
			return e;
		if (version < 0 || version > (int64_t)n)
			return err_new(S_CONFIG,
			    "The database has version "
			    "%" PRId64 " of the schema, this program knows "
			    "up to %zu. Install the newer program again.",
			    version, n);
		if (version == (int64_t)n)
			return NULL;
		assert(list[version].number == version + 1);
		e = apply_next(db, list, n);
		if (e)
			return e;
	}
}
