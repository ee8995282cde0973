#include "base/base.h"

#include "testing.h"

#include "web/form.h"

#include <string.h>

struct values {
	const char *name;
	const char *note;
	int64_t size;
	int64_t count;
	bool flag;
	struct upload file;
};

static const struct field fields[] = {
    FIELD_TEXT(struct values, name, "Name", 2, 5),
    FIELD_TEXT(struct values, note, "Note", 0, 20),
    FIELD_INT(struct values, size, "Size", 1, 100),
    FIELD_INT(struct values, count, "Count", -5, 5),
    FIELD_BOOL(struct values, flag, "Flag"),
    FIELD_FILE(struct values, file, "File", 8),
};
static const struct form_table closed = FORM(struct values, fields);
static const struct form_table open_form = FORM_OPEN(struct values, fields);
static const struct form_table cells = FORM_PREFIX(struct values, fields,
    "cell.");

/* What the handler saw, copied before the request's arena is reused. */
static struct {
	int handled;
	int again;
	struct values values;
	char extra[200];
	char key[100];
} seen;

static const struct err *
handle(struct req *req, struct resp *resp)
{
	seen.handled++;
	seen.values = *form_values(req, struct values);
	for (size_t i = 0; i < req->form->extra.n; i++)
		snprintf(seen.extra + strlen(seen.extra),
		    sizeof(seen.extra) - strlen(seen.extra), "%s=%s;",
		    req->form->extra.v[i].key, req->form->extra.v[i].value);
	snprintf(seen.key, sizeof(seen.key), "%s", req->form->key);
	if (str_eq(seen.values.note, "reject"))
		form_reject(req, "note", "No %d.", 7);
	if (str_eq(seen.values.note, "reject all"))
		form_reject(req, NULL, "None of it.");
	if (str_eq(seen.values.note, "refuse"))
		return form_refuse(req, "name", err_new(W_CONFLICT, "Taken."));
	if (str_eq(seen.values.note, "fail"))
		return form_refuse(req, "name", err_system(S_DATABASE, "x"));
	return resp_text(req, resp, SLICE("handled"));
}

static const char *
or_none(const char *s)
{
	return s ? s : "-";
}

/* field:typed:error for each field, then the form's own. */
static const struct err *
show(struct req *req, struct resp *resp)
{
	struct buf b;

	seen.again++;
	buf_init(&b, req->arena, SIZE_MAX - 1);
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		buf_printf(&b, "%s:%s:%s|", fields[i].name,
		    form_typed(req, fields[i].name),
		    or_none(form_error(req, fields[i].name)));
	buf_printf(&b, "%s|%s|%s", or_none(form_error(req, NULL)),
	    form_key(req), form_shown(req, "nothing", "fallback"));
	return resp_text(req, resp, buf_slice(&b));
}

static const struct route list[] = {
    {METHOD_GET, "/form", show, .access = ACCESS_SIGNED_IN},
    {METHOD_POST, "/form", handle, .access = ACCESS_SIGNED_IN, .form = &closed,
        .again = show},
    {METHOD_POST, "/open", handle, .access = ACCESS_SIGNED_IN,
        .form = &open_form, .again = show},
    {METHOD_POST, "/cells", handle, .access = ACCESS_SIGNED_IN, .form = &cells,
        .again = show},
    {METHOD_POST, "/api/form", handle, .access = ACCESS_SIGNED_IN,
        .form = &closed, .api = true},
    {METHOD_POST, "/nothing", handle, .access = ACCESS_SIGNED_IN},
};

static void
send_form(struct testing *t, const char *target, const char *type,
    const char *body)
{
	struct req *req = request(t, WHO_USER, METHOD_POST, target);

	memset(&seen, 0, sizeof(seen));
	req->content_type = type;
	req->csrf_header = t->csrf[WHO_USER];
	req->body = slice_of(body);
	dispatch_routes(list, COUNT_OF(list), &t->app, req, &t->resp);
}

