/*
 * Row ids, one type a table: passing a mapping where a generation is meant
 * does not compile. Ids are positive.
 */
#ifndef T2C_IDS_H
#define T2C_IDS_H

#include "base/base.h"

struct user_id { int64_t v; };
struct session_id { int64_t v; };
struct mapping_id { int64_t v; };
struct revision_id { int64_t v; };
struct sheet_id { int64_t v; };
struct generation_id { int64_t v; };

#endif
