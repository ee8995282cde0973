#include "base/base.h"

#include "mapping/reader.h"

#include "mapping/field.h"
#include "mapping/name.h"

#include <string.h>

/* What a rule says in one word; the column stands between before and after. */
static const struct {
	const char *words;
	const char *before;
	const char *after;
} named[] = {
    {"notnull nonnull required mandatory", "", " IS NOT NULL"},
    {"notempty nonempty notblank nonblank", "trim(", ") <> ''"},
    {"unique distinct noduplicates", "count(*) OVER (PARTITION BY ", ") = 1"},
};

/* A rule of a cell on its way to a condition. */
struct piece {
	struct reader *r;
	const struct row_state *row;
	size_t start; /* in the cell's text */
	struct slice text;
	size_t before;  /* bytes that were put before what the cell says */
	bool from_cell; /* positions in the condition are of the cell */
};

/* "> 0", "in ('A', 'B')": the column of the row is what is compared. */
static bool
lacks_subject(struct slice s)
{
	static const char *const words[] = {
	    "is", "in", "between", "like", "ilike", "rlike", "regexp"};
	size_t at = 0;
	size_t i;

	if (memchr("=<>!", s.p[0], 4))
		return true;
	(void)condition_take_word(s, &at, "not");
	for (i = 0; i < COUNT_OF(words); i++) {
		if (condition_take_word(s, &at, words[i]))
			return true;
	}
	return false;
}

/* The condition that the rule means. */
static const char *
condition_of(struct piece *p)
{
	struct arena *a = p->r->a;
	const char *column = expr_quote_name(a, p->row->target_column);
	size_t i;

	for (i = 0; i < COUNT_OF(named); i++) {
		if (field_is_word(p->text, named[i].words))
			return arena_printf(a, "%s%s%s", named[i].before,
			    column, named[i].after);
	}
	p->from_cell = true;
	if (!lacks_subject(p->text))
		return slice_dup(a, p->text);
	p->before = strlen(column) + 1;
	return arena_printf(a, "%s %.*s", column, (int)p->text.n, p->text.p);
}

/* Marks what stands at those bytes of the condition. */
static void
mark(const struct piece *p, struct problem *problem, size_t start, size_t end)
{
	size_t n = p->text.n;

	start = start < p->before ? 0 : start - p->before;
	end = end < p->before ? 0 : end - p->before;
	if (!p->from_cell || end > n || start > end) {
		start = 0;
		end = n;
	}
	problem_mark(problem, &p->row->rule, p->start + start, p->start + end);
}

static bool
check_columns_of(const struct piece *p, const struct expr_parsed *parsed)
{
	struct reader *r = p->r;
	struct target_state *t = &r->states.v[p->row->target];
	size_t i;

	for (i = 0; i < parsed->columns.n; i++) {
		const struct expr_column *c = &parsed->columns.v[i];
		struct slice name = slice_of(c->part[0]);
		struct problem *problem;

		if (map_get(&t->columns, slice_of(name_fold(r->a, name)),
		        NONE) != NONE)
			continue;
		problem = reader_report(r, &p->row->rule, M_RULE_COLUMN,
		    "The target has no column %s.", text_shown(r->a, name));
		mark(p, problem, c->start, c->end);
		return false;
	}
	return true;
}

/* The day and the hour are the same for all rows; what is drawn anew for each
 * would be another thing where it is looked at twice. */
static bool
check_volatile(const struct piece *p, const struct expr_parsed *parsed)
{
	static const char *const times[] = {"current_date", "curdate",
	    "current_timestamp", "now", "localtimestamp"};
	size_t i;
	size_t k;

	if (!parsed->is_volatile)
		return true;
	for (i = 0; i < parsed->functions.n; i++) {
		for (k = 0; k < COUNT_OF(times); k++) {
			if (str_eq(parsed->functions.v[i].name, times[k]))
				return true;
		}
	}
	mark(p,
	    reader_report(p->r, &p->row->rule, M_RULE_VOLATILE,
	        "\"%s\" may be true once and false the next time.",
	        text_shown(p->r->a, p->text)),
	    0, p->before + p->text.n);
	return false;
}

static void
report_findings(const struct piece *p, const struct expr_parsed *parsed)
{
	size_t i;

	for (i = 0; i < parsed->findings.n; i++) {
		const struct expr_finding *f = &parsed->findings.v[i];
		struct problem *problem = reader_report(p->r, &p->row->rule,
		    f->code, "%s", f->message);

		mark(p, problem, f->start, f->end);
		if (f->fix)
			problem->fix = f->fix;
	}
}

static void
read_piece(struct piece *p)
{
	struct expr_parsed *parsed = arena_new(p->r->a, struct expr_parsed);
	struct mapping_target *t = &p->r->m->targets.v[p->row->target];
	struct mapping_rule *rule;
	struct problem *problem;

	expr_parse(p->r->a, condition_of(p), parsed);
	report_findings(p, parsed);
	if (!parsed->root || parsed->errors > 0)
		return;
	if (!parsed->is_condition) {
		problem = reader_report(p->r, &p->row->rule, E_NOT_CONDITION,
		    "\"%s\" is neither true nor false.",
		    text_shown(p->r->a, p->text));
		reader_fix(p->r, problem,
		    "A rule says what must be true of a row. What computes "
		    "the value belongs in the column transformation.");
		mark(p, problem, 0, p->before + p->text.n);
		return;
	}
	if (!check_columns_of(p, parsed) || !check_volatile(p, parsed))
		return;
	rule = LIST_ADD(p->r->a, &t->rules);
	rule->condition = parsed;
	rule->row = p->row->row;
	rule->text = p->from_cell && p->before == 0
	    ? slice_dup(p->r->a, p->text)
	    : arena_printf(p->r->a, "%s %.*s", p->row->target_column,
	          (int)p->text.n, p->text.p);
}

static bool
goes_on(struct slice s, size_t at)
{
	return condition_take_word(s, &at, "and") ||
	    condition_take_word(s, &at, "or");
}

/* Where the rule that starts at i ends: at a semicolon outside quotes and
 * brackets, or at a new line, unless that begins with AND or OR. */
static size_t
end_of_rule(struct slice s, size_t i)
{
	int64_t depth = 0;

	while (i < s.n) {
		char c = s.p[i];

		if (c == '\'' || c == '"' || c == '`') {
			i = skip_quoted(s, i);
			continue;
		}
		depth += (c == '(') - (c == ')');
		if (depth <= 0 && (c == ';' || (c == '\n' && !goes_on(s, i))))
			return i;
		i++;
	}
	return s.n;
}

static void
read_cell(struct reader *r, const struct row_state *row)
{
	struct slice s = row->rule.text;
	size_t i = 0;

	while (i < s.n) {
		size_t end = end_of_rule(s, i);
		struct slice text = slice_trim((struct slice){
		    s.p + i, end - i});
		struct piece p = {.r = r,
		    .row = row,
		    .start = (size_t)(text.p - s.p),
		    .text = text};

		if (text.n > 0)
			read_piece(&p);
		i = end + 1;
	}
}

void
read_rules(struct reader *r, size_t target)
{
	const struct target_state *t = &r->states.v[target];
	size_t i;

	for (i = 0; i < t->rows.n; i++) {
		const struct row_state *row = &r->rows.v[t->rows.v[i]];

		if (row->rule.bad || cell_empty(&row->rule) ||
		    !row->target_column)
			continue;
		r->quiet = row->quiet;
		read_cell(r, row);
	}
	r->quiet = false;
}
