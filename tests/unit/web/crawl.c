/*
 * Every GET row of the site map, by everybody, with hostile text in every
 * column of the database: the status that belongs to it, markup that a strict
 * reader takes, every link leading somewhere, no text become markup. A new
 * page is covered without an edit here; a new kind of id needs a line in
 * seeds[].
 */
#include "base/base.h"

#include "testing.h"

#include "core/generations.h"
#include "core/connections.h"
#include "core/mappings.h"
#include "db/db.h"
#include "hostile.h"
#include "markup.h"
#include "sys/files.h"
#include "web/parts.h"
#include "web/reply.h"
#include "web/url.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGES_MAX 3000 /* for one person */

struct visit {
	const char *target;
	int depth;     /* links from the site map's own pages: 1 */
	bool expected; /* a page that must be there for this person */
};

struct crawl {
	struct testing *t;
	struct arena arena;
	enum who who;
	const struct visit *at; /* a copy */
	int complaints;
	LIST_OF(struct visit) queue;
};

/* What stands for :id, :number and the rest in addresses below a path; all
 * of them are WHO_USER's. Several rows: each is tried. */
struct seed {
	const char *below;
	const char *word;
	const char *value;
	bool broken; /* a page may lead elsewhere than show it */
};
static LIST_OF(struct seed) seeds;

static void
add_seed(struct testing *t, const char *below, const char *word,
    const char *value, bool broken)
{
	*LIST_ADD(&t->arena, &seeds) = (struct seed){
	    below, word, arena_strdup(&t->arena, value), broken};
}

static struct mapping_id
seed_mapping(struct testing *t, const char *name, struct slice bytes,
    bool broken)
{
	struct mapping_id id = {0};

	assert_no_err(mappings_create(&t->app, &t->user[WHO_USER],
	    arena_printf(&t->arena, "seed-%zu", seeds.n), name, bytes, &id));
	add_seed(t, "/mappings/", ":id",
	    arena_printf(&t->arena, "%" PRId64, id.v), broken);
	return id;
}

static void
seed_generation(struct testing *t, struct mapping_id mapping, const char *text,
    const char *plan, enum generation_status status)
{
	struct generation_id id;
	const struct generation g = {
	    .mapping = mapping,
	    .revision_number = 1,
	    .name = text,
	    .pattern = text,
	    .options = hostile_json(t, HOSTILE, text),
	    .engine = text,
	    .compiler = text,
	    .targets = text,
	    .target_count = 1,
	    .column_count = 3,
	    .status = status,
	    .error = status == GENERATION_FAILED ? text : "",
	    .duration_us = 1234,
	    .code = status == GENERATION_FAILED ? "" : text,
	    .plan = plan,
	    .tests = status == GENERATION_FAILED ? NULL : text,
	    .untested = arena_printf(&t->arena, "[%s,%s]",
	        hostile_json(t, "column", text), hostile_json(t, "why", text)),
	};

	assert_no_err(generations_create(&t->app, &t->user[WHO_USER],
	    arena_printf(&t->arena, "seed-%zu", seeds.n), &g, &id));
	add_seed(t, "/generations/", ":id",
	    arena_printf(&t->arena, "%" PRId64, id.v), true);
}

/* Sheets: every sample, one full of hostile text, and each corrected once. */
static void
seed_mappings(struct testing *t, struct mapping_id *ret_hostile)
{
	static const char hostile[] =
	    "source_table,source_column,target_table,target_column,"
	    "transformation,comment," HOSTILE "\r\n"
	    "a.b,c,d.e,f,,\"<script>alert(1)</script>\"\"><img "
	    "src=x>\",x\r\n" HOSTILE "," HOSTILE "," HOSTILE "," HOSTILE
	    "," HOSTILE "," HOSTILE "," HOSTILE "\r\n"
	    "a.b,`" HOSTILE "`,d.e,`" HOSTILE "`,upper('" HOSTILE "'),,\r\n";
	struct file_names names = {0};

	assert_no_err(file_list(&t->arena, testing_source(t, "samples"),
	    &names));
	for (size_t i = 0; i < names.n; i++) {
		struct slice bytes;

		if (!str_ends(names.v[i], ".csv"))
			continue;
		assert_no_err(file_read(&t->arena,
		    testing_source(t,
		        arena_printf(&t->arena, "samples/%s", names.v[i])),
		    1 << 20, &bytes));
		seed_mapping(t, names.v[i], bytes,
		    strstr(names.v[i], "error") != NULL);
	}
	*ret_hostile = seed_mapping(t, HOSTILE ".csv", slice_of(hostile), true);
	assert_no_err(mappings_revise(&t->app, &t->user[WHO_USER], *ret_hostile,
	    1, HOSTILE,
	    slice_of(arena_printf(&t->arena, "%s" HOSTILE "\r\n", hostile))));
}

