#include "base/base.h"

#include "core/answer_parts.h"

#include "core/judge.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"
#include "sys/crypto.h"

#include <string.h>

#define MAX_ANSWER ((size_t)1024 * 1024)
#define ROUNDS 2
/* In microseconds. A worker that has not spoken for a lease is gone. */
#define LOOK_US 200000
#define SAVE_US 2000000
#define BEAT_US 5000000
#define LEASE_MS 20000
#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* How it ended. */
struct outcome {
	enum generation_status status;
	const char *error;
	const char *code;
	const char *report;
	const char *tests; /* of the model; NULL: the compiled ones */
	const char *tests_report;
	const char *tests_error;
};

static void
tell_step(struct run *r, enum answer_step step, const char *words)
{
	r->beat_us = clock_monotonic_us();
	if (r->watcher->step)
		r->watcher->step(r->watcher->context, step, words);
}

static int64_t
now_ms(const struct run *r)
{
	return clock_now_ms(&r->app->clock);
}

/* What the model has said in that part. */
static const char *
text_of(struct run *r, enum part part)
{
	if (part == r->part)
		return buf_str(&r->reader.answer.text);
	return r->text[part] ? r->text[part] : "";
}

/* Within a transaction. */
static const struct err *
advance(struct run *r)
{
	return q_answer_advance(r->app->db, text_of(r, PART_CODE),
	    r->round[PART_CODE], now_ms(r) + LEASE_MS,
	    r->first_ms ? &r->first_ms : NULL, text_of(r, PART_TESTS),
	    r->round[PART_TESTS], r->answer.generation, r->worker);
}

/* Notes that the worker lives, and what it has. */
static const struct err *
save(struct run *r)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(r->app->db, &tx);
	if (!e)
		e = advance(r);
	/* Somebody has begun anew: the lease had run out. */
	if (!e && db_changes(r->app->db) == 0)
		r->stopped = true;
	if (!e)
		e = db_commit(&tx);
	r->saved_us = clock_monotonic_us();
	return e;
}

/* Whether its owner wants it to go on. */
static const struct err *
look(struct run *r)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_answer_is_stopped_row *row;
	const struct err *e;

	e = q_answer_is_stopped(r->app->db, &a, r->answer.generation, &row);
	if (!e)
		r->stopped = r->stopped || !row || row->stopped != 0;
	r->looked_us = clock_monotonic_us();
	return e;
}

static bool
on_wait(void *context)
{
	struct run *r = context;
	int64_t now_us = clock_monotonic_us();
	const struct err *e = NULL;

	if (now_us - r->looked_us >= LOOK_US)
		e = look(r);
	if (!e && now_us - r->saved_us >= SAVE_US)
		e = save(r);
	if (now_us - r->beat_us >= BEAT_US) {
		r->beat_us = now_us;
		if (r->watcher->beat)
			r->watcher->beat(r->watcher->context,
			    (now_us - r->begun_us) / 1000);
	}
	if (e)
		r->broken = e;
	return !e && !r->stopped;
}

static void
tell_text(struct run *r)
{
	const struct buf *text = &r->reader.answer.text;
	struct slice piece = {text->p + r->told, text->n - r->told};

	if (piece.n == 0)
		return;
	if (r->first_ms == 0) {
		r->first_ms = now_ms(r);
		tell_step(r, ANSWER_BEGUN, "");
	}
	r->told = text->n;
	r->beat_us = clock_monotonic_us();
	if (r->watcher->text)
		r->watcher->text(r->watcher->context, piece);
}

static bool
on_body(void *context, struct slice piece)
{
	struct run *r = context;
	bool more = chat_read(&r->reader, piece);

	tell_text(r);
	return more && on_wait(r);
}

static int64_t
add_tokens(int64_t sum, int64_t n)
{
	if (n < 0)
		return sum;
	return sum < 0 ? n : sum + n;
}

/* Why an answer that came is none; NULL where it is whole. */
static const struct err *
judge_end(const struct run *r)
{
	const struct chat_answer *answer = &r->reader.answer;

	if (answer->failed)
		return fault_err(&answer->fault, r->connection.host);
	if (buf_full(&answer->text))
		return err_of(R_TOO_LARGE);
	switch (answer->end) {
	case CHAT_CUT:
		return err_of(R_CUT);
	case CHAT_LENGTH:
		return err_new(R_INCOMPLETE,
		    "The answer ended after %" PRId64
		    " tokens, before the code was complete.",
		    answer->tokens_out > 0 ? answer->tokens_out
		                           : r->connection.max_tokens);
	case CHAT_FILTERED:
		return err_of(R_FILTERED);
	case CHAT_COMPLETE:
	case CHAT_OTHER:
		break;
	}
	return answer->text.n == 0 ? err_of(R_FILTERED) : NULL;
}

