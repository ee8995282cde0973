#include "base/base.h"

#include "mapping/reader.h"

#include "mapping/name.h"

static_assert(MAPPING_MAX_SOURCES <= 128, "a set has 128 places");

struct set {
	uint64_t bit[2];
};

/* A join cell understood. */
struct join {
	const struct row_state *row;
	enum join_kind kind;
	size_t source; /* that the cell is about: of the row, or the
			  one it names */
	size_t offset; /* of the condition within the cell */
	const struct condition *condition; /* NULL for CROSS */
	const char *text;                  /* canonical */
	struct set named;                  /* sources before a dot */
	bool unqualified;                  /* it has columns without one */
};

struct joins {
	struct reader *r;
	size_t target;
	struct target_state *state;
	struct mapping_target *t;
	LIST_OF(struct join) list;
};

static const char *const kind_words[] = {
    [JOIN_NONE] = "",
    [JOIN_LEFT] = "LEFT",
    [JOIN_INNER] = "INNER",
    [JOIN_RIGHT] = "RIGHT",
    [JOIN_FULL] = "FULL",
    [JOIN_CROSS] = "CROSS",
};

static bool
has(const struct set *s, size_t i)
{
	return s->bit[i / 64] >> i % 64 & 1;
}

static void
add(struct set *s, size_t i)
{
	s->bit[i / 64] |= UINT64_C(1) << i % 64;
}

static size_t
count(const struct set *s)
{
	return (size_t)(__builtin_popcountll(s->bit[0]) +
	    __builtin_popcountll(s->bit[1]));
}

static bool
refuse(struct reader *r, const struct cell *c, const char *message,
    const char *fix)
{
	struct problem *p = reader_report(r, c, E_NOT_CONDITION, "%s", message);

	if (fix)
		p->fix = fix;
	return false;
}

/* Steps over LEFT, INNER JOIN, FULL OUTER JOIN and so on. Without any of them
 * a join is a left join. */
static enum join_kind
take_kind(struct slice s, size_t *at)
{
	static const enum join_kind kinds[] = {
	    JOIN_LEFT, JOIN_INNER, JOIN_RIGHT, JOIN_FULL, JOIN_CROSS};
	enum join_kind kind = JOIN_LEFT;
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++) {
		size_t next = *at;

		/* left(a, 2) = b is a condition. */
		if (!condition_take_word(s, &next, kind_words[kinds[i]]) ||
		    (next < s.n && s.p[next] == '('))
			continue;
		kind = kinds[i];
		*at = next;
		(void)condition_take_word(s, at, "outer");
		break;
	}
	(void)condition_take_word(s, at, "join");
	return kind;
}

/* The source that a join cell names before ON. */
static size_t
find_named(struct joins *j, const struct row_state *row, struct slice text)
{
	const struct cell *c = &row->join;
	const struct table_cell *table = find_table(j->r, text, c);
	size_t start = (size_t)(text.p - c->text.p);
	struct problem *p;
	size_t i;

	/* The row's own source first, then the others. */
	for (i = 0; table->ok && i <= j->t->sources.n; i++) {
		size_t k = i == 0 ? row->source : i - 1;
		const char *alias = j->t->sources.v[k].alias;

		if (j->state->sources.v[k].table == table->id &&
		    (!table->alias || name_equal(alias, table->alias)))
			return k;
		if (!table->alias && table->ref.n_parts == 1 &&
		    name_equal(alias, table->ref.part[0]))
			return k;
	}
	if (is_blurred(j->r, j->target))
		return NONE;
	p = reader_report(j->r, c, M_COLUMN_UNKNOWN_ALIAS,
	    "%s is no source of this target.", text_shown(j->r->a, text));
	reader_fix(j->r, p,
	    "This target reads %s; every other source needs a mapping row of "
	    "its own.",
	    known_aliases(j->r->a, j->t));
	problem_mark(p, c, start, start + text.n);
	return NONE;
}

/* The sources that the condition compares. */
static bool
read_columns(struct joins *j, struct join *join)
{
	const struct expr_parsed *parsed = join->condition->parsed;
	const struct cell *c = &join->row->join;
	size_t i;

	for (i = 0; i < parsed->columns.n; i++) {
		const struct expr_column *column = &parsed->columns.v[i];
		size_t n;
		size_t k;

		if (check_column(j->r, j->target, c, join->offset, column,
		        true))
			return false;
		k = find_qualifier(j->t, column->part, column->n_parts, &n);
		if (k == NONE)
			join->unqualified = true;
		else
			add(&join->named, k);
	}
	return true;
}

static bool
read_cross(struct joins *j, struct join *join, struct slice rest)
{
	struct table_ref ref;
	const char *ignored;

	if (find_word(rest, 0, "on") != NONE ||
	    (rest.n > 0 &&
	        !table_ref_parse(j->r->a, rest, &ref, &ignored, &ignored)))
		return refuse(j->r, &join->row->join,
		    "A cross join has no condition.",
		    "Write INNER JOIN, or leave the condition away.");
	if (rest.n > 0)
		join->source = find_named(j, join->row, rest);
	join->text = "CROSS";
	return join->source != NONE;
}

