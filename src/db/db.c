#include "base/base.h"

#include "db/db.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "sys/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Readers wait only for a recovery after a crash. */
#define READ_WAIT_MS 2000
/* A sheet of 10 MB may become several times as much code and plan. */
#define MAX_VALUE (256 * 1024 * 1024)
#define MAX_SLOTS 4096

struct db_stmt {
	struct db *db;
	const struct db_query *query;
	sqlite3_stmt *handle;
	bool in_use;
	int bind_rc; /* the first bind that failed */
};

struct db {
	struct arena *arena;
	sqlite3 *handle; /* NULL once closed */
	const char *path;
	pid_t pid; /* of the process that opened it */
	struct lock lock;
	bool set_up; /* schema changes and PRAGMA are allowed */
	bool read_only;
	struct db_tx *tx; /* the open transaction */
	const char *tx_file;
	int tx_line;
	struct db_stmt **stmt; /* by slot; NULL where not prepared yet */
	size_t n_stmts;
};

static NORETURN COLD void
broken(const char *what, const char *which)
{
	log_line(LOG_LEVEL_ERROR, "broken invariant", "what", what, "which",
	    which, NULL);
	abort();
}

static bool
no_room(const struct db *db, int rc)
{
	int reason = sqlite3_system_errno(db->handle);

	return (rc & 0xff) == SQLITE_FULL ||
	    ((rc & 0xff) == SQLITE_IOERR &&
	        (reason == ENOSPC || reason == EDQUOT || reason == EFBIG));
}

static const struct err *
failure(const struct db *db, int rc, const char *what)
{
	const char *reason = sqlite3_errmsg(db->handle);
	enum err_code code = S_DATABASE;

	if (no_room(db, rc))
		code = S_DISK_FULL;
	else if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		code = S_BUSY;
	return err_system(code, "%s: %s (SQLite %d)", what, reason, rc);
}

/* Runs when a statement is prepared, so it costs nothing later. */
static int
authorize(void *p, int action, const char *first UNUSED,
    const char *second UNUSED, const char *schema UNUSED,
    const char *trigger UNUSED)
{
	const struct db *db = p;

	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_TRANSACTION:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return db->set_up ? SQLITE_OK : SQLITE_DENY;
	}
}

/* Appends the first column of each row to ret, a line each. */
static const struct err *
ask(struct db *db, const char *sql, struct buf *ret)
{
	sqlite3_stmt *handle = NULL;
	int rc;

	db->set_up = true;
	rc = sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL);
	db->set_up = false;
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(handle);
		if (rc != SQLITE_ROW)
			break;
		if (ret->n > 0)
			buf_add_str(ret, "\n");
		buf_add(ret, sqlite3_column_text(handle, 0),
		    (size_t)sqlite3_column_bytes(handle, 0));
	}
	sqlite3_finalize(handle);
	return rc == SQLITE_DONE ? NULL : failure(db, rc, sql);
}

const struct err *
db_script(struct db *db, const char *sql)
{
	int rc;

	db->set_up = true;
	rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	db->set_up = false;
	return rc == SQLITE_OK ? NULL : failure(db, rc, "script");
}

/* Changing the journal mode needs the database alone, which workers that
 * start side by side would not give each other: the first one does it. */
static const struct err *
use_wal(struct db *db)
{
	const struct err *e;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct buf mode;

	buf_init(&mode, &a, 64);
	e = ask(db, "PRAGMA journal_mode", &mode);
	if (e || str_eq(buf_str(&mode), "wal"))
		return e;
	e = lock_take(&db->lock, DB_WAIT_MS);
	if (e)
		return e;
	buf_init(&mode, &a, 64);
	e = ask(db, "PRAGMA journal_mode = WAL", &mode);
	lock_release(&db->lock);
	if (!e && !str_eq(buf_str(&mode), "wal"))
		e = err_system(S_DATABASE, "%s: no WAL, but %s", db->path,
		    buf_str(&mode));
	return e;
}

static const struct err *
set_up(struct db *db)
{
	static const struct {
		int option;
		int value;
	} options[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
	};
	const struct err *e;
	size_t i;

	for (i = 0; i < COUNT_OF(options); i++) {
		int rc = sqlite3_db_config(db->handle, options[i].option,
		    options[i].value, NULL);

		if (rc != SQLITE_OK)
			return failure(db, rc, "configure");
	}
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, MAX_VALUE);
	sqlite3_busy_timeout(db->handle, READ_WAIT_MS);
	sqlite3_set_authorizer(db->handle, authorize, db);
	e = use_wal(db);
	if (e)
		return e;
	/* The small cache keeps a worker small; the pages are in the system's
	 * cache anyway. */
	return db_script(db,
	    "PRAGMA synchronous = FULL;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0;"
	    "PRAGMA cache_size = -384;"
	    "PRAGMA temp_store = MEMORY;"
	    "PRAGMA journal_size_limit = 8388608;");
}