/* One round: the answer is in the reader. */
static const struct err *
ask(struct run *r)
{
	int64_t spent_ms = (clock_monotonic_us() - r->begun_us) / 1000;
	struct answer answer;
	struct fault fault;
	struct call call;
	const struct err *e;

	if (!chat_call(r->arena, &r->chat, &call))
		return err_of(R_TOO_LARGE);
	call.on_body = on_body;
	call.idle_ms = r->connection.first_s * 1000;
	call.total_ms = r->connection.total_s * 1000 - spent_ms;
	call.budget_ms = call.idle_ms;
	if (call.total_ms <= 0)
		return err_of(R_SLOW);
	chat_reader_init(&r->reader, r->arena, MAX_ANSWER);
	r->told = 0;
	if (r->part == PART_CODE)
		tell_step(r, ANSWER_ASKED, r->connection.model);
	/* The first round was noted when it was claimed, or begun. */
	e = r->round[r->part] > 1 ? save(r) : NULL;
	if (e)
		return e;
	e = client_call(&r->client, r->arena, &r->account, &call, &answer,
	    &fault);
	chat_read_end(&r->reader);
	tell_text(r);
	r->tokens_in = add_tokens(r->tokens_in, r->reader.answer.tokens_in);
	r->tokens_out = add_tokens(r->tokens_out, r->reader.answer.tokens_out);
	if (r->broken)
		return r->broken;
	return e || r->stopped ? e : judge_end(r);
}

/* All that the model is asked, and where; with the same, the same may be
 * answered. */
static const char *
hash_question(struct run *r, const struct call *call)
{
	struct buf b;

	buf_init(&b, r->arena, call->body.n + 2000);
	/* Another release may judge otherwise, against other tests. */
	buf_printf(&b, "%s %s\n%s\n%s\n", r->connection.base, call->path,
	    r->app->release, crypto_sha256(r->arena, r->compiled.tests));
	if (r->answer.wants_tests)
		buf_add_str(&b, "tests\n");
	buf_add_slice(&b, call->body);
	return crypto_sha256(r->arena, buf_slice(&b));
}

/* Whether the very same was answered of late: then that is the answer. */
static const struct err *
find_same(struct run *r, struct outcome *ret, bool *ret_found)
{
	int64_t hours = r->app->config->answer_cache_h;
	const struct q_answer_same_row *row = NULL;
	const struct err *e = NULL;
	struct call call;

	*ret_found = false;
	if (!chat_call(r->arena, &r->chat, &call))
		return err_of(R_TOO_LARGE);
	r->prompt = hash_question(r, &call);
	if (hours > 0 && !r->answer.fresh)
		e = q_answer_same(r->app->db, r->arena, r->prompt,
		    r->answer.owner, now_ms(r) - hours * HOUR_MS,
		    r->app->config->answer_cache_size - 1, &row);
	if (e || !row)
		return e;
	*ret_found = true;
	r->source = row->generation;
	r->text[PART_TESTS] = row->tests_text;
	buf_add_str(&r->reader.answer.text, row->text);
	*ret = (struct outcome){.status = GENERATION_SUCCEEDED,
	    .error = "",
	    .code = row->code,
	    .report = row->report,
	    .tests = r->answer.wants_tests ? row->tests : NULL,
	    .tests_report = row->tests_report,
	    .tests_error = ""};
	tell_step(r, ANSWER_FOUND,
	    time_format_relative(r->arena, row->ended, now_ms(r)));
	if (r->watcher->text)
		r->watcher->text(r->watcher->context,
		    buf_slice(&r->reader.answer.text));
	return NULL;
}

static void
judge_answer(struct run *r, const char *code, struct judged *ret)
{
	const struct gate_tested about = {.plan = &r->compiled.plan,
	    .code = slice_of(code),
	    .compiled = r->compiled.tests};
	struct slice text = buf_slice(&r->reader.answer.text);

	if (r->proposes)
		judge_rows(r->arena, r->sheet, text, ret);
	else if (r->part == PART_TESTS)
		judge_tests(r->arena, &about, text, ret);
	else
		judge(r->arena, &r->compiled.plan, &r->contract, text, ret);
}

