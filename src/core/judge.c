#include "base/base.h"

#include "core/judge.h"

#include "base/json.h"
#include "core/proposals.h"
#include "gate/gate.h"
#include "model/prompt.h"
#include "model/python_check.h"
#include "model/reply.h"

#define MAX_TOLD ((size_t)64 * 1024)

static const char *
told(struct arena *a, const struct gate_report *report)
{
	struct buf b;

	buf_init(&b, a, MAX_TOLD);
	for (size_t i = 0; i < report->n; i++) {
		const struct gate_finding *f = &report->v[i];

		if (code_info(f->code)->severity != SEVERITY_ERROR)
			continue;
		if (f->line > 0)
			buf_printf(&b, "- Line %zu: %s %s\n", f->line,
			    f->message, f->fix);
		else
			buf_printf(&b, "- %s %s\n", f->message, f->fix);
	}
	return buf_str(&b);
}

static const char *
as_json(struct arena *a, const struct gate_report *report)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, a, 4 * MAX_TOLD);
	json_init(&w, &b, false);
	json_array(&w);
	for (size_t i = 0; i < report->n; i++) {
		const struct gate_finding *f = &report->v[i];

		json_object(&w);
		json_key_str(&w, "code", code_info(f->code)->id);
		json_key_int(&w, "line", (int64_t)f->line);
		json_key_str(&w, "message", f->message);
		json_key_str(&w, "fix", f->fix);
		json_object_end(&w);
	}
	json_array_end(&w);
	return buf_full(&b) ? "[]" : buf_str(&b);
}

/* What both reports of an answer's code have, and what comes of it. */
static void
conclude(struct arena *a, const struct reply *reply, struct gate_report *report,
    struct judged *ret)
{
	if (reply->is_cut)
		gate_add(a, report, G_CUT, 0,
		    "The block of code is never closed.");
	*ret = (struct judged){
	    .refused = report->verdict == GATE_REFUSED,
	    .code = reply->code,
	    .words = gate_verdict_name(report->verdict),
	    .told = told(a, report),
	    .report = as_json(a, report),
	};
}

static bool
has_finding(const struct gate_report *report, enum err_code code)
{
	for (size_t i = 0; i < report->n; i++) {
		if (report->v[i].code == code)
			return true;
	}
	return false;
}

void
judge(struct arena *a, const struct plan *plan, const struct contract *contract,
    struct slice answer, struct judged *ret)
{
	struct gate_report report;
	struct reply reply;

	reply_read(slice_of(slice_dup_lf(a, answer)), &reply);
	gate_check(a, reply.code, plan, &report);
	if (reply.code.n > 0) {
		/* What our grammar refuses, Python refuses as well. */
		if (!has_finding(&report, G_SYNTAX))
			python_check(a, reply.code, &report);
		contract_check(a, contract, reply.code, &report);
	}
	conclude(a, &reply, &report, ret);
}

void
judge_tests(struct arena *a, const struct gate_tested *about,
    struct slice answer, struct judged *ret)
{
	struct gate_report report;
	struct reply reply;

	reply_read(slice_of(slice_dup_lf(a, answer)), &reply);
	gate_check_tests(a, reply.code, about, &report);
	if (reply.code.n > 0 && !has_finding(&report, G_SYNTAX))
		python_check(a, reply.code, &report);
	conclude(a, &reply, &report, ret);
}

void
judge_rows(struct arena *a, struct slice sheet, struct slice answer,
    struct judged *ret)
{
	struct slice rows = prompt_rows(answer);
	struct gate_report report = {0};
	struct proposal proposal;
	const char *why;

	if (!proposal_read(a, sheet, rows, &proposal, &why))
		gate_add(a, &report, G_NO_ROWS, 0, why);
	*ret = (struct judged){
	    .refused = report.verdict == GATE_REFUSED,
	    .code = rows,
	    .words = report.verdict == GATE_REFUSED
	        ? "refused"
	        : arena_printf(a, "%zu row%s", proposal.rows.n,
	              proposal.rows.n == 1 ? "" : "s"),
	    .told = told(a, &report),
	    .report = as_json(a, &report),
	};
}
