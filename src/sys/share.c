#include "base/base.h"

#include "sys/share.h"

#include "base/str.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static bool
has_patterns(struct arena *a, const char *folder)
{
	return access(arena_printf(a, "%s/patterns", folder), R_OK) == 0;
}

const char *
share_find(struct arena *a)
{
	const char *given = getenv("T2C_SHARE");
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));
	const char *folder;
	const char *candidate;

	if (!str_empty(given))
		return given;
	while (n > 0 && exe[n - 1] != '/')
		n--;
	if (n <= 1)
		return PKGDATADIR;
	folder = arena_strndup(a, exe, (size_t)n - 1);
	candidate = arena_printf(a, "%s/../share/text2code", folder);
	if (has_patterns(a, candidate))
		return candidate;
	candidate = arena_printf(a, "%s/..", folder);
	return has_patterns(a, candidate) ? candidate : PKGDATADIR;
}