/* SQLite would make the file readable for everybody. An existing one must not
 * be opened here: closing it would drop the locks of another connection. */
static const struct err *
make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		return err_new(errno == ENOSPC ? S_DISK_FULL : S_FILE, "%s: %s",
		    path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Refused once SQLite is in use, when it is set already. */
static void
configure_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void
close_deferred(void *p)
{
	db_close(p);
}

const struct err *
db_open(struct arena *a, const char *dir, struct db **ret)
{
	struct db *db = arena_new(a, struct db);
	const struct err *e;
	int rc;

	configure_library();
	db->arena = a;
	db->pid = getpid();
	db->path = arena_printf(a, "%s/text2code.db", dir);
	e = make_file(db->path);
	if (e)
		return e;
	arena_defer(a, close_deferred, db);
	e = lock_open(&db->lock, arena_printf(a, "%s/write.lock", dir));
	if (e)
		return e;
	rc = sqlite3_open_v2(db->path, &db->handle,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);
	e = rc == SQLITE_OK ? set_up(db) : failure(db, rc, "open");
	if (e) {
		db_close(db);
		return err_wrap(e, "%s", db->path);
	}
	*ret = db;
	return NULL;
}

void
db_close(struct db *db)
{
	size_t i;

	if (!db)
		return;
	if (db->pid != getpid())
		broken("a connection crossed a fork", db->path);
	for (i = 0; i < db->n_stmts; i++) {
		if (db->stmt[i])
			sqlite3_finalize(db->stmt[i]->handle);
	}
	db->n_stmts = 0;
	sqlite3_close(db->handle);
	db->handle = NULL;
	lock_close(&db->lock);
}

const struct err *
db_begin_at(struct db *db, struct db_tx *tx, int64_t wait_ms, const char *file,
    int line)
{
	int64_t start_us = clock_monotonic_us();
	int64_t left_ms;
	const struct err *e;
	int rc;

	if (db->pid != getpid())
		broken("a connection crossed a fork", file);
	if (db->tx)
		broken("a transaction within another one",
		    arena_printf(db->arena, "%s:%d within %s:%d", file, line,
		        db->tx_file, db->tx_line));
	if (db->read_only)
		return err_system(S_INTERNAL,
		    "%s:%d writes in a request that may only read", file, line);
	e = lock_take(&db->lock, wait_ms);
	if (e)
		return e;
	/* Programs that do not know the queue may still hold the database. */
	left_ms = wait_ms - (clock_monotonic_us() - start_us) / 1000;
	sqlite3_busy_timeout(db->handle, left_ms > 1 ? (int)left_ms : 1);
	rc = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		lock_release(&db->lock);
		return failure(db, rc, "begin");
	}
	tx->db = db;
	db->tx = tx;
	db->tx_file = file;
	db->tx_line = line;
	return NULL;
}

static void
end_tx(struct db_tx *tx)
{
	struct db *db = tx->db;

	sqlite3_busy_timeout(db->handle, READ_WAIT_MS);
	lock_release(&db->lock);
	db->tx = NULL;
	tx->db = NULL;
}

const struct err *
db_commit(struct db_tx *tx)
{
	struct db *db = tx->db;
	int rc;

	assert(db && db->tx == tx);
	rc = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return failure(db, rc, "commit");
	end_tx(tx);
	return NULL;
}

void
db_rollback(struct db_tx *tx)
{
	if (!tx->db)
		return;
	/* A full disk has rolled back already. */
	if (!sqlite3_get_autocommit(tx->db->handle))
		sqlite3_exec(tx->db->handle, "ROLLBACK", NULL, NULL, NULL);
	end_tx(tx);
}

void
db_read_only(struct db *db, bool on)
{
	db->read_only = on;
}

const struct err *
db_can_write(struct db *db, int64_t wait_ms)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	bool saved = db->read_only;
	const struct err *e;

	db->read_only = false;
	e = db_begin_within(db, &tx, wait_ms);
	db->read_only = saved;
	return e;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

const struct err *
db_quick_check(struct db *db)
{
	const struct err *e;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct buf found;

	buf_init(&found, &a, 4096);
	e = ask(db, "PRAGMA quick_check(5)", &found);
	if (!e && !str_eq(buf_str(&found), "ok"))
		e = err_system(S_DATABASE, "%s is damaged: %s", db->path,
		    buf_str(&found));
	return e;
}

