/*
 * The pages of patterns, and what mappings do with patterns of the
 * organisation. That every page shows hostile text as text is crawl.c's
 * business.
 */
#include "base/base.h"

#include "testing.h"

#include "core/own_patterns.h"
#include "db/db.h"

#include <string.h>

#define EXAMPLE                                                                \
	"example: |\n"                                                         \
	"  source_table,source_column,target_table,target_column,role\n"       \
	"  a.b.orders,id,a.c.orders,order_id,key\n"
#define DOCUMENT(name, title, more)                                            \
	"name: " name "\ntitle: " title                                        \
	"\nsummary: S.\ndescription: D.\nextends: merge\n" more EXAMPLE
#define FIXED                                                                  \
	"options:\n"                                                           \
	"  - name: vanished\n    default: delete\n    access: fixed\n"         \
	"  - name: ignore_nulls\n    default: true\n    access: hidden\n"
#define PROMPT                                                                 \
	"name: words\ntitle: Words\nsummary: S.\ndescription: D.\n"            \
	"prompt: Do it.\n"
#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,role\n"         \
	"a.b.orders,id,a.c.orders,order_id,key\n"                              \
	"a.b.orders,v,a.c.orders,v,\n"

/* Sends the editor's form. */
static void
send(struct testing *t, enum who who, const char *path, const char *document,
    const char *base, const char *action)
{
	const char *const pairs[] = {"document", document, "base", base, "note",
	    "because", "action", action, NULL};

	post_file(t, who, path, pairs, NULL, NULL, (struct slice){0});
}

static void
save_new(struct testing *t, const char *document, const char *location)
{
	send(t, WHO_EDITOR, "/patterns/new", document, "0", "save");
	assert_status(t, 303);
	assert_location(t, location);
}

static const char *
make_mapping(struct testing *t)
{
	post(t, WHO_USER, "/mappings",
	    "name=orders.csv&text=source_table%2Csource_column%2C"
	    "target_table%2Ctarget_column%2Crole%0A"
	    "a.b.orders%2Cid%2Ca.c.orders%2Corder_id%2Ckey%0A"
	    "a.b.orders%2Cv%2Ca.c.orders%2Cv%2C%0A");
	assert_status(t, 303);
	return arena_strdup(&t->arena, reply_header(t, "Location"));
}

/* Compiles the mapping with a pattern and an option. */
static void
generate(struct testing *t, const char *mapping, const char *pattern,
    const char *option)
{
	struct buf b;

	buf_init(&b, &t->arena, 4000);
	buf_add_str(&b, "revision=1&pattern=");
	buf_add_percent(&b, slice_of(pattern));
	buf_printf(&b, "%s%s", option[0] ? "&" : "", option);
	post(t, WHO_USER, arena_printf(&t->arena, "%s/generations", mapping),
	    buf_str(&b));
}

static void
test_roles(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/patterns");
	assert_status(t, 200);
	assert_shows(t, "MERGE upsert");
	assert_shows(t, "Editors and administrators write them.");
	assert_hides(t, "New pattern");
	get(t, WHO_EDITOR, "/patterns");
	assert_shows(t, "New pattern");
	get(t, WHO_USER, "/patterns/new");
	assert_status(t, 403);
	assert_shows(t, "A104");
	send(t, WHO_USER, "/patterns/new", DOCUMENT("own", "Own", ""), "0",
	    "save");
	assert_status(t, 403);
	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	send(t, WHO_USER, "/patterns/own/edit", DOCUMENT("own", "Mine", ""),
	    "1", "save");
	assert_status(t, 403);
	post(t, WHO_USER, "/patterns/own/state", "disabled=yes");
	assert_status(t, 403);
	get(t, WHO_USER, "/patterns/own/pattern.yaml");
	assert_status(t, 403);
	get(t, WHO_USER, "/patterns/own");
	assert_status(t, 200);
	assert_hides(t, "Export");
	get(t, WHO_ADMIN, "/patterns/own");
	assert_shows(t, "Export own.yaml");
	/* An editor sees no more of other people's work than a user. */
	get(t, WHO_EDITOR, make_mapping(t));
	assert_status(t, 404);
}

