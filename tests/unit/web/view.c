#include "base/base.h"

#include "testing.h"

#include "web/html_private.h"
#include "web/url.h"
#include "web/view.h"
#include "web/view_source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena = ARENA_INIT;

static int
clear(void **state)
{
	(void)state;
	view_unload();
	arena_done(&arena);
	err_clear();
	return 0;
}

/* Loads a folder with the one view "v". */
static const struct err *
load(const char *text)
{
	char dir[] = "/tmp/t2c-view-XXXXXX";
	const struct err *e;
	const char *path;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	path = arena_printf(&arena, "%s/v.html", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	e = view_load(dir);
	unlink(path);
	rmdir(dir);
	return e;
}

static const char *
text_of(const struct html *html)
{
	return slice_dup(&arena, html_bytes(html));
}

static const char *
render(struct view *v)
{
	const struct html *html = NULL;
	const struct err *e = view_render(v, &html);

	return e ? e->detail : text_of(html);
}

static void
test_escape(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"plain text 0-9 ~!@#$%^*()_+{}[]|\\:;,.?/`", NULL},
	    {"a<b", "a&lt;b"},
	    {"a>b", "a&gt;b"},
	    {"a&b", "a&amp;b"},
	    {"a\"b", "a&quot;b"},
	    {"a'b", "a&#39;b"},
	    {"&amp;", "&amp;amp;"},
	    {"<script>alert(1)</script>",
	        "&lt;script&gt;alert(1)&lt;/script&gt;"},
	    {"tab\tlf\ncr\r", NULL},
	    {"\x01\x08\x1f\x7f",
	        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	        "\xef\xbf\xbd"},
	    {"h\xc3\xa9", NULL},
	    {"\xf0\x9f\x98\x80", NULL},
	    {"\xc3", "\xef\xbf\xbd"},
	    {"\xc0\xbc", "\xef\xbf\xbd\xef\xbf\xbd"},
	    {"\xed\xa0\x80<", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&lt;"},
	    {"\xf0\x9f\x98<", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases) - 1; i++)
		assert_string_equal(text_of(html_text(&arena, cases[i].text)),
		    cases[i].want ? cases[i].want : cases[i].text);
	/* A broken sequence never swallows what follows it. */
	assert_true(str_ends(text_of(html_text(&arena, "\xf0\x9f\x98<")),
	    "&lt;"));
}

/* No byte but the five is changed, and none of the five gets through. */
static void
test_escape_bytes(void **state)
{
	(void)state;
	for (int c = 1; c < 0x80; c++) {
		const char text[2] = {(char)c, '\0'};
		const char *out = text_of(html_text(&arena, text));

		if (strchr("&<>\"'", c))
			assert_true(out[0] == '&' &&
			    out[strlen(out) - 1] == ';');
		else if (c >= 0x20 && c < 0x7f)
			assert_string_equal(out, text);
	}
}

static void
test_breakable(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"a.b_c/d@e-f<g", "a.b_c/d@e-f&lt;g"},
	    {"shop.silver.order_lines",
	        "shop.<wbr>silver.<wbr>order_<wbr>lines"},
	    {"abfss://box@account-1/a/b/",
	        "abfss://<wbr>box@<wbr>account-<wbr>1/<wbr>a/<wbr>b/"},
	    {"<script>.alert(1)", "&lt;script&gt;.<wbr>alert(1)"},
	    {"a name of words \xc3_x",
	        "a name of words \xef\xbf\xbd_"
	        "<wbr>x"},
	    {"nothing to break at", "nothing to break at"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(text_of(html_breakable(&arena,
		                        cases[i].text)),
		    cases[i].want);
}

static void
test_places(void **state)
{
	struct view *v;
	const struct html *bold;

	(void)state;
	assert_no_err(load("<p class=\"{c}\" title='{c}'>{t}</p>{b_html}"
	                   "<a href=\"{u_url}\">{n}</a>"));
	v = view_new(&arena, "v");
	bold = html_marked(&arena, SLICE("a<b>c"),
	    (const struct html_range[]){{1, 4, "x"}}, 1);
	view_text(v, "c", "\"'");
	view_text(v, "t", "<i>");
	view_html(v, "b_html", bold);
	view_int(v, "n", INT64_MIN);
	view_url(v, "u_url",
	    url_with(&arena,
	        url_with(&arena, url_path(&arena, "/a/%d/%s", 7, "b c"), "q",
	            "x&y=\"<"),
	        "r", "1"));
	view_text(v, "unused", "does no harm");
	assert_string_equal(render(v),
	    "<p class=\"&quot;&#39;\" title='&quot;&#39;'>&lt;i&gt;</p>"
	    "a<span class=\"x\">&lt;b&gt;</span>c"
	    "<a href=\"/a/7/b%20c?q=x%26y%3D%22%3C&amp;r=1\">"
	    "-9223372036854775808</a>");
}

