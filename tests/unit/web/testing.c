#include "base/base.h"

#include "testing.h"

#include "base/log.h"
#include "core/patterns.h"
#include "sys/crypto.h"
#include "web/parts.h"
#include "web/reply.h"
#include "web/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST "t2c.test"

static const struct {
	const char *name;
	enum user_role role;
	bool one_time;
} people[WHO__COUNT] = {
    [WHO_USER] = {"ada", USER_ROLE_USER, false},
    [WHO_OTHER] = {"grace", USER_ROLE_USER, false},
    [WHO_EDITOR] = {"edith", USER_ROLE_EDITOR, false},
    [WHO_ADMIN] = {"root", USER_ROLE_ADMIN, false},
    [WHO_NEW] = {"new", USER_ROLE_USER, true},
};

static NORETURN void
die(const char *what, const struct err *e)
{
	fprintf(stderr, "%s: %s (%s)\n", what, e ? e->message : "failed",
	    e ? e->detail : "");
	exit(1);
}

static void
must(const char *what, const struct err *e)
{
	if (e)
		die(what, e);
}

/* automake names the source folder in srcdir; by hand, tests are run there. */
const char *
testing_source(struct testing *t, const char *path)
{
	const char *root = getenv("srcdir");

	return arena_printf(&t->arena, "%s/%s", root ? root : ".", path);
}

static void
sign_in(struct testing *t, enum who who)
{
	struct session session;

	must(people[who].name,
	    user_create(&t->app, &t->arena, people[who].name, people[who].role,
	        TESTING_PASSWORD, people[who].one_time, &t->user[who]));
	must(people[who].name,
	    session_sign_in(&t->app, &t->arena, people[who].name,
	        TESTING_PASSWORD, "192.0.2.1", NULL, &t->token[who], &session));
	t->csrf[who] = session.csrf;
}

struct testing *
testing_open(void)
{
	/* Not in an arena: it holds the arenas. */
	static struct testing all[4];
	struct testing *t = all;
	char dir[] = "/tmp/t2c-test-XXXXXX";

	while (t->dir)
		t++;
	assert(t < all + COUNT_OF(all));
	if (!mkdtemp(dir))
		die("mkdtemp", NULL);
	t->dir = arena_strdup(&t->arena, dir);
	log_set_level(LOG_LEVEL_ERROR);
	must("crypto", crypto_init());
	must("config", config_load(&t->arena, NULL, &t->config));
	must("config", config_set(&t->arena, &t->config, "data_dir", t->dir));
	must("views", view_load(testing_source(t, "views")));
	must("patterns",
	    patterns_load(&t->arena, testing_source(t, "patterns"),
	        &t->patterns));
	must("app", app_open(&t->arena, &t->config, &t->app));
	t->app.clock.fixed_ms = TESTING_NOW;
	t->app.patterns = &t->patterns;
	/* Weak on purpose: the tests are not about Argon2. */
	t->app.hasher->passes = 1;
	t->app.hasher->memory = 8192;
	for (unsigned int who = WHO_NOBODY + 1; who < WHO__COUNT; who++)
		sign_in(t, who);
	return t;
}