#define URLENCODED "application/x-www-form-urlencoded"
#define JSON "application/json"

static void
test_good(void **state)
{
	struct testing *t = *state;

	send_form(t, "/form", URLENCODED,
	    "name=h%C3%A9llo&note=a%0D%0Ab%0Dc%0A"
	    "&size=100&count=-5&flag=on&file=x");
	assert_status(t, 200);
	assert_int_equal(seen.handled, 1);
	assert_string_equal(seen.values.name, "h\xc3\xa9llo");
	assert_string_equal(seen.values.note, "a\nb\nc\n");
	assert_int_equal(seen.values.size, 100);
	assert_int_equal(seen.values.count, -5);
	assert_true(seen.values.flag);
	assert_true(slice_is(seen.values.file.bytes, "x"));
	assert_string_equal(seen.values.file.file_name, "");
}

static void
test_absent(void **state)
{
	struct testing *t = *state;

	send_form(t, "/form", URLENCODED, "name=ab&size=1");
	assert_status(t, 200);
	assert_string_equal(seen.values.note, "");
	assert_int_equal(seen.values.count, 0);
	assert_false(seen.values.flag);
	assert_int_equal(seen.values.file.bytes.n, 0);
	assert_string_equal(seen.key, "");
}

/* The same table takes the same values, as a form and as JSON. */
static void
test_twins(void **state)
{
	static const struct {
		const char *form, *json;
		int status;
	} cases[] = {
	    {"name=ab&size=7", "{\"name\":\"ab\",\"size\":7}", 200},
	    {"name=ab&size=7", "{\"name\":\"ab\",\"size\":\"7\"}", 200},
	    {"name=ab&size=7&flag=true",
	        "{\"name\":\"ab\",\"size\":7,\"flag\":true}", 200},
	    {"name=ab&size=7&flag=false",
	        "{\"name\":\"ab\",\"size\":7,\"flag\":false}", 200},
	    {"name=ab&size=7&file=x%0D%0A",
	        "{\"name\":\"ab\",\"size\":7,\"file\":\"x\\r\\n\"}", 200},
	    {"name=a&size=7", "{\"name\":\"a\",\"size\":7}", 422},
	    {"name=&size=7", "{\"name\":\"\",\"size\":7}", 422},
	    {"size=7", "{\"size\":7}", 422},
	    {"size=7", "{\"name\":null,\"size\":7}", 422},
	    {"name=abcdef&size=7", "{\"name\":\"abcdef\",\"size\":7}", 422},
	    {"name=ab&size=0", "{\"name\":\"ab\",\"size\":0}", 422},
	    {"name=ab&size=101", "{\"name\":\"ab\",\"size\":101}", 422},
	    {"name=ab&size=", "{\"name\":\"ab\",\"size\":\"\"}", 422},
	    {"name=ab&size=x", "{\"name\":\"ab\",\"size\":\"x\"}", 422},
	    {"name=ab&size=1.0", "{\"name\":\"ab\",\"size\":\"1.0\"}", 422},
	    {"name=ab&size=99999999999999999999",
	        "{\"name\":\"ab\",\"size\":\"99999999999999999999\"}", 422},
	    {"name=ab&size=7&flag=maybe",
	        "{\"name\":\"ab\",\"size\":7,\"flag\":\"maybe\"}", 422},
	    {"name=ab&size=7&file=123456789",
	        "{\"name\":\"ab\",\"size\":7,\"file\":\"123456789\"}", 413},
	    {"name=ab&size=7&unknown=1",
	        "{\"name\":\"ab\",\"size\":7,\"unknown\":1}", 400},
	    {"name=ab&size=7&option.x=1",
	        "{\"name\":\"ab\",\"size\":7,\"option.x\":1}", 400},
	    {"name=ab&size=7&name=cd",
	        "{\"name\":\"ab\",\"size\":7,\"name\":\"cd\"}", 400},
	    {"name=ab&size=7&key=short",
	        "{\"name\":\"ab\",\"size\":7,\"key\":\"short\"}", 400},
	    {"name=ab&size=7&key=not%20a%20key",
	        "{\"name\":\"ab\",\"size\":7,\"key\":\"not a key\"}", 400},
	    {"name=ab&size=7&key=abcd-EFGH_12",
	        "{\"name\":\"ab\",\"size\":7,\"key\":\"abcd-EFGH_12\"}", 200},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		send_form(t, "/form", URLENCODED, cases[i].form);
		if (t->resp.status != cases[i].status)
			fail_msg("%s: %d", cases[i].form, t->resp.status);
		assert_int_equal(seen.handled, cases[i].status == 200);
		assert_int_equal(seen.again,
		    cases[i].status == 422 || cases[i].status == 413);
		send_form(t, "/api/form", JSON, cases[i].json);
		if (t->resp.status != cases[i].status)
			fail_msg("%s: %d", cases[i].json, t->resp.status);
		assert_int_equal(seen.handled, cases[i].status == 200);
	}
}

