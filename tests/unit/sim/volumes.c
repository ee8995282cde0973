#include "base/base.h"

#include "box.h"

#include "base/str.h"

#include <dirent.h>
#include <string.h>

#define FILES "/api/2.0/fs/files"
#define FOLDERS "/api/2.0/fs/directories"
/* What the usual catalog has. */
#define VOLUME "/Volumes/crm/landing/files"

static void
test_a_file(void **state)
{
	static const char bytes[] = "a\0b";
	struct box *box = *state;
	struct sim_resp resp;

	resp = box_send(box, "PUT", FILES VOLUME "/deep/er/a b.csv",
	    (struct slice){bytes, 3});
	answers(resp, 204);
	assert_null(resp.content_type);
	resp = box_ask(box, "GET", FILES "//" VOLUME "//deep/er/a b.csv/", "");
	answers(resp, 200);
	assert_int_equal(resp.body.n, 3);
	assert_memory_equal(resp.body.p, bytes, 3);
	assert_string_equal(resp.content_type, "application/octet-stream");
	assert_non_null(fields_get(&resp.headers, "Last-Modified", NULL));
	resp = box_ask(box, "HEAD", FILES VOLUME "/deep/er/a b.csv", "");
	answers(resp, 200);
	/* The folders above it were made; a folder is no file. */
	resp = box_ask(box, "HEAD", FOLDERS VOLUME "/deep", "");
	answers(resp, 200);
	resp = box_ask(box, "HEAD", FILES VOLUME "/deep", "");
	answers(resp, 404);
	resp = box_ask(box, "HEAD", FOLDERS VOLUME "/deep/er/a b.csv", "");
	answers(resp, 404);
	resp = box_ask(box, "DELETE", FILES VOLUME "/deep", "");
	answers(resp, 404);
	resp = box_ask(box, "DELETE", FILES VOLUME "/deep/er/a b.csv", "");
	answers(resp, 204);
	resp = box_ask(box, "GET", FILES VOLUME "/deep/er/a b.csv", "");
	answers(resp, 404);
	assert_true(box_says(&resp, "\"error_code\":\"NOT_FOUND\""));
	resp = box_ask(box, "DELETE", FILES VOLUME "/deep/er/a b.csv", "");
	answers(resp, 404);
}

static void
test_overwriting(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	resp = box_ask(box, "PUT", FILES VOLUME "/a?overwrite=false", "1");
	answers(resp, 204);
	resp = box_ask(box, "PUT", FILES VOLUME "/a?overwrite=false", "2");
	answers(resp, 409);
	assert_true(box_says(&resp, "\"error_code\":\"ALREADY_EXISTS\""));
	resp = box_ask(box, "GET", FILES VOLUME "/a", "");
	assert_true(slice_is(resp.body, "1"));
	resp = box_ask(box, "PUT", FILES VOLUME "/a?overwrite=true", "3");
	answers(resp, 204);
	resp = box_ask(box, "PUT", FILES VOLUME "/a", "4");
	answers(resp, 204);
	resp = box_ask(box, "GET", FILES VOLUME "/a", "");
	assert_true(slice_is(resp.body, "4"));
	/* Neither over a folder nor below a file. */
	resp = box_ask(box, "PUT", FILES VOLUME, "5");
	answers(resp, 409);
	resp = box_ask(box, "PUT", FILES VOLUME "/a/b", "5");
	answers(resp, 409);
	resp = box_ask(box, "PUT", FOLDERS VOLUME "/a", "");
	answers(resp, 409);
	resp = box_ask(box, "POST", FILES VOLUME "/a?action=initiate-upload",
	    "");
	answers(resp, 501);
}

static void
test_ranges(void **state)
{
	static const struct {
		const char *range;
		int status;
		const char *bytes;
		const char *header;
	} cases[] = {
	    {"bytes=2-4", 206, "234", "bytes 2-4/10"},
	    {"bytes=8-", 206, "89", "bytes 8-9/10"},
	    {"bytes=-3", 206, "789", "bytes 7-9/10"},
	    {"bytes=-30", 206, "0123456789", "bytes 0-9/10"},
	    {"bytes=9-100", 206, "9", "bytes 9-9/10"},
	    {"bytes=0-0", 206, "0", "bytes 0-0/10"},
	    {"bytes=10-", 416, NULL, "bytes */10"},
	    {"bytes=10-12", 416, NULL, "bytes */10"},
	    {"bytes=-0", 416, NULL, "bytes */10"},
	    {"bytes=4-2", 200, "0123456789", NULL},
	    {"bytes=0-1,4-5", 200, "0123456789", NULL},
	    {"bytes=-", 200, "0123456789", NULL},
	    {"bytes=a-b", 200, "0123456789", NULL},
	    {"rows=1-2", 200, "0123456789", NULL},
	    {NULL, 200, "0123456789", NULL},
	};
	struct box *box = *state;
	struct sim_resp resp;
	size_t i;

	resp = box_ask(box, "PUT", FILES VOLUME "/n", "0123456789");
	answers(resp, 204);
	for (i = 0; i < COUNT_OF(cases); i++) {
		box->range = cases[i].range;
		resp = box_ask(box, "GET", FILES VOLUME "/n", "");
		if (resp.status != cases[i].status ||
		    (cases[i].bytes && !slice_is(resp.body, cases[i].bytes)) ||
		    !str_eq(fields_get(&resp.headers, "Content-Range", NULL),
		        cases[i].header))
			fail_msg("%s: %d %.*s", cases[i].range, resp.status,
			    (int)resp.body.n, resp.body.p);
	}
	resp = box_ask(box, "PUT", FILES VOLUME "/n", "");
	answers(resp, 204);
	box->range = "bytes=-1";
	resp = box_ask(box, "GET", FILES VOLUME "/n", "");
	answers(resp, 416);
}

