#include "base/base.h"

#include "expr/check.h"

#include "expr/functions.h"
#include "expr/units.h"

#include <string.h>

struct context {
	struct arena *arena;
	struct expr_parsed *p;
	const struct expr *call;
};

/* As written, short enough for a message. */
static const char *
name(const struct context *c)
{
	return utf8_cut(c->arena,
	    arena_strndup(c->arena, c->p->text + c->call->start,
	        c->call->op_end - c->call->start),
	    60);
}

static void PRINTF(4, 5) report(const struct context *c, enum err_code code,
    const char *fix, const char *format, ...)
{
	struct expr_finding *f;
	va_list ap;

	if (!check_wants(c->p, code))
		return;
	f = check_add(c->arena, c->p, code, c->call->start, c->call->op_end);
	va_start(ap, format);
	f->message = arena_vprintf(c->arena, format, ap);
	va_end(ap);
	f->fix = fix;
}

static const char *
count_of(struct arena *a, size_t n)
{
	return n == 0 ? "none" : arena_printf(a, "%zu", n);
}

/* "2 arguments", "1 to 3 arguments", "at least 2 arguments" */
static const char *
expected_count(struct arena *a, const struct function *f)
{
	const char *s = f->max == 1 ? "" : "s";

	if (f->max == 0)
		return "no arguments";
	if (f->max == FUNCTION_MANY)
		return arena_printf(a, "at least %u argument%s", f->min,
		    f->min == 1 ? "" : "s");
	if (f->min == f->max)
		return arena_printf(a, "%u argument%s", f->min, s);
	return arena_printf(a, "%u to %u arguments", f->min, f->max);
}

struct count_fix {
	const char *name;
	size_t n_args;
	const char *fix;
};

/* Functions that take another number of arguments in other systems. */
static const struct count_fix count_fixes[] = {
    {"isnull", 2, "Write coalesce(x, y)."},
    {"nvl", 3, "Write nvl2(x, y, z), or coalesce(x, y, z)."},
    {"ifnull", 3, "Write coalesce(x, y, z)."},
    {"trunc", 1, "Write trunc(d, 'MM') for dates, floor(x) for numbers."},
    {"instr", 3, "Write locate('text', x, 3)."},
    {"instr", 4, "Write regexp_instr(x, 'pattern')."},
    {"charindex", 4, "Write locate('text', x, 3)."},
    {"date_format", 1, "Write date_format(d, 'yyyy-MM-dd')."},
    {"to_char", 1, "Write CAST(x AS STRING)."},
    {"to_number", 1, "Write CAST(x AS DECIMAL(12,2))."},
    {"to_char", 3, "Write to_char(x, '999.99')."},
    {"substring", 1, "Write substring(x, 1, 3)."},
    {"if", 2, "Write if(condition, a, b), or CASE WHEN."},
    {"concat_ws", 0, "Write concat_ws(',', a, b)."},
    {"left", 1, "Write left(x, 3)."},
    {"right", 1, "Write right(x, 3)."},
    {"split", 1, "Write split(x, ',')."},
    {"date", 3, "Write make_date(year, month, day)."},
    {"string", 2, "Write date_format(d, 'yyyy-MM-dd')."},
};

/* DATEADD(dd, …) of SQL Server */
static const char *
unit_fix(struct arena *a, const struct expr *e)
{
	static const char *const units[][2] = {{"d", "DAY"}, {"dd", "DAY"},
	    {"days", "DAY"}, {"hh", "HOUR"}, {"hours", "HOUR"}, {"m", "MONTH"},
	    {"mi", "MINUTE"}, {"minutes", "MINUTE"}, {"mm", "MONTH"},
	    {"months", "MONTH"}, {"ms", "MILLISECOND"}, {"n", "MINUTE"},
	    {"q", "QUARTER"}, {"qq", "QUARTER"}, {"s", "SECOND"},
	    {"ss", "SECOND"}, {"weeks", "WEEK"}, {"wk", "WEEK"}, {"ww", "WEEK"},
	    {"years", "YEAR"}, {"yy", "YEAR"}, {"yyyy", "YEAR"}};
	const struct expr *first = e->n_args == 3 ? e->arg[0] : NULL;
	size_t i;

	if (!first || !unit_is_date_function(e->op))
		return NULL;
	for (i = 0; i < COUNT_OF(units); i++) {
		if (first->kind == EXPR_COLUMN &&
		    str_ieq(first->part[0], units[i][0]))
			return arena_printf(a, "Write %s instead of %s.",
			    units[i][1], first->part[0]);
	}
	return "Write the unit as a word, as in DATEADD(DAY, 1, d).";
}

static const char *
count_fix(struct arena *a, const struct expr *e)
{
	size_t i;

	for (i = 0; i < COUNT_OF(count_fixes); i++) {
		if (count_fixes[i].n_args == e->n_args &&
		    str_eq(count_fixes[i].name, e->op))
			return count_fixes[i].fix;
	}
	return unit_fix(a, e);
}

