#include "base/base.h"

#include "base/buf.h"
#include "gate/allow.h"
#include "gate/sql.h"
#include "gate/sql_joints.h"
#include "gate/sql_words.h"

#include <string.h>

bool
sql_calls_known(struct program *p, const char *piece)
{
	size_t i;

	for (i = 0; piece[i]; i++) {
		size_t end = i;
		size_t start;
		size_t before;

		if (piece[i] != '(')
			continue;
		while (end > 0 && chr_is_space(piece[end - 1]))
			end--;
		start = end;
		while (start > 0 &&
		    (chr_is_alnum(piece[start - 1]) || piece[start - 1] == '_'))
			start--;
		before = start;
		while (before > 0 && chr_is_space(piece[before - 1]))
			before--;
		if (start < end) {
			const char *name = str_lower(p->arena,
			    arena_strndup(p->arena, piece + start,
			        end - start));

			if ((before > 0 && piece[before - 1] == '.') ||
			    (!sql_takes_bracket(name) && !allow_function(name)))
				return false;
		} else if (end == 0 || piece[end - 1] == '`' ||
		    (piece[end - 1] & 0x80)) {
			return false;
		}
	}
	return true;
}

/* The piece with its '…' empty; NULL: it holds other quotes, or one that it
 * does not close, so that other pieces may make a literal of the rest. */
static const char *
without_literals(struct arena *a, const char *piece)
{
	struct buf b;
	const char *end;

	if (strpbrk(piece, "\"`\\"))
		return NULL;
	buf_init(&b, a, strlen(piece) + 1);
	for (; *piece; piece++) {
		buf_add_chr(&b, *piece);
		if (*piece != '\'')
			continue;
		end = strchr(piece + 1, '\'');
		if (!end)
			return NULL;
		buf_add_chr(&b, '\'');
		piece = end;
	}
	return buf_str(&b);
}

/* In lower case, and without the one FROM that is an operator. */
static const char *
without_distinct(struct arena *a, const char *piece)
{
	static const char *const operators[] = {
	    " is distinct from ", " is not distinct from "};
	char *text = arena_strdup(a, str_lower(a, piece));
	size_t i;
	char *at;

	for (i = 0; i < COUNT_OF(operators); i++) {
		while ((at = strstr(text, operators[i])))
			memset(at + 1, '=', strlen(operators[i]) - 2);
	}
	return text;
}

/* The pieces with nothing in them but code. */
static void
strip(struct arena *a, const struct texts *pieces, struct texts *ret)
{
	bool whole = true;
	size_t i;

	*ret = (struct texts){0};
	for (i = 0; i < pieces->n; i++)
		whole = whole && without_literals(a, pieces->v[i]);
	for (i = 0; i < pieces->n; i++)
		*LIST_ADD(a, ret) = without_distinct(a,
		    whole ? without_literals(a, pieces->v[i]) : pieces->v[i]);
}

static bool
has_letters(const struct texts *code)
{
	size_t i;
	size_t k;

	for (i = 0; i < code->n; i++) {
		for (k = 0; code->v[i][k]; k++) {
			if (code->v[i][k] & 0x80)
				return true;
		}
	}
	return false;
}

/* Within a piece, or where two meet. */
static bool
has_comment(const struct texts *code)
{
	static const char *const marks[] = {"--", "/*"};
	size_t i;
	size_t k;

	for (k = 0; k < COUNT_OF(marks); k++) {
		bool left = false;
		bool right = false;

		for (i = 0; i < code->n; i++) {
			const char *text = code->v[i];
			size_t n = strlen(text);

			if (strstr(text, marks[k]))
				return true;
			left = left || (n > 0 && text[n - 1] == marks[k][0]);
			right = right || text[0] == marks[k][1];
		}
		if (left && right)
			return true;
	}
	return false;
}

/* What code may hold that no piece shows, as Spark reads letters and comments
 * in ways of its own; NULL: nothing. */
static const char *
may_hold(const struct texts *code)
{
	/* What may begin a query, or a program, without SELECT and TABLE. */
	static const char *const words[] = {"from", "using", "values", "with"};
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++) {
		if (flow_spells(code, words[i]))
			return words[i];
	}
	if (has_comment(code))
		return "a comment";
	return has_letters(code) ? "letters other than A to Z" : NULL;
}

static void
check_code(struct program *p, const struct py_node *node,
    const struct texts *pieces)
{
	struct texts code;
	const char *found = may_hold(pieces);

	if (!found)
		return;
	strip(p->arena, pieces, &code);
	found = may_hold(&code);
	if (found)
		program_say(p, G_SQL_BUILT, node,
		    "The SQL is put together, and may hold %s.", found);
}

/* Texts of pieces are held to what no pieces of theirs can spell. */
static void
check_pieces(struct program *p, const struct py_node *node)
{
	struct texts pieces;
	bool known = true;
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
		known = known && sql_calls_known(p, pieces.v[i]);
		if (strstr(pieces.v[i], "${") || (str_ends(pieces.v[i], "$")))
			program_say(p, G_SQL, node,
			    "The SQL holds ${, which Spark replaces by "
			    "settings.");
	}
	if (!known || !sql_joints_known(p, node))
		program_say(p, G_SQL_BUILT, node,
		    "The SQL is put together, and what it calls cannot be "
		    "told.");
	check_code(p, node, &pieces);
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