static void
test_if(void **state)
{
	static const struct {
		const char *a;
		int64_t n;
		const char *want;
	} cases[] = {
	    {"x", 5, "[x 5]+"},
	    {"x", 0, "[x ]0"},
	    {"", 5, "no"},
	    {NULL, 5, "no"},
	};

	(void)state;
	assert_no_err(load("{if a}[{a} {if n}{n}{else}{end}]{if "
	                   "n}+{else}{n}{end}"
	                   "{else}no{end}"));
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT_OF(cases); i++) {
			struct view *v = view_new(&arena, "v");

			view_text(v, "a", cases[i].a);
			view_int(v, "n", cases[i].n);
			assert_string_equal(render(v), cases[i].want);
		}
	}
}

static void
test_truth(void **state)
{
	struct view *v;
	struct html_list list;

	(void)state;
	assert_no_err(load("{if a}a{end}{if b_html}b{end}{if c_url}c{end}"
	                   "{if d}d{end}{if e}e{end}"));
	v = view_new(&arena, "v");
	html_list_init(&list, &arena);
	view_bool(v, "a", false);
	view_html(v, "b_html", html_join(&list));
	view_url(v, "c_url", NULL);
	view_slice(v, "d", (struct slice){0});
	view_int(v, "e", -1);
	assert_string_equal(render(v), "e");
	view_bool(v, "a", true);
	html_list_add(&list, html_text(&arena, "x"));
	view_html(v, "b_html", html_join(&list));
	view_url(v, "c_url", url_path(&arena, "/"));
	view_slice(v, "d", SLICE("d"));
	assert_string_equal(render(v), "abcde");
}

static void
test_braces_and_comments(void **state)
{
	struct view *v;

	(void)state;
	assert_no_err(load("<!-- {not a symbol} -->\n<p>\\{\\} {a}</p>\n"
	                   "<!-- more\nlines -->\nend <!-- x -->."));
	v = view_new(&arena, "v");
	view_text(v, "a", "{a} \x01! \\{");
	assert_string_equal(render(v),
	    "<p>{} {a} \xef\xbf\xbd! \\{</p>\nend .");
}

static void
test_fragments(void **state)
{
	struct view *v;
	struct html_list list;

	(void)state;
	assert_no_err(load("<ul>{rows_html}</ul>\n"
	                   "<!-- fragment: row -->\n<li>{n}</li>\n"
	                   "<!-- fragment: empty -->\n"));
	html_list_init(&list, &arena);
	for (int i = 0; i < 3; i++) {
		v = view_new(&arena, "v#row");
		view_int(v, "n", i);
		assert_no_err(html_list_render(&list, v));
	}
	assert_no_err(html_list_render(&list, view_new(&arena, "v#empty")));
	v = view_new(&arena, "v");
	view_html(v, "rows_html", html_join(&list));
	assert_string_equal(render(v),
	    "<ul><li>0</li><li>1</li><li>2</li></ul>");
}

static void
test_unset(void **state)
{
	struct view *v;

	(void)state;
	assert_no_err(load("{if a}{b}{end}"));
	v = view_new(&arena, "v");
	view_bool(v, "a", false);
	assert_string_equal(render(v), "view v: {b} is not set");
	assert_string_equal(render(view_new(&arena, "w")),
	    "there is no view w");
	assert_true(view_has(v, "b"));
	assert_false(view_has(v, "c"));
}

/* Every combination of more tests than skeletons are kept for. */
static void
test_many_tests(void **state)
{
	(void)state;
	assert_no_err(load("{if a}a{end}{if b}b{end}{if c}c{end}{if d}d{end}"
	                   "{if e}e{end}{if f}f{end}{if g}g{end}"));
	for (unsigned int bits = 0; bits < 128; bits++) {
		struct view *v = view_new(&arena, "v");
		char want[8] = "";
		size_t n = 0;

		for (unsigned int i = 0; i < 7; i++) {
			const char key[2] = {(char)('a' + (int)i), '\0'};
			bool on = (bits >> i) & 1;

			view_bool(v, key, on);
			if (on)
				want[n++] = key[0];
		}
		want[n] = '\0';
		assert_string_equal(render(v), want);
	}
}