static const char *
repair_words(struct run *r, const char *told)
{
	if (r->proposes)
		return prompt_repair_rows(r->arena, told);
	return r->part == PART_TESTS ? prompt_repair_tests(r->arena, told)
	                             : prompt_repair(r->arena, told);
}

/* Asks, checks, and asks once more to mend what was refused. code: that has
 * passed, where tests are asked for. */
static const struct err *
ask_rounds(struct run *r, const char *code, struct judged *ret)
{
	bool tests = r->part == PART_TESTS;
	int64_t *round = &r->round[r->part];
	const struct err *e;

	for (*round = 1;; ++*round) {
		e = ask(r);
		if (e || r->stopped)
			return e;
		tell_step(r, tests ? ANSWER_TESTS_READ : ANSWER_READ, "");
		judge_answer(r, code, ret);
		tell_step(r, tests ? ANSWER_TESTS_CHECKED : ANSWER_CHECKED,
		    ret->words);
		e = look(r);
		if (e || !ret->refused || *round == ROUNDS || r->stopped)
			return e;
		tell_step(r, tests ? ANSWER_TESTS_REPAIR : ANSWER_REPAIR, "");
		chat_add(r->arena, &r->chat, CHAT_ASSISTANT,
		    buf_str(&r->reader.answer.text));
		chat_add(r->arena, &r->chat, CHAT_USER,
		    repair_words(r, ret->told));
	}
}