/* EXTRACT(YEAR FROM d) and its like have a grammar of their own. */
static bool
has_unit(const struct expr *e)
{
	return e->n_args > 0 && e->arg[0]->kind == EXPR_LITERAL &&
	    e->arg[0]->literal == LITERAL_TYPED &&
	    str_eq(e->arg[0]->op, "unit");
}

static void
check_count(const struct context *c, const struct function *f)
{
	const struct expr *e = c->call;

	if (e->star || has_unit(e))
		return;
	/* An argument by name may fill the place of any other. */
	if (e->n_args < f->min ||
	    (f->max != FUNCTION_MANY && e->n_args > f->max))
		report(c, E_ARGUMENTS, count_fix(c->arena, e),
		    "%s takes %s, found %s.", name(c),
		    expected_count(c->arena, f), count_of(c->arena, e->n_args));
	else if ((str_eq(e->op, "map") || str_eq(e->op, "named_struct")) &&
	    e->n_args % 2 != 0)
		report(c, E_ARGUMENTS, NULL,
		    "%s takes pairs of arguments, "
		    "found %zu.",
		    name(c), e->n_args);
}

static void
check_window(const struct context *c, const struct function *f)
{
	const struct expr *e = c->call;

	if (e->over->name) {
		report(c, E_WINDOW,
		    "Write the window in parentheses: OVER "
		    "(PARTITION BY … ORDER BY …).",
		    "The window %s is not "
		    "defined anywhere.",
		    utf8_cut(c->arena, e->over->name, 40));
		return;
	}
	if (!f)
		return;
	if (!(f->flags & (FUNCTION_AGGREGATE | FUNCTION_WINDOW)))
		report(c, E_WINDOW, "Remove OVER (…).",
		    "%s works on one row, "
		    "so it cannot have OVER.",
		    name(c));
	else if ((f->flags & FUNCTION_WINDOW) && e->over->n_order == 0)
		report(c, E_WINDOW,
		    "Add ORDER BY to the window: OVER "
		    "(PARTITION BY … ORDER BY …).",
		    "%s needs an order within "
		    "its window.",
		    name(c));
	else if (e->distinct)
		report(c, E_WINDOW,
		    "Write size(collect_set(x) OVER (…)) for "
		    "a count.",
		    "Spark has no DISTINCT within a window.");
	else if (e->filter)
		report(c, E_WINDOW,
		    "Write sum(CASE WHEN condition THEN x END) "
		    "OVER (…).",
		    "Spark has no FILTER together with OVER.");
}

static void
check_unknown(const struct context *c)
{
	const struct expr *e = c->call;
	const char *instead = function_instead(e->op);
	const char *near;

	if (!check_wants(c->p, E_FUNCTION_UNKNOWN))
		return;
	if (str_starts(e->op, "f.") && function_find(e->op + 2)) {
		report(c, E_FUNCTION_UNKNOWN,
		    arena_printf(c->arena, "Write %s.", e->op + 2),
		    "%s is Python; in SQL the "
		    "function has no F before it.",
		    name(c));
		return;
	}
	/* A name with a catalog or schema is surely somebody's own. */
	if (strchr(e->op, '.'))
		return;
	near = instead ? NULL : function_near(e->op);
	if (near)
		report(c, E_FUNCTION_UNKNOWN, NULL,
		    "%s is not a function of "
		    "Spark SQL. Did you mean %s?",
		    name(c), near);
	else
		report(c, E_FUNCTION_UNKNOWN, instead,
		    "%s is not a function "
		    "of Spark SQL.",
		    name(c));
}

static void
check_kind(const struct context *c, const struct function *f)
{
	const struct expr *e = c->call;

	if (f->flags & FUNCTION_VOLATILE ||
	    (e->n_args == 0 && str_eq(e->op, "unix_timestamp")))
		c->p->is_volatile = true;
	if (f->flags & FUNCTION_GENERATOR) {
		c->p->is_generator = true;
		report(c, E_GENERATOR, NULL, "%s makes several rows of one.",
		    name(c));
	}
	if (e->over)
		return;
	if (f->flags & FUNCTION_AGGREGATE) {
		c->p->is_aggregate = true;
		report(c, E_AGGREGATE, NULL,
		    "%s makes one value of many "
		    "rows, but a mapping row computes one for each row.",
		    name(c));
	} else if (f->flags & FUNCTION_WINDOW) {
		report(c, E_WINDOW,
		    arena_printf(c->arena,
		        "Write %s(…) OVER (PARTITION BY … ORDER BY …).",
		        name(c)),
		    "%s needs a window.", name(c));
	} else if (e->filter) {
		report(c, E_WINDOW, "Write CASE WHEN condition THEN … END.",
		    "Only aggregate functions have FILTER.");
	}
}

void
check_call(struct arena *a, struct expr_parsed *p, const struct expr *e)
{
	const struct function *f = function_find(e->op);
	struct context c = {.arena = a, .p = p, .call = e};

	if (!function_is_known(e->op) || function_instead(e->op))
		check_unknown(&c);
	if (e->over) {
		p->is_window = true;
		check_window(&c, f);
	}
	if (f) {
		check_count(&c, f);
		check_kind(&c, f);
	}
}