static void
test_older_files_alone(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	box->sim.clock.fixed_ms = INT64_C(784111777500); /* RFC 9110's day */
	resp = box_ask(box, "PUT", FILES VOLUME "/n", "1");
	answers(resp, 204);
	box->unmodified_since = "Sun, 06 Nov 1994 08:49:37 GMT";
	resp = box_ask(box, "GET", FILES VOLUME "/n", "");
	answers(resp, 200);
	assert_string_equal(fields_get(&resp.headers, "Last-Modified", ""),
	    "Sun, 06 Nov 1994 08:49:37 GMT");
	box->unmodified_since = "Sun, 06 Nov 1994 08:49:36 GMT";
	resp = box_ask(box, "GET", FILES VOLUME "/n", "");
	answers(resp, 412);
	box->unmodified_since = "yesterday";
	resp = box_ask(box, "GET", FILES VOLUME "/n", "");
	answers(resp, 200);
}

/* The names of a folder, page by page: "a,b|c|". */
static const char *
names(struct box *box, const char *folder, const char *size)
{
	const char *token = "";
	struct buf b;

	buf_init(&b, &box->arena, 10000);
	do {
		const struct json *page = box_get(box,
		    arena_printf(&box->arena,
		        FOLDERS "%s?page_size=%s&"
		                "page_token=%s",
		        folder, size, token));
		const struct json *v = json_get(page, "contents")->child;

		for (; v; v = v->next) {
			buf_add_str(&b, json_string(json_get(v, "name"), ""));
			buf_add_str(&b, v->next ? "," : "");
		}
		buf_add_chr(&b, '|');
		token = json_string(json_get(page, "next_page_token"), "");
	} while (token[0]);
	return buf_str(&b);
}

static void
test_lists(void **state)
{
	static const char *const files[] = {"a", "b", "c", "d/e"};
	struct box *box = *state;
	const struct json *v;
	struct sim_resp resp;
	size_t i;

	assert_string_equal(names(box, VOLUME, ""), "||");
	for (i = 0; i < COUNT_OF(files); i++) {
		resp = box_ask(box, "PUT",
		    arena_printf(&box->arena, FILES VOLUME "/%s", files[i]),
		    "12");
		answers(resp, 204);
	}
	fields_add(&box->arena, &box->sim.preset, "empty_pages", "2");
	assert_string_equal(names(box, VOLUME, "1000"), "||a,b,c,d|");
	assert_string_equal(names(box, VOLUME, "3"), "||a,b,c|d|");
	/* A page may be shorter than what was asked for. */
	fields_add(&box->arena, &box->sim.preset, "page_size", "2");
	fields_add(&box->arena, &box->sim.preset, "empty_pages", "0");
	assert_string_equal(names(box, VOLUME, "1000"), "a,b|c,d|");
	fields_add(&box->arena, &box->sim.preset, "page_size", "4");
	v = json_get(box_get(box, FOLDERS VOLUME), "contents")->child;
	assert_string_equal(json_string(json_get(v, "path"), ""), VOLUME "/a");
	assert_string_equal(json_get(v, "file_size")->string, "2");
	assert_false(json_get(v, "is_directory")->boolean);
	v = v->next->next->next;
	assert_true(json_get(v, "is_directory")->boolean);
	assert_null(json_get(v, "file_size"));
	resp = box_ask(box, "GET", FOLDERS VOLUME "?page_token=x", "");
	answers(resp, 400);
	resp = box_ask(box, "GET", FOLDERS VOLUME "/a", "");
	answers(resp, 404);
	assert_true(box_says(&resp, "FILES_API_DIRECTORY_IS_NOT_FOUND"));
}

static void
test_folders(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;
	int i;

	for (i = 0; i < 2; i++) {
		resp = box_ask(box, "PUT", FOLDERS VOLUME "/d/e", "");
		answers(resp, 204);
	}
	resp = box_ask(box, "DELETE", FOLDERS VOLUME "/d", "");
	answers(resp, 400);
	assert_true(box_says(&resp,
	    "\"reason\":\"FILES_API_DIRECTORY_IS_NOT_EMPTY\""));
	resp = box_ask(box, "DELETE", FOLDERS VOLUME "/d/e", "");
	answers(resp, 204);
	resp = box_ask(box, "DELETE", FOLDERS VOLUME "/d", "");
	answers(resp, 204);
	resp = box_ask(box, "DELETE", FOLDERS VOLUME "/d", "");
	answers(resp, 404);
	assert_true(box_says(&resp,
	    "\"reason\":\"FILES_API_DIRECTORY_IS_NOT_FOUND\""));
	resp = box_ask(box, "DELETE", FOLDERS VOLUME, "");
	answers(resp, 400);
}

