#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/helper.h"
#include "emit/pipeline.h"

/* Of helpers.py, in the order of that file. */
static const struct {
	const char *name;
	enum need need;
} helpers[] = {
    {"require_columns", NEED_ALWAYS},
    {"lacking_columns", NEED_LACKING},
    {"with_columns_of", NEED_DEFINITION},
    {"require_unique", NEED_KEYS},
    {"with_broken_rules", NEED_RULES},
    {"count_broken_rules", NEED_RULES},
    {"refuse_broken_rules", NEED_REFUSAL},
    {"log_broken_rules", NEED_REPORT},
    {"as_quarantined", NEED_QUARANTINE},
    {"release_mended", NEED_RELEASE},
    {"log_changes", NEED_MERGE},
    {"reading_error", NEED_ALWAYS},
    {"log_failing_column", NEED_ALWAYS},
    {"History", NEED_HISTORY},
    {"same", NEED_HISTORY},
    {"as_versions", NEED_HISTORY},
    {"sighting", NEED_HISTORY},
    {"sightings_of", NEED_HISTORY},
    {"sightings_behind", NEED_HISTORY},
    {"with_vanished", NEED_VANISHED},
    {"without_late", NEED_IN_TIME},
    {"surrogate_of", NEED_HISTORY},
    {"versions_of", NEED_HISTORY},
    {"merge_versions", NEED_HISTORY},
};

void
pyspark_helpers(struct python *py, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < COUNT_OF(helpers); i++) {
		if (plan_needs(plan, helpers[i].need))
			helper_put(py, helpers[i].name);
	}
}
