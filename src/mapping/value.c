#include "base/base.h"

#include "mapping/row.h"

#include "mapping/field.h"
#include "mapping/name.h"

#include <string.h>

/* What Delta refuses in column names of tables without column mapping. */
#define DELTA_REFUSES " ,;{}()\n\t="
/* In a source column these make the cell an expression or a list. */
#define NOT_IN_NAMES ",;()+*/|=<>'\"{}[]:\n"

static const struct {
	const char *words;
	enum mapping_role role;
} roles[] = {
    {"key businesskey pk primarykey mergekey", ROLE_KEY},
    {"watermark", ROLE_WATERMARK},
    {"sequence sequenceby order version", ROLE_SEQUENCE},
    {"tracked", ROLE_TRACKED},
    {"untracked", ROLE_UNTRACKED},
};

#define KEY_YES "y yes true 1 x key pk"
#define KEY_NO "n no false 0"

/* What people write for "nothing to say here". */
#define NOTHINGS "n/a na null none tbd ?"
/* And for "copy it as it is", which an empty cell says. */
#define COPIES                                                                 \
	"direct directmapping directmap directmove straight straightmove "     \
	"straightmapping copy asis passthrough 1:1 1to1 onetoone same "        \
	"nochange notransformation move map n/a na none tbd ?"

static bool
is_dash(struct slice s)
{
	return slice_is(s, "-") || slice_is(s, "--") ||
	    slice_is(s, "\xe2\x80\x93");
}

/* A name of parts, some in backticks: "i.`odd name`". */
struct path {
	const char *part[4];
	size_t n;
	size_t last; /* where the last part starts */
	bool any_quoted;
	bool ok; /* false: no such name */
};

/* The part at *at, which moves behind it. NULL if it is empty or its backtick
 * is never closed. */
static const char *
take_part(struct arena *a, struct slice s, size_t *at, bool *ret_quoted)
{
	char *part = arena_alloc(a, s.n - *at + 1);
	size_t i = *at;
	size_t n = 0;

	*ret_quoted = i < s.n && s.p[i] == '`';
	if (!*ret_quoted) {
		while (i < s.n && s.p[i] != '.' && s.p[i] != '`')
			part[n++] = s.p[i++];
		*at = i;
		return n > 0 ? part : NULL;
	}
	for (i++; i < s.n; i++) {
		if (s.p[i] == '`' && (i + 1 == s.n || s.p[i + 1] != '`')) {
			*at = i + 1;
			return n > 0 ? part : NULL;
		}
		i += s.p[i] == '`';
		part[n++] = s.p[i];
	}
	return NULL;
}

static struct path
split(struct arena *a, struct slice s)
{
	struct path p = {.ok = false};
	size_t i = 0;

	for (;;) {
		const char *part;
		bool quoted;

		p.last = i;
		part = take_part(a, s, &i, &quoted);
		if (!part || p.n == COUNT_OF(p.part))
			return p;
		if (!quoted && strpbrk(part, NOT_IN_NAMES))
			return p;
		p.any_quoted = p.any_quoted || quoted;
		p.part[p.n++] = part;
		if (i == s.n)
			break;
		if (s.p[i++] != '.')
			return p;
	}
	p.ok = true;
	return p;
}

/* "a and b", "a - b": plain characters, but more than one name. */
static bool
is_list_of_words(struct arena *a, struct slice s)
{
	const char *text = str_lower(a, slice_dup(a, s));

	return strstr(text, " and ") || strstr(text, " or ") ||
	    strstr(text, " - ") || strstr(text, " & ");
}

static bool
is_number(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (!chr_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
			return false;
	}
	return true;
}

/* Whether the parts before the last name the source of the row. */
static bool
is_own_qualifier(struct row *w, const struct path *p)
{
	const struct table_ref *t = &w->table->ref;
	const char *alias = w->table->alias;
	size_t n = p->n - 1;
	size_t i;

	if (w->state->target != NONE && w->state->source != NONE)
		alias = w->r->states.v[w->state->target]
		            .sources.v[w->state->source]
		            .alias;
	if (n == 1 &&
	    ((alias && name_equal(p->part[0], alias)) ||
	        name_equal(p->part[0], default_alias(w->r->a, t))))
		return true;
	if (n > t->n_parts)
		return false;
	for (i = 0; i < n; i++) {
		if (!name_equal(p->part[i], t->part[t->n_parts - n + i]))
			return false;
	}
	return true;
}

