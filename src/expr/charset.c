#include "base/base.h"

#include "expr/charset.h"

#include "expr/expr.h"

struct look_alike {
	uint32_t first;
	uint32_t last;
	const char *what;
	const char *fix;
};

static const struct look_alike look_alikes[] = {
    {0x00ab, 0x00ab, "a typographic quote", "Write ' instead."},
    {0x00ad, 0x00ad, "an invisible hyphen", "Delete it."},
    {0x00b4, 0x00b4, "an accent, not a quote", "Write ' instead."},
    {0x00b2, 0x00b3, "a raised digit", "Write power(x, 2) for a square."},
    {0x00bb, 0x00bb, "a typographic quote", "Write ' instead."},
    {0x00d7, 0x00d7, "a typographic times sign", "Write * instead."},
    {0x00f7, 0x00f7, "a typographic division sign", "Write / instead."},
    {0x02bc, 0x02bc, "a typographic apostrophe", "Write ' instead."},
    {0x200b, 0x200f, "an invisible character", "Delete it."},
    {0x2010, 0x2015, "a typographic dash", "Write - instead."},
    {0x2018, 0x201b, "a typographic quote", "Write ' instead."},
    {0x201c, 0x201f, "a typographic quote",
        "Write ' around text, or ` around a name."},
    {0x2022, 0x2022, "a bullet of a list", "Delete it."},
    {0x2026, 0x2026, "three dots in one character", "Delete it."},
    {0x202a, 0x202e, "an invisible character", "Delete it."},
    {0x2032, 0x2033, "a typographic quote", "Write ' instead."},
    {0x2039, 0x203a, "a typographic quote", "Write ' instead."},
    {0x2060, 0x2064, "an invisible character", "Delete it."},
    {0x2190, 0x2190, "an arrow", "Write the expression only."},
    {0x2192, 0x2192, "an arrow", "Write the expression only."},
    {0x2212, 0x2212, "a typographic minus", "Write - instead."},
    {0x2215, 0x2215, "a typographic slash", "Write / instead."},
    {0x2217, 0x2217, "a typographic star", "Write * instead."},
    {0x2227, 0x2227, "a sign for and", "Write AND instead."},
    {0x2228, 0x2228, "a sign for or", "Write OR instead."},
    {0x2260, 0x2260, "a sign for not equal", "Write <> instead."},
    {0x2264, 0x2264, "a sign for less or equal", "Write <= instead."},
    {0x2265, 0x2265, "a sign for greater or equal", "Write >= instead."},
    {0xfeff, 0xfeff, "an invisible character", "Delete it."},
    {0xff01, 0xff5e, "a full-width character",
        "Type it again without the full-width input mode."},
};

struct ascii {
	char c;
	const char *message;
	const char *fix;
};

static const struct ascii asciis[] = {
    {'@', "Variables such as @name are not known here.",
        "Write the value itself, or take it from a column."},
    {'$', "$ is not part of SQL; nothing is filled in here.",
        "Write the value itself; put a name with $ into backticks."},
    {'#', "# is not part of SQL.",
        "Start a comment with --; put a name with # into backticks."},
    {'{', "Braces are not part of SQL; nothing is filled in here.",
        "Write the value or the column itself."},
    {'}', "Braces are not part of SQL; nothing is filled in here.",
        "Write the value or the column itself."},
    {'\\', "A backslash may stand only inside quotes.",
        "Remove it, or put the text into single quotes."},
};

size_t
charset_space(const char *p, size_t n)
{
	uint32_t cp;
	size_t length;

	if (n == 0 || !(p[0] & 0x80))
		return 0;
	length = utf8_next(p, n, &cp);
	if (cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) ||
	    cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ||
	    cp == 0x3000)
		return length;
	return 0;
}

static const struct look_alike *
look_alike_find(uint32_t cp)
{
	size_t i;

	for (i = 0; i < COUNT_OF(look_alikes); i++) {
		if (cp >= look_alikes[i].first && cp <= look_alikes[i].last)
			return &look_alikes[i];
	}
	return NULL;
}

/* Good enough to tell ä, é or 名 from signs; not a Unicode database. */
static bool
is_letter(uint32_t cp)
{
	if (cp < 0xc0)
		return cp == 0xaa || cp == 0xb5 || cp == 0xba;
	if (cp >= 0x2000 && cp <= 0x2bff)
		return false;
	if (cp >= 0x3000 && cp <= 0x303f)
		return false;
	if (cp >= 0xe000 && cp <= 0xf8ff)
		return false;
	if (cp >= 0x1f000 && cp <= 0x1faff)
		return false;
	return cp != 0xfffd && !look_alike_find(cp);
}

size_t
charset_letters(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		uint32_t cp;
		size_t length = utf8_next(p + i, n - i, &cp);

		if (cp < 0x80 ? i == 0 || !(chr_is_alnum(p[i]) || p[i] == '_')
		              : !is_letter(cp))
			break;
		i += length;
	}
	return i;
}

const char *
charset_name_message(struct arena *a, const char *name)
{
	return arena_printf(a,
	    "The name %s has letters other than A to Z, so "
	    "it must stand in backticks.",
	    utf8_cut(a, name, 40));
}

const char *
charset_name_fix(struct arena *a, const char *name)
{
	return arena_printf(a, "Write %s.",
	    utf8_cut(a, expr_quote_name(a, name), 80));
}

static void
explain_ascii(struct arena *a, char c, struct charset_bad *ret)
{
	size_t i;

	for (i = 0; i < COUNT_OF(asciis); i++) {
		if (asciis[i].c == c) {
			ret->message = asciis[i].message;
			ret->fix = asciis[i].fix;
			return;
		}
	}
	ret->message = arena_printf(a,
	    "A control character (%02X) stands "
	    "here.",
	    (unsigned)(unsigned char)c);
	ret->fix = "Delete it, or type the text again.";
}

void
charset_explain(struct arena *a, struct slice text, struct charset_bad *ret)
{
	const struct look_alike *alike;
	uint32_t cp;
	size_t letters = charset_letters(text.p, text.n);

	if (letters > 0) {
		const char *name = arena_strndup(a, text.p, letters);

		ret->length = letters;
		ret->message = charset_name_message(a, name);
		ret->fix = charset_name_fix(a, name);
		return;
	}
	ret->length = utf8_next(text.p, text.n, &cp);
	if (cp < 0x80) {
		explain_ascii(a, text.p[0], ret);
		return;
	}
	alike = look_alike_find(cp);
	if (alike) {
		ret->message = arena_printf(a, "Here stands %s (U+%04X).",
		    alike->what, cp);
		ret->fix = alike->fix;
	} else if (cp == 0xfffd) {
		ret->message = "Here stands a byte that is not text.";
		ret->fix = "Delete it, or type the text again.";
	} else {
		ret->message = arena_printf(a,
		    "The character %.*s (U+%04X) "
		    "is not part of SQL.",
		    (int)ret->length, text.p, cp);
		ret->fix = "Delete it, or put it into single quotes.";
	}
}
