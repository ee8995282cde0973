#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"
#include "expr/lexer.h"

#include <string.h>

static bool
is_word_byte(char c)
{
	return chr_is_alnum(c) || c == '_';
}

/* One token or one replaced column, with what stood between them. */
static void
add(struct buf *b, struct slice s, bool gap)
{
	if (s.n == 0)
		return;
	/* A quoted name may touch a keyword; the plain one that replaces it
	 * must not. */
	if (b->n > 0 &&
	    (gap || (is_word_byte(b->p[b->n - 1]) && is_word_byte(s.p[0]))))
		buf_add_chr(b, ' ');
	buf_add_slice(b, s);
}

/* A token as it stands; but where Spark would put a setting in the place of
 * ${…}, before it parses, the $ of a literal is written as what it is. */
static struct slice
text_of(struct arena *a, const char *text, const struct token *t)
{
	struct slice token = {text + t->start, t->end - t->start};
	struct buf b;
	size_t i;

	if (t->kind != TOKEN_STRING || chr_is_alpha(token.p[0]) ||
	    !memmem(token.p, token.n, "${", 2))
		return token;
	buf_init(&b, a, 6 * token.n);
	for (i = 0; i < token.n; i++) {
		size_t escape = token.p[i] == '\\' ? 1 : 0;

		if (str_starts(token.p + i + escape, "${")) {
			buf_add_str(&b, "\\u0024");
			i += escape;
			continue;
		}
		buf_add(&b, token.p + i, 1 + escape);
		i += escape;
	}
	return buf_slice(&b);
}

const char *
expr_rewrite(struct arena *a, const struct expr_parsed *p,
    const char *(*rename)(const struct expr_column *, void *), void *data)
{
	struct lexed tokens;
	struct buf b;
	size_t column = 0;
	size_t behind = 0;
	size_t i;

	lexer_read(a, slice_of(p->text), &tokens);
	buf_init(&b, a, SIZE_MAX / 2);
	for (i = 0; i < tokens.tokens.n; i++) {
		const struct token *t = &tokens.tokens.v[i];
		const struct expr_column *c = column < p->columns.n
		    ? &p->columns.v[column]
		    : NULL;
		const char *name = NULL;
		bool gap = t->start > behind;

		behind = t->end;
		if (c && c->start == t->start) {
			column++;
			name = rename ? rename(c, data) : NULL;
		}
		if (!name) {
			add(&b, text_of(a, p->text, t), gap);
			continue;
		}
		add(&b, slice_of(name), gap);
		behind = c->end;
		while (tokens.tokens.v[i + 1].start < c->end)
			i++;
	}
	return buf_str(&b);
}
