#include "base/base.h"

#include "lang/lang.h"

#include "lang/notebook.h"

#include <string.h>

#define TITLE_MAX 80

/* What may become a title, the better the smaller. */
enum source {
	SOURCE_TITLE,   /* DBTITLE 1,... */
	SOURCE_HEADING, /* the first Markdown heading */
	SOURCE_NAME,    /* the first comment, definition, assignment */
	SOURCE_LINE,    /* the first line with anything in it */
	SOURCE_NONE,
};

struct title {
	enum source source;
	struct slice text;
};

static struct slice
after(struct slice s, size_t n)
{
	return slice_trim((struct slice){s.p + n, s.n - n});
}

static bool
starts(struct slice s, const char *prefix)
{
	size_t n = slice_of(prefix).n;

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* The length of the line's comment sign, 0 if it is no comment. */
static size_t
comment_sign(struct slice line)
{
	if (starts(line, "#"))
		return 1;
	return starts(line, "--") || starts(line, "//") ? 2 : 0;
}

static bool
has_letter(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (chr_is_alnum(s.p[i]) || (s.p[i] & 0x80))
			return true;
	}
	return false;
}

static void
offer(struct title *best, enum source source, struct slice text)
{
	text = slice_trim(text);
	if (source < best->source && has_letter(text))
		*best = (struct title){source, text};
}

/* A line of another language or of prose within the notebook. */
static void
offer_magic(struct title *best, struct slice line)
{
	size_t hashes = 0;

	if (starts(line, "%md"))
		line = after(line, starts(line, "%md-sandbox") ? 11 : 3);
	while (hashes < line.n && line.p[hashes] == '#')
		hashes++;
	if (hashes > 0 && hashes <= 6 && hashes < line.n &&
	    line.p[hashes] == ' ')
		offer(best, SOURCE_HEADING, after(line, hashes));
	offer(best, SOURCE_LINE, line);
}

static void
offer_comment(struct title *best, struct slice line)
{
	if (starts(line, "MAGIC")) {
		offer_magic(best, after(line, 5));
	} else if (starts(line, "DBTITLE ")) {
		const char *comma = memchr(line.p, ',', line.n);

		if (comma)
			offer(best, SOURCE_TITLE,
			    after(line, (size_t)(comma - line.p) + 1));
	} else {
		offer(best, SOURCE_NAME, line);
	}
}

/* The names that a line assigns to, or an empty slice. */
static struct slice
assigned(struct slice line)
{
	struct slice names = {line.p, 0};
	size_t i = 0;

	while (i < line.n &&
	    (chr_is_alnum(line.p[i]) || strchr("_., ", line.p[i])))
		i++;
	names.n = i;
	/* An annotation. */
	if (i < line.n && line.p[i] == ':') {
		while (i < line.n && line.p[i] != '=' && line.p[i] != '(')
			i++;
	}
	if (i == 0 || i + 1 >= line.n || line.p[i] != '=' ||
	    line.p[i + 1] == '=')
		names.n = 0;
	return slice_trim(names);
}

/* The name that a definition gives, or an empty slice. */
static struct slice
defined(struct slice line)
{
	static const char *const words[] = {
	    "async def ", "def ", "class ", "object "};
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++) {
		size_t n = 0;

		if (!starts(line, words[i]))
			continue;
		line = after(line, slice_of(words[i]).n);
		while (n < line.n &&
		    (chr_is_alnum(line.p[n]) || line.p[n] == '_' ||
		        (line.p[n] & 0x80)))
			n++;
		return (struct slice){line.p, n};
	}
	return (struct slice){line.p, 0};
}

static void
offer_line(struct title *best, struct slice line)
{
	size_t sign = comment_sign(line);

	if (chr_is_space(line.p[0])) {
		offer(best, SOURCE_LINE, line);
		return;
	}
	if (sign > 0) {
		offer_comment(best, after(line, sign));
		return;
	}
	if (starts(line, "\"\"\"") || starts(line, "'''")) {
		struct slice doc = after(line, 3);

		while (doc.n > 0 && strchr("\"'", doc.p[doc.n - 1]))
			doc.n--;
		offer(best, SOURCE_NAME, doc);
		return;
	}
	offer(best, SOURCE_NAME, defined(line));
	offer(best, SOURCE_NAME, assigned(line));
	offer(best, SOURCE_LINE, line);
}

static bool
is_header(struct slice line)
{
	return comment_sign(line) > 0 &&
	    slice_is(after(line, comment_sign(line)),
	        "Databricks notebook source");
}

/* Adds the cell whose first line has the given number, unless it is empty. */
static void
add_section(struct arena *a, struct slice cell, size_t number,
    struct sections *list)
{
	struct title best = {SOURCE_NONE, {"", 0}};
	struct section s = {0};
	struct slice line;
	size_t at = 0;

	for (; slice_line(cell, &at, &line); number++) {
		if (slice_trim(line).n == 0 || (number == 1 && is_header(line)))
			continue;
		if (s.first_line == 0)
			s.first_line = number;
		s.last_line = number;
		offer_line(&best, line);
	}
	if (s.first_line == 0)
		return;
	if (best.source == SOURCE_NONE)
		best.text = SLICE("...");
	s.title = utf8_cut(a, slice_dup(a, best.text), TITLE_MAX - 1);
	*LIST_ADD(a, list) = s;
}

static size_t
count_lines(struct slice s)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

void
lang_sections(struct arena *a, struct slice text, struct sections *ret)
{
	const char *sign = notebook_sign(text);
	size_t number = 1;
	size_t at = 0;
	struct slice cell;

	while (notebook_cell(text, sign, &at, &cell)) {
		size_t start = (size_t)(cell.p - text.p);

		add_section(a, cell, number, ret);
		number += count_lines((struct slice){cell.p, at - start});
	}
}
