#include "base/base.h"

#include "sim/glob.h"

bool
glob_matches(const char *form, const char *text)
{
	const char *star = NULL;
	const char *from = NULL;

	while (*text) {
		if (*form == '*') {
			star = form++;
			from = text;
		} else if (*form == *text) {
			form++;
			text++;
		} else if (star) {
			form = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*form == '*')
		form++;
	return !*form;
}
