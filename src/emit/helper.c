#include "base/base.h"

#include "emit/helper.h"

#include "base/str.h"

static const struct {
	const char *name;
	const char *text;
} helpers[] = {
#define HELPER(name, text) {name, text},
#include "emit/helper_list.h"
#include "emit/testing_list.h"
#undef HELPER
};

void
helper_put(struct python *py, const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(helpers); i++) {
		if (!str_eq(helpers[i].name, name))
			continue;
		buf_add_str(py->out, "\n\n");
		buf_add_str(py->out, helpers[i].text);
		return;
	}
	assert(!"a helper of that name");
}
