#include "base/base.h"

#include "mapping/reader.h"

#include "mapping/name.h"

#include <string.h>

static const char no_window[] =
    "Spark asks a condition of each row before it computes windows.";
static const char window_fix[] =
    "Compute the window in a view and map the view.";

static bool
is_word_char(char c)
{
	return chr_is_alnum(c) || c == '_' || (c & 0x80);
}

static bool
is_word_at(struct slice s, size_t at, const char *word)
{
	size_t n = strlen(word);

	return s.n - at >= n && slice_ieq((struct slice){s.p + at, n}, word) &&
	    (at == 0 || (!is_word_char(s.p[at - 1]) && s.p[at - 1] != '.')) &&
	    (at + n == s.n ||
	        (!is_word_char(s.p[at + n]) && s.p[at + n] != '.'));
}

size_t
skip_quoted(struct slice s, size_t i)
{
	char quote = s.p[i++];

	while (i < s.n && s.p[i] != quote) {
		if (s.p[i] == '\\' && quote != '`' && i + 1 < s.n)
			i++;
		i++;
	}
	return i + 1;
}

size_t
find_word(struct slice s, size_t at, const char *word)
{
	int64_t depth = 0;
	size_t i = at;

	while (i < s.n) {
		char c = s.p[i];

		if (c == '\'' || c == '"' || c == '`') {
			i = skip_quoted(s, i);
			continue;
		}
		depth += (c == '(') - (c == ')');
		if (depth == 0 && is_word_at(s, i, word))
			return i;
		i++;
	}
	return NONE;
}

static size_t
skip_space(struct slice s, size_t at)
{
	while (at < s.n && chr_is_space(s.p[at]))
		at++;
	return at;
}

bool
condition_take_word(struct slice s, size_t *at, const char *word)
{
	size_t i = skip_space(s, *at);

	if (i >= s.n || !is_word_at(s, i, word))
		return false;
	*at = skip_space(s, i + strlen(word));
	return true;
}

static const char *
keep_name(const struct expr_column *column UNUSED, void *data UNUSED)
{
	return NULL;
}

/* What the finding of a value says helps little in a condition. */
static void
refine(struct expr_finding *f)
{
	if (f->code == E_PROSE) {
		f->fix = "Write a comparison, such as status = 'open'.";
	} else if (f->code == E_AGGREGATE) {
		f->message = "An aggregate is made of many rows, but a "
		             "condition is asked of each row.";
		f->fix = "Aggregate in a view and map the view.";
	} else if (f->code == E_WINDOW) {
		f->message = no_window;
		f->fix = window_fix;
	}
}

static const struct expr_parsed *
parse_condition(struct reader *r, const struct cell *cell, size_t offset)
{
	struct expr_parsed *parsed = arena_new(r->a, struct expr_parsed);
	size_t i;

	expr_parse(r->a, cell_str(r, cell) + offset, parsed);
	for (i = 0; i < parsed->findings.n; i++)
		refine(&parsed->findings.v[i]);
	return parsed;
}

const struct condition *
read_condition(struct reader *r, const struct cell *cell, size_t offset)
{
	struct slice text = {cell->text.p + offset, cell->text.n - offset};
	size_t i = map_get(&r->texts_of_conditions, text, NONE);
	struct condition *c;
	struct problem *p;

	if (i == NONE) {
		c = arena_new(r->a, struct condition);
		c->parsed = parse_condition(r, cell, offset);
		c->text = c->parsed->root
		    ? expr_rewrite(r->a, c->parsed, keep_name, NULL)
		    : "";
		i = r->conditions.n;
		(void)map_add(r->a, &r->texts_of_conditions, text, i);
		*LIST_ADD(r->a, &r->conditions) = c;
	}
	c = r->conditions.v[i];
	reader_findings(r, cell, offset, c->parsed);
	if (!c->parsed->root || c->parsed->errors > 0)
		return NULL;
	if (c->parsed->is_window) {
		p = reader_report(r, cell, E_WINDOW, "%s", no_window);
		reader_fix(r, p, "%s", window_fix);
		problem_mark(p, cell, offset, cell->text.n);
		return NULL;
	}
	if (c->parsed->is_condition)
		return c;
	p = reader_report(r, cell, E_NOT_CONDITION,
	    "\"%s\" is neither true nor false.", text_shown(r->a, text));
	problem_mark(p, cell, offset, cell->text.n);
	return NULL;
}

/* Reports a column of a filter that does not say whose it is. */
static bool
check_filter_column(struct reader *r, const struct row_state *row,
    size_t offset, const struct expr_column *column)
{
	const struct mapping_target *t = &r->m->targets.v[row->target];
	struct problem *p;
	size_t n;

	if (check_column(r, row->target, &row->filter, offset, column, false))
		return true;
	if (row->source == 0 || t->sources.n < 2 ||
	    find_qualifier(t, column->part, column->n_parts, &n) != NONE)
		return false;
	p = reader_report(r, &row->filter, M_COLUMN_UNQUALIFIED,
	    "%s may belong to any of the sources.",
	    text_shown(r->a, slice_of(column->part[0])));
	reader_fix(r, p,
	    "Write the alias before the column: %s.%s, for example.",
	    t->sources.v[row->source].alias,
	    text_shown(r->a, slice_of(column->part[0])));
	problem_mark(p, &row->filter, offset + column->start,
	    offset + column->end);
	return true;
}

static void
read_filter(struct reader *r, const struct row_state *row)
{
	struct target_state *t = &r->states.v[row->target];
	const struct condition *c;
	size_t offset = 0;
	size_t i;

	(void)condition_take_word(row->filter.text, &offset, "where");
	c = read_condition(r, &row->filter, offset);
	if (!c || row->source == NONE)
		return;
	for (i = 0; i < c->parsed->columns.n; i++) {
		if (check_filter_column(r, row, offset,
		        &c->parsed->columns.v[i]))
			return;
	}
	if (map_add(r->a, &t->filters, slice_of(c->text), 1))
		*LIST_ADD(r->a,
		    &r->m->targets.v[row->target].filters) = c->parsed;
}

void
read_filters(struct reader *r, size_t target)
{
	const struct target_state *t = &r->states.v[target];
	size_t i;

	for (i = 0; i < t->rows.n; i++) {
		const struct row_state *row = &r->rows.v[t->rows.v[i]];

		if (row->filter.bad || cell_empty(&row->filter))
			continue;
		r->quiet = row->quiet;
		read_filter(r, row);
	}
	r->quiet = false;
}