static void
test_check_and_save(void **state)
{
	struct testing *t = *state;

	get(t, WHO_EDITOR, "/patterns/new?base=scd2");
	assert_status(t, 200);
	assert_shows(t, "name: own_scd2");
	get(t, WHO_EDITOR, "/patterns/new?base=prompt");
	assert_shows(t, "name: own_prompt");
	send(t, WHO_EDITOR, "/patterns/new", DOCUMENT("own", "Own", ""), "0",
	    "check");
	assert_status(t, 200);
	assert_shows(t, "Saving makes the new pattern own.");
	assert_shows(t, "title: Own");
	get(t, WHO_EDITOR, "/patterns/own");
	assert_status(t, 404);
	/* What is wrong is said with its line, and nothing typed is lost. */
	send(t, WHO_EDITOR, "/patterns/new",
	    DOCUMENT("own", "Own", "options:\n  - name: <b>\n"), "0", "save");
	assert_status(t, 422);
	assert_shows(t, "P145");
	assert_shows(t, "href=\"/patterns/new#L7\">line 7</a>");
	assert_shows(t, "  - name: &lt;b&gt;");
	assert_shows(t, "value=\"because\"");
	assert_shows(t, "<span class=\"line line-bad\" id=\"L7\">");
	send(t, WHO_EDITOR, "/patterns/new", "", "0", "check");
	assert_status(t, 422);
	assert_shows(t, "P140");
	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	follow(t, WHO_EDITOR);
	assert_shows(t, "1 of 1");
	assert_shows(t, "by edith");
	assert_shows(t, "because");
	get(t, WHO_USER, "/patterns/own?version=2");
	assert_status(t, 404);
	get(t, WHO_USER, "/patterns/own?version=x");
	assert_status(t, 404);
}

static void
test_versions(void **state)
{
	struct testing *t = *state;

	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	get(t, WHO_EDITOR, "/patterns/own/edit");
	assert_status(t, 200);
	assert_string_equal(reply_input(t, "base"), "1");
	send(t, WHO_EDITOR, "/patterns/own/edit",
	    DOCUMENT("own", "Ours", FIXED), "1", "check");
	assert_status(t, 200);
	assert_shows(t, "Saving makes version 2.");
	assert_shows(t, "options.vanished.default");
	send(t, WHO_EDITOR, "/patterns/own/edit",
	    DOCUMENT("own", "Ours", FIXED), "1", "save");
	assert_location(t, "/patterns/own");
	follow(t, WHO_EDITOR);
	assert_shows(t, "2 of 2");
	assert_shows(t, "Changed since version 1");
	get(t, WHO_USER, "/patterns/own?version=1");
	assert_shows(t, "This is version 1.");
	get(t, WHO_EDITOR, "/patterns/own/pattern.yaml?version=1");
	assert_string_equal(reply_body(t), DOCUMENT("own", "Own", ""));
	assert_non_null(strstr(reply_header(t, "Content-Disposition"),
	    "own.yaml"));
	get(t, WHO_EDITOR, "/patterns/own/pattern.yaml");
	assert_string_equal(reply_body(t), DOCUMENT("own", "Ours", FIXED));
	/* A version keeps the pattern's name. */
	send(t, WHO_EDITOR, "/patterns/own/edit", DOCUMENT("two", "Two", ""),
	    "2", "save");
	assert_status(t, 422);
	assert_shows(t, "Write name: own");
	get(t, WHO_EDITOR, "/patterns/two");
	assert_status(t, 404);
}

/* The second of two editors is told, sees what saving would change in the
 * newest version, and can save on top of that. */