static void
seed_connection(struct testing *t)
{
	const struct connection_entry entry = {.name = HOSTILE,
	    .provider = CHAT_DATABRICKS,
	    .address = "https://adb-1.2.azuredatabricks.net",
	    .auth = CONNECTION_ASKED,
	    .client_id = HOSTILE,
	    .model = HOSTILE,
	    .instructions = HOSTILE};
	enum connection_part part;
	struct connection_id id;

	assert_no_err(connections_save(&t->app, &t->arena, &t->user[WHO_USER],
	    NULL, (struct connection_id){0}, &entry, &id, &part));
	assert_no_err(db_script(t->app.db,
	    "UPDATE connection SET tested = 1, tested_code = 'R110', "
	    "tested_note = name"));
	add_seed(t, "/connections/", ":id",
	    arena_printf(&t->arena, "%" PRId64, id.v), false);
}

static int
setup(void **state)
{
	struct testing *t;
	struct mapping_id hostile;

	testing_setup(state);
	t = *state;
	seeds.v = NULL;
	seeds.n = seeds.cap = 0;
	seed_mappings(t, &hostile);
	seed_generation(t, hostile, HOSTILE, hostile_json(t, HOSTILE, HOSTILE),
	    GENERATION_SUCCEEDED);
	seed_generation(t, hostile, HOSTILE, hostile_json(t, HOSTILE, HOSTILE),
	    GENERATION_FAILED);
	seed_generation(t, hostile,
	    "# " HOSTILE "\ndef f(x):\n    return '" HOSTILE "'\n",
	    hostile_plan(t, HOSTILE), GENERATION_SUCCEEDED);
	hostile_patterns(t);
	seed_connection(t);
	for (size_t i = 0; i < HOSTILE_PATTERNS; i++)
		add_seed(t, "/patterns/", ":name", hostile_names[i],
		    i == HOSTILE_PATTERNS - 1);
	/* What core would not take, a later version or a hand might. */
	assert_no_err(db_script(t->app.db,
	    "UPDATE user SET name = name || "
	    "'<script>alert(1)</script>\"><img src=x>'"));
	/* The samples that are offered, as the page that offers them says. */
	add_seed(t, "/samples/", ":name", "sales_full_load.csv", false);
	return 0;
}

static const char *
who_name(enum who who)
{
	static const char *const names[WHO__COUNT] = {
	    [WHO_NOBODY] = "nobody",
	    [WHO_USER] = "owner",
	    [WHO_OTHER] = "another user",
	    [WHO_EDITOR] = "editor",
	    [WHO_ADMIN] = "administrator",
	    [WHO_NEW] = "newcomer",
	};

	return names[who];
}

