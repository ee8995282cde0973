#include "base/base.h"

#include "core/answer_parts.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/judge.h"
#include "core/own_patterns.h"
#include "core/proposals.h"
#include "db/db.h"
#include "db/queries.h"
#include "model/prompt.h"
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

struct run {
	const struct app *app;
	struct arena *arena;
	const struct user *user;
	const char *worker;
	const struct answer_watcher *watcher;

	struct answer_row answer;
	struct generation generation;
	struct connection connection;
	struct client client;
	struct account account;
	bool proposes;                 /* rows, not code */
	struct slice sheet;            /* that they are for */
	const struct pattern *pattern; /* NULL where it proposes */
	struct compiled compiled;      /* for the plan and the tests' sake */
	struct contract contract;
	struct chat chat;
	int64_t asked_bytes; /* of instructions and text */

	struct chat_reader reader;
	size_t told; /* bytes of its text that the watcher has */
	int64_t round;
	int64_t begun_us;
	int64_t looked_us;
	int64_t saved_us;
	int64_t beat_us;
	int64_t first_ms; /* 0: no token yet */
	int64_t tokens_in;
	int64_t tokens_out;
	bool stopped;
	const char *prompt;          /* hash of all that is asked; "" */
	struct generation_id source; /* 0, or whose answer this is */
	const struct err *broken;    /* the database, on the way */
};

/* How it ended. */
struct outcome {
	enum generation_status status;
	const char *error;
	const char *code;
	const char *report;
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

/* Notes that the worker lives, and what it has. */
static const struct err *
save(struct run *r)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(r->app->db, &tx);
	if (!e)
		e = q_answer_advance(r->app->db,
		    buf_str(&r->reader.answer.text), r->round,
		    now_ms(r) + LEASE_MS, r->first_ms ? &r->first_ms : NULL,
		    r->answer.generation, r->worker);
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
		r->stopped = !row || row->stopped != 0;
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
	tell_step(r, ANSWER_ASKED, r->connection.model);
	/* The first round was noted when it was claimed. */
	e = r->round > 1 ? save(r) : NULL;
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

static const char *
error_text(const struct run *r, const struct err *e)
{
	return arena_printf(r->arena, "%s: %s", code_info(e->code)->id,
	    e->message);
}

/* All that the model is asked, and where; with the same, the same may be
 * answered. */
static const char *
hash_question(struct run *r, const struct call *call)
{
	struct buf b;

	buf_init(&b, r->arena, call->body.n + 2000);
	buf_printf(&b, "%s %s\n", r->connection.base, call->path);
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
		    r->answer.owner, now_ms(r) - hours * HOUR_MS, &row);
	if (e || !row)
		return e;
	*ret_found = true;
	r->source = row->generation;
	buf_add_str(&r->reader.answer.text, row->text);
	*ret = (struct outcome){.status = GENERATION_SUCCEEDED,
	    .error = "",
	    .code = row->code,
	    .report = row->report};
	tell_step(r, ANSWER_FOUND,
	    time_format_relative(r->arena, row->ended, now_ms(r)));
	if (r->watcher->text)
		r->watcher->text(r->watcher->context,
		    buf_slice(&r->reader.answer.text));
	return NULL;
}

static void
judge_answer(struct run *r, struct judged *ret)
{
	struct slice text = buf_slice(&r->reader.answer.text);

	if (r->proposes)
		judge_rows(r->arena, r->sheet, text, ret);
	else
		judge(r->arena, &r->compiled.plan, &r->contract, text, ret);
}

/* Asks, checks, and asks once more to mend what was refused. */
static const struct err *
work(struct run *r, struct outcome *ret)
{
	struct judged judged;
	const struct err *e;
	bool found;

	e = find_same(r, ret, &found);
	if (e || found)
		return e;

	for (r->round = 1;; r->round++) {
		e = ask(r);
		if (e || r->stopped)
			return e;
		tell_step(r, ANSWER_READ, "");
		judge_answer(r, &judged);
		tell_step(r, ANSWER_CHECKED, judged.words);
		e = look(r);
		if (e || !judged.refused || r->round == ROUNDS || r->stopped)
			break;
		tell_step(r, ANSWER_REPAIR, "");
		chat_add(r->arena, &r->chat, CHAT_ASSISTANT,
		    buf_str(&r->reader.answer.text));
		chat_add(r->arena, &r->chat, CHAT_USER,
		    r->proposes ? prompt_repair_rows(r->arena, judged.told)
		                : prompt_repair(r->arena, judged.told));
	}
	ret->code = slice_dup(r->arena, judged.code);
	ret->report = judged.report;
	ret->status = judged.refused ? GENERATION_FAILED : GENERATION_SUCCEEDED;
	if (judged.refused)
		ret->error = error_text(r, err_of(R_REFUSED));
	return e;
}

static const struct err *
read_options(struct arena *a, const char *text, struct plan_options *ret)
{
	const struct json *options = NULL;
	const struct json *o;
	const struct err *e = json_parse_own(a, slice_of(text), &options);

	for (o = options ? options->child : NULL; !e && o; o = o->next)
		*LIST_ADD(a, ret) = (struct plan_option){
		    o->key, json_string(o, "")};
	return e;
}

