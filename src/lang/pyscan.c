#include "base/base.h"

#include "lang/pyscan.h"

#include "lang/notebook.h"
#include "lang/pylex.h"
#include "lang/pyword.h"

/* The width of an indentation with tabs to the next 8 and with tabs as 1: two
 * lines can be compared only where both agree. */
struct indent {
	size_t tabs8;
	size_t tabs1;
	struct slice head; /* first word of the last line so indented */
};

struct scan {
	struct pylex x;
	LIST_OF(struct indent) indents;
	size_t block_at;     /* the last line that ended with a colon */
	bool needs_block;    /* it was the line before */
	struct parts *parts; /* NULL, or where they go */
	struct lines *lines; /* NULL, or where they go */
	size_t part_start;
	size_t next; /* where the next cell starts */
};

size_t
pyscan_words(const char *p, size_t n)
{
	size_t words = 0;
	bool in_name = false;
	size_t i;

	for (i = 0; i < n; i++) {
		char c = p[i];
		bool starts_name = chr_is_alpha(c) || c == '_';

		/* Several blocks may end with a line, but each began with
		 * one. */
		if (c == '\n')
			words += 3;
		else if (c != ' ' && c != '\t' &&
		    !(in_name && (starts_name || chr_is_digit(c))))
			words++;
		in_name = starts_name || (in_name && chr_is_digit(c));
	}
	return words;
}

static void
end_part(struct scan *s, size_t end)
{
	struct part *part;

	if (!s->parts)
		return;
	part = LIST_ADD(s->x.arena, s->parts);
	part->start = s->part_start;
	part->end = end;
	part->words = pyscan_words(s->x.p + part->start, end - part->start);
	s->part_start = end;
}

static void
add_line(struct scan *s, size_t start)
{
	struct line *line;

	if (!s->lines)
		return;
	line = LIST_ADD(s->x.arena, s->lines);
	line->start = start;
	line->end = s->x.last_end;
	line->words = pyscan_words(s->x.p + start, line->end - start);
	line->first = s->x.first;
	line->opens_block = s->x.last == ':';
}

static struct indent
read_indent(struct pylex *x)
{
	struct indent w = {0};

	for (;; x->i++) {
		switch (pylex_peek(x, 0)) {
		case ' ':
			w.tabs8++;
			w.tabs1++;
			break;
		case '\t':
			w.tabs8 = (w.tabs8 / 8 + 1) * 8;
			w.tabs1++;
			break;
		case '\f':
			w = (struct indent){0};
			break;
		default:
			return w;
		}
	}
}

/* Compares the line with the blocks around it. False: there is a flaw. */
static bool
check_indent(struct scan *s, struct indent w)
{
	struct indent top = s->indents.v[s->indents.n - 1];
	size_t at = s->x.i;

	if ((w.tabs8 > top.tabs8) != (w.tabs1 > top.tabs1) ||
	    (w.tabs8 < top.tabs8) != (w.tabs1 < top.tabs1))
		return pylex_flaw(&s->x, at,
		    "The indentation mixes tabs and blanks in a way that "
		    "Python refuses.");
	if (s->needs_block && w.tabs8 <= top.tabs8)
		return pylex_flaw(&s->x, at,
		    "The indented block of line %zu is missing.",
		    pylex_line_number(&s->x, s->block_at));
	if (s->needs_block) {
		*LIST_ADD(s->x.arena, &s->indents) = w;
		return true;
	}
	if (w.tabs8 > top.tabs8)
		return pylex_flaw(&s->x, at,
		    "The line is indented more than its block.");
	while (s->indents.v[s->indents.n - 1].tabs8 > w.tabs8)
		s->indents.n--;
	if (s->indents.v[s->indents.n - 1].tabs8 != w.tabs8)
		return pylex_flaw(&s->x, at,
		    "The indentation fits none of the blocks around the line.");
	return true;
}

/* Reads the logical line at the next byte. False: there is a flaw. */
static bool
scan_line(struct scan *s, struct indent w)
{
	struct pylex *x = &s->x;
	struct slice word = pylex_word(x);
	struct slice head;
	size_t start = x->i;

	if (!check_indent(s, w))
		return false;
	head = s->indents.v[s->indents.n - 1].head;
	if (pyword_continues_block(word) && !pyword_continues(word, head))
		return pylex_flaw(x, start,
		    "There is nothing above that \"%.*s\" could belong to.",
		    (int)word.n, word.p);
	if (!pylex_line(x))
		return false;
	add_line(s, start);
	s->indents.v[s->indents.n - 1].head = word;
	s->needs_block = x->last == ':';
	if (s->needs_block)
		s->block_at = start;
	return true;
}

/* Reads from start to end, a cell, up to its first flaw. */
static void
scan_cell(struct scan *s, size_t start, size_t end)
{
	struct pylex *x = &s->x;
	bool decorated = false;
	bool any = false;

	pylex_start(x, start, end);
	s->needs_block = false;
	s->part_start = start;
	s->indents.n = 0;
	*LIST_ADD(x->arena, &s->indents) = (struct indent){0};
	if (start == 0)
		x->i = notebook_start((struct slice){x->p, end});
	while (x->i < x->end) {
		size_t line = x->i;
		struct indent w = read_indent(x);
		char c = pylex_peek(x, 0);

		if (x->i == x->end)
			break;
		if (c == '#' || c == '\r' || c == '\n') {
			pylex_skip_comment(x);
			x->i++;
			continue;
		}
		if (w.tabs8 == 0 && any && !decorated &&
		    !pyword_continues_block(pylex_word(x)))
			end_part(s, line);
		any = true;
		decorated = c == '@';
		if (!scan_line(s, w))
			break;
	}
	if (s->needs_block && !x->message)
		pylex_flaw(x, s->block_at,
		    "The indented block of this line is missing.");
	end_part(s, s->next);
}

void
pyscan_parts(struct arena *a, struct slice text, struct parts *ret_parts,
    struct flaw *ret_flaw)
{
	struct scan s = {.x = {.arena = a, .p = text.p}, .parts = ret_parts};
	const char *sign = notebook_sign(text);
	struct slice cell;
	size_t at = 0;

	*ret_flaw = (struct flaw){0};
	if (sign && !slice_is(slice_of(sign), "#"))
		sign = NULL;
	while (notebook_cell(text, sign, &at, &cell)) {
		size_t start = (size_t)(cell.p - text.p);

		s.next = at;
		scan_cell(&s, start, start + cell.n);
		if (s.x.message && !ret_flaw->message) {
			ret_flaw->message = s.x.message;
			ret_flaw->at = s.x.at;
			ret_flaw->part = ret_parts->n - 1;
			s.x.quiet = true;
		}
	}
}

void
pyscan_lines(struct arena *a, struct slice text, const struct part *part,
    struct lines *ret)
{
	struct scan s = {.x = {.arena = a, .p = text.p}, .lines = ret};

	scan_cell(&s, part->start, part->end);
}
