#include "base/base.h"

#include "gate/sql.h"

#include "expr/lexer.h"
#include "gate/allow.h"
#include "gate/calls.h"

#include <string.h>

#define MAX_NESTING 200

/* A text, token by token. */
struct sql {
	struct program *program;
	const struct py_node *at;
	const char *text;
	struct lexed lexed;
	size_t i; /* the token at hand */
	bool is_statement;
	bool in_relation; /* a bracket that opens now holds tables */
	bool is_merge;
	/* Of each bracket that is open: */
	bool in_from[MAX_NESTING]; /* a comma is followed by a table */
	bool is_call[MAX_NESTING]; /* FROM is a word of the function */
	size_t depth;
};

static const struct token *
token(const struct sql *s, size_t i)
{
	return &s->lexed.tokens
	            .v[i < s->lexed.tokens.n ? i : s->lexed.tokens.n - 1];
}

/* The word or name in lower case, "" for anything else. */
static const char *
word(const struct sql *s, size_t i)
{
	const struct token *t = token(s, i);
	size_t quote = t->kind == TOKEN_QUOTED;

	if (t->kind != TOKEN_WORD && t->kind != TOKEN_QUOTED)
		return "";
	return str_lower(s->program->arena,
	    arena_strndup(s->program->arena, s->text + t->start + quote,
	        t->end - t->start - 2 * quote));
}

static bool
is(const struct sql *s, size_t i, const char *text)
{
	return token(s, i)->kind == TOKEN_WORD && str_eq(word(s, i), text);
}

static bool
is_one_of(const char *name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (str_eq(list[i], name))
			return true;
	}
	return false;
}

/* Words that a bracket may follow without being called. */
static bool
takes_bracket(const char *name)
{
	static const char *const words[] = {"in", "and", "or", "not", "when",
	    "then", "else", "over", "as", "on", "using", "values", "by", "from",
	    "where", "exists", "any", "all", "some", "between", "case", "is",
	    "like", "ilike", "rlike", "distinct", "filter", "within", "group",
	    "decimal", "numeric", "dec", "varchar", "char", "character",
	    "insert", "select", "having", "sets", "cube", "rollup", "join",
	    "union", "intersect", "except", "with", "set", "escape", "div",
	    "clustered", "options", "tblproperties", "columns", "interval",
	    "view", "partitioned", "cluster", "cast", "try_cast", "extract",
	    "overlay", "position", "timestampadd", "timestampdiff", "dateadd",
	    "datediff", "date_diff", "struct", "array", "map", "merge"};

	return is_one_of(name, words, COUNT_OF(words));
}

static void
check_function(struct sql *s)
{
	const char *name = word(s, s->i);

	if (token(s, s->i + 1)->kind != TOKEN_LPAREN ||
	    (s->i > 0 && is(s, s->i - 1, "as")))
		return;
	if (token(s, s->i)->kind == TOKEN_WORD && takes_bracket(name))
		return;
	if (s->i > 0 && token(s, s->i - 1)->kind == TOKEN_DOT)
		program_say(s->program, G_SQL, s->at,
		    "The SQL calls %s, a function that is not built in.", name);
	else if (!allow_function(name))
		program_say(s->program, G_SQL, s->at,
		    "The SQL calls %s, which a load has no need of.", name);
}

enum table_use
plan_table_use(struct program *p, const char *name)
{
	const char *alias = NULL;
	const char *message = NULL;
	struct table_ref ref;
	int use = TABLE_UNKNOWN;
	size_t i;
	size_t k;

	if (str_starts(name, "dbfs:/"))
		name += 5;
	if (!table_ref_parse(p->arena, slice_of(name), &ref, &alias,
	        &message) ||
	    alias)
		return TABLE_UNKNOWN;
	for (i = 0; i < p->plan->pipelines.n; i++) {
		const struct plan_pipeline *l = &p->plan->pipelines.v[i];

		for (k = 0; k < l->sources.n; k++) {
			if (table_ref_equal(&ref, l->sources.v[k].table))
				use |= TABLE_READ;
		}
		if (table_ref_equal(&ref, l->target) ||
		    (l->quarantine.widget &&
		        table_ref_equal(&ref, &l->quarantine.table)))
			use |= TABLE_WRITTEN;
	}
	return (enum table_use)use;
}

