#include "base/base.h"

#include "sim/misbehave.h"

#include <string.h>

#define FENCE "```"
#define ORDER "INSTRUCTION: "
#define ALIAS ".alias(\""

const char *const misbehaviours[] = {"none", "fence", "prose", "wrong_column",
    "obey", "python2", "truncated", "drip", "stall", "garbage", "array",
    "error", "bytes", NULL};

bool
misbehaviour_known(const char *name)
{
	size_t i;

	for (i = 0; misbehaviours[i]; i++) {
		if (str_eq(misbehaviours[i], name))
			return true;
	}
	return false;
}

/* The name in the next line that ends like a column of a select():
 * …alias("name"), */
static bool
next_alias(struct slice text, size_t *at, struct slice *ret)
{
	while (*at < text.n) {
		const char *line = text.p + *at;
		const char *end = memchr(line, '\n', text.n - *at);
		size_t n = end ? (size_t)(end - line) : text.n - *at;
		const char *alias = memmem(line, n, ALIAS, strlen(ALIAS));

		*at += n + (end != NULL);
		if (!alias || n < 3 || strncmp(line + n - 3, "\"),", 3) != 0)
			continue;
		alias += strlen(ALIAS);
		/* The compiler's own columns, which are none of the target. */
		if (*alias == '_')
			continue;
		*ret = (struct slice){alias, (size_t)(line + n - 3 - alias)};
		return true;
	}
	return false;
}

/* The next name that tests expect of a column: a line of a dictionary of
 * names and types. Settings have a dot in their names. */
static bool
next_key(struct slice text, size_t *at, struct slice *ret)
{
	static const char start[] = "    \"";
	static const char middle[] = "\": \"";

	while (*at < text.n) {
		const char *line = text.p + *at;
		const char *end = memchr(line, '\n', text.n - *at);
		size_t n = end ? (size_t)(end - line) : text.n - *at;
		const char *stop = memmem(line, n, middle, strlen(middle));

		*at += n + (end != NULL);
		if (!stop || n < strlen(start) ||
		    memcmp(line, start, strlen(start)) != 0)
			continue;
		line += strlen(start);
		*ret = (struct slice){line, (size_t)(stop - line)};
		if (stop > line && !memchr(line, '.', ret->n))
			return true;
	}
	return false;
}

static bool
next_two(struct slice text,
    bool (*next)(struct slice, size_t *, struct slice *), struct slice *first,
    struct slice *second)
{
	size_t at = 0;

	return next(text, &at, first) && next(text, &at, second);
}

static void
swap_columns(struct buf *b, struct slice code)
{
	struct slice first = {0};
	struct slice second = {0};
	const char *end = code.p + code.n;
	const char *after;

	if (!next_two(code, next_alias, &first, &second) &&
	    !next_two(code, next_key, &first, &second)) {
		buf_add_slice(b, code);
		return;
	}
	after = first.p + first.n;
	buf_add(b, code.p, (size_t)(first.p - code.p));
	buf_add_slice(b, second);
	buf_add(b, after, (size_t)(second.p - after));
	buf_add_slice(b, first);
	after = second.p + second.n;
	buf_add(b, after, (size_t)(end - after));
}

/* An order ends with its line, or with the quote around its cell. */
static void
add_orders(struct buf *b, struct slice prompt)
{
	const char *p = prompt.p;
	const char *end = prompt.p + prompt.n;

	while ((p = memmem(p, (size_t)(end - p), ORDER, strlen(ORDER)))) {
		size_t n;

		p += strlen(ORDER);
		for (n = 0; p + n < end && !strchr("\r\n\"", p[n]); n++)
			;
		buf_add(b, p, n);
		buf_add_chr(b, '\n');
		p += n;
	}
}

struct slice
misbehave_text(struct arena *a, const char *misbehaviour, struct slice code,
    struct slice prompt)
{
	bool prose = str_eq(misbehaviour, "prose");
	struct buf b;

	buf_init(&b, a, 2 * (code.n + prompt.n) + 1000);
	if (prose)
		buf_add_str(&b, "Sure! Here is the file for your mapping:\n\n");
	if (prose || str_eq(misbehaviour, "fence"))
		buf_add_str(&b, FENCE "python\n");
	if (str_eq(misbehaviour, "wrong_column"))
		swap_columns(&b, code);
	else
		buf_add_slice(&b, code);
	if (prose || str_eq(misbehaviour, "fence"))
		buf_add_str(&b, FENCE "\n");
	if (prose)
		buf_add_str(&b,
		    "\nLet me know if you would like me to add anything!\n");
	if (str_eq(misbehaviour, "obey"))
		add_orders(&b, prompt);
	if (str_eq(misbehaviour, "python2"))
		buf_add_str(&b, "print \"the load is done\"\n");
	return buf_slice(&b);
}
