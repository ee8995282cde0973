/*
 * Runs one fuzz target over the files of a folder, without libFuzzer: what
 * once was found stays mended. Prints their number. A finding is a crash.
 */
#include "base/base.h"

#include "sys/files.h"

#include <stdio.h>

#define MAX_INPUT ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct err *
replay(struct arena *a, const char *folder, size_t *ret_count)
{
	struct file_names names = {0};
	const struct err *e;
	struct slice bytes;
	size_t i;

	e = file_list(a, folder, &names);
	for (i = 0; !e && i < names.n; i++) {
		const char *path = arena_printf(a, "%s/%s", folder, names.v[i]);

		e = file_read(a, path, MAX_INPUT, &bytes);
		if (e)
			break;
		fprintf(stderr, "%s\n", path);
		LLVMFuzzerTestOneInput((const uint8_t *)bytes.p, bytes.n);
	}
	*ret_count = names.n;
	return e;
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	const struct err *e = NULL;
	size_t total = 0;
	int i;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (i = 1; !e && i < argc; i++) {
		size_t n;

		e = replay(&arena, argv[i], &n);
		total += n;
	}
	if (e)
		fprintf(stderr, "%s %s\n", e->message, e->detail);
	printf("%zu\n", total);
	arena_done(&arena);
	return e ? 1 : 0;
}
