#include "base/base.h"

#include "core/answers.h"

#include "core/answer_parts.h"
#include "core/key.h"
#include "core/own_patterns.h"
#include "core/proposals.h"
#include "core/seal.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"

#define MINUTE_MS (60 * 1000)

static enum answer_state
state_of(const struct q_stored_answer *row, int64_t now)
{
	if (row->has_ended)
		return ANSWER_ENDED;
	if (!row->has_started)
		return ANSWER_ACCEPTED;
	return row->lease > now ? ANSWER_RUNNING : ANSWER_INTERRUPTED;
}

static struct answer_row
answer_of(const struct q_stored_answer *row, int64_t now)
{
	struct answer_row answer = {
	    .generation = row->generation,
	    .owner = row->owner,
	    .state = state_of(row, now),
	    .status = generation_status_find(row->status),
	    .host = row->host,
	    .model = row->model,
	    .wishes = row->wishes,
	    .box = row->box,
	    .stopped = row->stopped != 0,
	    .round = row->round,
	    .text = row->text,
	    .created_ms = row->created,
	    .started_ms = row->started,
	    .first_ms = row->first,
	    .ended_ms = row->ended,
	    .tokens_in = row->tokens_in,
	    .tokens_out = row->tokens_out,
	    .report = row->report,
	    .fresh = row->fresh != 0,
	    .asked_bytes = row->asked,
	    .wants_tests = str_eq(row->tests_by, "model"),
	    .has_code = row->has_code != 0,
	    .tests_round = row->tests_round,
	    .tests_text = row->tests_text,
	    .tests_report = row->tests_report,
	    .tests_error = row->tests_error,
	};

	if (row->has_connection)
		answer.connection = row->connection;
	if (row->has_source)
		answer.source = row->source;
	return answer;
}

bool
answer_has_tests(const struct answer_row *answer)
{
	return answer->wants_tests && answer->state == ANSWER_ENDED &&
	    answer->status == GENERATION_SUCCEEDED &&
	    answer->tests_error[0] == '\0';
}

const struct err *
answers_get(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, struct answer_row *ret)
{
	const struct q_stored_answer *row;
	const struct err *e;

	e = q_answer_get(app->db, a, id, user->id, user_sees_all(user), &row);
	if (!e && !row)
		e = db_no_row();
	if (!e)
		*ret = answer_of(row, clock_now_ms(&app->clock));
	return e;
}

struct seal_place
answer_place(struct generation_id id, struct user_id owner, const char *host)
{
	return (struct seal_place){
	    .table = "answer", .row = id.v, .owner = owner.v, .host = host};
}

const char *
answer_error(struct arena *a, const struct err *e)
{
	return arena_printf(a, "%s: %s", code_info(e->code)->id, e->message);
}

/* The token that was entered for this answer alone; NULL where the connection
 * has one of its own. */
static const struct err *
seal_token(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, const struct connection *c, const char *token,
    const char **ret)
{
	const struct seal_place place = answer_place(id, user->id, c->host);

	*ret = NULL;
	if (c->auth != CONNECTION_ASKED)
		return NULL;
	if (!connection_is_token(token))
		return err_new(W_FORM, "Enter the token for %s.", c->name);
	*ret = seal_close(a, app->seal, &place, token);
	return NULL;
}

static const struct err *
accept(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, const struct answer_question *q)
{
	const struct connection *c = q->connection;
	const struct err *e;
	const char *box;

	e = seal_token(app, a, user, id, c, q->token, &box);
	if (e)
		return e;
	return q_answer_create(app->db, id, &c->id, c->host, c->model,
	    q->wishes, box, q->fresh, q->wants_tests ? "model" : "compiler");
}

/* Counts one more, within the caller's transaction: what is refused is not
 * counted. */
static const struct err *
check_rate(const struct app *app, struct arena *a, const struct user *user)
{
	int64_t now = clock_now_ms(&app->clock);
	struct q_asking_count_row row;
	const struct err *e;

	e = q_asking_purge(app->db, now - MINUTE_MS);
	if (!e)
		e = q_asking_create(app->db, user->id, now);
	if (!e)
		e = q_asking_count(app->db, a, user->id, now - MINUTE_MS, &row);
	if (!e && row.count > app->config->answers_per_minute)
		e = err_new(W_TOO_MANY,
		    "You have asked models for code %" PRId64
		    " times within a minute; more has to wait.",
		    row.count - 1);
	return e;
}

