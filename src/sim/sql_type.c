#include "base/base.h"

#include "sim/sql_type.h"

#include <string.h>

const char *
sql_type_name(struct arena *a, const char *type)
{
	static const struct {
		const char *sql;
		const char *name;
	} others[] = {
	    {"BIGINT", "LONG"},
	    {"INTEGER", "INT"},
	    {"SMALLINT", "SHORT"},
	    {"TINYINT", "BYTE"},
	    {"VOID", "NULL"},
	};
	char *name = arena_strndup(a, type, strcspn(type, "(<"));
	size_t i;

	for (i = 0; name[i]; i++)
		name[i] = chr_upper(name[i]);
	for (i = 0; i < COUNT_OF(others); i++) {
		if (str_eq(name, others[i].sql))
			return others[i].name;
	}
	return name;
}

void
sql_type_json(struct json_writer *w, struct arena *a, const char *type)
{
	const char *name = sql_type_name(a, type);
	const char *digits = strchr(type, '(');
	const char *comma = digits ? strchr(digits, ',') : NULL;
	const char *end = comma ? strchr(comma, ')') : NULL;
	int64_t precision = 0;
	int64_t scale = 0;

	json_key_str(w, "type_name", name);
	json_key_str(w, "type_text", type);
	if (!str_eq(name, "DECIMAL") || !end ||
	    !slice_to_int(slice_trim((struct slice){
	                      digits + 1, (size_t)(comma - digits - 1)}),
	        1, 38, &precision) ||
	    !slice_to_int(slice_trim((struct slice){
	                      comma + 1, (size_t)(end - comma - 1)}),
	        0, 38, &scale))
		return;
	json_key_int(w, "type_precision", precision);
	json_key_int(w, "type_scale", scale);
}