/* A name that WITH gives, or the alias of a common table. */
static bool
is_common(const struct sql *s, const char *name)
{
	size_t i;

	/* WINDOW x AS (…) names no table. */
	for (i = 0; i < s->lexed.tokens.n; i++) {
		if (is(s, i, "window"))
			return false;
	}
	for (i = 0; i + 2 < s->lexed.tokens.n; i++) {
		if (str_eq(word(s, i), name) && is(s, i + 1, "as") &&
		    token(s, i + 2)->kind == TOKEN_LPAREN)
			return true;
	}
	return false;
}

/* The table at hand; moves to its last token. */
static void
check_table(struct sql *s, bool written)
{
	size_t first = s->i;
	const char *name;
	enum table_use use;

	while (token(s, s->i + 1)->kind == TOKEN_DOT && word(s, s->i + 2)[0])
		s->i += 2;
	if (first == s->i && token(s, s->i + 1)->kind == TOKEN_LPAREN &&
	    !written) {
		check_function(s);
		return;
	}
	name = arena_strndup(s->program->arena,
	    s->text + token(s, first)->start,
	    token(s, s->i)->end - token(s, first)->start);
	if (first == s->i && !written &&
	    (map_get(&s->program->views, slice_of(name), 0) ||
	        is_common(s, word(s, s->i))))
		return;
	use = plan_table_use(s->program, name);
	if (use == TABLE_UNKNOWN)
		program_say(s->program, G_TABLE, s->at,
		    "The SQL names the table %s, which the mapping does not.",
		    name);
	else if (s->program->testing)
		program_say(s->program, written ? G_WRITE : G_LIVE, s->at,
		    "The SQL of a test %s %s, which is a table of the mapping.",
		    written ? "writes" : "reads", name);
	else if (written && !(use & TABLE_WRITTEN))
		program_say(s->program, G_WRITE, s->at,
		    "The SQL writes %s, which is a source.", name);
}

/* DISTINCT FROM, EXTRACT(… FROM …) */
static bool
is_other_from(const struct sql *s)
{
	return (s->i > 0 && is(s, s->i - 1, "distinct")) ||
	    s->is_call[s->depth];
}

/* What stands where a table may stand. */
static void
read_relation(struct sql *s, bool written)
{
	while ((is(s, s->i + 1, "table") &&
	           token(s, s->i + 2)->kind != TOKEN_LPAREN) ||
	    is(s, s->i + 1, "if") || is(s, s->i + 1, "not") ||
	    is(s, s->i + 1, "exists") || is(s, s->i + 1, "only") ||
	    is(s, s->i + 1, "lateral"))
		s->i++;
	s->in_relation = token(s, s->i + 1)->kind == TOKEN_LPAREN;
	if (!word(s, s->i + 1)[0] || is(s, s->i + 1, "select") ||
	    is(s, s->i + 1, "values") || is(s, s->i + 1, "with") ||
	    is(s, s->i + 1, "from"))
		return;
	s->i++;
	check_table(s, written);
}

static void
open_bracket(struct sql *s)
{
	const char *before = s->i > 0 ? word(s, s->i - 1) : "";
	static const char *const functions[] = {
	    "extract", "trim", "substring", "substr", "overlay", "position"};

	if (s->depth + 1 < MAX_NESTING)
		s->depth++;
	s->in_from[s->depth] = false;
	s->is_call[s->depth] = is_one_of(before, functions,
	    COUNT_OF(functions));
	if (!s->in_relation)
		return;
	s->in_from[s->depth] = true;
	read_relation(s, false);
}

/* USING and a format, LOCATION, OPTIONS */
static bool
names_place(const struct sql *s)
{
	const struct token *next = token(s, s->i + 1);

	if (is(s, s->i, "using"))
		return !s->is_merge && word(s, s->i + 1)[0] &&
		    (!allow_format(word(s, s->i + 1)) ||
		        token(s, s->i + 2)->kind == TOKEN_DOT);
	if (is(s, s->i, "location"))
		return next->kind == TOKEN_STRING;
	return is(s, s->i, "options") && next->kind == TOKEN_LPAREN;
}