static void
test_two_editors(void **state)
{
	struct testing *t = *state;

	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	send(t, WHO_ADMIN, "/patterns/own/edit", DOCUMENT("own", "Theirs", ""),
	    "1", "save");
	assert_status(t, 303);
	send(t, WHO_EDITOR, "/patterns/own/edit", DOCUMENT("own", "Mine", ""),
	    "1", "save");
	assert_status(t, 409);
	assert_shows(t, "it is at version 2");
	assert_shows(t, "title: Mine");
	assert_shows(t, "Theirs");
	assert_shows(t, "value=\"because\"");
	assert_string_equal(reply_input(t, "base"), "2");
	send(t, WHO_EDITOR, "/patterns/own/edit", DOCUMENT("own", "Mine", ""),
	    "2", "save");
	assert_status(t, 303);
	get(t, WHO_USER, "/patterns/own?version=2");
	assert_shows(t, "Theirs");
}

static void
test_names_that_are_taken(void **state)
{
	struct testing *t = *state;

	send(t, WHO_EDITOR, "/patterns/new", DOCUMENT("merge", "Mine", ""), "0",
	    "save");
	assert_status(t, 422);
	assert_shows(t, "P148");
	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	send(t, WHO_EDITOR, "/patterns/new", DOCUMENT("own", "Ours", ""), "0",
	    "save");
	assert_status(t, 422);
	assert_shows(t, "P149");
	assert_shows(t, "Save as version 2 of own");
	assert_string_equal(reply_input(t, "base"), "1");
	send(t, WHO_EDITOR, "/patterns/new", DOCUMENT("own", "Ours", ""), "1",
	    "save");
	assert_location(t, "/patterns/own");
	assert_no_err(db_script(t->app.db, "UPDATE pattern SET installed = 1"));
	get(t, WHO_EDITOR, "/patterns/own/edit");
	assert_status(t, 409);
	assert_shows(t, "P153");
	send(t, WHO_EDITOR, "/patterns/new", DOCUMENT("own", "Mine", ""), "0",
	    "save");
	assert_status(t, 422);
	assert_shows(t, "P153");
	assert_shows(t, "title: Mine");
}

static void
import(struct testing *t, const char *typed, struct slice bytes)
{
	const char *const pairs[] = {
	    "document", typed, "base", "0", "action", "save", NULL};

	post_file(t, WHO_EDITOR, "/patterns/new", pairs, "file", "own.yaml",
	    bytes);
}

static void
test_import(void **state)
{
	struct testing *t = *state;
	const size_t large = DERIVED_MAX_BYTES + 1;
	char *bytes = arena_alloc(&t->arena, large);

	/* Whatever the button: it is shown before anything is saved. */
	import(t, "typed", slice_of(DOCUMENT("own", "Own", "")));
	assert_status(t, 200);
	assert_shows(t, "Saving makes the new pattern own.");
	assert_shows(t, "title: Own");
	get(t, WHO_EDITOR, "/patterns/own");
	assert_status(t, 404);
	save_new(t, DOCUMENT("own", "Own", ""), "/patterns/own");
	import(t, "typed", slice_of(DOCUMENT("own", "Ours", "")));
	assert_status(t, 200);
	assert_shows(t, "saving makes version 2 of it");
	assert_shows(t, "Save as version 2 of own");
	import(t, "typed", slice_of(DOCUMENT("merge", "Mine", "")));
	assert_status(t, 422);
	assert_shows(t, "P148");
	/* What cannot be shown leaves what was typed. */
	import(t, "typed before", SLICE("name: \xff\xfe\n"));
	assert_status(t, 422);
	assert_shows(t, "P140");
	assert_shows(t, "not UTF-8");
	assert_shows(t, "typed before");
	memset(bytes, 'a', large);
	import(t, "typed before", (struct slice){bytes, large});
	assert_status(t, 422);
	assert_shows(t, "P141");
	assert_shows(t, "typed before");
	import(t, "typed before", SLICE("name: a\0b\n"));
	assert_status(t, 422);
	assert_shows(t, "P140");
	assert_shows(t, "typed before");
	import(t, "typed",
	    SLICE("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"));
	assert_status(t, 422);
	assert_shows(t, "P140");
	assert_shows(t, "line 1");
	assert_shows(t, "anchors");
	post_file(t, WHO_EDITOR, "/patterns/new",
	    (const char *const[]){
	        "document", "typed before", "action", "import", NULL},
	    "file", "", (struct slice){0});
	assert_status(t, 422);
	assert_shows(t, "Choose a file that is not empty.");
	assert_shows(t, "typed before");
}

