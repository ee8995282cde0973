#include "base/base.h"

#include "hostile.h"

#include "base/json.h"
#include "core/own_patterns.h"
#include "db/db.h"

#define TEXTS                                                                  \
	"title: >-\n  " HOSTILE "\nsummary: >-\n  " HOSTILE                    \
	"\ndescription: |\n  " HOSTILE "\nprompt: |\n  </textarea>" HOSTILE    \
	"\n"
#define EXAMPLE                                                                \
	"example: |\n"                                                         \
	"  source_table,source_column,target_table,target_column,"             \
	"transformation,role,comment\n"                                        \
	"  a.b,c,d.e,c,,key,\"<script>alert(1)</script>\"\n"                   \
	"  a.b,x,d.e,x,upper('<script>alert(1)</script>'),,\n"

const char *const hostile_names[HOSTILE_PATTERNS] = {
    "compiles", "prompts", "outdated", "merge"};

const char *
hostile_json(struct testing *t, const char *key, const char *text)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, &t->arena, SIZE_MAX - 1);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_str(&w, key, text);
	json_object_end(&w);
	return buf_str(&b);
}

/* One input, as plans have it: of the source of that name. */
static void
put_input(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_array(w);
	json_object(w);
	json_key_str(w, "source", text);
	json_key_str(w, "column", text);
	json_key_str(w, "kind", text);
	json_object_end(w);
	json_array_end(w);
}

const char *
hostile_plan(struct testing *t, const char *text)
{
	static const char *const members[] = {"name", "alias", "on", "join",
	    "table", "expression", "type", "default", "comment"};
	static const char *const lists[] = {"sources", "columns"};
	struct json_writer w;
	struct buf b;

	buf_init(&b, &t->arena, SIZE_MAX - 1);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "pipelines");
	json_array(&w);
	json_object(&w);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		json_key(&w, lists[i]);
		json_array(&w);
		json_object(&w);
		for (size_t k = 0; k < COUNT_OF(members); k++)
			json_key_str(&w, members[k], text);
		json_key(&w, "from");
		json_object(&w);
		json_key_str(&w, "path", text);
		json_object_end(&w);
		put_input(&w, "inputs", text);
		json_key_int(&w, "row", 2);
		json_object_end(&w);
		json_array_end(&w);
	}
	json_key(&w, "steps");
	json_array(&w);
	json_str(&w, text);
	json_array_end(&w);
	json_key(&w, "target");
	json_object(&w);
	json_key_str(&w, "table", text);
	json_object_end(&w);
	json_object_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	return buf_str(&b);
}

static void
save_pattern(struct testing *t, int64_t base, const char *document)
{
	struct problems problems = {0};
	struct derived derived;
	int64_t version;

	pattern_document_check(&t->arena, &t->patterns, slice_of(document),
	    &derived, &problems);
	if (problems.errors > 0)
		fail_msg("%s", pattern_problem_text(&t->arena, &problems.v[0]));
	assert_no_err(own_patterns_save(&t->app, &t->user[WHO_EDITOR], base,
	    HOSTILE, &derived, slice_of(document), &version));
}

void
hostile_patterns(struct testing *t)
{
	save_pattern(t, 0, "name: compiles\n" TEXTS "extends: merge\n" EXAMPLE);
	save_pattern(t, 1,
	    "name: compiles\n" TEXTS "extends: merge\noptions:\n"
	    "  - name: keys\n    title: >-\n      <script>alert(1)</script>\n"
	    "    description: >-\n      " HOSTILE "\n"
	    "  - name: order_by\n    default: >-\n      " HOSTILE "\n"
	    "  - name: vanished\n    access: fixed\n" EXAMPLE);
	save_pattern(t, 0, "name: prompts\n" TEXTS);
	save_pattern(t, 0, "name: outdated\n" TEXTS "extends: merge\n" EXAMPLE);
	assert_no_err(db_script(t->app.db,
	    "UPDATE pattern_version SET base = '<script>alert(1)</script>', "
	    "document = '<script>alert(1)</script>: [' WHERE pattern = 3"));
	assert_no_err(own_patterns_switch(&t->app, &t->user[WHO_EDITOR],
	    "prompts", true));
	assert_no_err(own_patterns_switch(&t->app, &t->user[WHO_EDITOR],
	    "prompts", false));
}
