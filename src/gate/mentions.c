#include "base/base.h"

#include "gate/columns.h"

#include <string.h>
#include <strings.h>

bool
column_is_written(const struct plan_pipeline *l, size_t column)
{
	return l->deleted < 0 || (size_t)l->deleted != column;
}

const char *
column_unread(const struct plan_column *c, const struct idents *reads,
    enum reading *ret_how)
{
	const char *worst = NULL;
	size_t i;

	*ret_how = READ_SURELY;
	for (i = 0; i < c->inputs.n; i++) {
		const char *name = c->inputs.v[i].column;
		const struct ident *read = idents_find(reads, name);
		enum reading how = read ? read->how : READ_NOT;

		if (how >= *ret_how)
			continue;
		*ret_how = how;
		worst = name;
	}
	return worst;
}

/* A word of the text, whatever its case. */
bool
text_has_word(const char *text, const char *name)
{
	size_t n = strlen(name);
	size_t i;

	for (i = 0; text[i]; i++) {
		bool before = i > 0 &&
		    (chr_is_alnum(text[i - 1]) || text[i - 1] == '_');
		char after;

		if (before || strncasecmp(text + i, name, n) != 0)
			continue;
		after = text[i + n];
		if (!chr_is_alnum(after) && after != '_')
			return true;
	}
	return false;
}

/* What the program mentions of a column, where its way to the target cannot be
 * followed. */
enum mention { MENTION_NONE, MENTION_NAME, MENTION_OTHER, MENTION_MADE };

static enum mention
mention_in_calls(struct checking *c, const struct plan_column *column)
{
	enum mention best = MENTION_NONE;
	size_t i;

	for (i = 0; i < c->p->calls.n && best < MENTION_MADE; i++) {
		static const char *const makers[] = {"select", "selectExpr",
		    "withColumn", "withColumns", "withColumnRenamed",
		    "withColumnsRenamed", "agg", "toDF"};
		const struct py_node *call = c->p->calls.v[i];
		const struct made *m;
		struct idents reads;
		enum reading how;

		if (!STR_IS_IN(pytree_called(call), makers))
			continue;
		m = shape_find(shapes_of(c->p, call)->v[0], column->name);
		if (!m)
			continue;
		made_reads(c->p, m, &reads);
		if (!column_unread(column, &reads, &how))
			best = MENTION_MADE;
		else if (best < MENTION_OTHER)
			best = reads.unsure ? MENTION_NAME : MENTION_OTHER;
	}
	return best;
}

static enum mention
mention_in_texts(struct checking *c, const struct plan_column *column)
{
	enum mention best = MENTION_NONE;
	size_t i;
	size_t k;

	for (i = 0; i < c->p->all.n; i++) {
		const struct py_node *n = c->p->all.v[i];
		bool all = true;

		if (n->kind == PY_KEYWORD && str_ieq(n->text, column->name))
			best = MENTION_NAME;
		if (n->kind != PY_STRING ||
		    !text_has_word(n->text, column->name))
			continue;
		best = MENTION_NAME;
		for (k = 0; k < column->inputs.n; k++)
			all = all &&
			    text_has_word(n->text, column->inputs.v[k].column);
		/* A statement of SQL that names both. */
		if (all && strchr(n->text, ' ') && strlen(n->text) > 40)
			return MENTION_MADE;
	}
	return best;
}

/* Where the rows that are written could not be followed. */
void
columns_check_mentions(struct checking *c)
{
	size_t i;

	for (i = 0; i < c->l->columns.n; i++) {
		const struct plan_column *column = &c->l->columns.v[i];
		enum mention calls;
		enum mention texts;

		if (!column_is_written(c->l, i) || !c->unsure[i])
			continue;
		calls = mention_in_calls(c, column);
		texts = mention_in_texts(c, column);
		if (calls == MENTION_OTHER && texts != MENTION_MADE)
			program_say(c->p, G_COLUMN_SOURCE, c->at,
			    "The target column %s is not computed from %s.",
			    column->name,
			    column->inputs.n > 0 ? column->inputs.v[0].column
			                         : "what the sheet says");
		else if (calls == MENTION_NONE && texts == MENTION_NONE)
			program_say(c->p, G_COLUMN_MISSING, c->at,
			    "The code never makes the target column %s.",
			    column->name);
		else
			program_say(c->p, G_COLUMN_UNSURE, c->at,
			    "What becomes the target column %s cannot be told.",
			    column->name);
	}
}

static bool
is_named(const struct checking *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->p->all.n; i++) {
		const struct py_node *n = c->p->all.v[i];

		if ((n->kind == PY_STRING || n->kind == PY_KEYWORD ||
		        n->kind == PY_ATTRIBUTE) &&
		    text_has_word(n->text, name))
			return true;
	}
	return false;
}

/* What filters and joins of the sheet read is at least named. */
void
columns_check_conditions(struct checking *c, const struct plan_inputs *inputs,
    const char *text)
{
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		if (is_named(c, inputs->v[i].column))
			continue;
		program_say(c->p, G_CONDITION, NULL,
		    "The code never reads %s, which the sheet names in %s.",
		    inputs->v[i].column, text);
	}
}

/* The columns that a history adds are at least named. */
void
columns_check_history(struct checking *c)
{
	const char *added[] = {c->l->history.valid_from, c->l->history.valid_to,
	    c->l->history.is_current};
	size_t i;

	for (i = 0; i < COUNT_OF(added); i++) {
		if (!str_empty(added[i]) && !is_named(c, added[i]))
			program_say(c->p, G_COLUMN_MISSING, c->at,
			    "The code never makes the column %s of the "
			    "history.",
			    added[i]);
	}
}
