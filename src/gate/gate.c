#include "base/base.h"

#include "gate/gate.h"

#include "gate/partial.h"
#include "gate/program.h"
#include "lang/lang.h"

#include <string.h>

/* Steps; what would take more is not followed, and so is not passed. */
#define BUDGET 300000
/* Of partial evaluation. */
#define MAX_ROUNDS 8

void
gate_add(struct arena *a, struct gate_report *report, enum err_code code,
    size_t line, const char *message)
{
	bool refuses = code_info(code)->severity == SEVERITY_ERROR;
	struct gate_finding *f;
	size_t at;
	size_t i;

	if (refuses)
		report->verdict = GATE_REFUSED;
	else if (report->verdict == GATE_PASSED)
		report->verdict = GATE_REMARKS;
	for (i = 0; i < report->n; i++) {
		if (report->v[i].code == code && report->v[i].line == line &&
		    str_eq(report->v[i].message, message))
			return;
	}
	if (report->n >= GATE_MAX_FINDINGS)
		return;
	f = LIST_ADD(a, report);
	for (at = report->n - 1; at > 0 && report->v[at - 1].line > line; at--)
		report->v[at] = report->v[at - 1];
	f = &report->v[at];
	*f = (struct gate_finding){.code = code,
	    .line = line,
	    .message = arena_strdup(a, message),
	    .fix = code_info(code)->fix};
}

const char *
gate_verdict_name(enum gate_verdict verdict)
{
	static const char *const names[] = {
	    "passed", "passed with remarks", "refused"};

	return names[verdict];
}

/* Bytes that make code look like other code. */
static void
check_characters(struct arena *a, struct slice code, struct gate_report *ret)
{
	size_t line = 1;
	size_t i = 0;

	while (i < code.n) {
		uint32_t cp;
		size_t n = utf8_next(code.p + i, code.n - i, &cp);
		bool hides = (cp < 0x20 && cp != '\n' && cp != '\t') ||
		    cp == 0x7f || (cp >= 0x80 && cp < 0xa0) ||
		    (cp >= 0x200b && cp <= 0x200f) ||
		    (cp >= 0x2028 && cp <= 0x202e) ||
		    (cp >= 0x2060 && cp <= 0x206f) || (cp == 0xfeff && i > 0) ||
		    (cp == 0xfffd && n == 1);

		if (hides)
			gate_add(a, ret, G_CHARACTER, line,
			    arena_printf(a,
			        "The character U+%04X hides what is there.",
			        (unsigned)cp));
		line += cp == '\n';
		i += n;
	}
}

static bool
starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

static struct slice
rest(struct slice s, size_t n)
{
	return slice_trim((struct slice){s.p + n, s.n - n});
}

/* A comment that says in which encoding a file is. */
static bool
says_encoding(struct arena *a, struct slice line)
{
	const char *text = str_lower(a, slice_dup(a, line));
	const char *coding = strstr(text, "coding");

	return coding && (coding[6] == ':' || coding[6] == '=') &&
	    !strstr(text, "utf-8") && !strstr(text, "utf8");
}

/* Cells of a notebook that are not Python, and lines of IPython. */
static void
check_lines(struct arena *a, struct slice code, struct gate_report *ret)
{
	bool in_text = false;
	size_t line = 1;
	size_t at = 0;

	for (; at < code.n; line++) {
		const char *p = code.p + at;
		const char *end = memchr(p, '\n', code.n - at);
		struct slice s = {p, end ? (size_t)(end - p) : code.n - at};
		struct slice magic;

		at += s.n + 1;
		s = slice_trim(s);
		if (line <= 2 && starts(s, "#") && says_encoding(a, s))
			gate_add(a, ret, G_CHARACTER, line,
			    "The code claims another encoding than UTF-8.");
		if (starts(s, "# COMMAND ----------"))
			in_text = false;
		if (!starts(s, "# MAGIC"))
			continue;
		magic = rest(s, strlen("# MAGIC"));
		if (starts(magic, "%md") && !starts(magic, "%md-"))
			in_text = true;
		else if (!in_text || starts(magic, "%") || starts(magic, "!"))
			gate_add(a, ret, G_MAGIC, line,
			    "A cell is no Python and no Markdown.");
	}
}

static void
check_program(struct arena *a, struct slice code, const struct plan *plan,
    struct gate_report *ret)
{
	const struct program fresh = {
	    .arena = a, .plan = plan, .report = ret, .budget = BUDGET};
	struct program p = fresh;
	struct lang_error where = {0};
	size_t i;

	if (!lang_check(a, LANG_PYTHON, code, &where)) {
		gate_add(a, ret, G_SYNTAX, where.line, where.message);
		return;
	}
	if (!pytree_read(a, code, &p.root) || !program_read(&p)) {
		gate_add(a, ret, G_TOO_LARGE, 0,
		    "The code is too large, or nests too deep, to be read.");
		return;
	}
	for (i = 0; i < MAX_ROUNDS; i++) {
		struct program next = fresh;

		next.root = partial_evaluate(&p);
		if (!next.root || !program_read(&next))
			break;
		p = next;
	}
	/* What was not told for want of steps may be told now. */
	p.budget = BUDGET;
	p.told = arena_array(a, unsigned char, p.all.n + 1);
	gate_names(&p);
	gate_formats(&p);
	gate_calls(&p);
	gate_columns(&p);
}

bool
gate_check_text(struct arena *a, struct slice code, struct gate_report *ret)
{
	*ret = (struct gate_report){0};
	if (code.n > GATE_MAX_BYTES) {
		gate_add(a, ret, G_TOO_LARGE, 0,
		    "The code has more than 512 kB.");
		return false;
	}
	if (slice_trim(code).n == 0) {
		gate_add(a, ret, G_NO_CODE, 0, "There is no code.");
		return false;
	}
	check_characters(a, code, ret);
	check_lines(a, code, ret);
	return true;
}

void
gate_check(struct arena *a, struct slice code, const struct plan *plan,
    struct gate_report *ret)
{
	if (gate_check_text(a, code, ret))
		check_program(a, code, plan, ret);
}