static int
count(struct testing *t, const char *text)
{
	const char *p = reply_body(t);
	int n = 0;

	for (; (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

static void
test_a_mapping_with_an_own_pattern(void **state)
{
	struct testing *t = *state;
	const char *mapping;
	const char *choose;

	save_new(t, DOCUMENT("own", "Our way", FIXED), "/patterns/own");
	mapping = make_mapping(t);
	choose = arena_printf(&t->arena, "%s/pattern", mapping);
	get(t, WHO_USER, choose);
	assert_shows(t, "Our way");
	assert_shows(t, "fixed by the pattern");
	assert_shows(t, "Delete them");
	assert_shows(t, "name=\"option.own@1.orders.keys\"");
	assert_hides(t, "option.own@1.orders.vanished");
	assert_hides(t, "option.own@1.orders.ignore_nulls");
	/* What is hidden is on the card of the base, and of another pattern,
	 * what is fixed on both. */
	assert_int_equal(count(t, "NULL leaves the stored value"), 2);
	assert_int_equal(count(t, "Rows that the sources no longer have"), 2);
	generate(t, mapping, "own@1", "option.own%401.orders.keys=order_id");
	assert_status(t, 303);
	follow(t, WHO_USER);
	assert_status(t, 200);
	assert_shows(t,
	    "href=\"/patterns/own?version=1\">Our way</a>, version "
	    "1");
	assert_shows(t, "Pattern: `Our way`, version 1,");
	get(t, WHO_USER, "/generations");
	assert_shows(t, "Our way v1");
	get(t, WHO_USER, mapping);
	assert_shows(t, "Our way v1");
	/* Given otherwise, the fixed option is refused. */
	generate(t, mapping, "own@1", "option.own%401.orders.vanished=keep");
	assert_status(t, 422);
	assert_shows(t, "P150");
	generate(t, mapping, "own@1",
	    "option.own%401.orders.ignore_nulls=false");
	assert_status(t, 422);
	assert_shows(t, "P150");
	generate(t, mapping, "own@1", "option.own%401.orders.vanished=delete");
	assert_status(t, 303);
	generate(t, mapping, "own@7", "");
	assert_status(t, 404);
	assert_shows(t, "P101");
}

/* Old generations can be made again: with their version, and with a pattern
 * that is disabled since. Nothing else is made with that. */
static void
test_repeating(void **state)
{
	struct testing *t = *state;
	const char *mapping;
	const char *again;
	const char *other;

	save_new(t, DOCUMENT("own", "Our way", FIXED), "/patterns/own");
	mapping = make_mapping(t);
	generate(t, mapping, "own@1", "");
	assert_status(t, 303);
	again = arena_printf(&t->arena, "%s/pattern?from=%s", mapping,
	    strrchr(reply_header(t, "Location"), '/') + 1);
	send(t, WHO_EDITOR, "/patterns/own/edit",
	    DOCUMENT("own", "Our new way", ""), "1", "save");
	assert_status(t, 303);
	get(t, WHO_USER, again);
	assert_shows(t, "Our new way");
	assert_shows(t, "not the newest");
	assert_shows(t, "value=\"own@1\" id=\"pattern-own@1\" checked");
	generate(t, mapping, "own@1", "");
	assert_status(t, 303);
	post(t, WHO_EDITOR, "/patterns/own/state", "disabled=yes");
	assert_location(t, "/patterns/own");
	follow(t, WHO_EDITOR);
	assert_shows(t, "disabled</span>");
	get(t, WHO_USER, again);
	assert_hides(t, "Our new way");
	assert_shows(t, "disabled since");
	generate(t, mapping, "own@1", "");
	assert_status(t, 303);
	generate(t, mapping, "own@2", "");
	assert_status(t, 422);
	assert_shows(t, "P152");
	other = make_mapping(t);
	generate(t, other, "own@1", "");
	assert_status(t, 422);
	get(t, WHO_USER, arena_printf(&t->arena, "%s/pattern", other));
	assert_hides(t, "Our way");
	post(t, WHO_EDITOR, "/patterns/own/state", "disabled=no");
	generate(t, other, "own@2", "");
	assert_status(t, 303);
	post(t, WHO_EDITOR, "/patterns/none/state", "disabled=no");
	assert_status(t, 404);
}

static void
test_a_prompt(void **state)
{
	struct testing *t = *state;
	const char *mapping;

	save_new(t, PROMPT, "/patterns/words");
	follow(t, WHO_EDITOR);
	assert_shows(t, "The compiler cannot compile this pattern");
	assert_shows(t, "P151");
	assert_shows(t, "how rows are written, nobody");
	assert_shows(t, "Do it.");
	mapping = make_mapping(t);
	get(t, WHO_USER, arena_printf(&t->arena, "%s/pattern", mapping));
	assert_hides(t, "value=\"words@1\"");
	assert_shows(t, "href=\"/patterns/words\"");
	generate(t, mapping, "words@1", "");
	assert_status(t, 422);
	assert_shows(t, "P151");
}

static void
test_an_outdated_pattern(void **state)
{
	struct testing *t = *state;
	const char *mapping;

	save_new(t, DOCUMENT("own", "Our way", ""), "/patterns/own");
	assert_no_err(db_script(t->app.db,
	    "UPDATE pattern_version SET document = replace(document, "
	    "'extends: merge', 'extends: mesh')"));
	get(t, WHO_USER, "/patterns");
	assert_shows(t, "outdated");
	get(t, WHO_USER, "/patterns/own");
	assert_status(t, 200);
	assert_shows(t, "Our way");
	assert_shows(t, "P144");
	mapping = make_mapping(t);
	get(t, WHO_USER, arena_printf(&t->arena, "%s/pattern", mapping));
	assert_hides(t, "Our way");
	generate(t, mapping, "own@1", "");
	assert_status(t, 422);
	assert_shows(t, "P154");
}

/* More patterns than cards: the others are links that make them one. */
static void
test_many_patterns(void **state)
{
	struct testing *t = *state;
	const char *choose;
	int i;

	for (i = 0; i < 10; i++) {
		const char *name = arena_printf(&t->arena, "own%d", i);

		save_new(t,
		    arena_printf(&t->arena, "name: %s\n%s", name,
		        strchr(DOCUMENT("x", "Our way", ""), '\n') + 1),
		    arena_printf(&t->arena, "/patterns/%s", name));
	}
	choose = arena_printf(&t->arena, "%s/pattern", make_mapping(t));
	get(t, WHO_USER, choose);
	assert_shows(t, "value=\"own7@1\"");
	assert_hides(t, "value=\"own8@1\"");
	assert_shows(t,
	    arena_printf(&t->arena, "href=\"%s?pattern=own8%%401\"", choose));
	get(t, WHO_USER,
	    arena_printf(&t->arena, "%s?pattern=own9%%401", choose));
	assert_shows(t, "value=\"own9@1\" id=\"pattern-own9@1\" checked");
	assert_shows(t, "value=\"own7@1\"");
	assert_hides(t, "value=\"own8@1\"");
	get(t, WHO_USER, arena_printf(&t->arena, "%s?pattern=none", choose));
	assert_status(t, 200);
}

/* A page of many targets has one pattern a strategy, the others as links. */
static void
test_many_targets(void **state)
{
	struct testing *t = *state;
	const char *choose;
	struct buf b;
	int i;

	buf_init(&b, &t->arena, 4000);
	buf_add_str(&b,
	    "name=orders.csv&text=source_table%2Csource_column%2C"
	    "target_table%2Ctarget_column%2Crole%0A");
	for (i = 0; i < 9; i++)
		buf_printf(&b, "a.b.orders%%2Cid%%2Ca.c.t%d%%2Cid%%2Ckey%%0A",
		    i);
	post(t, WHO_USER, "/mappings", buf_str(&b));
	choose = arena_printf(&t->arena, "%s/pattern",
	    reply_header(t, "Location"));
	get(t, WHO_USER, choose);
	assert_shows(t, "id=\"pattern-merge\" checked");
	assert_hides(t, "id=\"pattern-change_feed\"");
	assert_shows(t,
	    arena_printf(&t->arena, "href=\"%s?pattern=change_feed\"", choose));
	get(t, WHO_USER,
	    arena_printf(&t->arena, "%s?pattern=change_feed", choose));
	assert_shows(t, "id=\"pattern-change_feed\" checked");
	assert_hides(t, "id=\"pattern-scd1_snapshot\"");
}

/* What a pattern of the program has settled, and what it asks for. */
static void
test_closed_and_needed(void **state)
{
	struct testing *t = *state;
	const char *mapping;

	get(t, WHO_USER, "/patterns/merge");
	assert_hides(t, "Who chooses");
	get(t, WHO_USER, "/patterns/scd1_snapshot");
	assert_shows(t, "Who chooses");
	assert_shows(t, "the pattern, hidden");
	get(t, WHO_USER, "/patterns/change_feed");
	assert_shows(t, "a target column, needed");
	mapping = make_mapping(t);
	get(t, WHO_USER, arena_printf(&t->arena, "%s/pattern", mapping));
	assert_shows(t, "option.change_feed.orders.deleted");
	assert_hides(t, "option.change_feed.orders.vanished");
	assert_hides(t, "option.scd1_snapshot.orders.vanished");
	assert_shows(t, "<span class=\"origin\">needed</span>");
	generate(t, mapping, "change_feed",
	    "option.change_feed.orders.keys=order_id");
	assert_status(t, 422);
	assert_shows(t, "P156");
}

static void
test_api(void **state)
{
	struct testing *t = *state;

	save_new(t, DOCUMENT("own", "Our way", FIXED), "/patterns/own");
	save_new(t, PROMPT, "/patterns/words");
	get(t, WHO_USER, "/api/patterns");
	assert_status(t, 200);
	assert_shows(t, "\"name\":\"merge\",\"display_name\":\"MERGE upsert\"");
	assert_shows(t, "\"reference\":\"merge\",\"version\":null");
	assert_shows(t,
	    "\"reference\":\"own@1\",\"version\":1,"
	    "\"extends\":\"merge\",\"compiles\":true");
	assert_shows(t, "\"default\":\"delete\",\"access\":\"fixed\"");
	assert_shows(t, "\"access\":\"open\",\"required\":true");
	assert_shows(t,
	    "\"reference\":\"words@1\",\"version\":1,"
	    "\"extends\":null,\"compiles\":false");
	post(t, WHO_EDITOR, "/patterns/own/state", "disabled=yes");
	get(t, WHO_USER, "/api/patterns");
	assert_hides(t, "own@1");
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, testing_setup, testing_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_roles),
	    TEST(test_check_and_save),
	    TEST(test_versions),
	    TEST(test_two_editors),
	    TEST(test_names_that_are_taken),
	    TEST(test_import),
	    TEST(test_a_mapping_with_an_own_pattern),
	    TEST(test_repeating),
	    TEST(test_a_prompt),
	    TEST(test_an_outdated_pattern),
	    TEST(test_many_patterns),
	    TEST(test_many_targets),
	    TEST(test_closed_and_needed),
	    TEST(test_api),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
