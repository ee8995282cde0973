#include "base/base.h"

#include "core/health.h"

#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"
#include "sys/files.h"

#define WRITE_WAIT_MS 500

static const struct err *
check_read(const struct app *app, struct arena *a)
{
	struct q_health_read_row row;

	return q_health_read(app->db, a, &row);
}

static const char *
explain(const struct err *e)
{
	return str_empty(e->detail) ? e->message : e->detail;
}

void
health_check(const struct app *app, struct arena *a, struct health *ret)
{
	struct health h = {.problem = ""};
	bool read_only = false;
	const struct err *e;

	h.free_bytes = disk_free(app->config->data_dir, &read_only);
	e = check_read(app, a);
	h.readable = e == NULL;
	if (!e)
		e = db_can_write(app->db, WRITE_WAIT_MS);
	h.writable = e == NULL && !read_only &&
	    (h.free_bytes < 0 || h.free_bytes >= HEALTH_MIN_FREE);
	if (e)
		h.problem = arena_strdup(a, explain(e));
	else if (read_only)
		h.problem = "the disk is read-only";
	else if (!h.writable)
		h.problem = "the disk is almost full";
	*ret = h;
}
