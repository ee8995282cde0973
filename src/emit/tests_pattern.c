#include "base/base.h"

#include "emit/tests_parts.h"

void
tests_put_pattern(struct tests *t)
{
	(void)t;
}
