/*
 * A whole application in a temporary folder, and a browser that talks to it
 * without a server: requests are built by hand and given to dispatch().
 *
 *	struct testing *t = testing_open();
 *
 *	get(t, WHO_USER, "/mappings/new");
 *	assert_status(t, 200);
 *	assert_shows(t, "Upload");
 *	post(t, WHO_USER, "/account", "current=a&password=b&repeat=c");
 *	assert_status(t, 422);
 *
 * A reply lives until the next request of the same t. The clock stands still
 * at TESTING_NOW until t->app.clock.fixed_ms is set to something else.
 */
#ifndef T2C_TESTING_H
#define T2C_TESTING_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/app.h"
#include "core/session.h"
#include "plan/pattern.h"
#include "sys/config.h"
#include "web/dispatch.h"
#include "web/req.h"

#define TESTING_NOW INT64_C(1772373909000) /* 2026-03-01 14:05:09 UTC */
#define TESTING_PASSWORD "correct horse battery staple"

enum who {
	WHO_NOBODY,
	WHO_USER,   /* "ada" */
	WHO_OTHER,  /* "grace": another user, who owns nothing of ada's */
	WHO_EDITOR, /* "edith": may write patterns */
	WHO_ADMIN,  /* "root" */
	WHO_NEW,    /* "new": still has a one-time password */
	WHO__COUNT
};

struct testing {
	struct arena arena; /* for the whole of t */
	const char *dir;
	struct config config;
	struct patterns patterns;
	struct app app;
	struct user user[WHO__COUNT];
	const char *token[WHO__COUNT]; /* of the sessions */
	const char *csrf[WHO__COUNT];
	struct arena request; /* of the present request */
	struct req req;
	struct resp resp;
};

/* Everything is there and everybody signed in. Ends the test program where
 * that does not succeed. */
struct testing *testing_open(void);
void testing_close(struct testing *t);
/* For cmocka_run_group_tests(tests, testing_setup, testing_teardown): *state
 * is the struct testing. */
int testing_setup(void **state);
int testing_teardown(void **state);
/* A file or folder of the sources: testing_source(t, "samples/a.csv"). */
const char *testing_source(struct testing *t, const char *path);

/* A request to change before it is sent: t->req. Made as a browser on
 * http://t2c.test would, but with no body. */
struct req *request(struct testing *t, enum who who, enum method method,
    const char *target);
/* Gives it to dispatch(). */
void dispatch_request(struct testing *t);

void get(struct testing *t, enum who who, const char *target);
/* An urlencoded body; the token is added. */
void post(struct testing *t, enum who who, const char *target,
    const char *body);
/* A multipart body: fields, by pairs of name and value ended by NULL, and one
 * file if file_field is not NULL. The token is added. */
void post_file(struct testing *t, enum who who, const char *target,
    const char *const *pairs, const char *file_field, const char *file_name,
    struct slice bytes);
/* A JSON body, the token in its header. */
void post_json(struct testing *t, enum who who, const char *target,
    const char *body);

/* A header of the reply, NULL if it is not there. Of several the first. */
const char *reply_header(struct testing *t, const char *name);
/* The value that the reply sets for a cookie, NULL if it does not. */
const char *reply_cookie(struct testing *t, const char *name);
const char *reply_body(struct testing *t);
/* The value of the first input of that name in the reply, unescaped; NULL if
 * there is none. */
const char *reply_input(struct testing *t, const char *name);
/* Follows the redirect of the reply, as the same person. */
void follow(struct testing *t, enum who who);

#define assert_status(t, want) assert_status_((t), (want), __FILE__, __LINE__)
#define assert_shows(t, text)                                                  \
	assert_shows_((t), (text), true, __FILE__, __LINE__)
#define assert_hides(t, text)                                                  \
	assert_shows_((t), (text), false, __FILE__, __LINE__)
#define assert_location(t, want)                                               \
	assert_location_((t), (want), __FILE__, __LINE__)
/* An error of ours must not be: prints it. */
#define assert_no_err(e) assert_no_err_((e), __FILE__, __LINE__)

void assert_status_(struct testing *t, int want, const char *file, int line);
void assert_shows_(struct testing *t, const char *text, bool want,
    const char *file, int line);
void assert_location_(struct testing *t, const char *want, const char *file,
    int line);
void assert_no_err_(const struct err *e, const char *file, int line);

#endif
