#include "base/base.h"

#include "emit/helper.h"

#include "base/str.h"

struct text_of {
	const char *name;
	const char *text;
};

#define HELPER(name, text) {name, text},
static const struct text_of helpers[] = {
#include "emit/helper_list.h"
#include "emit/testing_list.h"
};
static const struct text_of scala_helpers[] = {
#include "emit/scala_list.h"
};
#undef HELPER

static void
put(struct python *out, const struct text_of *list, size_t n,
    const char *before, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!str_eq(list[i].name, name))
			continue;
		buf_add_str(out->out, before);
		buf_add_str(out->out, list[i].text);
		return;
	}
	assert(!"a helper of that name");
}

void
helper_put(struct python *py, const char *name)
{
	put(py, helpers, COUNT_OF(helpers), "\n\n", name);
}

void
helper_put_scala(struct python *out, const char *name)
{
	put(out, scala_helpers, COUNT_OF(scala_helpers), "\n", name);
}
