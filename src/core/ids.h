/*
 * Ids of stored things: one type a table, so that a mapping where a generation
 * is meant does not compile. Ids are positive. The name is the table's with
 * _id; tools/sqlgen finds it by the primary and foreign keys of sql/schema.sql.
 */
#ifndef T2C_IDS_H
#define T2C_IDS_H

#include "base/base.h"

struct user_id {
	int64_t v;
};
struct session_id {
	int64_t v;
};
struct login_failure_id {
	int64_t v;
};
struct mapping_id {
	int64_t v;
};
struct revision_id {
	int64_t v;
};
struct sheet_id {
	int64_t v;
};
struct generation_id {
	int64_t v;
};
struct asking_id {
	int64_t v;
};
struct pattern_id {
	int64_t v;
};
struct pattern_version_id {
	int64_t v;
};
struct pattern_switch_id {
	int64_t v;
};
struct connection_id {
	int64_t v;
};

#endif