static void
test_not_text(void **state)
{
	static const char *const cases[] = {
	    "name=a%00b&size=7",
	    "name=a%ffb&size=7",
	    "name=ab%c0%80&size=7",
	    "name=ab&size=7&note=%ed%a0%80",
	    "name=ab&size=7%00",
	    "name=ab&size=%ff",
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		send_form(t, "/form", URLENCODED, cases[i]);
		if (t->resp.status != 422)
			fail_msg("%s: %d", cases[i], t->resp.status);
		assert_int_equal(seen.handled, 0);
	}
}

static void
test_shown_again(void **state)
{
	struct testing *t = *state;

	send_form(t, "/form", URLENCODED,
	    "name=a&note=%3Cb%3E&size=x&flag=1"
	    "&key=12345678");
	assert_status(t, 422);
	assert_string_equal(reply_body(t),
	    "name:a:Name must have at least 2 characters.|note:<b>:-|"
	    "size:x:Size is a whole number from 1 to 100.|count::-|"
	    "flag:1:-|file::-|-|12345678|fallback");
	send_form(t, "/form", URLENCODED, "");
	assert_shows(t, "name::Name is missing.|");
	assert_shows(t, "size::Size is missing.|");
	send_form(t, "/form", URLENCODED, "name=abcdef&size=1");
	assert_shows(t, "name:abcdef:Name may have 5 characters; this has 6.");
}

static void
test_objections(void **state)
{
	struct testing *t = *state;

	send_form(t, "/form", URLENCODED, "name=ab&size=1&note=reject");
	assert_status(t, 422);
	assert_shows(t, "note:reject:No 7.|");
	send_form(t, "/form", URLENCODED, "name=ab&size=1&note=reject+all");
	assert_status(t, 422);
	assert_shows(t, "|None of it.|");
	send_form(t, "/form", URLENCODED, "name=ab&size=1&note=refuse");
	assert_status(t, 409);
	assert_shows(t, "name:ab:Taken.|");
	send_form(t, "/form", URLENCODED, "name=ab&size=1&note=fail");
	assert_status(t, 500);
	assert_int_equal(seen.again, 0);
}

static void
test_api_errors(void **state)
{
	struct testing *t = *state;

	send_form(t, "/api/form", JSON, "{\"name\":\"a\",\"size\":0}");
	assert_status(t, 422);
	assert_shows(t, "\"code\":\"W422\"");
	assert_shows(t,
	    "\"fields\":{\"name\":\"Name must have at least 2 "
	    "characters.\",\"size\":\"Size is a whole number from 1 to "
	    "100.\"}");
	send_form(t, "/api/form", JSON,
	    "{\"name\":\"ab\",\"size\":1,\"note\":\"refuse\"}");
	assert_status(t, 409);
	assert_shows(t, "\"code\":\"W409\"");
	assert_shows(t, "\"fields\":{\"name\":\"Taken.\"}");
	send_form(t, "/api/form", JSON,
	    "{\"name\":\"ab\",\"size\":1,\"note\":\"reject all\"}");
	assert_status(t, 422);
	assert_shows(t, "None of it.");
	send_form(t, "/api/form", "text/plain", "x");
	assert_status(t, 415);
	assert_shows(t, "\"W415\"");
}