static const char *
refuse_source_column(struct row *w, const char *message, const char *fix)
{
	const struct cell *c = &w->cell[FIELD_SOURCE_COLUMN];
	struct problem *p = reader_report(w->r, c, M_SOURCE_AMBIGUOUS,
	    "\"%s\" %s.", cell_shown(w->r, c), message);

	if (fix)
		p->fix = fix;
	return NULL;
}

const char *
row_source_column(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_SOURCE_COLUMN];
	struct problem *problem;
	struct path p;

	if (c->bad || cell_empty(c))
		return NULL;
	if (is_dash(c->text) || field_is_word(c->text, NOTHINGS))
		return refuse_source_column(w, "is no column",
		    "Leave the cell empty for a derived column; a column of "
		    "that name goes into backticks.");
	p = split(w->r->a, c->text);
	if (is_number(c->text))
		return refuse_source_column(w, "is a number",
		    "Write a constant into the transformation; a column of "
		    "that name goes into backticks.");
	if (!p.ok || (!p.any_quoted && is_list_of_words(w->r->a, c->text)))
		return refuse_source_column(w, "is more than one column name",
		    NULL);
	if (p.n == 1 || !w->table || is_own_qualifier(w, &p))
		return p.part[p.n - 1];
	problem = reader_report(w->r, c, M_COLUMN_UNKNOWN_ALIAS,
	    "The part before the last dot is not the source of this row.");
	problem_mark(problem, c, 0, p.last - 1);
	reader_fix(w->r, problem,
	    "Write only the column. If the dot belongs to its name, put it "
	    "into backticks; write a field of a struct into the "
	    "transformation.");
	return NULL;
}

static const char *
refuse_target_column(struct row *w, const char *message, size_t start,
    size_t end)
{
	const struct cell *c = &w->cell[FIELD_TARGET_COLUMN];
	struct problem *p;

	p = reader_report(w->r, c, M_COLUMN_NAME, "%s", message);
	problem_mark(p, c, start, end);
	return NULL;
}

const char *
row_target_column(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_TARGET_COLUMN];
	const char *name;
	size_t end = 0;
	size_t at;
	bool quoted;

	if (c->bad || cell_empty(c))
		return NULL;
	name = take_part(w->r->a, c->text, &end, &quoted);
	if (!name || (quoted && end < c->text.n))
		return refuse_target_column(w,
		    "The backticks do not enclose one name.", 0, 0);
	if (end < c->text.n && c->text.p[end] == '.')
		return refuse_target_column(w,
		    "A dot would make it a field of a struct; write only the "
		    "column, or put the name into backticks if the dot belongs "
		    "to it.",
		    end, end + 1);
	if (end < c->text.n)
		return refuse_target_column(w,
		    "A backtick stands within the name.", end, end + 1);
	at = strcspn(c->text.p, DELTA_REFUSES);
	if (at < c->text.n)
		return refuse_target_column(w,
		    c->text.p[at] == ' '
		        ? "Delta does not take blanks in column names."
		        : arena_printf(w->r->a,
		              "Delta does not take the character %s in column "
		              "names.",
		              c->text.p[at] == '\n' ? "line end"
		                  : c->text.p[at] == '\t'
		                  ? "tab"
		                  : arena_printf(w->r->a, "%c", c->text.p[at])),
		    at, at + 1);
	if (utf8_length(slice_of(name)) > NAME_MAX_LENGTH)
		return refuse_target_column(w,
		    arena_printf(w->r->a,
		        "A column name has at most %d characters.",
		        NAME_MAX_LENGTH),
		    0, 0);
	return name;
}

const struct expr_parsed *
row_transformation(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_TRANSFORMATION];
	const struct cell *column = &w->cell[FIELD_SOURCE_COLUMN];
	const struct expr_parsed *parsed;
	struct problem *p;

	if (c->bad || cell_empty(c))
		return NULL;
	if ((is_dash(c->text) || field_is_word(c->text, COPIES)) &&
	    !slice_eq(c->text, column->text)) {
		p = reader_report(w->r, c, E_PROSE, "\"%s\" is no expression.",
		    cell_shown(w->r, c));
		reader_fix(w->r, p,
		    "%s; a column of that name goes into "
		    "backticks.",
		    cell_empty(column)
		        ? "Write an expression, or NULL if the target column "
		          "stays empty"
		        : "Leave the cell empty to copy the source column");
		return NULL;
	}
	parsed = reader_parse(w->r, c, 0);
	reader_findings(w->r, c, 0, parsed);
	/* A flag may well be compared with something: then it is the source
	 * column of the row. */
	if (w->out.target_column &&
	    expr_assigns(parsed, w->out.target_column) &&
	    !slice_ieq(column->text, w->out.target_column)) {
		p = reader_report(w->r, c, E_ASSIGNMENT,
		    "The cell assigns to %s, its own target column.",
		    w->out.target_column);
		problem_mark(p, c, 0, parsed->root->arg[1]->start);
	}
	return parsed;
}

