#include "base/base.h"

#include "plan/place.h"

#include <stdarg.h>

struct problem *
place_problem(struct arena *a, const struct plan *plan,
    struct problems *problems, enum err_code code, int64_t row,
    enum mapping_field field, const char *format, ...)
{
	int column = row > 0 ? plan->mapping->field[field] : -1;
	const char *message;
	struct problem *p;
	va_list ap;

	va_start(ap, format);
	message = arena_vprintf(a, format, ap);
	va_end(ap);
	p = problem_add(problems, a, code, row, column, "%s", message);
	if (column >= 0)
		p->header = plan->mapping->sheet->header[column];
	return p;
}