static PRINTF(2, 3) void complain(struct crawl *c, const char *format, ...)
{
	va_list ap;

	/* All of them at once, but the same one of a hundred pages is enough
	 * a few times. */
	if (c->complaints++ >= 20)
		return;
	fprintf(stderr, "%s as %s: ", c->at->target, who_name(c->who));
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void
enqueue(struct crawl *c, const char *target, int depth, bool expected)
{
	size_t n = strcspn(target, "#");
	struct visit *v;

	for (size_t i = 0; i < c->queue.n; i++)
		if (strlen(c->queue.v[i].target) == n &&
		    memcmp(c->queue.v[i].target, target, n) == 0)
			return;
	if (c->queue.n == PAGES_MAX) {
		complain(c, "more than %d pages", PAGES_MAX);
		return;
	}
	v = LIST_ADD(&c->arena, &c->queue);
	v->target = arena_strndup(&c->arena, target, n);
	v->depth = depth;
	v->expected = expected;
}

static const struct route *
route_of(struct crawl *c, enum method method, const char *target)
{
	struct req req = {.arena = &c->arena, .method = method};
	unsigned int methods;

	req_set_target(&req, target);
	return req.path ? route_find(routes, n_routes, &req, &methods) : NULL;
}

static void
check_static(struct crawl *c, const char *url)
{
	const char *path = testing_source(c->t, url + 1);

	if (strstr(url, "..") || access(path, R_OK) != 0)
		complain(c, "%s is not there", url);
}

/* "?a=b" is of the page itself. */
static const char *
resolve(struct crawl *c, const char *url)
{
	const char *base = c->at->target;

	if (url[0] != '?' && url[0] != '\0')
		return url;
	return arena_printf(&c->arena, "%.*s%s", (int)strcspn(base, "?"), base,
	    url);
}

/* Every field of a GET form filled with hostile text, one by one. */
static void
enqueue_form(struct crawl *c, const struct markup_link *form)
{
	const char *fields = form->fields;

	while (*fields) {
		size_t n = strcspn(fields, " ");
		const struct url *url = url_local(&c->arena, form->url);

		url = url_with(&c->arena, url,
		    arena_strndup(&c->arena, fields, n), HOSTILE);
		enqueue(c, url_text(url), c->at->depth + 1, true);
		fields += n + 1;
	}
}

static void
check_link(struct crawl *c, const struct markup_link *link)
{
	const char *url = resolve(c, link->url);

	if (!url_local(&c->arena, url)) {
		complain(c, "a link to %s", url);
	} else if (str_starts(url, "/static/")) {
		check_static(c, url);
	} else if (str_eq(link->method, "post")) {
		if (!route_of(c, METHOD_POST, url))
			complain(c, "no route takes a form at %s", url);
	} else if (!route_of(c, METHOD_GET, url)) {
		complain(c, "no route for the link %s", url);
	} else if (str_eq(link->element, "form")) {
		enqueue_form(c, link);
	} else if (c->at->depth < 2) {
		enqueue(c, url, c->at->depth + 1, true);
	}
}

static void
check_page(struct crawl *c)
{
	const struct slice body = c->t->resp.body;
	struct markup markup;
	const char *wrong = markup_read(&c->arena, body, &markup);
	const char *text = slice_dup(&c->arena, body);

	if (strstr(text, "<script") || strstr(text, "<img src=x"))
		complain(c, "hostile text became markup");
	if (wrong) {
		complain(c, "%s", wrong);
		return;
	}
	for (size_t i = 0; i < markup.links.n; i++)
		check_link(c, &markup.links.v[i]);
}

static void
check_headers(struct crawl *c)
{
	static const char *const names[] = {"Cache-Control", "Content-Length",
	    "Content-Security-Policy", "Referrer-Policy",
	    "X-Content-Type-Options", "Cross-Origin-Opener-Policy",
	    "Cross-Origin-Resource-Policy", "Permissions-Policy"};
	struct testing *t = c->t;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!reply_header(t, names[i])) {
			complain(c, "no %s", names[i]);
			return;
		}
	}
	if (!str_eq(reply_header(t, "Content-Security-Policy"), REPLY_CSP))
		complain(c, "another Content-Security-Policy");
	if (t->resp.body.n > 0 && !reply_header(t, "Content-Type"))
		complain(c, "no Content-Type");
	if (c->who != WHO_NOBODY && t->resp.status == 200 &&
	    !strstr(reply_header(t, "Cache-Control"), "no-store"))
		complain(c, "may be kept in a cache");
}

static void
check_redirect(struct crawl *c)
{
	const char *location = reply_header(c->t, "Location");

	if (!location || !url_local(&c->arena, location) ||
	    !route_of(c, METHOD_GET, location))
		complain(c, "leads to %s", location ? location : "nowhere");
}

static void
visit(struct crawl *c)
{
	struct testing *t = c->t;
	const char *type;

	get(t, c->who, c->at->target);
	check_headers(c);
	type = reply_header(t, "Content-Type");
	if (type && str_starts(type, "text/html"))
		check_page(c);
	if (t->resp.status >= 300 && t->resp.status < 400)
		check_redirect(c);
	if (t->resp.status >= 500 || (c->at->expected && t->resp.status >= 400))
		complain(c, "status %d", t->resp.status);
}

static void
crawl_run(struct crawl *c)
{
	for (size_t i = 0; i < c->queue.n; i++) {
		struct visit copy = c->queue.v[i];

		c->at = &copy;
		visit(c);
	}
}

