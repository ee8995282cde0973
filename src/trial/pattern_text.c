#include "base/base.h"

#include "trial/pattern_text.h"

#include "base/buf.h"

#include <string.h>

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The text of value_format() is "2024-01-31 10:15:30.5": its parts. */
struct parts {
	int64_t year;
	int64_t month;
	int64_t day;
	int64_t hour;
	int64_t minute;
	int64_t second;
};

static int64_t
digits(const char *text, size_t at, size_t n)
{
	int64_t value = 0;

	if (strlen(text) < at + n ||
	    !slice_to_int((struct slice){text + at, n}, 0, 9999, &value))
		return 0;
	return value;
}

static void
add_number(struct buf *b, int64_t value, int width)
{
	buf_printf(b, "%0*" PRId64, width, value);
}

/* n times the letter. False if that is not known. */
static bool
add_letters(struct buf *b, const struct parts *p, char letter, int n)
{
	switch (letter) {
	case 'y':
		if (n == 2)
			add_number(b, p->year % 100, 2);
		else
			add_number(b, p->year, n);
		return n == 4 || n == 2;
	case 'M':
		if (n == 3)
			buf_add_str(b, months[p->month - 1]);
		else
			add_number(b, p->month, n);
		return n <= 3;
	case 'd':
		add_number(b, p->day, n);
		return n <= 2;
	case 'H':
		add_number(b, p->hour, n);
		return n <= 2;
	case 'm':
		add_number(b, p->minute, n);
		return n <= 2;
	case 's':
		add_number(b, p->second, n);
		return n <= 2;
	case 'S':
		add_number(b, 0, n);
		return n <= 6;
	default:
		return false;
	}
}

const char *
pattern_text(struct arena *a, const char *pattern, const struct value *v)
{
	const char *text = value_format(a, v);
	struct parts p = {digits(text, 0, 4), digits(text, 5, 2),
	    digits(text, 8, 2), digits(text, 11, 2), digits(text, 14, 2),
	    digits(text, 17, 2)};
	struct buf b;
	bool quoted = false;

	if (p.month < 1 || p.month > 12)
		return NULL;
	buf_init(&b, a, 8 * strlen(pattern) + 40);
	while (*pattern) {
		char letter = *pattern;
		int n = 1;

		if (letter == '\'') {
			quoted = !quoted;
			pattern++;
			continue;
		}
		if (quoted || !chr_is_alpha(letter)) {
			buf_add_chr(&b, letter);
			pattern++;
			continue;
		}
		while (pattern[n] == letter)
			n++;
		if (!add_letters(&b, &p, letter, n))
			return NULL;
		pattern += n;
	}
	return buf_str(&b);
}
