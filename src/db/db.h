/*
 * The one door to SQLite. A connection belongs to one process: it is opened
 * after fork and never crosses one. Readers never wait (WAL). Writers queue on
 * an advisory lock, and every write happens inside db_begin()/db_commit();
 * one that does not is a broken invariant and ends the process.
 *
 * What core uses is the first half. The second half is for the functions that
 * tools/sqlgen writes; nobody else builds or steps statements.
 *
 * Failures: S_BUSY when the turn to write did not come in time, S_DISK_FULL
 * when there is no room, S_DATABASE for everything else, with the reason in
 * the detail.
 */
#ifndef T2C_DB_H
#define T2C_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;

/* How long a writer waits for its turn. */
#define DB_WAIT_MS 10000

/* Opens, or makes, the database of a data directory that exists. Closed when
 * the arena is reset, or by db_close(). */
const struct err *db_open(struct arena *a, const char *dir, struct db **ret)
    MUST_USE;
/* NULL and a second call are no-ops. */
void db_close(struct db *db);

/* A transaction, rolled back at the end of its scope unless committed:
 *
 *	struct db_tx tx SCOPED(db_rollback) = {0};
 *
 *	e = db_begin(db, &tx);
 */
struct db_tx {
	struct db *db;
};

/* Waits for its turn and starts to write. There is one transaction at a time
 * on a connection; a second one ends the process naming the first's place. */
#define db_begin(db, tx) db_begin_at((db), (tx), DB_WAIT_MS, __FILE__, __LINE__)
/* The same with a wait of one's own, for writes that may be left out. */
#define db_begin_within(db, tx, wait_ms)                                       \
	db_begin_at((db), (tx), (wait_ms), __FILE__, __LINE__)
const struct err *db_begin_at(struct db *db, struct db_tx *tx, int64_t wait_ms,
    const char *file, int line) MUST_USE;
/* Durable once it has returned NULL. */
const struct err *db_commit(struct db_tx *tx) MUST_USE;
/* Nothing after db_commit(), or where nothing was begun. */
void db_rollback(struct db_tx *tx);

/* While it is on, db_begin() fails with S_INTERNAL. The dispatcher turns it on
 * around handlers of requests that may not change anything. */
void db_read_only(struct db *db, bool on);
/* Whether a turn to write comes in time. Writes nothing, and may be asked
 * while db_read_only() is on. */
const struct err *db_can_write(struct db *db, int64_t wait_ms) MUST_USE;

/* Rows changed by the last INSERT, UPDATE or DELETE. */
int64_t db_changes(const struct db *db);

/* S_DATABASE with the first findings where the file is damaged. Reads the
 * whole file. */
const struct err *db_quick_check(struct db *db) MUST_USE;

/* A step of the schema. The list is generated from sql/migrate. */
struct migration {
	int64_t number;   /* from 1, without gaps */
	const char *name; /* "0001_initial" */
	const char *sql;
};
extern const struct migration db_migrations[];
extern const size_t db_migrations_count;

/* Brings the schema to the last of n migrations, each in a transaction of its
 * own. S_CONFIG where the database is newer than the program. */
const struct err *db_migrate(struct db *db, const struct migration *list,
    size_t n) MUST_USE;
/* The number of the last migration that was applied. */
const struct err *db_version(struct db *db, int64_t *ret) MUST_USE;
/* Runs any SQL, schema changes included: for migrations and for tests. */
const struct err *db_script(struct db *db, const char *sql) MUST_USE;

/*
 * For generated code. A query is used in one go: db_use(), binds in any order,
 * then db_run(), or db_next() until it returns false. What was bound must stay
 * until then; what a column returns is copied into the arena.
 */
struct db_query {
	const char *name;
	const char *sql;
	size_t slot; /* in the statement cache; each its own */
};

struct db_stmt;

const struct err *db_use(struct db *db, const struct db_query *q,
    struct db_stmt **ret) MUST_USE;

/* Parameters count from 1. NULL pointers bind NULL. */
void db_bind_int(struct db_stmt *s, int n, int64_t value);
void db_bind_int_or_null(struct db_stmt *s, int n, const int64_t *value);
void db_bind_text(struct db_stmt *s, int n, const char *value);
/* A slice without a pointer is an empty blob. */
void db_bind_blob(struct db_stmt *s, int n, struct slice value);

/* True with a row. False at the end or at a failure, told apart by *ret_e;
 * the statement is then free for its next use. */
bool db_next(struct db_stmt *s, const struct err **ret_e);
/* After the only row: nothing may follow. */
const struct err *db_last(struct db_stmt *s) MUST_USE;
/* A statement without rows. */
const struct err *db_run(struct db_stmt *s) MUST_USE;
/* W_NOT_FOUND, for a query that must have a row. */
const struct err *db_no_row(void) MUST_USE;

/* Columns count from 0. */
int64_t db_column_int(struct db_stmt *s, int n);
bool db_column_is_null(struct db_stmt *s, int n);
/* "" for NULL. */
const char *db_column_text(struct db_stmt *s, int n, struct arena *a);
/* NULL for NULL. */
const char *db_column_text_or_null(struct db_stmt *s, int n, struct arena *a);
struct slice db_column_blob(struct db_stmt *s, int n, struct arena *a);

#endif
