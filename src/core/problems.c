#include "base/base.h"

#include "core/problems.h"

void
problem_json(struct json_writer *w, const struct problem *p)
{
	const struct code_info *info = code_info(p->code);

	json_object(w);
	json_key_str(w, "code", info->id);
	json_key_str(w, "severity",
	    info->severity == SEVERITY_ERROR ? "error" : "warning");
	json_key_int(w, "row", p->row);
	json_key_str(w, "column", p->header);
	json_key_int(w, "offset", (int64_t)p->offset);
	json_key_int(w, "length", (int64_t)p->length);
	json_key_str(w, "message", p->message);
	json_key_str(w, "fix", p->fix);
	json_object_end(w);
}
