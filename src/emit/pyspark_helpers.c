#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/helper.h"

/* What of helpers.py a plan needs, in the order of that file: each if some
 * pipeline meets the condition. */

static bool
always(const struct plan *plan UNUSED, const struct plan_pipeline *p UNUSED)
{
	return true;
}

static bool
is_kept(const struct plan *plan, const struct plan_pipeline *p UNUSED)
{
	return plan->pattern->strategy != STRATEGY_FULL_LOAD;
}

static bool
is_history(const struct plan *plan, const struct plan_pipeline *p UNUSED)
{
	return plan->pattern->strategy == STRATEGY_SCD2;
}

static bool
adds_columns(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return p->add_columns;
}

static bool
defines_table(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return pyspark_defines(p);
}

static bool
checks_keys(const struct plan *plan, const struct plan_pipeline *p)
{
	return p->keys.n > 0 || plan->pattern->strategy == STRATEGY_MERGE ||
	    is_history(plan, p) || (p->single_matches && p->sources.n > 1);
}

static bool
has_rules(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return p->rules.n > 0;
}

static bool
refuses_broken(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return p->rules.n > 0 && p->broken_rules == RULES_REFUSE;
}

static bool
logs_broken(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return p->rules.n > 0 && p->broken_rules != RULES_REFUSE;
}

static bool
keeps_quarantine(const struct plan *plan, const struct plan_pipeline *p)
{
	return p->quarantine.widget && is_kept(plan, p);
}

static bool
releases(const struct plan *plan UNUSED, const struct plan_pipeline *p)
{
	return pyspark_releases(p);
}

static bool
closes_vanished(const struct plan *plan, const struct plan_pipeline *p)
{
	return is_history(plan, p) && p->vanished == VANISHED_END;
}

static bool
drops_late(const struct plan *plan, const struct plan_pipeline *p)
{
	return is_history(plan, p) && p->late_rows == LATE_IGNORE;
}

static const struct {
	const char *name;
	bool (*needed)(const struct plan *, const struct plan_pipeline *);
} helpers[] = {
    {"require_columns", always},
    {"lacking_columns", adds_columns},
    {"with_columns_of", defines_table},
    {"require_unique", checks_keys},
    {"with_broken_rules", has_rules},
    {"count_broken_rules", has_rules},
    {"refuse_broken_rules", refuses_broken},
    {"log_broken_rules", logs_broken},
    {"as_quarantined", keeps_quarantine},
    {"release_mended", releases},
    {"log_changes", is_kept},
    {"reading_error", always},
    {"log_failing_column", always},
    {"History", is_history},
    {"same", is_history},
    {"as_versions", is_history},
    {"sighting", is_history},
    {"sightings_of", is_history},
    {"sightings_behind", is_history},
    {"with_vanished", closes_vanished},
    {"without_late", drops_late},
    {"surrogate_of", is_history},
    {"versions_of", is_history},
    {"merge_versions", is_history},
};

void
pyspark_helpers(struct python *py, const struct plan *plan)
{
	size_t i;
	size_t k;

	for (i = 0; i < COUNT_OF(helpers); i++) {
		for (k = 0; k < plan->pipelines.n; k++) {
			if (helpers[i].needed(plan, &plan->pipelines.v[k]))
				break;
		}
		if (k < plan->pipelines.n)
			helper_put(py, helpers[i].name);
	}
}