/* What follows the kind: [table ON] condition. False after a report. */
static bool
read_rest(struct joins *j, struct join *join, size_t at)
{
	const struct cell *c = &join->row->join;
	struct slice rest = {c->text.p + at, c->text.n - at};
	struct table_ref ref;
	const char *ignored;
	size_t on;

	if (join->kind == JOIN_CROSS)
		return read_cross(j, join, rest);
	if (find_word(rest, 0, "using") != NONE)
		return refuse(j->r, c, "USING is not read here.",
		    "Write the condition: a.id = b.id.");
	if (condition_take_word(c->text, &(size_t){at}, "semi") ||
	    condition_take_word(c->text, &(size_t){at}, "anti"))
		return refuse(j->r, c, "Semi and anti joins bring no columns.",
		    "Write LEFT, INNER, RIGHT, FULL or CROSS.");
	on = find_word(rest, 0, "on");
	join->offset = at;
	if (on != NONE) {
		struct slice table = slice_trim((struct slice){rest.p, on});

		if (table.n > 0)
			join->source = find_named(j, join->row, table);
		if (join->source == NONE)
			return false;
		join->offset = at + on;
		(void)condition_take_word(c->text, &join->offset, "on");
	} else if (rest.n == 0 ||
	    table_ref_parse(j->r->a, rest, &ref, &ignored, &ignored)) {
		return refuse(j->r, c, "The join has no condition.",
		    "Compare columns of two sources: a.id = b.id.");
	}
	if (join->offset == c->text.n)
		return refuse(j->r, c, "Nothing follows ON.", NULL);
	join->condition = read_condition(j->r, c, join->offset);
	if (!join->condition)
		return false;
	join->text = arena_printf(j->r->a, "%s %s", kind_words[join->kind],
	    join->condition->text);
	return read_columns(j, join);
}

static void
read_join(struct joins *j, const struct row_state *row)
{
	struct join join = {.row = row, .source = row->source};
	size_t at = 0;
	size_t on;

	if (row->source == NONE) {
		/* Only what is wrong with the text can be said. */
		join.kind = take_kind(row->join.text, &at);
		on = find_word(row->join.text, at, "on");
		at = on != NONE ? on : at;
		(void)condition_take_word(row->join.text, &at, "on");
		if (join.kind != JOIN_CROSS && at < row->join.text.n)
			(void)read_condition(j->r, &row->join, at);
		return;
	}
	join.kind = take_kind(row->join.text, &at);
	if (read_rest(j, &join, at) && !row->quiet) {
		*LIST_ADD(j->r->a, &j->list) = join;
		return;
	}
	if (row->source == 0)
		j->state->join_unclear = true;
	else
		j->state->sources.v[row->source].join_bad = true;
}

/* The columns that come from a source which is joined only later. */
static bool
check_order(struct joins *j, const struct join *join, size_t source)
{
	const struct expr_parsed *parsed = join->condition->parsed;
	const struct cell *c = &join->row->join;
	size_t i;

	for (i = 0; i < parsed->columns.n; i++) {
		const struct expr_column *column = &parsed->columns.v[i];
		struct problem *p;
		size_t n;
		size_t k = find_qualifier(j->t, column->part, column->n_parts,
		    &n);

		if (k == NONE || k <= source)
			continue;
		p = reader_report(j->r, c, M_COLUMN_UNKNOWN_ALIAS,
		    "%s is joined only after %s.", j->t->sources.v[k].alias,
		    j->t->sources.v[source].alias);
		reader_fix(j->r, p,
		    "Sources are joined in the order of their first rows: move "
		    "a row of %s above the rows of %s.",
		    j->t->sources.v[k].alias, j->t->sources.v[source].alias);
		problem_mark(p, c, join->offset + column->start,
		    join->offset + column->end);
		return false;
	}
	return true;
}

/* A column without qualifier belongs to the source of its row. In a join that
 * is about another source it would be read as that one's. */
static bool
refuse_unqualified(struct joins *j, const struct join *join)
{
	const struct expr_parsed *parsed = join->condition->parsed;
	const struct cell *c = &join->row->join;
	const struct expr_column *column = parsed->columns.v;
	struct problem *p;
	const char *name;
	size_t n;

	while (find_qualifier(j->t, column->part, column->n_parts, &n) != NONE)
		column++;
	name = text_shown(j->r->a, slice_of(column->part[0]));
	p = reader_report(j->r, c, M_COLUMN_UNQUALIFIED,
	    "%s does not say which source it means.", name);
	reader_fix(j->r, p, "Write its alias before it: %s.%s, for example.",
	    j->t->sources.v[join->row->source].alias, name);
	problem_mark(p, c, join->offset + column->start,
	    join->offset + column->end);
	return false;
}

