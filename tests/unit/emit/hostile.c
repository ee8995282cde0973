#include "base/base.h"

#include "hostile.h"

#include "base/buf.h"
#include "mapping/name.h"

#include <string.h>

#define MAX_TEXT 2000

static const char *const pieces[] = {"\"", "'", "`", "\\", "\"\"\"", "'''",
    "``", "\\\"", "\\'", "\\\\", "{", "}", "{0}", "{x}", "{{", "}}", "${x}",
    "%s", "%(x)s", "%%", "#", "--", "/*", "*/", ";", ",", "(", ")", "[", "]",
    ":", "=", "\n", "\r", "\r\n", "\t", " ", "\f", "\v", "\x01", "\x1b[31m",
    "\x7f", "\\n", "\\x22", "\\u0022", "\\N{QUOTATION MARK}", "\\\n", "\\\r\n",
    "\n\n", "\n    ", "\ndef f():", "\"); import os; os.system(\"id\") #",
    "'); exec('1", "\" + __import__('os').popen('id').read() + \"",
    "\nimport os\n", "\n# COMMAND ----------\n", "\n# MAGIC %sh id\n",
    "\n# MAGIC %python\n", "\n# DBTITLE 1,x\n", "# MAGIC %run ./x",
    "\n%sh id\n", "!id", "dbutils.fs.rm(\"/\", True)",
    "\")\nraise SystemExit\n(\"", "\"\"\"\nx()\n", "*/ OR 1=1 --",
    "' OR '1'='1", "`; DROP TABLE t; --", "`) FROM x --", "$(id)", "`id`",
    "<script>alert(1)</script>", "](javascript:x)", "**", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xc2\x85", "\xc2\xa0", "\xe2\x80\xae", "\xe2\x80\x8b",
    "\xef\xbb\xbf", "\xef\xbc\x82", "\xe2\x80\x9c", "\xf0\x9f\x98\x80",
    "\xf3\xa0\x80\x81", "\xc3\xa4", "e\xcc\x81", "\xed\x9f\xbf",
    "\xf4\x8f\xbf\xbf", "a", "b", "x", "0", "9", "_", ".", "-", "lambda",
    "None", "True", "SELECT", "NULL", "AND", "class", "transform",
    "require_columns", "log_changes", "spark", "F", "f", "rb", "u"};

size_t
dice_roll(struct dice *d, size_t n)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (size_t)((z ^ (z >> 31)) % n);
}

bool
dice_hit(struct dice *d, size_t n)
{
	return dice_roll(d, n) == 0;
}

const char *
hostile_text(struct arena *a, struct dice *d)
{
	size_t n = dice_hit(d, 30) ? dice_roll(d, 60) : dice_roll(d, 6);
	struct buf b;

	buf_init(&b, a, MAX_TEXT);
	while (n-- > 0) {
		if (dice_hit(d, 4))
			buf_add_chr(&b, (char)(1 + dice_roll(d, 127)));
		else
			buf_add_str(&b, pieces[dice_roll(d, COUNT_OF(pieces))]);
	}
	return buf_str(&b);
}

/* Characters of ASCII that no text of the kind may have. */
static const char *
refused(enum hostile kind)
{
	switch (kind) {
	case HOSTILE_COLUMN:
		return " ,;{}()\n\r\t=";
	case HOSTILE_PATH:
		return "\n\r\t?*[{";
	case HOSTILE_CELL:
	case HOSTILE_NAME:
		break;
	}
	return "";
}

/* Would these be "${" in a name, which Spark takes for a variable? */
static bool
begins_variable(const struct buf *b, struct slice next, enum hostile kind)
{
	return kind == HOSTILE_NAME && b->n > 0 && b->p[b->n - 1] == '$' &&
	    next.p[0] == '{';
}

/* Sheets refuse what nobody can see. */
static void
add_visible(struct buf *b, const char *text, enum hostile kind)
{
	enum visible visible = kind == HOSTILE_CELL ? VISIBLE_TEXT
	                                            : VISIBLE_NAME;
	size_t n = strlen(text);
	size_t i = 0;

	while (i < n) {
		struct slice one = {text + i, 0};
		uint32_t cp;
		size_t at;
		size_t length;

		one.n = utf8_next(text + i, n - i, &cp);
		i += one.n;
		if (!text_find_invisible(one, visible, &at, &length, &cp) &&
		    !(one.n == 1 && strchr(refused(kind), one.p[0])) &&
		    !begins_variable(b, one, kind))
			buf_add_slice(b, one);
	}
}

const char *
hostile_kind(struct arena *a, struct dice *d, enum hostile kind)
{
	struct buf b;

	buf_init(&b, a, MAX_TEXT);
	add_visible(&b, hostile_text(a, d), kind);
	if (kind == HOSTILE_COLUMN)
		buf_add_chr(&b, '\'');
	if (kind != HOSTILE_CELL)
		buf_add_chr(&b, '~');
	return utf8_cut(a, buf_str(&b), 200);
}
