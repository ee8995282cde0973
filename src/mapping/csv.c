#include "base/base.h"

#include "mapping/csv.h"

#include <string.h>

void
csv_init(struct csv *c, struct slice text, char separator)
{
	*c = (struct csv){
	    .p = text.p, .n = text.n, .separator = separator, .row = 1};
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static size_t
skip_blanks(const struct csv *c, size_t i)
{
	while (i < c->n && c->p[i] != c->separator &&
	    (c->p[i] == ' ' || c->p[i] == '\t'))
		i++;
	return i;
}

static size_t
find_cell_end(const struct csv *c, size_t i)
{
	while (i < c->n && c->p[i] != c->separator && !is_line_end(c->p[i]))
		i++;
	return i;
}

/* From the opening quote at i to the end of the cell. */
static void
read_quoted(const struct csv *c, size_t i, struct csv_span *ret)
{
	ret->quoted = true;
	ret->start = ++i;
	for (;;) {
		const char *quote = i < c->n ? memchr(c->p + i, '"', c->n - i)
		                             : NULL;

		if (!quote) {
			ret->open = true;
			ret->end = ret->tail = c->n;
			return;
		}
		i = (size_t)(quote - c->p) + 1;
		if (i == c->n || c->p[i] != '"')
			break;
		i++;
	}
	ret->end = i - 1;
	ret->tail = skip_blanks(c, i);
	if (ret->tail < c->n && c->p[ret->tail] != c->separator &&
	    !is_line_end(c->p[ret->tail])) {
		ret->dirty = true;
		ret->tail = find_cell_end(c, ret->tail);
	}
}

/* Past the line end at c->at. */
static void
end_row(struct csv *c)
{
	char newline = c->p[c->at] == '\n' ? 'n' : 'r';

	if (newline == 'r' && c->at + 1 < c->n && c->p[c->at + 1] == '\n')
		newline = 'b';
	if (!c->newline)
		c->newline = newline;
	c->at += newline == 'b' ? 2 : 1;
	c->row++;
	c->column = 0;
}

void
csv_skip_empty_rows(struct csv *c)
{
	if (c->column > 0)
		return;
	while (c->at < c->n && is_line_end(c->p[c->at]))
		end_row(c);
}

bool
csv_next(struct csv *c, struct csv_span *ret)
{
	size_t i = skip_blanks(c, c->at);

	if (c->at >= c->n && !c->more)
		return false;
	*ret = (struct csv_span){
	    .start = c->at, .row = c->row, .column = c->column};
	if (i < c->n && c->p[i] == '"')
		read_quoted(c, i, ret);
	else
		ret->end = ret->tail = find_cell_end(c, i);
	c->at = ret->tail;
	c->more = c->at < c->n && c->p[c->at] == c->separator;
	ret->last = !c->more;
	if (c->more) {
		c->at++;
		c->column++;
	} else if (c->at < c->n) {
		end_row(c);
	}
	return true;
}

const char *
csv_text(char *p, const struct csv_span *span, size_t *ret_n)
{
	size_t out = span->start;
	size_t end = span->dirty ? span->tail : span->end;
	size_t i = span->start;

	if (!span->quoted) {
		p[end] = '\0';
		*ret_n = end - out;
		return p + out;
	}
	while (i < end) {
		char c = p[i++];

		if (c == '"' && i < span->end && p[i] == '"')
			i++;
		if (c == '\r') {
			if (i < end && p[i] == '\n')
				i++;
			c = '\n';
		}
		p[out++] = c;
	}
	p[out] = '\0';
	*ret_n = out - span->start;
	return p + span->start;
}
