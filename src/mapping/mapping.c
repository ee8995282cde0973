#include "base/base.h"

#include "mapping/mapping.h"

#include "mapping/name.h"
#include "mapping/reader.h"

#include <string.h>

/* A cell of the sheet as a key; without padding. */
struct place {
	int64_t row;
	int64_t column;
};

static struct slice
place_key(const struct place *p)
{
	return (struct slice){(const char *)p, sizeof(*p)};
}

bool
reader_is_bad(const struct reader *r, int64_t row, int column)
{
	struct place p = {row, column};

	return map_get(&r->bad, place_key(&p), NONE) != NONE;
}

static void
set_bad(struct reader *r, int64_t row, int column)
{
	struct place *p = arena_new(r->a, struct place);

	*p = (struct place){row, column};
	(void)map_add(r->a, &r->bad, place_key(p), 1);
}

/* Rows whose cells are not where they should be say nothing reliable. */
static void
note_problems(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->problems->n; i++) {
		const struct problem *p = &r->problems->v[i];
		bool torn = p->code == M_EXTRA_CELLS || p->code == M_CELL_TORN;

		set_bad(r, p->row, torn ? -1 : p->column);
	}
}

struct problem *
reader_report(struct reader *r, const struct cell *cell, enum err_code code,
    const char *format, ...)
{
	struct problem *p;
	const char *message;
	va_list ap;

	if (r->quiet || r->problems->n >= SHEET_MAX_PROBLEMS) {
		r->ignored = (struct problem){.code = code};
		return &r->ignored;
	}
	va_start(ap, format);
	message = arena_vprintf(r->a, format, ap);
	va_end(ap);
	p = problem_add(r->problems, r->a, code, cell->row, cell->column, "%s",
	    message);
	if (cell->column >= 0)
		p->header = r->sheet->header[cell->column];
	return p;
}

void
problem_mark(struct problem *p, const struct cell *cell, size_t start,
    size_t end)
{
	p->offset = cell->shift + start;
	p->length = end - start;
}

void
reader_fix(struct reader *r, struct problem *p, const char *format, ...)
{
	va_list ap;

	if (p == &r->ignored)
		return;
	va_start(ap, format);
	p->fix = arena_vprintf(r->a, format, ap);
	va_end(ap);
}

bool
cell_empty(const struct cell *c)
{
	return c->text.n == 0;
}

const char *
cell_str(struct reader *r, const struct cell *c)
{
	/* A cell is a string; only what was trimmed off its end is in the
	 * way. */
	if (c->text.n == 0)
		return "";
	return c->text.p[c->text.n] == '\0' ? c->text.p
	                                    : slice_dup(r->a, c->text);
}

const char *
cell_shown(struct reader *r, const struct cell *c)
{
	return text_shown(r->a, c->text);
}

static enum visible
visible_of(enum mapping_field field)
{
	switch (field) {
	case FIELD_TRANSFORMATION:
	case FIELD_JOIN:
	case FIELD_FILTER:
	case FIELD_DEFAULT:
	case FIELD_COMMENT:
	case FIELD_RULE:
		return VISIBLE_TEXT;
	case FIELD_SOURCE_TABLE:
	case FIELD_SOURCE_COLUMN:
	case FIELD_TARGET_TABLE:
	case FIELD_TARGET_COLUMN:
	case FIELD_ROLE:
	case FIELD_KEY:
	case FIELD_DATA_TYPE:
	case FIELD_ALIAS:
	case FIELD__COUNT:
		break;
	}
	return VISIBLE_NAME;
}

struct cell
reader_cell(struct reader *r, const struct sheet_row *row,
    enum mapping_field field)
{
	struct cell c = {
	    .text = SLICE(""), .row = row->row, .column = r->m->field[field]};
	struct slice raw;
	uint32_t cp;
	size_t at;
	size_t n;
	struct problem *p;

	if (c.column < 0)
		return c;
	raw = slice_of(row->cell[c.column]);
	c.text = cell_trim(raw);
	c.shift = (size_t)(c.text.p - raw.p);
	c.bad = reader_is_bad(r, c.row, c.column);
	if (c.bad ||
	    !text_find_invisible(c.text, visible_of(field), &at, &n, &cp))
		return c;
	p = reader_report(r, &c, M_INVISIBLE,
	    "The cell holds the invisible character U+%04X after %zu "
	    "characters.",
	    (unsigned)cp, utf8_length((struct slice){c.text.p, at}));
	problem_mark(p, &c, at, at + n);
	c.bad = true;
	return c;
}

const struct expr_parsed *
reader_parse(struct reader *r, const struct cell *cell, size_t offset)
{
	struct expr_parsed *parsed = arena_new(r->a, struct expr_parsed);

	expr_parse(r->a, cell_str(r, cell) + offset, parsed);
	return parsed;
}

void
reader_findings(struct reader *r, const struct cell *cell, size_t offset,
    const struct expr_parsed *parsed)
{
	size_t i;

	for (i = 0; i < parsed->findings.n; i++) {
		const struct expr_finding *f = &parsed->findings.v[i];
		struct problem *p = reader_report(r, cell, f->code, "%s",
		    f->message);

		problem_mark(p, cell, offset + f->start, offset + f->end);
		if (f->fix)
			p->fix = f->fix;
	}
}

static void
init(struct mapping *m, const struct sheet *sheet)
{
	size_t i;

	*m = (struct mapping){.sheet = sheet};
	for (i = 0; i < FIELD__COUNT; i++)
		m->field[i] = -1;
}

void
mapping_read(struct arena *a, const struct sheet *sheet, struct mapping *ret,
    struct problems *problems)
{
	struct reader r = {
	    .a = a, .sheet = sheet, .m = ret, .problems = problems};
	size_t i;

	init(ret, sheet);
	note_problems(&r);
	if (!read_headers(&r))
		return;
	read_rows(&r);
	settle_aliases(&r);
	for (i = 0; i < r.states.n; i++) {
		read_joins(&r, i);
		read_filters(&r, i);
		check_columns(&r, i);
		read_rules(&r, i);
	}
	order_targets(&r);
}

bool
mapping_load(struct arena *a, struct slice bytes, struct mapping *ret,
    struct problems *problems)
{
	struct sheet *sheet = arena_new(a, struct sheet);
	bool ok = sheet_read(a, bytes, sheet, problems);

	if (ok)
		mapping_read(a, sheet, ret, problems);
	else
		init(ret, sheet);
	problems_sort(problems);
	return ok;
}