static void
test_extra(void **state)
{
	struct testing *t = *state;

	send_form(t, "/open", URLENCODED,
	    "option.keys=a&name=ab&option.keys=b&size=1&option.x.y=c%0D%0Ad");
	assert_status(t, 200);
	assert_string_equal(seen.extra, "keys=a;keys=b;x.y=c\nd;");
	send_form(t, "/cells", URLENCODED, "name=ab&size=1&cell.0=x");
	assert_status(t, 200);
	assert_string_equal(seen.extra, "0=x;");
	send_form(t, "/cells", URLENCODED, "name=ab&size=1&option.0=x");
	assert_status(t, 400);
	send_form(t, "/open", URLENCODED, "name=ab&size=1&option.a=%ff");
	assert_status(t, 400);
}

static void
test_nothing(void **state)
{
	struct testing *t = *state;
	struct req *req = request(t, WHO_USER, METHOD_POST, "/nothing");

	req->csrf_header = t->csrf[WHO_USER];
	req->content_type = URLENCODED;
	req->body = SLICE("a=1");
	dispatch_routes(list, COUNT_OF(list), &t->app, req, &t->resp);
	assert_status(t, 400);
}

static void
test_key(void **state)
{
	struct testing *t = *state;
	const char *first;

	request(t, WHO_USER, METHOD_GET, "/form?a=1&b=x%0D%0Ay");
	dispatch_routes(list, COUNT_OF(list), &t->app, &t->req, &t->resp);
	first = form_key(&t->req);
	assert_int_equal(strlen(first), 43);
	assert_ptr_equal(first, form_key(&t->req));
	assert_string_equal(query_get(&t->req, "a"), "1");
	assert_string_equal(query_get(&t->req, "b"), "x\ny");
	assert_null(query_get(&t->req, "c"));
	assert_null(form_extra(&t->req, "c"));
	assert_string_equal(form_typed(&t->req, "name"), "");
	assert_null(form_error(&t->req, "name"));
}

static void
test_file(void **state)
{
	static const struct route upload[] = {
	    {METHOD_POST, "/mappings", handle, .access = ACCESS_SIGNED_IN,
	        .form = &closed, .again = show},
	};
	struct testing *t = *state;
	struct req *req = request(t, WHO_USER, METHOD_POST, "/mappings");

	memset(&seen, 0, sizeof(seen));
	req->csrf_header = t->csrf[WHO_USER];
	req->content_type = "multipart/form-data; boundary=B";
	req->body = SLICE(
	    "--B\r\nContent-Disposition: form-data; "
	    "name=\"file\"; filename=\"C:\\x\\y.csv\"\r\n\r\n\x00\xff\r\n\r\n"
	    "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nab"
	    "\r\n--B\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n"
	    "9\r\n--B--\r\n");
	dispatch_routes(upload, 1, &t->app, req, &t->resp);
	assert_status(t, 200);
	assert_string_equal(seen.values.file.file_name, "y.csv");
	assert_int_equal(seen.values.file.bytes.n, 4);
	assert_memory_equal(seen.values.file.bytes.p, "\x00\xff\r\n", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_absent),
	    cmocka_unit_test(test_twins),
	    cmocka_unit_test(test_not_text),
	    cmocka_unit_test(test_shown_again),
	    cmocka_unit_test(test_objections),
	    cmocka_unit_test(test_api_errors),
	    cmocka_unit_test(test_extra),
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_key),
	    cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}