const struct err *
answers_accept(const struct app *app, struct arena *a, const struct user *user,
    const char *idempotency_key, const struct generation *g,
    const struct answer_question *question, struct generation_id *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct generation running = *g;
	const struct err *e;
	const char *key;
	bool made;

	running.status = GENERATION_RUNNING;
	e = key_check(idempotency_key, &key);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e)
		e = generations_insert(app, a, user, key, &running, ret, &made);
	if (!e && made)
		e = accept(app, a, user, *ret, question);
	if (!e && made)
		e = check_rate(app, a, user);
	if (!e)
		e = db_commit(&tx);
	return e;
}

/* What the user may not change is not there. */
static const struct err *
get_own(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, struct answer_row *ret)
{
	const struct err *e = answers_get(app, a, user, id, ret);

	return !e && ret->owner.v != user->id.v ? db_no_row() : e;
}

const struct err *
answers_stop(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	int64_t now = clock_now_ms(&app->clock);
	struct answer_row answer;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = get_own(app, a, user, id, &answer);
	if (e || answer.state == ANSWER_ENDED)
		return e;
	e = q_answer_stop(app->db, id);
	if (!e && answer.state != ANSWER_RUNNING)
		e = q_answer_abandon(app->db, now,
		    answer.has_code ? answer_error(a, err_of(R_TESTS_STOPPED))
		                    : "",
		    id);
	if (!e && answer.state != ANSWER_RUNNING)
		e = q_generation_end(app->db,
		    answer.has_code ? "succeeded" : "stopped", "", 0, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

void
answers_adapt(const struct pattern *pattern, struct connection *c)
{
	const struct pattern_model *m = &pattern->model;

	if (!str_empty(m->name) && c->provider == CHAT_DATABRICKS)
		c->model = m->name;
	if (!str_empty(m->instructions))
		c->instructions = m->instructions;
	if (m->has_temperature)
		c->temperature = m->temperature;
	if (m->max_tokens > 0)
		c->max_tokens = m->max_tokens;
	if (m->first_s > 0)
		c->first_s = m->first_s;
	if (m->total_s > 0)
		c->total_s = m->total_s;
}

/* The connection as it is now, as the generation's pattern wants it. */
static const struct err *
find_connection(const struct app *app, struct arena *a, const struct user *user,
    const struct answer_row *answer, struct connection *ret)
{
	const struct pattern *pattern;
	struct generation g;
	const struct err *e;
	bool disabled;

	e = connections_get(app, a, user, answer->connection, ret);
	if (e && e->code == W_NOT_FOUND)
		return err_new(W_CONFLICT, "Its connection was removed.");
	if (!e)
		e = generations_get(app, a, user, answer->generation, &g);
	if (e || str_eq(g.engine, PROPOSAL_ENGINE))
		return e;
	e = own_patterns_get_version(app, a, g.pattern, g.pattern_version,
	    &pattern, &disabled);
	if (!e)
		answers_adapt(pattern, ret);
	return e;
}

const struct err *
answers_restart(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, const char *token, const char *tests)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct answer_row answer;
	struct connection c;
	const struct err *e;
	const char *box = NULL;

	e = db_begin(app->db, &tx);
	if (!e)
		e = get_own(app, a, user, id, &answer);
	if (e)
		return e;
	if (answer.state == ANSWER_ACCEPTED || answer.state == ANSWER_RUNNING ||
	    answer.status == GENERATION_SUCCEEDED)
		return err_new(W_CONFLICT,
		    "It is running, or has succeeded already.");
	e = find_connection(app, a, user, &answer, &c);
	if (!e)
		e = seal_token(app, a, user, id, &c, token, &box);
	if (!e)
		e = check_rate(app, a, user);
	if (!e)
		e = q_answer_restart(app->db, c.host, c.model, box, tests, id);
	if (!e)
		e = q_generation_restart(app->db, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
answers_earlier(const struct app *app, struct arena *a, struct generation_id id,
    struct generation_id *ret)
{
	const struct q_answer_earlier_row *row;
	const struct err *e = q_answer_earlier(app->db, a, id, &row);

	if (!e)
		*ret = row ? row->id : (struct generation_id){0};
	return e;
}

const struct err *
answers_typical(const struct app *app, struct arena *a, const char *model,
    int64_t *ret_ms)
{
	struct q_answer_typical_row row;
	const struct err *e = q_answer_typical(app->db, a, model, &row);

	if (!e)
		*ret_ms = row.typical;
	return e;
}