static void
begin_chat(struct run *r, const struct prompt *prompt)
{
	r->chat = (struct chat){.provider = r->connection.provider,
	    .model = r->connection.model,
	    .instructions = prompt->instructions,
	    .max_tokens = r->connection.max_tokens,
	    .temperature_percent = (int)r->connection.temperature};
	chat_add(r->arena, &r->chat, CHAT_USER, prompt->text);
	r->asked_bytes = (int64_t)(strlen(prompt->instructions) +
	    strlen(prompt->text));
}

/* The plan of the generation, made again, and what the model is told. */
static const struct err *
prepare_code(struct run *r)
{
	const struct generation *g = &r->generation;
	struct plan_options options = {0};
	struct stored_mapping stored;
	struct prompt prompt;
	const struct err *e;

	e = mappings_get_revision(r->app, r->arena, r->user, g->mapping,
	    g->revision_number, &stored);
	if (!e)
		e = read_options(r->arena, g->options, &options);
	if (!e)
		e = compile_again(r->arena, stored.bytes, stored.name,
		    r->pattern, &options, r->app->release, &r->compiled);
	if (!e && r->compiled.problems.errors > 0)
		e = err_new(P_OUTDATED,
		    "The sheet does not fit the pattern any more.");
	if (e)
		return e;
	contract_read(r->arena, r->compiled.code, r->compiled.tests,
	    &r->contract);
	prompt_make(r->arena, &r->compiled.plan, &r->contract, &options,
	    r->connection.instructions, r->answer.wishes, &prompt);
	begin_chat(r, &prompt);
	return NULL;
}

/* The sheet as it is, with whatever errors. */
static const struct err *
prepare_rows(struct run *r)
{
	const struct generation *g = &r->generation;
	struct problems problems = {0};
	struct stored_mapping stored;
	struct mapping mapping;
	struct prompt prompt;
	const struct err *e;

	e = mappings_get_revision(r->app, r->arena, r->user, g->mapping,
	    g->revision_number, &stored);
	if (!e && !mapping_load(r->arena, stored.bytes, &mapping, &problems))
		e = err_new(P_OUTDATED, "The sheet cannot be read.");
	if (e)
		return e;
	r->sheet = stored.bytes;
	prompt_propose(r->arena, &mapping, r->answer.wishes, &prompt);
	begin_chat(r, &prompt);
	return NULL;
}

/* As whom the model is asked: with the connection's own token, or with the one
 * that was entered for this answer. */
static const struct err *
prepare_account(struct run *r)
{
	const struct answer_row *answer = &r->answer;
	const struct seal_place place = answer_place(answer->generation,
	    answer->owner, answer->host);
	const char *token = NULL;
	const struct err *e = NULL;

	if (answer->box)
		e = seal_open(r->arena, r->app->seal, &place, answer->box,
		    &token);
	if (!e)
		e = connections_get(r->app, r->arena, r->user,
		    answer->connection, &r->connection);
	if (e && e->code == W_NOT_FOUND)
		e = err_new(R_MISSING, "The connection was removed.");
	if (!e && r->pattern)
		answers_adapt(r->pattern, &r->connection);
	/* A token goes only where it was entered for. */
	if (!e &&
	    (!str_eq(r->connection.host, answer->host) ||
	        !str_eq(r->connection.model, answer->model)))
		e = err_new(R_CONFLICT,
		    "The connection was changed after this was asked.");
	if (!e)
		e = connection_account(r->app, r->arena, &r->client,
		    &r->connection, token, &r->account);
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
		e = q_answer_end(r->app->db, buf_str(&r->reader.answer.text),
		    r->round, now_ms(r), r->tokens_in, r->tokens_out,
		    outcome->report, r->prompt, r->source.v ? &r->source : NULL,
		    r->asked_bytes, id, r->worker);
	/* Somebody has begun anew: the lease had run out. */
	if (!e && db_changes(r->app->db) == 0)
		return NULL;
	if (!e)
		e = q_generation_end(r->app->db,
		    generation_status_name(outcome->status), outcome->error,
		    took_us, id);
	if (!e)
		e = q_artifact_set_code(r->app->db, outcome->code, id);
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
	    .report = "[]"};
	const struct err *e;
	bool disabled;

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
	e = generations_get(app, a, user, id, &r.generation);
	r.proposes = !e && str_eq(r.generation.engine, PROPOSAL_ENGINE);
	if (!e && !r.proposes)
		e = own_patterns_get_version(app, a, r.generation.pattern,
		    r.generation.pattern_version, &r.pattern, &disabled);
	if (!e)
		e = prepare_account(&r);
	if (!e)
		e = r.proposes ? prepare_rows(&r) : prepare_code(&r);
	if (!e)
		e = work(&r, &outcome);
	if (r.stopped)
		outcome = (struct outcome){.status = GENERATION_STOPPED,
		    .error = "",
		    .code = "",
		    .report = "[]"};
	else if (e)
		outcome.error = error_text(&r, e);
	return store(&r, &outcome);
}