/* The status of a row of the site map for somebody. */
static bool
is_right(const struct crawl *c, const struct route *r, bool has_param,
    bool broken)
{
	int status = c->t->resp.status;
	/* Connections act as their owner, so nobody else has them. */
	bool may_see = c->who == WHO_USER ||
	    (c->who == WHO_ADMIN && !str_starts(r->path, "/connections/"));

	if (r->access != ACCESS_PUBLIC && c->who == WHO_NOBODY)
		return status == (r->api ? 401 : 303);
	if (r->access != ACCESS_PUBLIC && c->who == WHO_NEW && !r->one_time)
		return status == (r->api ? 403 : 303);
	if (r->access == ACCESS_ADMIN && c->who != WHO_ADMIN)
		return status == 403;
	if (r->access == ACCESS_EDITOR && c->who != WHO_ADMIN &&
	    c->who != WHO_EDITOR)
		return status == 403;
	/* Files of the program and patterns belong to everybody. */
	if (has_param && !may_see && !str_starts(r->path, "/samples/") &&
	    !str_starts(r->path, "/patterns/"))
		return status == 404;
	if (str_eq(r->path, "/"))
		return status == 303;
	/* Nobody signs in to a workspace here, or has set out to. */
	if (str_eq(r->path, "/oauth/callback"))
		return status == 403;
	if (str_eq(r->path, "/oauth/login") || str_ends(r->path, "/sign-in"))
		return status == 404;
	if (str_eq(r->path, "/login"))
		return status == (c->who == WHO_NOBODY ? 200 : 303);
	return status == 200 || (broken && (status == 303 || status == 404));
}

static void
try_route(struct crawl *c, const struct route *r, const char *target,
    bool has_param, bool broken)
{
	const struct visit at = {target, 0, false};

	c->at = &at;
	visit(c);
	if (!is_right(c, r, has_param, broken))
		complain(c, "status %d for the route %s", c->t->resp.status,
		    r->path);
	if (c->t->resp.status == 200)
		enqueue(c, target, 0, true);
}

/* Puts the seed's value for its word, and 1 for what is still open. */
static const char *
fill(struct crawl *c, const char *path, const struct seed *seed)
{
	struct buf b;

	buf_init(&b, &c->arena, 1000);
	while (*path) {
		size_t n = strcspn(path + 1, "/") + 1;
		struct slice word = {path + 1, n - 1};

		if (word.n == 0 || word.p[0] != ':')
			buf_add(&b, path, n);
		else
			buf_printf(&b, "/%s",
			    slice_is(word, seed->word) ? seed->value : "1");
		path += n;
	}
	return buf_str(&b);
}

static void
try_routes(struct crawl *c)
{
	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];
		bool seeded = false;

		if (r->method != METHOD_GET)
			continue;
		if (!strchr(r->path, ':')) {
			try_route(c, r, r->path, false, false);
			continue;
		}
		for (size_t k = 0; k < seeds.n; k++) {
			if (!str_starts(r->path, seeds.v[k].below))
				continue;
			seeded = true;
			try_route(c, r, fill(c, r->path, &seeds.v[k]), true,
			    seeds.v[k].broken);
		}
		if (!seeded)
			fail_msg("%s: say in setup() what its parameters may "
			         "be",
			    r->path);
	}
}

static void
crawl_as(void **state, enum who who)
{
	struct crawl c = {.t = *state, .who = who};

	try_routes(&c);
	crawl_run(&c);
	print_message("%zu pages, %d complaints\n", c.queue.n, c.complaints);
	arena_done(&c.arena);
	assert_int_equal(c.complaints, 0);
}

static void
test_nobody(void **state)
{
	crawl_as(state, WHO_NOBODY);
}

static void
test_owner(void **state)
{
	crawl_as(state, WHO_USER);
}

static void
test_other(void **state)
{
	crawl_as(state, WHO_OTHER);
}

static void
test_editor(void **state)
{
	crawl_as(state, WHO_EDITOR);
}

static void
test_admin(void **state)
{
	crawl_as(state, WHO_ADMIN);
}

static void
test_newcomer(void **state)
{
	crawl_as(state, WHO_NEW);
}

/* The hostile text is seen, as text: the crawl has not looked at nothing. */
static void
test_is_seen(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/generations");
	assert_shows(t,
	    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;"
	    "&lt;img src=x&gt;");
	get(t, WHO_USER, "/patterns/compiles");
	assert_shows(t,
	    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;"
	    "&lt;img src=x&gt;");
	get(t, WHO_EDITOR, "/patterns/outdated/edit");
	assert_shows(t, "&lt;script&gt;alert(1)&lt;/script&gt;: [");
	get(t, WHO_USER, "/account");
	assert_shows(t, "ada&lt;script&gt;");
	get(t, WHO_USER, "/generations/3/lineage");
	assert_shows(t, "<a class=\"graph-cell\"");
	assert_shows(t, ".&lt;script&gt;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_is_seen),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_owner),
	    cmocka_unit_test(test_other),
	    cmocka_unit_test(test_editor),
	    cmocka_unit_test(test_admin),
	    cmocka_unit_test(test_newcomer),
	};

	return cmocka_run_group_tests(tests, setup, testing_teardown);
}
