#include "base/base.h"

#include "mapping/separator.h"

#include "mapping/csv.h"
#include "mapping/field.h"
#include "mapping/name.h"

#define LOOK_BYTES ((size_t)256 * 1024)
#define LOOK_ROWS 50

struct look_row {
	size_t cells;
	size_t known;
};

/* What the top of the text looks like under one separator. */
struct look {
	struct look_row row[LOOK_ROWS];
	size_t n;
	bool broken; /* text follows a closing quote */
};

struct score {
	size_t known;
	bool broken;
	size_t same; /* rows with as many cells as the header */
	size_t cells;
};

static void
look(struct slice text, bool cut, char separator, struct look *ret)
{
	struct csv c;
	struct csv_span span;
	uint32_t seen = 0;
	bool blank = true;
	size_t known = 0;

	*ret = (struct look){.n = 0};
	csv_init(&c, text, separator);
	while (ret->n < LOOK_ROWS && csv_next(&c, &span)) {
		struct slice cell = {
		    text.p + span.start, span.end - span.start};
		enum mapping_field field = field_find(cell);

		ret->broken = ret->broken || span.dirty;
		blank = blank && cell_is_blank(cell);
		if (field != FIELD__COUNT && !(seen & 1U << field)) {
			seen |= 1U << field;
			known++;
		}
		/* The last row of a cut text is cut itself. */
		if (!span.last || (cut && c.at >= c.n))
			continue;
		if (!blank)
			ret->row[ret->n++] = (struct look_row){
			    span.column + 1, known};
		blank = true;
		known = seen = 0;
	}
}

static struct score
rate(const struct look *l)
{
	const struct look_row *header = &l->row[0];
	struct score s = {.broken = l->broken};
	size_t i;

	if (l->n == 0)
		return s;
	for (i = 1; i < l->n && i < SEPARATOR_HEADER_ROWS; i++) {
		if (l->row[i].known > header->known)
			header = &l->row[i];
	}
	s.known = header->known;
	s.cells = header->cells;
	for (i = 0; i < l->n && header->cells > 1; i++)
		s.same += l->row[i].cells == header->cells;
	return s;
}

static bool
is_better(struct score a, struct score b)
{
	if (a.known != b.known)
		return a.known > b.known;
	if (a.broken != b.broken)
		return b.broken;
	if (a.same != b.same)
		return a.same > b.same;
	return a.cells > b.cells;
}

char
separator_find(struct slice text)
{
	bool cut = text.n > LOOK_BYTES;
	struct score best = {.broken = true};
	char found = SEPARATORS[0];
	const char *s;

	if (cut)
		text.n = LOOK_BYTES;
	for (s = SEPARATORS; *s; s++) {
		struct look l;
		struct score score;

		look(text, cut, *s, &l);
		score = rate(&l);
		if (is_better(score, best)) {
			best = score;
			found = *s;
		}
	}
	return found;
}

char
separator_line(struct slice text, size_t *ret_n)
{
	size_t n = 5;

	if (text.n < n || !slice_ieq((struct slice){text.p, 4}, "sep="))
		return 0;
	if (chr_is_alnum(text.p[4]) || text.p[4] == '"' || text.p[4] == 0x7f ||
	    (text.p[4] <= ' ' && text.p[4] != '\t'))
		return 0;
	if (n < text.n && text.p[n] == '\r')
		n++;
	if (n < text.n && text.p[n] == '\n')
		n++;
	if (n == 5 && n < text.n)
		return 0;
	*ret_n = n;
	return text.p[4];
}