void
testing_close(struct testing *t)
{
	const char *remove = arena_printf(&t->request, "rm -rf '%s'", t->dir);
	const char *const argv[] = {"sh", "-c", remove, NULL};
	pid_t pid;

	app_close(&t->app);
	view_unload();
	pid = fork();
	if (pid == 0) {
		execv("/bin/sh", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	arena_done(&t->request);
	arena_done(&t->arena);
	*t = (struct testing){0};
}

int
testing_setup(void **state)
{
	*state = testing_open();
	return 0;
}

int
testing_teardown(void **state)
{
	testing_close(*state);
	return 0;
}

struct req *
request(struct testing *t, enum who who, enum method method, const char *target)
{
	struct req *req = &t->req;

	arena_reset(&t->request);
	*req = (struct req){
	    .arena = &t->request,
	    .method = method,
	    .address = "192.0.2.1",
	    .host = HOST,
	    .id = "0123456789abcdef",
	    .calls_pool = true,
	};
	req_set_target(req, target);
	req->app = &t->app;
	if (who != WHO_NOBODY)
		req->cookies = arena_printf(&t->request, "theme=dark; %s=%s",
		    cookie_name(req, COOKIE_SESSION), t->token[who]);
	if (method == METHOD_POST) {
		req->origin = "http://" HOST;
		req->fetch_site = "same-origin";
	}
	return req;
}

void
dispatch_request(struct testing *t)
{
	dispatch(&t->app, &t->req, &t->resp);
}

void
get(struct testing *t, enum who who, const char *target)
{
	request(t, who, METHOD_GET, target);
	dispatch_request(t);
}

static const char *
own_csrf(const struct testing *t, enum who who)
{
	return who == WHO_NOBODY ? "" : t->csrf[who];
}

void
post(struct testing *t, enum who who, const char *target, const char *body)
{
	struct req *req = request(t, who, METHOD_POST, target);

	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(arena_printf(req->arena, "csrf=%s%s%s",
	    own_csrf(t, who), body[0] ? "&" : "", body));
	dispatch_request(t);
}

#define BOUNDARY "----t2cTestingBoundary7MA4YWxk"

static void
add_field(struct buf *b, const char *name, const char *value)
{
	buf_printf(b,
	    "--" BOUNDARY "\r\nContent-Disposition: form-data; "
	    "name=\"%s\"\r\n\r\n%s\r\n",
	    name, value);
}

void
post_file(struct testing *t, enum who who, const char *target,
    const char *const *pairs, const char *file_field, const char *file_name,
    struct slice bytes)
{
	struct req *req = request(t, who, METHOD_POST, target);
	struct buf b;

	buf_init(&b, req->arena, SIZE_MAX - 1);
	add_field(&b, "csrf", own_csrf(t, who));
	for (; pairs && *pairs; pairs += 2)
		add_field(&b, pairs[0], pairs[1]);
	if (file_field) {
		buf_printf(&b,
		    "--" BOUNDARY "\r\nContent-Disposition: "
		    "form-data; name=\"%s\"; filename=\"%s\"\r\n"
		    "Content-Type: text/csv\r\n\r\n",
		    file_field, file_name);
		buf_add_slice(&b, bytes);
		buf_add_str(&b, "\r\n");
	}
	buf_add_str(&b, "--" BOUNDARY "--\r\n");
	req->content_type = "multipart/form-data; boundary=" BOUNDARY;
	req->body = buf_slice(&b);
	dispatch_request(t);
}

void
post_json(struct testing *t, enum who who, const char *target, const char *body)
{
	struct req *req = request(t, who, METHOD_POST, target);

	req->content_type = "application/json";
	req->csrf_header = own_csrf(t, who);
	req->body = slice_of(body);
	dispatch_request(t);
}

/* The value of the next line "Name: value" after *at. */
static const char *
next_header(struct testing *t, const char *name, const char **at)
{
	size_t n = strlen(name);

	while (*at && **at) {
		const char *line = *at;
		const char *end = strstr(line, "\r\n");

		if (!end)
			return NULL;
		*at = end + 2;
		if ((size_t)(end - line) > n + 1 && line[n] == ':' &&
		    slice_ieq((struct slice){line, n}, name))
			return slice_dup(&t->request,
			    slice_trim((struct slice){
			        line + n + 1, (size_t)(end - line) - n - 1}));
	}
	return NULL;
}

const char *
reply_header(struct testing *t, const char *name)
{
	const char *at = t->resp.head.p;

	return next_header(t, name, &at);
}

const char *
reply_cookie(struct testing *t, const char *name)
{
	const char *at = t->resp.head.p;
	const char *line;

	while ((line = next_header(t, "Set-Cookie", &at)) != NULL) {
		size_t n = strlen(name);

		if (str_starts(line, name) && line[n] == '=')
			return arena_strndup(&t->request, line + n + 1,
			    strcspn(line + n + 1, ";"));
	}
	return NULL;
}

const char *
reply_body(struct testing *t)
{
	return slice_dup(&t->request, t->resp.body);
}

static const char *
unescape(struct arena *a, struct slice s)
{
	static const char *const names[][2] = {{"&lt;", "<"}, {"&gt;", ">"},
	    {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
	struct buf b;

	buf_init(&b, a, s.n);
	while (s.n > 0) {
		size_t used = 1;
		const char *add = NULL;

		for (size_t i = 0; i < COUNT_OF(names); i++) {
			if (str_starts(s.p, names[i][0])) {
				used = strlen(names[i][0]);
				add = names[i][1];
			}
		}
		if (add)
			buf_add_str(&b, add);
		else
			buf_add_chr(&b, *s.p);
		s.p += used;
		s.n -= used;
	}
	return buf_str(&b);
}

const char *
reply_input(struct testing *t, const char *name)
{
	const char *want = arena_printf(&t->request, " name=\"%s\"", name);
	const char *p = strstr(reply_body(t), want);
	const char *value;

	if (!p)
		return NULL;
	value = strstr(p, " value=\"");
	if (!value || value > strchr(p, '>'))
		return NULL;
	value += 8;
	return unescape(&t->request,
	    (struct slice){value, strcspn(value, "\"")});
}

void
follow(struct testing *t, enum who who)
{
	const char *location = reply_header(t, "Location");

	assert_non_null(location);
	get(t, who, arena_strdup(&t->arena, location));
}

void
assert_status_(struct testing *t, int want, const char *file, int line)
{
	const char *sent = reply_header(t, "Status");

	if (t->resp.status != want)
		fprintf(stderr, "%s %s:\n%.*s\n", t->req.path, sent,
		    (int)t->resp.body.n, t->resp.body.p);
	_assert_int_equal((unsigned long)t->resp.status, (unsigned long)want,
	    file, line);
	_assert_true(sent &&
	        str_starts(sent, arena_printf(&t->request, "%d ", want)),
	    "Status", file, line);
}

void
assert_shows_(struct testing *t, const char *text, bool want, const char *file,
    int line)
{
	const char *body = reply_body(t);

	if ((strstr(body, text) != NULL) == want)
		return;
	fprintf(stderr, "%s%s in:\n%s\n", want ? "not " : "", text, body);
	_fail(file, line);
}

void
assert_location_(struct testing *t, const char *want, const char *file,
    int line)
{
	const char *location = reply_header(t, "Location");

	_assert_string_equal(location ? location : "(none)", want, file, line);
}

void
assert_no_err_(const struct err *e, const char *file, int line)
{
	if (!e)
		return;
	fprintf(stderr, "%s %s (%s)\n", code_info(e->code)->id, e->message,
	    e->detail);
	_fail(file, line);
}