static void
read_statement_word(struct sql *s)
{
	static const char *const ends[] = {"where", "group", "order", "having",
	    "select", "union", "limit", "set", "values", "lateral", "when"};
	const char *w = word(s, s->i);
	bool delete_from = s->i > 0 && is(s, s->i - 1, "delete");

	if (is_one_of(w, ends, COUNT_OF(ends)))
		s->in_from[s->depth] = false;
	if (str_eq(w, "delete") && s->i > 0 && is(s, s->i - 1, "then"))
		call_say_deletes(s->program, s->at, "The SQL deletes rows");
	if (str_eq(w, "table"))
		program_say(s->program, G_SQL, s->at,
		    "TABLE stands where a query may stand.");
	if (names_place(s))
		program_say(s->program, G_SQL, s->at,
		    "%s says where data is, which the mapping alone does.", w);
	if (str_eq(w, "from") && !is_other_from(s)) {
		s->in_from[s->depth] = true;
		read_relation(s, delete_from);
	} else if (str_eq(w, "join") || str_eq(w, "clone") ||
	    (str_eq(w, "using") && s->is_merge)) {
		read_relation(s, false);
	} else if (str_eq(w, "into")) {
		read_relation(s, true);
	}
}

static void
read_token(struct sql *s)
{
	const struct token *t = token(s, s->i);

	if (t->kind == TOKEN_LPAREN) {
		open_bracket(s);
	} else if (t->kind == TOKEN_RPAREN) {
		s->depth -= s->depth > 0;
	} else if (t->kind == TOKEN_COMMA && s->in_from[s->depth] &&
	    s->is_statement) {
		read_relation(s, false);
	} else if (t->kind == TOKEN_SEMICOLON &&
	    token(s, s->i + 1)->kind != TOKEN_END) {
		program_say(s->program, G_SQL, s->at,
		    "The SQL holds several statements.");
	} else if (t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED) {
		check_function(s);
		if (s->is_statement && t->kind == TOKEN_WORD)
			read_statement_word(s);
		else if (is(s, s->i, "select") ||
		    (is(s, s->i, "table") && s->i > 0 &&
		        token(s, s->i - 1)->kind == TOKEN_LPAREN))
			program_say(s->program, G_SQL, s->at,
			    "The expression holds a query of its own.");
	}
}

static bool
start(struct program *p, const struct py_node *at, const char *text,
    struct sql *ret)
{
	*ret = (struct sql){.program = p, .at = at, .text = text};
	lexer_read(p->arena, slice_of(text), &ret->lexed);
	if (strstr(text, "${")) {
		program_say(p, G_SQL, at,
		    "The SQL holds ${, which Spark replaces by settings.");
		return false;
	}
	if (token(ret, ret->lexed.tokens.n - 1)->kind == TOKEN_BAD) {
		program_say(p, G_SQL, at, "The SQL cannot be read: %s",
		    ret->lexed.bad.message);
		return false;
	}
	return true;
}

void
sql_check_expression(struct program *p, const struct py_node *at,
    const char *text)
{
	struct sql s;

	if (!start(p, at, text, &s))
		return;
	for (; s.i < s.lexed.tokens.n; s.i++)
		read_token(&s);
}

static bool
has_word(const struct sql *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->lexed.tokens.n; i++) {
		if (is(s, i, text))
			return true;
	}
	return false;
}

/* CREATE … TEMPORARY VIEW */
static bool
is_view(const struct sql *s)
{
	size_t at = is(s, 1, "or") && is(s, 2, "replace") ? 3 : 1;

	return is(s, 0, "create") &&
	    (is(s, at, "temp") || is(s, at, "temporary")) &&
	    is(s, at + 1, "view");
}

/* What the first words of a statement say; moves to the last of them. False:
 * there is no such statement in a load. */
static bool
read_head(struct sql *s)
{
	static const char *const reads[] = {"select", "with", "values", "from"};
	bool replaces;

	if (is_one_of(word(s, 0), reads, COUNT_OF(reads)))
		return true;
	if (s->program->testing && !is(s, 0, "describe") && !is_view(s))
		return false;
	if (is(s, 0, "merge")) {
		s->is_merge = true;
		return is(s, 1, "into") || is(s, 1, "with");
	}
	if (is(s, 0, "insert")) {
		s->i = 1;
		if (is(s, 1, "overwrite") &&
		    s->program->plan->pattern->strategy != STRATEGY_FULL_LOAD)
			program_say(s->program, G_DELETES, s->at,
			    "The SQL replaces the whole table.");
		read_relation(s, true);
		return true;
	}
	if (is(s, 0, "describe") || is(s, 0, "desc")) {
		s->i = is(s, 1, "history") || is(s, 1, "detail") ||
		    is(s, 1, "extended");
		read_relation(s, false);
		return true;
	}
	if (is(s, 0, "delete") && !has_word(s, "where"))
		program_say(s->program, G_WRITE, s->at,
		    "The SQL deletes all rows of a table.");
	if (is(s, 0, "update") || is(s, 0, "optimize") || is(s, 0, "delete")) {
		program_say(s->program, G_DELETES, s->at,
		    "The SQL changes rows with %s.", word(s, 0));
		if (!is(s, 0, "delete"))
			read_relation(s, true);
		return true;
	}
	if (!is(s, 0, "create"))
		return false;
	replaces = is(s, 1, "or") && is(s, 2, "replace");
	s->i = replaces ? 3 : 1;
	if (is(s, s->i, "temp") || is(s, s->i, "temporary")) {
		s->i += 2;
		return is(s, s->i - 1, "view");
	}
	if (!is(s, s->i, "table"))
		return false;
	if (replaces)
		program_say(s->program, G_DELETES, s->at,
		    "The SQL replaces the table.");
	read_relation(s, true);
	return true;
}