static const struct {
	const char *text, *why;
} refused[] = {
    /* What the engine would read in its own way. */
    {"{if a && b}x{end}", "none of"},
    {"{if a == 1}x{end}", "none of"},
    {"{a + 1}", "none of"},
    {"{\"text\"}", "none of"},
    {"{1}", "none of"},
    {"{}", "none of"},
    {"{ a }", "none of"},
    {"{if  a}x{end}", "none of"},
    {"{if a }x{end}", "none of"},
    {"{if !a}x{end}", "none of"},
    {"{for x in a}{x}{end}", "none of"},
    {"{for}", "none of"},
    {"{in}", "none of"},
    {"{if}", "none of"},
    {"{a.b}", "none of"},
    {"{a[0]}", "none of"},
    {"{A}", "none of"},
    {"{IF_a}", "none of"},
    {"{_a}", "none of"},
    {"{0a}", "none of"},
    {"{\xc3\xa9}", "none of"},
    {"{else if a}", "none of"},
    /* What it would swallow, and cut the page off. */
    {"{if a}{b c}{end}", "none of"},
    {"{if a}x", "no {end}"},
    {"{if a}x{else}y", "no {end}"},
    {"x{end}", "without {if}"},
    {"{else}", "without {if}"},
    {"{if a}x{else}y{else}z{end}", "without {if}"},
    {"{if a}x{end}{end}", "without {if}"},
    {"a {", "not closed"},
    {"a } b", "lone"},
    {"{a\n}", "not closed"},
    {"back\\slash", "lone"},
    {"back\\\\", "lone"},
    {"back\\", "lone"},
    /* Places where escaping would not be enough. */
    {"<p {a}>", "outside a quoted"},
    {"<p {a}=\"x\">", "outside a quoted"},
    {"<{a}>", "starts no tag"},
    {"<p class={a}>", "outside a quoted"},
    {"<p class=x>", "not quoted"},
    {"<p class= \"x\">", "not quoted"},
    {"<a href=\"{a}\">", "ends in _url"},
    {"<a href=\"x{a_url}\">", "ends in _url"},
    {"<a HREF='{a}'>", "ends in _url"},
    {"<a href=\"{a_url}{b}\">", "ends in _url"},
    {"<a href=\"{if a}{b_url}{end}{c_url}\">", "ends in _url"},
    {"<a href=\"{if a}#{end}{c}\">", "ends in _url"},
    {"<img src=\"{a}\">", "ends in _url"},
    {"<form action=\"{a}\">", "ends in _url"},
    {"<button formaction=\"{a}\">", "ends in _url"},
    {"<use xlink:href=\"{a}\">", "ends in _url"},
    {"<p title=\"{a_html}\">", "inside an attribute"},
    {"<textarea>{a_html}</textarea>", "inside <textarea>"},
    {"<title>{a_html}</title>", "inside <title>"},
    {"<title><b>{a}</b></title>", "a tag inside"},
    {"<script>1</script>", "not for our pages"},
    {"<SCRIPT src=\"x\"></SCRIPT>", "not for our pages"},
    {"<style>p \\{\\}</style>", "not for our pages"},
    {"<iframe></iframe>", "not for our pages"},
    {"<base href=\"/\">", "not for our pages"},
    {"<p onclick=\"x\">", "no script"},
    {"<p ONLOAD=\"x\">", "no script"},
    {"<p style=\"x\">", "classes only"},
    {"<p class=\"a", "ends inside"},
    {"<p", "ends inside"},
    {"<textarea>", "ends inside"},
    {"a < b", "starts no tag"},
    {"<!-- open", "not closed"},
    {"{if a}<p {end}class=\"x\">", "another place"},
    {"<p class=\"{if a}x\"{end}>", "another place"},
    {"<p \"x\">", "unexpected"},
    {"a\x01", "control"},
    {"a\rb", "control"},
    {"\xff", "not UTF-8"},
};

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		const struct err *e = load(arena_printf(&arena, "<p>\n%s",
		    refused[i].text));

		if (!e || !strstr(e->message, refused[i].why))
			fail_msg("%s: %s", refused[i].text,
			    e ? e->message : "accepted");
		assert_int_equal(e->code, S_CONFIG);
		assert_non_null(strstr(e->message, "/v.html:"));
	}
}

