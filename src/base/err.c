#include "base/base.h"

#include "base/err.h"

#include "base/str.h"

#include "base/arena.h"

#include <stdarg.h>

static const struct code_info catalogue[ERR__COUNT] = {
#define CODE(symbol, id, severity, http, exit, title, cause, fix)              \
	[symbol] = {id, SEVERITY_##severity, http, exit, title, cause, fix},
#include "base/codes.h"
#undef CODE
};

/* Errors must outlive the function that failed, whatever arena it used. */
static struct arena errors = ARENA_INIT;

const struct code_info *
code_info(enum err_code code)
{
	assert(code < ERR__COUNT);
	return &catalogue[code];
}

bool
code_find(const char *id, enum err_code *ret)
{
	for (size_t i = 0; i < ERR__COUNT; i++) {
		if (str_eq(id, code_info((enum err_code)i)->id)) {
			*ret = (enum err_code)i;
			return true;
		}
	}
	return false;
}

static const struct err *
make(enum err_code code, const char *message, const char *detail)
{
	struct err *e = arena_new(&errors, struct err);

	e->code = code;
	e->message = message;
	e->detail = detail;
	return e;
}

const struct err *
err_new(enum err_code code, const char *format, ...)
{
	va_list ap;
	const char *message;

	va_start(ap, format);
	message = arena_vprintf(&errors, format, ap);
	va_end(ap);
	return make(code, message, "");
}

const struct err *
err_of(enum err_code code)
{
	return make(code, code_info(code)->cause, "");
}

const struct err *
err_system(enum err_code code, const char *format, ...)
{
	va_list ap;
	const char *detail;

	va_start(ap, format);
	detail = arena_vprintf(&errors, format, ap);
	va_end(ap);
	return make(code, code_info(code)->cause, detail);
}

const struct err *
err_wrap(const struct err *e, const char *format, ...)
{
	va_list ap;
	const char *what;

	va_start(ap, format);
	what = arena_vprintf(&errors, format, ap);
	va_end(ap);
	return make(e->code, e->message,
	    arena_printf(&errors, "%s: %s", what, e->detail));
}

void
err_clear(void)
{
	arena_reset(&errors);
}