void
sql_check_statement(struct program *p, const struct py_node *at,
    const char *text)
{
	struct sql s;

	if (!start(p, at, text, &s))
		return;
	s.is_statement = true;
	if (!read_head(&s)) {
		program_say(p, G_SQL, at,
		    "A statement that starts with %s is not for %s.",
		    word(&s, 0)[0] ? word(&s, 0) : "this", program_kind(p));
		return;
	}
	for (s.i += s.i > 0; s.i < s.lexed.tokens.n; s.i++)
		read_token(&s);
}

void
sql_note_views(struct program *p, const char *text)
{
	struct sql s = {.program = p, .text = text};
	size_t i;

	lexer_read(p->arena, slice_of(text), &s.lexed);
	for (i = 0; i + 1 < s.lexed.tokens.n && i < 6; i++) {
		if (is(&s, i, "view") && i > 0 &&
		    str_starts(word(&s, i - 1), "temp") && is(&s, 0, "create"))
			map_set(p->arena, &p->views, slice_of(word(&s, i + 1)),
			    1);
	}
}

/* Each function that a piece calls is known by its name alone. */
static bool
calls_known(struct program *p, const char *piece)
{
	size_t i;

	for (i = 0; piece[i]; i++) {
		size_t end = i;
		size_t start;

		if (piece[i] != '(')
			continue;
		while (end > 0 && chr_is_space(piece[end - 1]))
			end--;
		start = end;
		while (start > 0 &&
		    (chr_is_alnum(piece[start - 1]) || piece[start - 1] == '_'))
			start--;
		if (start < end) {
			const char *name = str_lower(p->arena,
			    arena_strndup(p->arena, piece + start,
			        end - start));

			if ((start > 0 && piece[start - 1] == '.') ||
			    (!takes_bracket(name) && !allow_function(name)))
				return false;
		} else if (end == 0 || piece[end - 1] == '`' ||
		    (piece[end - 1] & 0x80)) {
			return false;
		}
	}
	return true;
}

/* Texts of pieces are held to what no pieces of theirs can spell. */
static void
check_pieces(struct program *p, const struct py_node *node)
{
	struct texts pieces;
	size_t i;

	flow_pieces(p, node, &pieces);
	if (pieces.unknown) {
		program_say(p, G_SQL_BUILT, node,
		    "The SQL is made of something that is not written in the "
		    "code (line %zu).",
		    pieces.why ? pieces.why->line : node->line);
		return;
	}
	for (i = 0; deny_words[i]; i++) {
		if (flow_spells(&pieces, deny_words[i]))
			program_say(p, G_SQL_BUILT, node,
			    "The SQL is put together of pieces that can spell "
			    "%s.",
			    deny_words[i]);
	}
	for (i = 0; i < pieces.n; i++) {
		if (!calls_known(p, pieces.v[i]))
			program_say(p, G_SQL_BUILT, node,
			    "The SQL is put together, and what it calls cannot "
			    "be told.");
		if (strstr(pieces.v[i], "${") || (str_ends(pieces.v[i], "$")))
			program_say(p, G_SQL, node,
			    "The SQL holds ${, which Spark replaces by "
			    "settings.");
	}
}

void
sql_check_texts(struct program *p, const struct py_node *node)
{
	struct texts texts;
	size_t i;

	flow_texts(p, node, &texts);
	if (texts.unknown || texts.from_widget) {
		check_pieces(p, node);
		return;
	}
	for (i = 0; i < texts.n; i++)
		sql_check_expression(p, node, texts.v[i]);
}