const struct err *
db_version(struct db *db, int64_t *ret)
{
	const struct err *e;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct buf number;

	buf_init(&number, &a, 64);
	e = ask(db, "PRAGMA user_version", &number);
	if (e)
		return e;
	if (!str_to_int(buf_str(&number), INT32_MIN, INT32_MAX, ret))
		return err_system(S_DATABASE, "user_version is %s",
		    buf_str(&number));
	return NULL;
}

static const struct err *
prepare(struct db *db, const struct db_query *q)
{
	struct db_stmt *s;
	int rc;

	assert(q->slot < MAX_SLOTS);
	if (q->slot >= db->n_stmts) {
		size_t n = q->slot + 32;

		db->stmt = arena_grow(db->arena, db->stmt,
		    db->n_stmts * sizeof(*db->stmt), n * sizeof(*db->stmt));
		db->n_stmts = n;
	}
	s = arena_new(db->arena, struct db_stmt);
	s->db = db;
	s->query = q;
	rc = sqlite3_prepare_v3(db->handle, q->sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
	if (rc != SQLITE_OK)
		return failure(db, rc, q->name);
	db->stmt[q->slot] = s;
	return NULL;
}

const struct err *
db_use(struct db *db, const struct db_query *q, struct db_stmt **ret)
{
	const struct err *e;
	struct db_stmt *s;

	if (q->slot >= db->n_stmts || !db->stmt[q->slot]) {
		e = prepare(db, q);
		if (e)
			return e;
	}
	s = db->stmt[q->slot];
	if (s->in_use || s->query != q)
		broken("a statement within itself", q->name);
	if (!db->tx && !sqlite3_stmt_readonly(s->handle))
		broken("a write outside a transaction", q->name);
	s->in_use = true;
	s->bind_rc = SQLITE_OK;
	*ret = s;
	return NULL;
}

static void
bound(struct db_stmt *s, int rc)
{
	if (s->bind_rc == SQLITE_OK)
		s->bind_rc = rc;
}

void
db_bind_int(struct db_stmt *s, int n, int64_t value)
{
	bound(s, sqlite3_bind_int64(s->handle, n, value));
}

void
db_bind_int_or_null(struct db_stmt *s, int n, const int64_t *value)
{
	if (value)
		db_bind_int(s, n, *value);
	else
		bound(s, sqlite3_bind_null(s->handle, n));
}

void
db_bind_text(struct db_stmt *s, int n, const char *value)
{
	bound(s,
	    sqlite3_bind_text64(s->handle, n, value, value ? strlen(value) : 0,
	        SQLITE_STATIC, SQLITE_UTF8));
}

void
db_bind_blob(struct db_stmt *s, int n, struct slice value)
{
	bound(s,
	    sqlite3_bind_blob64(s->handle, n, value.p ? value.p : "", value.n,
	        SQLITE_STATIC));
}

static void
finish(struct db_stmt *s)
{
	sqlite3_reset(s->handle);
	sqlite3_clear_bindings(s->handle);
	s->in_use = false;
}

bool
db_next(struct db_stmt *s, const struct err **ret_e)
{
	int rc = s->bind_rc;

	*ret_e = NULL;
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s->handle);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		*ret_e = failure(s->db, rc, s->query->name);
	finish(s);
	return false;
}

const struct err *
db_last(struct db_stmt *s)
{
	const struct err *e;

	if (!db_next(s, &e))
		return e;
	finish(s);
	return err_system(S_INTERNAL, "%s: more than one row", s->query->name);
}

const struct err *
db_run(struct db_stmt *s)
{
	return db_last(s);
}

const struct err *
db_no_row(void)
{
	return err_of(W_NOT_FOUND);
}

int64_t
db_column_int(struct db_stmt *s, int n)
{
	return sqlite3_column_int64(s->handle, n);
}

bool
db_column_is_null(struct db_stmt *s, int n)
{
	return sqlite3_column_type(s->handle, n) == SQLITE_NULL;
}

const char *
db_column_text(struct db_stmt *s, int n, struct arena *a)
{
	const void *p = sqlite3_column_text(s->handle, n);

	if (!p)
		return "";
	return arena_strndup(a, p, (size_t)sqlite3_column_bytes(s->handle, n));
}

const char *
db_column_text_or_null(struct db_stmt *s, int n, struct arena *a)
{
	return db_column_is_null(s, n) ? NULL : db_column_text(s, n, a);
}

struct slice
db_column_blob(struct db_stmt *s, int n, struct arena *a)
{
	const void *p = sqlite3_column_blob(s->handle, n);
	size_t size = (size_t)sqlite3_column_bytes(s->handle, n);

	if (!p)
		return (struct slice){"", 0};
	return (struct slice){arena_strndup(a, p, size), size};
}
