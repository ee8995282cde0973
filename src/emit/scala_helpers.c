#include "base/base.h"

#include "emit/scala_parts.h"

#include "emit/helper.h"

/* Of helpers.scala, in the order in which they call each other. */
static const struct {
	const char *name;
	enum need need;
} helpers[] = {
    {"requireColumns", NEED_ALWAYS},
    {"comment", NEED_COMMENT},
    {"quoted", NEED_ALWAYS},
    {"lackingColumns", NEED_LACKING},
    {"nullable", NEED_DEFINITION},
    {"requireUnique", NEED_KEYS},
    {"requireSingleMatches", NEED_MATCHES},
    {"withBrokenRules", NEED_RULES},
    {"countBrokenRules", NEED_RULES},
    {"refuseBrokenRules", NEED_REFUSAL},
    {"logBrokenRules", NEED_REPORT},
    {"asQuarantined", NEED_QUARANTINE},
    {"releaseMended", NEED_RELEASE},
    {"eachOnce", NEED_ONCE},
    {"notLate", NEED_RECENT},
    {"newestOf", NEED_NEWEST},
    {"inOrder", NEED_NEWEST},
    {"same", NEED_MERGE},
    {"versionOf", NEED_MERGE},
    {"logChanges", NEED_MERGE},
    {"readingError", NEED_ALWAYS},
    {"logFailingColumn", NEED_ALWAYS},
    {"History", NEED_HISTORY},
    {"asVersions", NEED_HISTORY},
    {"sighting", NEED_HISTORY},
    {"sightingsOf", NEED_HISTORY},
    {"sightingsBehind", NEED_HISTORY},
    {"withVanished", NEED_VANISHED},
    {"withoutLate", NEED_IN_TIME},
    {"surrogateOf", NEED_HISTORY},
    {"versionsOf", NEED_HISTORY},
    {"mergeVersions", NEED_HISTORY},
};

static bool
has_parameter(const struct plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->parameters.n; i++) {
		if (str_eq(plan->parameters.v[i].name, name))
			return true;
	}
	return false;
}

void
scala_imports(struct scala *s)
{
	const struct plan *plan = s->plan;
	bool definition = plan_needs(plan, NEED_DEFINITION);
	bool window = plan_needs(plan, NEED_NEWEST) ||
	    plan_needs(plan, NEED_HISTORY);

	if (definition || plan_needs(plan, NEED_MERGE))
		SCALA_LINE(s, 0, "import io.delta.tables.DeltaTable");
	SCALA_LINE(s, 0, "import java.util.%s",
	    has_parameter(plan, PLAN_BATCH_ID) ? "{Locale, UUID}" : "Locale");
	if (window)
		SCALA_LINE(s, 0,
		    "import org.apache.spark.sql.expressions.Window");
	SCALA_LINE(s, 0, "import org.apache.spark.sql.functions._");
	if (definition || plan_needs(plan, NEED_COMMENT))
		SCALA_LINE(s, 0, "import org.apache.spark.sql.types._");
	SCALA_LINE(s, 0, "import org.apache.spark.sql.{Column, DataFrame}");
	SCALA_LINE(s, 0, "import scala.util.Try");
	SCALA_LINE(s, 0, "import scala.util.control.NonFatal");
}

void
scala_helpers(struct scala *s)
{
	size_t i;

	for (i = 0; i < COUNT_OF(helpers); i++) {
		if (plan_needs(s->plan, helpers[i].need))
			helper_put_scala(&s->out, helpers[i].name);
	}
}