static void
test_accepted(void **state)
{
	static const char *const cases[] = {
	    "",
	    "<!DOCTYPE html>",
	    "<a href=\"#{a}\">",
	    "<a href=\"{a_url}\" {if b}aria-current=\"page\"{end}>",
	    "<a href=\"{if a}{b_url}{else}{c_url}{end}\">",
	    "<p class=\"x{if a} y{end} {b}\">{a_url}</p>",
	    "<input value=\"{a_url}\" disabled/>",
	    "<br/>",
	    "<textarea name=\"a\">\n{a}</textarea>",
	    "<title>{a} \xc2\xb7 b</title>",
	    "<svg viewBox=\"0 0 {w} {h}\"><path d=\"M{x} {y}\"/></svg>",
	    "<p title='\"'>&lt;</p>",
	    "<p\nclass=\"x\"\n>",
	    "<p class=\"\\{\">",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_no_err(load(cases[i]));
}

static void
test_line_numbers(void **state)
{
	(void)state;
	assert_non_null(strstr(load("\n\n<p>\n{A}")->message, ":4:"));
	assert_non_null(strstr(load("a\n<!-- fragment: b -->\n\n<p>\n{A}")
	                           ->message,
	    ":5:"));
	assert_non_null(strstr(load("a\n<!-- x\n\n-->\n{A}")->message, ":5:"));
	assert_non_null(strstr(load("a\n<!-- fragment: b -->\nb\n"
	                            "<!-- fragment: b -->\nc")
	                           ->message,
	    "twice"));
}

static void
test_limits(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 100000);
	for (int i = 0; i <= VIEW_SYMBOLS_MAX; i++)
		buf_printf(&b, "{s%d}", i);
	assert_non_null(strstr(load(buf_str(&b))->message, "symbols"));
	buf_init(&b, &arena, 100000);
	for (int i = 0; i <= VIEW_TESTS_MAX; i++)
		buf_printf(&b, "{if s%d}{end}", i);
	assert_non_null(strstr(load(buf_str(&b))->message, "tested"));
	buf_init(&b, &arena, 100000);
	for (int i = 0; i <= 16; i++)
		buf_add_str(&b, "{if s}");
	assert_non_null(strstr(load(buf_str(&b))->message, "nested"));
	assert_non_null(view_load("/nowhere/at/all"));
}

static void
test_local_urls(void **state)
{
	static const char *const bad[] = {"", "a", "//evil", "///evil",
	    "/\\evil", "\\\\evil", "http://evil", "https:/evil",
	    "javascript:alert(1)", " /a", "/a b", "/a\n", "/a\r\nX: y",
	    "/\t/evil", "/a\x7f", "/\xc3\xa9", "?a", "#a", "/a\"", "/a<"};
	static const char *const good[] = {
	    "/", "/a", "/a/b?c=d&e=%20#f", "/a//b", "/a?u=http://x"};

	(void)state;
	assert_null(url_local(&arena, NULL));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (url_local(&arena, bad[i]))
			fail_msg("%s", bad[i]);
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_string_equal(url_text(url_local(&arena, good[i])),
		    good[i]);
}

static void
test_urls(void **state)
{
	const struct url *u;

	(void)state;
	u = url_path(&arena, "/a/%" PRId64 "/b", INT64_MAX);
	assert_string_equal(url_text(u), "/a/9223372036854775807/b");
	assert_string_equal(url_text(url_path(&arena, "/%s/x", "")), "/");
	assert_string_equal(url_text(url_path(&arena, "/%s", "/evil?#")),
	    "/%2Fevil%3F%23");
	u = url_fragment(&arena, url_with(&arena, u, "k v", "\xc3\xa9+"),
	    "R 1");
	assert_string_equal(url_text(u),
	    "/a/9223372036854775807/b?k%20v=%C3%A9%2B#R%201");
	assert_ptr_equal(url_with(&arena, u, "none", NULL), u);
	assert_string_equal(url_text(url_with(&arena, u, "b", "")),
	    "/a/9223372036854775807/b?k%20v=%C3%A9%2B&b=#R%201");
	assert_string_equal(url_text(url_fragment(&arena, u, "x")),
	    "/a/9223372036854775807/b?k%20v=%C3%A9%2B#x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_escape, clear),
	    cmocka_unit_test_teardown(test_escape_bytes, clear),
	    cmocka_unit_test_teardown(test_breakable, clear),
	    cmocka_unit_test_teardown(test_places, clear),
	    cmocka_unit_test_teardown(test_if, clear),
	    cmocka_unit_test_teardown(test_truth, clear),
	    cmocka_unit_test_teardown(test_braces_and_comments, clear),
	    cmocka_unit_test_teardown(test_fragments, clear),
	    cmocka_unit_test_teardown(test_unset, clear),
	    cmocka_unit_test_teardown(test_many_tests, clear),
	    cmocka_unit_test_teardown(test_refused, clear),
	    cmocka_unit_test_teardown(test_accepted, clear),
	    cmocka_unit_test_teardown(test_line_numbers, clear),
	    cmocka_unit_test_teardown(test_limits, clear),
	    cmocka_unit_test_teardown(test_local_urls, clear),
	    cmocka_unit_test_teardown(test_urls, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