/* From here on the code is there, whatever comes. */
static const struct err *
keep_code(struct run *r, const struct outcome *outcome)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct generation_id id = r->answer.generation;
	const struct err *e;

	if (r->part == PART_CODE)
		r->text[PART_CODE] = buf_str(&r->reader.answer.text);
	r->part = PART_TESTS;
	r->round[PART_TESTS] = 1;
	chat_reader_init(&r->reader, r->arena, MAX_ANSWER);
	e = db_begin(r->app->db, &tx);
	if (!e)
		e = advance(r);
	if (!e)
		e = q_answer_keep(r->app->db, outcome->report, id, r->worker);
	/* Somebody has begun anew: the lease had run out. */
	if (!e && db_changes(r->app->db) == 0)
		r->stopped = true;
	else if (!e)
		e = q_artifact_set_code(r->app->db, outcome->code, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

/* Asks for tests of the code that has passed. */
static const struct err *
work_tests(struct run *r, struct outcome *ret)
{
	struct judged judged;
	const struct err *e;

	e = keep_code(r, ret);
	if (e || r->stopped)
		return e;
	tell_step(r, ANSWER_TESTS, "");
	answer_prepare_tests(r, slice_of(ret->code));
	e = ask_rounds(r, ret->code, &judged);
	if (e || r->stopped)
		return e;
	ret->tests_report = judged.report;
	if (judged.refused)
		ret->tests_error = answer_error(r->arena,
		    err_of(R_TESTS_REFUSED));
	else
		ret->tests = slice_dup(r->arena, judged.code);
	return NULL;
}

static const struct err *
work_code(struct run *r, struct outcome *ret)
{
	struct judged judged;
	const struct err *e;

	e = ask_rounds(r, "", &judged);
	if (e || r->stopped)
		return e;
	ret->code = slice_dup(r->arena, judged.code);
	ret->report = judged.report;
	if (judged.refused)
		ret->error = answer_error(r->arena, err_of(R_REFUSED));
	else
		ret->status = GENERATION_SUCCEEDED;
	return NULL;
}

static const struct err *
work(struct run *r, struct outcome *ret)
{
	const struct err *e = NULL;
	bool found = false;

	/* What was interrupted goes on with the tests. */
	if (ret->status != GENERATION_SUCCEEDED)
		e = find_same(r, ret, &found);
	if (e || found)
		return e;
	if (ret->status != GENERATION_SUCCEEDED)
		e = work_code(r, ret);
	if (!e && !r->stopped && ret->status == GENERATION_SUCCEEDED &&
	    r->answer.wants_tests)
		e = work_tests(r, ret);
	return e;
}

static const struct err *
store(struct run *r, const struct outcome *outcome)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct generation_id id = r->answer.generation;
	const struct err *e;
	int64_t took_us = clock_monotonic_us() - r->begun_us;

	e = db_begin(r->app->db, &tx);
	if (!e)
		e = q_answer_end(r->app->db, text_of(r, PART_CODE),
		    r->round[PART_CODE], now_ms(r), r->tokens_in, r->tokens_out,
		    outcome->report, r->prompt, r->source.v ? &r->source : NULL,
		    r->asked_bytes, text_of(r, PART_TESTS),
		    r->round[PART_TESTS], outcome->tests_report,
		    outcome->tests_error, id, r->worker);
	/* Somebody has begun anew: the lease had run out. */
	if (!e && db_changes(r->app->db) == 0)
		return NULL;
	if (!e)
		e = q_generation_end(r->app->db,
		    generation_status_name(outcome->status), outcome->error,
		    took_us, id);
	if (!e)
		e = q_artifact_set_code(r->app->db, outcome->code, id);
	if (!e && outcome->tests)
		e = q_artifact_set_tests(r->app->db, outcome->tests, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

static const struct err *
claim(struct run *r, bool *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	*ret = false;
	e = answers_get(r->app, r->arena, r->user, r->answer.generation,
	    &r->answer);
	if (e || r->answer.state != ANSWER_ACCEPTED ||
	    r->answer.owner.v != r->user->id.v)
		return e;
	e = db_begin(r->app->db, &tx);
	if (!e)
		e = q_answer_claim(r->app->db, r->worker, now_ms(r) + LEASE_MS,
		    now_ms(r), r->answer.generation);
	*ret = !e && db_changes(r->app->db) == 1;
	if (!e)
		e = db_commit(&tx);
	return e;
}

/* How it ended, where the work did so with this error, or none. */
static void
conclude(struct run *r, const struct err *e, struct outcome *ret)
{
	const struct err *why = r->stopped ? err_of(R_TESTS_STOPPED) : e;

	if (ret->status == GENERATION_SUCCEEDED && why) {
		ret->tests_error = answer_error(r->arena, why);
	} else if (r->stopped) {
		ret->status = GENERATION_STOPPED;
		ret->error = ret->code = "";
		ret->report = "[]";
	} else if (e) {
		ret->error = answer_error(r->arena, e);
	}
}

/* Code that had passed before it was interrupted. */
static void
take_up(struct run *r, struct outcome *ret)
{
	if (!r->answer.has_code)
		return;
	ret->status = GENERATION_SUCCEEDED;
	ret->code = r->generation.code;
	ret->report = r->answer.report;
	r->text[PART_CODE] = r->answer.text;
	r->round[PART_CODE] = r->answer.round;
	r->round[PART_TESTS] = 1;
	r->part = PART_TESTS;
}

/* It had passed; another release, or a pattern that is another one by now, may
 * see it otherwise. */
static const struct err *
check_taken_up(struct run *r, struct outcome *ret)
{
	struct gate_report report;

	if (r->part != PART_TESTS)
		return NULL;
	gate_check(r->arena, slice_of(ret->code), &r->compiled.plan, &report);
	if (report.verdict != GATE_REFUSED)
		return NULL;
	ret->status = GENERATION_FAILED;
	return err_of(R_REFUSED);
}

const struct err *
answer_run(const struct app *app, struct arena *a, const struct user *user,
    struct generation_id id, const char *worker,
    const struct answer_watcher *watcher, bool *ret_claimed)
{
	struct run r = {.app = app,
	    .arena = a,
	    .user = user,
	    .worker = worker,
	    .watcher = watcher,
	    .answer = {.generation = id},
	    .begun_us = clock_monotonic_us(),
	    .tokens_in = -1,
	    .tokens_out = -1,
	    .prompt = ""};
	struct outcome outcome = {.status = GENERATION_FAILED,
	    .error = "",
	    .code = "",
	    .report = "[]",
	    .tests_report = "[]",
	    .tests_error = ""};
	const struct err *e;

	e = claim(&r, ret_claimed);
	if (e || !*ret_claimed)
		return e;
	r.client = (struct client){.http = app->http,
	    .release = app->release,
	    .id = worker,
	    .on_wait = on_wait,
	    .context = &r};
	chat_reader_init(&r.reader, a, MAX_ANSWER);
	r.saved_us = r.beat_us = r.begun_us;
	/* What is kept stays; the lease runs out. */
	e = generations_get(app, a, user, id, &r.generation);
	if (e)
		return e;
	take_up(&r, &outcome);
	e = answer_prepare(&r);
	if (!e)
		e = check_taken_up(&r, &outcome);
	if (!e)
		e = work(&r, &outcome);
	conclude(&r, e, &outcome);
	return store(&r, &outcome);
}
