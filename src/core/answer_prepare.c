#include "base/base.h"

#include "core/answer_parts.h"

#include "core/proposals.h"
#include "gate/tests.h"

#include <string.h>

static void
begin_chat(struct run *r, const struct prompt *prompt)
{
	r->chat = (struct chat){.provider = r->connection.provider,
	    .model = r->connection.model,
	    .instructions = prompt->instructions,
	    .max_tokens = r->connection.max_tokens,
	    .temperature_percent = (int)r->connection.temperature};
	chat_add(r->arena, &r->chat, CHAT_USER, prompt->text);
	r->asked_bytes += (int64_t)(strlen(prompt->instructions) +
	    strlen(prompt->text));
}

/* The plan of the generation, made again, and what the model is told. */
static const struct err *
prepare_code(struct run *r)
{
	const struct recipe *of = &r->recipe;
	struct prompt prompt;
	const struct err *e;

	e = compile_again(r->arena, of->sheet.bytes, of->sheet.name,
	    of->pattern, &of->options, r->app->release, &r->compiled);
	if (!e && r->compiled.problems.errors > 0)
		e = err_new(P_OUTDATED,
		    "The sheet does not fit the pattern any more.");
	if (e)
		return e;
	contract_read(r->arena, r->compiled.code, r->compiled.tests,
	    &r->contract);
	prompt_make(r->arena, &r->compiled.plan, &r->contract, &of->options,
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
	if (!e && r->recipe.pattern)
		answers_adapt(r->recipe.pattern, &r->connection);
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

const struct err *
answer_prepare(struct run *r)
{
	const struct generation *g = &r->generation;
	const struct err *e = NULL;

	r->proposes = str_eq(g->engine, PROPOSAL_ENGINE);
	if (!r->proposes)
		e = recipe_of(r->app, r->arena, r->user, g, &r->recipe);
	if (!e)
		e = prepare_account(r);
	if (!e)
		e = r->proposes ? prepare_rows(r) : prepare_code(r);
	return e;
}

void
answer_prepare_tests(struct run *r, struct slice code)
{
	const struct prompt_code about = {.text = code,
	    .frame = gate_tests_frame(r->arena, r->compiled.tests)};
	struct contract contract;
	struct prompt prompt;

	contract_keep(r->arena, &r->contract, code, &contract);
	prompt_tests(r->arena, &r->compiled.plan, &contract, &r->recipe.options,
	    &about, r->answer.wishes, &prompt);
	begin_chat(r, &prompt);
}
