/*
 * Any bytes as the answer of a model: the code in it lies within the answer,
 * both gates, of code and of tests, give a verdict that fits its findings, the
 * same the second time, and each finding has a line of the code and words.
 */
#include "base/base.h"

#include "core/compile.h"
#include "core/patterns.h"
#include "gate/tests.h"
#include "model/reply.h"

#include <stdlib.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"                                                \
	"a.b.orders,order_id,a.c.orders,order_id,,key\n"                       \
	"a.b.orders,status,a.c.orders,status,lower(status),\n"                 \
	"a.b.orders,updated_at,a.c.orders,updated_at,,sequence\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct compiled *
a_load(void)
{
	static struct arena kept = ARENA_INIT;
	static struct patterns patterns;
	static struct compiled compiled;
	struct plan_options options = {0};
	const char *top = getenv("srcdir");

	if (patterns.n > 0)
		return &compiled;
	if (patterns_load(&kept,
	        arena_printf(&kept, "%s/patterns", top ? top : "."),
	        &patterns) ||
	    compile_run(&kept, SLICE(SHEET), "x.csv",
	        pattern_find(&patterns, "merge"), &options, "0", &compiled) ||
	    compiled.problems.errors > 0)
		abort();
	return &compiled;
}

static size_t
lines_of(struct slice code)
{
	size_t lines = 1;
	size_t i;

	for (i = 0; i < code.n; i++)
		lines += code.p[i] == '\n';
	return lines;
}

static void
check_same(const struct gate_report *first, const struct gate_report *second,
    struct slice code)
{
	size_t i;

	assert(first->verdict == second->verdict && first->n == second->n);
	assert((first->verdict == GATE_PASSED) == (first->n == 0));
	assert(first->n <= GATE_MAX_FINDINGS);
	for (i = 0; i < first->n; i++) {
		assert(first->v[i].line <= lines_of(code));
		assert(first->v[i].message[0] && first->v[i].fix[0]);
		assert(i == 0 || first->v[i - 1].line <= first->v[i].line);
		assert(str_eq(first->v[i].message, second->v[i].message));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct compiled *load = a_load();
	const struct gate_tested about = {
	    .plan = &load->plan, .code = load->code, .compiled = load->tests};
	struct slice answer = {(const char *)data, n};
	struct arena a = ARENA_INIT;
	struct gate_report first;
	struct gate_report second;
	struct reply reply;

	reply_read(answer, &reply);
	assert(reply.code.n == 0 ||
	    (reply.code.p >= answer.p &&
	        reply.code.p + reply.code.n <= answer.p + answer.n));
	assert((reply.code.n > 0) == (reply.first_line > 0));
	gate_check(&a, reply.code, &load->plan, &first);
	gate_check(&a, reply.code, &load->plan, &second);
	check_same(&first, &second, reply.code);
	gate_check_tests(&a, reply.code, &about, &first);
	gate_check_tests(&a, reply.code, &about, &second);
	check_same(&first, &second, reply.code);
	arena_done(&a);
	err_clear();
	return 0;
}
