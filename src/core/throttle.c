#include "base/base.h"

#include "core/throttle.h"

#include "db/db.h"
#include "db/queries.h"
#include "sys/crypto.h"

#include <arpa/inet.h>
#include <string.h>

#define WINDOW_MS ((int64_t)15 * 60 * 1000)
#define FIRST_WAIT_MS ((int64_t)30 * 1000)
#define ACCOUNT_FAILURES 5
#define ADDRESS_FAILURES 20
/* Clocks of processes on one machine differ by less. */
#define SKEW_MS 1000

/* Who has one IPv6 address has the 2^64 beside it, too. */
static const char *
network_of(struct arena *a, const char *address)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	if (inet_pton(AF_INET6, address, &in6) != 1 ||
	    IN6_IS_ADDR_V4MAPPED(&in6))
		return arena_strdup(a, address);
	memset(&in6.s6_addr[8], 0, 8);
	if (!inet_ntop(AF_INET6, &in6, text, sizeof(text)))
		return arena_strdup(a, address);
	return arena_strdup(a, text);
}

/* The milliseconds still to wait after so many failures. */
static int64_t
wait_left(const struct q_login_failures *f, int64_t allowed, int64_t now)
{
	int64_t wait = FIRST_WAIT_MS;
	int64_t last = f->last < now ? f->last : now;
	int64_t i;

	if (f->count < allowed)
		return 0;
	for (i = allowed; i < f->count && wait < WINDOW_MS; i++)
		wait *= 2;
	if (wait > WINDOW_MS)
		wait = WINDOW_MS;
	return last + wait > now ? last + wait - now : 0;
}

static const struct err *
throttled(int64_t wait_ms)
{
	int64_t seconds = (wait_ms + 999) / 1000;

	if (seconds < 120)
		return err_new(A_THROTTLED,
		    "There were several failed "
		    "attempts. Try again in %" PRId64 " second%s.",
		    seconds, seconds == 1 ? "" : "s");
	return err_new(A_THROTTLED,
	    "There were several failed attempts. Try "
	    "again in %" PRId64 " minutes.",
	    (seconds + 59) / 60);
}

static const struct err *
judge(const struct app *app, struct arena *a, const char *account,
    const char *address, int64_t now)
{
	struct q_login_failures f = {0};
	const struct err *e;
	int64_t since = now - WINDOW_MS;
	int64_t by_account;
	int64_t by_address;

	e = q_login_failure_of_account(app->db, a, account, since,
	    now + SKEW_MS, &f);
	if (e)
		return e;
	by_account = wait_left(&f, ACCOUNT_FAILURES, now);
	f = (struct q_login_failures){0};
	if (!str_empty(address))
		e = q_login_failure_of_address(app->db, a, address, since,
		    now + SKEW_MS, &f);
	if (e)
		return e;
	by_address = wait_left(&f, ADDRESS_FAILURES, now);
	if (by_account > 0 || by_address > 0)
		return throttled(by_account > by_address ? by_account
		                                         : by_address);
	return NULL;
}

const struct err *
throttle_enter(const struct app *app, struct arena *a, const char *name,
    const char *address, struct attempt *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct q_login_failure_create_row row;
	const char *account = crypto_sha256(a, slice_of(str_lower(a, name)));
	const char *network = network_of(a, address);
	int64_t now = clock_now_ms(&app->clock);
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (e)
		return e;
	e = q_login_failure_purge(app->db, now - WINDOW_MS);
	if (!e)
		e = judge(app, a, account, network, now);
	if (!e)
		e = q_login_failure_create(app->db, a, account, network, now,
		    &row);
	if (!e)
		e = db_commit(&tx);
	if (e)
		return e;
	*ret = (struct attempt){row.id, account};
	return NULL;
}

const struct err *
throttle_forgive(const struct app *app, const struct attempt *attempt)
{
	const struct err *e = q_login_failure_delete(app->db, attempt->id);

	if (e)
		return e;
	return q_login_failure_forgive(app->db, attempt->account);
}

void
throttle_withdraw(const struct app *app, const struct attempt *attempt)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_login_failure_delete(app->db, attempt->id);
	if (!e)
		e = db_commit(&tx);
	/* Nothing can be done: the name has one failure too many. */
	(void)e;
}
