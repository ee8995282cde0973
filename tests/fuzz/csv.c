/*
 * Any bytes as a sheet. What can be read is written and read again, and must
 * be the same cells; then it is understood as a mapping, which must be safe to
 * look at, with every problem at a place that exists.
 */
#include "base/base.h"

#include "mapping/mapping.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_limits(const struct sheet *s)
{
	size_t i;
	size_t k;

	assert(s->n_headers > 0 && s->n_headers <= SHEET_MAX_HEADERS);
	assert(s->n_extra < s->n_headers);
	assert(s->rows.n <= SHEET_MAX_ROWS);
	assert(s->header_row > 0);
	for (k = 0; k < s->n_headers; k++)
		assert(utf8_valid(slice_of(s->header[k])));
	for (i = 0; i < s->rows.n; i++) {
		assert(s->rows.v[i].row >
		    (i ? s->rows.v[i - 1].row : s->header_row));
		for (k = 0; k < s->n_headers; k++)
			assert(utf8_valid(slice_of(s->rows.v[i].cell[k])));
	}
}

static void
check_same(const struct sheet *a, const struct sheet *b)
{
	/* A line that names the separator may have come before the first. */
	int64_t down = b->separator_line && a->header_row == 1;
	size_t i;
	size_t k;

	assert(a->n_headers == b->n_headers && a->n_extra == b->n_extra);
	assert(a->header_row + down == b->header_row);
	assert(a->rows.n == b->rows.n);
	assert(!a->separator_line || b->separator_line);
	for (k = 0; k < a->n_headers; k++)
		assert(str_eq(a->header[k], b->header[k]));
	for (i = 0; i < a->rows.n; i++) {
		assert(a->rows.v[i].row + down == b->rows.v[i].row);
		for (k = 0; k < a->n_headers; k++)
			assert(str_eq(a->rows.v[i].cell[k],
			    b->rows.v[i].cell[k]));
	}
}

static const char *
find_cell(const struct sheet *s, const struct problem *p)
{
	size_t i;

	assert(p->column >= 0 && (size_t)p->column < s->n_headers);
	if (p->row == s->header_row)
		return s->header[p->column];
	for (i = 0; i < s->rows.n; i++) {
		if (s->rows.v[i].row == p->row)
			return s->rows.v[i].cell[p->column];
	}
	assert(false);
	return "";
}

static void
check_problems(const struct sheet *s, const struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->v[i];

		assert(p->message[0] && p->fix[0]);
		assert(utf8_valid(slice_of(p->message)));
		assert(utf8_valid(slice_of(p->fix)));
		if (p->row > 0 && p->column >= 0)
			assert(p->offset + p->length <=
			    strlen(find_cell(s, p)));
	}
}

static void
check_mapping(const struct mapping *m)
{
	size_t i;
	size_t k;

	for (i = 0; i < m->targets.n; i++) {
		const struct mapping_target *t = &m->targets.v[i];

		for (k = 0; k < t->sources.n; k++)
			assert(t->sources.v[k].alias[0] &&
			    (k > 0 || t->sources.v[k].join == JOIN_NONE));
		for (k = 0; k < t->rows.n; k++)
			assert(t->rows.v[k].source < t->sources.n &&
			    t->rows.v[k].target_column[0] &&
			    t->rows.v[k].comment);
		for (k = 0; k < t->filters.n; k++)
			assert(t->filters.v[k]->root);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct slice bytes = {(const char *)data, n};
	struct problems problems = {0};
	struct problems ignored = {0};
	struct sheet sheet;
	struct sheet again;
	struct mapping m;

	if (!sheet_read(&a, bytes, &sheet, &problems)) {
		assert(problems.n > 0);
		arena_done(&a);
		return 0;
	}
	check_limits(&sheet);
	assert(sheet_read(&a, sheet_write(&a, &sheet), &again, &ignored));
	check_same(&sheet, &again);
	mapping_read(&a, &sheet, &m, &problems);
	check_problems(&sheet, &problems);
	check_mapping(&m);
	arena_done(&a);
	return 0;
}