static enum mapping_role
read_role(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_ROLE];
	size_t i;

	if (c->bad || cell_empty(c))
		return ROLE_NONE;
	for (i = 0; i < COUNT_OF(roles); i++) {
		if (field_is_word(c->text, roles[i].words))
			return roles[i].role;
	}
	reader_report(w->r, c, M_ROLE, "\"%s\" is no role.",
	    cell_shown(w->r, c));
	return ROLE_NONE;
}

/* The key column beside the role column. */
static enum mapping_role
read_key(struct row *w, enum mapping_role role)
{
	const struct cell *c = &w->cell[FIELD_KEY];
	bool is_key;
	struct problem *p;

	if (c->bad || cell_empty(c))
		return role;
	is_key = field_is_word(c->text, KEY_YES);
	if (!is_key && !field_is_word(c->text, KEY_NO)) {
		p = reader_report(w->r, c, M_ROLE,
		    "\"%s\" does not say whether the column is a key.",
		    cell_shown(w->r, c));
		reader_fix(w->r, p, "Write Y, or leave the cell empty.");
		return role;
	}
	if (role == ROLE_NONE)
		return is_key ? ROLE_KEY : ROLE_NONE;
	if (is_key != (role == ROLE_KEY))
		reader_report(w->r, c, M_ROLE_CONFLICT,
		    "The role cell says %s, the key cell says %s.",
		    cell_shown(w->r, &w->cell[FIELD_ROLE]),
		    cell_shown(w->r, c));
	return role;
}

static const struct type *
read_type(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_DATA_TYPE];
	struct reader *r = w->r;
	const char *message;
	struct type *type;
	size_t i;

	if (c->bad || cell_empty(c))
		return NULL;
	i = map_get(&r->types, c->text, NONE);
	if (i != NONE)
		return r->type_list.v[i];
	type = arena_new(r->a, struct type);
	if (!type_parse(r->a, c->text, type, &message)) {
		reader_report(r, c, M_DATA_TYPE, "%s", message);
		return NULL;
	}
	(void)map_add(r->a, &r->types, c->text, r->type_list.n);
	*LIST_ADD(r->a, &r->type_list) = type;
	return type;
}

/* The same few texts stand in most rows: each is parsed once. */
static const struct expr_parsed *
parse_default(struct reader *r, const struct cell *c)
{
	size_t i = map_get(&r->texts_of_defaults, c->text, NONE);

	if (i == NONE) {
		i = r->defaults.n;
		*LIST_ADD(r->a, &r->defaults) = reader_parse(r, c, 0);
		(void)map_add(r->a, &r->texts_of_defaults, c->text, i);
	}
	return r->defaults.v[i];
}

static const struct expr_parsed *
read_default(struct row *w)
{
	const struct cell *c = &w->cell[FIELD_DEFAULT];
	const struct expr_parsed *parsed;

	if (c->bad || cell_empty(c))
		return NULL;
	parsed = parse_default(w->r, c);
	if (parsed->root && parsed->is_literal && parsed->errors == 0)
		/* NULL in place of NULL is no default. */
		return parsed->root->kind == EXPR_LITERAL &&
		        parsed->root->literal == LITERAL_NULL
		    ? NULL
		    : parsed;
	reader_report(w->r, c, M_DEFAULT_NOT_LITERAL, "\"%s\" is no literal.",
	    cell_shown(w->r, c));
	return NULL;
}

void
row_details(struct row *w)
{
	const struct cell *comment = &w->cell[FIELD_COMMENT];

	w->out.role = read_key(w, read_role(w));
	w->out.type = read_type(w);
	w->out.fallback = read_default(w);
	w->out.comment = comment->bad ? "" : cell_str(w->r, comment);
}