static bool
check_related(struct joins *j, const struct join *join, size_t source)
{
	const struct cell *c = &join->row->join;
	bool names_itself = has(&join->named, source) || join->unqualified;
	bool names_earlier = false;
	size_t i;
	struct problem *p;

	if (join->unqualified && join->row->source != source)
		return refuse_unqualified(j, join);
	for (i = 0; i < source; i++)
		names_earlier = names_earlier || has(&join->named, i);
	if (names_itself && names_earlier)
		return true;
	p = reader_report(j->r, c, M_JOIN_UNRELATED,
	    names_earlier ? "The condition does not mention %s."
	                  : "The condition mentions no source but %s.",
	    j->t->sources.v[source].alias);
	problem_mark(p, c, join->offset, c->text.n);
	return false;
}

/* Joins the source as the cell says, or compares with what another said. */
static void
state_join(struct joins *j, const struct join *join, size_t source)
{
	struct source_state *state = &j->state->sources.v[source];
	struct mapping_source *s = &j->t->sources.v[source];
	struct problem *p;

	if (join->condition &&
	    (is_blurred(j->r, j->target) || !check_order(j, join, source) ||
	        !check_related(j, join, source))) {
		state->join_bad = true;
		return;
	}
	if (!state->join_text) {
		state->join_text = join->text;
		s->join = join->kind;
		s->join_row = join->row->row;
		if (join->condition)
			s->on = join->condition->parsed;
		return;
	}
	if (str_eq(state->join_text, join->text))
		return;
	p = reader_report(j->r, &join->row->join, M_JOIN_CONFLICT,
	    "Row %" PRId64 " joins %s in another way.", s->join_row, s->alias);
	reader_fix(j->r, p,
	    "State the join of %s once, or the same in every row.", s->alias);
}

static bool
is_open(const struct joins *j, size_t source)
{
	const struct source_state *s = &j->state->sources.v[source];

	return source > 0 && !s->join_text && !s->join_bad;
}

/* A join in a row of the first source: many sheets write it there, or in every
 * row. It is about the one other source that has none yet. */
static void
attach(struct joins *j, const struct join *join)
{
	struct set named = join->named;
	size_t other = NONE;
	size_t open = 0;
	size_t found = NONE;
	bool bad = false;
	size_t i;

	if (join->kind == JOIN_CROSS && j->t->sources.n == 2)
		add(&named, 1);
	named.bit[0] &= ~UINT64_C(1);
	for (i = 1; i < j->t->sources.n; i++) {
		const struct source_state *s = &j->state->sources.v[i];

		if (!has(&named, i))
			continue;
		if (str_eq(s->join_text, join->text))
			return;
		other = i;
		bad = bad || s->join_bad;
		if (is_open(j, i)) {
			open++;
			found = i;
		}
	}
	if (open == 1)
		state_join(j, join, found);
	else if (open == 0 && count(&named) == 1 && !bad)
		state_join(j, join, other);
	else if (!bad && !is_blurred(j->r, j->target))
		reader_report(j->r, &join->row->join, M_JOIN_DRIVING,
		    "%s is the first source of this target; there is nothing "
		    "before it to join.",
		    j->t->sources.v[0].alias);
	if (open > 1)
		j->state->join_unclear = true;
}

static void
report_missing(struct joins *j)
{
	struct reader *r = j->r;
	size_t i;

	if (is_blurred(r, j->target) || j->state->join_unclear ||
	    (r->foggy && r->m->field[FIELD_JOIN] < 0))
		return;
	for (i = 1; i < j->t->sources.n; i++) {
		const struct source_state *s = &j->state->sources.v[i];
		bool has_column = s->join_cell.column >= 0;
		const char *alias = j->t->sources.v[i].alias;
		struct problem *p;

		if (!is_open(j, i))
			continue;
		p = reader_report(r, has_column ? &s->join_cell : &s->cell,
		    M_JOIN_MISSING, "Nothing says how %s joins %s.", alias,
		    j->t->sources.v[0].alias);
		if (s->table == j->state->sources.v[0].table)
			reader_fix(r, p,
			    "%s and %s are two sources, though one table: "
			    "write the join of %s, or the same alias in every "
			    "row.",
			    j->t->sources.v[0].alias, alias, alias);
		else
			reader_fix(r, p, "%s, such as %s.id = %s.id.",
			    has_column
			        ? "Write the condition into the join column"
			        : "Add the column join with the condition",
			    j->t->sources.v[0].alias, alias);
	}
}

void
read_joins(struct reader *r, size_t target)
{
	struct joins j = {.r = r,
	    .target = target,
	    .state = &r->states.v[target],
	    .t = &r->m->targets.v[target]};
	size_t i;

	for (i = 0; i < j.state->rows.n; i++) {
		const struct row_state *row = &r->rows.v[j.state->rows.v[i]];

		r->quiet = row->quiet;
		if (!row->join.bad && !cell_empty(&row->join))
			read_join(&j, row);
		else if (row->join.bad && row->source != NONE)
			j.state->sources.v[row->source].join_bad = true;
	}
	r->quiet = false;
	for (i = 0; i < j.list.n; i++) {
		if (j.list.v[i].source > 0)
			state_join(&j, &j.list.v[i], j.list.v[i].source);
	}
	for (i = 0; i < j.list.n; i++) {
		if (j.list.v[i].source == 0)
			attach(&j, &j.list.v[i]);
	}
	report_missing(&j);
}
