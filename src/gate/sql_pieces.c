#include "base/base.h"

#include "gate/allow.h"
#include "gate/sql.h"
#include "gate/sql_words.h"

#include <string.h>

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
			    (!sql_takes_bracket(name) && !allow_function(name)))
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
