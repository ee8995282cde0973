#include "base/base.h"

#include "sim/paging.h"

#include "box.h"

/* The entries of each page, as in "||012|34|". */
static const char *
pages(struct sim_req *req, int n, int size)
{
	const char *token = "";
	struct json_writer w;
	struct buf text;
	struct buf b;
	int i;

	buf_init(&text, req->arena, 1000);
	do {
		struct sim_resp resp = {0};
		const struct json *json;
		struct paging p;

		fields_add(req->arena, &req->query, "page_token", token);
		fields_add(req->arena, &req->query, "size",
		    arena_printf(req->arena, "%d", size));
		assert_true(paging_read_size(req, &resp, "size", &p));
		for (i = 0; i < n; i++) {
			if (paging_takes(&p))
				buf_add_int(&text, i);
		}
		buf_add_chr(&text, '|');
		buf_init(&b, req->arena, 1000);
		json_init(&w, &b, false);
		json_object(&w);
		paging_json(&w, req, &p);
		json_object_end(&w);
		ok(json_parse(req->arena, buf_slice(&b), &json));
		token = json_string(json_get(json, "next_page_token"), "");
		assert_true(paging_has_more(&p) == (token[0] != '\0'));
	} while (token[0]);
	return buf_str(&text);
}

static void
test_pages(void **state)
{
	static const struct {
		int n;
		int size;
		int64_t page_size;
		int64_t empty_pages;
		const char *pages;
	} cases[] = {
	    {5, 2, 50, 0, "01|23|4|"},
	    {5, 2, 50, 2, "||01|23|4|"},
	    {4, 2, 50, 0, "01|23|"},
	    {4, 50, 3, 1, "|012|3|"},
	    {4, 0, 3, 0, "012|3|"},
	    {0, 2, 50, 0, "|"},
	    {0, 2, 50, 1, "||"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sim_req req = {.arena = &a};

		req.settings.page_size = cases[i].page_size;
		req.settings.empty_pages = cases[i].empty_pages;
		assert_string_equal(pages(&req, cases[i].n, cases[i].size),
		    cases[i].pages);
	}
	arena_done(&a);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *query;
		bool fits;
	} cases[] = {
	    {"limit=3", true},
	    {"limit=1&page_token=r2", true},
	    {"page_token=", true},
	    {"limit=0", false},
	    {"limit=4", false},
	    {"limit=a", false},
	    {"page_token=x1", false},
	    {"page_token=r", false},
	    {"page_token=r-1", false},
	    {"page_token=2", false},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sim_req req = {.arena = &a};
		struct sim_resp resp = {0};
		struct paging p;

		fields_add_form(&a, &req.query, slice_of(cases[i].query));
		if (paging_read_limit(&req, &resp, 2, 3, &p) != cases[i].fits ||
		    (resp.status == 400) == cases[i].fits)
			fail_msg("%s", cases[i].query);
	}
	arena_done(&a);
	err_clear();
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
