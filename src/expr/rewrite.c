#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"
#include "expr/lexer.h"

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
			add(&b,
			    (struct slice){
			        p->text + t->start, t->end - t->start},
			    gap);
			continue;
		}
		add(&b, slice_of(name), gap);
		behind = c->end;
		while (tokens.tokens.v[i + 1].start < c->end)
			i++;
	}
	return buf_str(&b);
}