static void
test_only_the_volumes_there_are(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	resp = box_ask(box, "PUT", FILES "/Volumes/crm/landing/more/a", "1");
	answers(resp, 404);
	assert_true(box_says(&resp,
	    "Volume 'crm.landing.more' does not exist."));
	resp = box_ask(box, "PUT", FILES "/Volumes/crm/landing", "1");
	answers(resp, 400);
	resp = box_ask(box, "PUT", FILES "/Users/ann", "1");
	answers(resp, 400);
	box_write(box, "catalog.json",
	    "{\"volumes\": [{\"full_name\": \"main.raw.in\"}]}");
	resp = box_ask(box, "GET", FOLDERS VOLUME, "");
	answers(resp, 404);
	/* Names of Unity Catalog have no case. */
	resp = box_ask(box, "PUT", FILES "/Volumes/Main/RAW/in/X", "1");
	answers(resp, 204);
	resp = box_ask(box, "GET", FILES "/Volumes/main/raw/in/X", "");
	answers(resp, 200);
	assert_string_equal(names(box, "/Volumes/main/raw/in", ""), "|X|");
	resp = box_ask(box, "GET", "/api/2.1/unity-catalog/volumes/main.raw.in",
	    "");
	answers(resp, 200);
	assert_true(box_says(&resp, "\"volume_type\":\"MANAGED\""));
	resp = box_ask(box, "GET", "/api/2.1/unity-catalog/volumes/main.raw.x",
	    "");
	answers(resp, 404);
	fields_add(&box->arena, &box->sim.preset, "empty_pages", "0");
	resp = box_ask(box, "GET",
	    "/api/2.1/unity-catalog/volumes?catalog_name=main&schema_name=raw",
	    "");
	answers(resp, 200);
	assert_true(box_says(&resp, "\"full_name\":\"main.raw.in\""));
	resp = box_ask(box, "GET", "/api/2.1/unity-catalog/catalogs", "");
	assert_true(box_says(&resp, "\"name\":\"main\""));
	/* What is one user's is no other's. */
	box->token = "dapi-bob";
	resp = box_ask(box, "GET", FILES "/Volumes/main/raw/in/X", "");
	answers(resp, 404);
	box->token = NULL;
	resp = box_ask(box, "GET", FILES "/Volumes/main/raw/in/X", "");
	answers(resp, 401);
}

/* How many files the only user has in a folder of the state. */
static int
count_files(struct box *box, const char *folder)
{
	const char *states = temp_path(&box->arena, box->sim.dir, "state");
	const struct dirent *item;
	DIR *d = opendir(states);
	int n = 0;

	assert_non_null(d);
	while ((item = readdir(d)) && item->d_name[0] == '.')
		continue;
	assert_non_null(item);
	states = arena_printf(&box->arena, "%s/%s/%s", states, item->d_name,
	    folder);
	closedir(d);
	d = opendir(states);
	assert_non_null(d);
	while ((item = readdir(d)))
		n += item->d_name[0] != '.';
	closedir(d);
	return n;
}

/* What was replaced or removed takes no room. */
static void
test_nothing_stays_behind(void **state)
{
	struct box *box = *state;
	int i;

	for (i = 0; i < 3; i++)
		box_ask(box, "PUT", FILES VOLUME "/a", "12");
	assert_int_equal(count_files(box, "volumes"), 2);
	box_ask(box, "DELETE", FILES VOLUME "/a", "");
	assert_int_equal(count_files(box, "volumes"), 1);
}

static void
test_faults(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	box_write(box, "faults.json",
	    "{\"faults\": [{\"pattern\": \"PUT /api/2.0/fs/files/*\", "
	    "\"status\": 503}, {\"pattern\": \"PUT /api/2.0/fs/*\", "
	    "\"status\": 504, \"after\": true}]}");
	resp = box_ask(box, "PUT", FILES VOLUME "/a", "1");
	answers(resp, 503);
	resp = box_ask(box, "GET", FILES VOLUME "/a", "");
	answers(resp, 404);
	/* The answer is lost, the file is not. */
	resp = box_ask(box, "PUT", FILES VOLUME "/a", "1");
	answers(resp, 504);
	resp = box_ask(box, "GET", FILES VOLUME "/a", "");
	answers(resp, 200);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    BOX_TEST(test_a_file),
	    BOX_TEST(test_overwriting),
	    BOX_TEST(test_ranges),
	    BOX_TEST(test_older_files_alone),
	    BOX_TEST(test_lists),
	    BOX_TEST(test_folders),
	    BOX_TEST(test_only_the_volumes_there_are),
	    BOX_TEST(test_nothing_stays_behind),
	    BOX_TEST(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
