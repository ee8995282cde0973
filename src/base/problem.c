#include "base/base.h"

#include "base/problem.h"

#include "base/str.h"

#include <stdarg.h>

struct problem *
problem_add(struct problems *list, struct arena *a, enum err_code code,
    int64_t row, int column, const char *format, ...)
{
	struct problem *p = LIST_ADD(a, list);
	va_list ap;

	va_start(ap, format);
	p->message = arena_vprintf(a, format, ap);
	va_end(ap);
	p->code = code;
	p->row = row;
	p->column = column;
	p->header = "";
	p->fix = code_info(code)->fix;
	if (code_info(code)->severity == SEVERITY_ERROR)
		list->errors++;
	return p;
}

static bool
after(const struct problem *a, const struct problem *b)
{
	if (a->row != b->row)
		return a->row > b->row;
	if (a->column != b->column)
		return a->column > b->column;
	return a->offset > b->offset;
}

/* Bottom-up merge sort: stable, and no recursion on user-sized input. */
void
problems_sort(struct problems *list)
{
	struct arena scratch = ARENA_INIT;
	struct problem *from = list->v;
	struct problem *to;
	size_t width;
	size_t i;

	if (list->n < 2)
		return;
	to = arena_array(&scratch, struct problem, list->n);
	for (width = 1; width < list->n; width *= 2) {
		struct problem *swap;

		for (i = 0; i < list->n; i += 2 * width) {
			size_t mid = i + width < list->n ? i + width : list->n;
			size_t end = mid + width < list->n ? mid + width
			                                   : list->n;
			size_t left = i;
			size_t right = mid;
			size_t out;

			for (out = i; out < end; out++) {
				bool take_right = left == mid ||
				    (right < end &&
				        after(&from[left], &from[right]));

				to[out] = take_right ? from[right++]
				                     : from[left++];
			}
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != list->v) {
		for (i = 0; i < list->n; i++)
			list->v[i] = from[i];
	}
	arena_done(&scratch);
}

void
problems_are_lines(struct problems *list, struct arena *a)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		list->v[i].place = list->v[i].row > 0
		    ? arena_printf(a, "line %" PRId64, list->v[i].row)
		    : "the document";
}

const char *
problem_place(struct arena *a, const struct problem *p)
{
	if (p->place)
		return p->place;
	if (p->row == 0)
		return p->header[0] ? p->header : "sheet";
	if (p->column < 0)
		return arena_printf(a, "row %" PRId64, p->row);
	if (p->header[0])
		return arena_printf(a, "row %" PRId64 ", %s", p->row,
		    p->header);
	return arena_printf(a, "row %" PRId64 ", column %d", p->row,
	    p->column + 1);
}
