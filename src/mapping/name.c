#include "base/base.h"

#include "mapping/name.h"

#include "base/buf.h"

#include <string.h>

#define NBSP 0xa0U
#define ZERO_WIDTH_SPACE 0x200bU
#define BOM 0xfeffU
#define SHOWN_MAX 40

/* Length of the white space at the start of s, 0 if there is none. */
static size_t
space_at(struct slice s)
{
	uint32_t cp;
	size_t n;

	if (chr_is_space(s.p[0]))
		return 1;
	if (!(s.p[0] & 0x80))
		return 0;
	n = utf8_next(s.p, s.n, &cp);
	return cp == NBSP || cp == ZERO_WIDTH_SPACE || cp == BOM ? n : 0;
}

/* The same at the end of s. */
static size_t
space_before_end(struct slice s)
{
	size_t n;

	if (chr_is_space(s.p[s.n - 1]))
		return 1;
	for (n = 2; n <= 3 && n <= s.n; n++) {
		struct slice tail = {s.p + s.n - n, n};

		if (space_at(tail) == n)
			return n;
	}
	return 0;
}

struct slice
cell_trim(struct slice s)
{
	size_t n;

	while (s.n > 0 && (n = space_at(s)) > 0) {
		s.p += n;
		s.n -= n;
	}
	while (s.n > 0 && (n = space_before_end(s)) > 0)
		s.n -= n;
	return s;
}

bool
cell_is_blank(struct slice s)
{
	size_t n;

	while (s.n > 0 && (n = space_at(s)) > 0) {
		s.p += n;
		s.n -= n;
	}
	return s.n == 0;
}

/* Latin Extended-A has its capitals on even places, but for two stretches
 * where they are on odd ones. */
static uint32_t
fold_latin_extended(uint32_t cp)
{
	bool odd = (cp >= 0x139 && cp <= 0x148) || (cp >= 0x179 && cp <= 0x17e);

	if (cp == 0x130 || cp == 0x131 || cp == 0x138 || cp == 0x149 ||
	    cp == 0x17f)
		return cp;
	if (cp == 0x178)
		return 0xff;
	return (cp & 1) == (odd ? 1U : 0U) ? cp + 1 : cp;
}

static uint32_t
fold(uint32_t cp)
{
	if (cp < 0x80)
		return (unsigned char)chr_lower((char)cp);
	if (cp >= 0xc0 && cp <= 0xde && cp != 0xd7)
		return cp + 0x20;
	if (cp >= 0x100 && cp <= 0x17f)
		return fold_latin_extended(cp);
	if ((cp >= 0x391 && cp <= 0x3ab && cp != 0x3a2) ||
	    (cp >= 0x410 && cp <= 0x42f))
		return cp + 0x20;
	if (cp >= 0x400 && cp <= 0x40f)
		return cp + 0x50;
	return cp;
}

const char *
name_fold(struct arena *a, struct slice s)
{
	/* No folding above makes a character longer in UTF-8. */
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp;
		size_t used = utf8_next(s.p + i, s.n - i, &cp);

		if (used == 1)
			p[n++] = chr_lower(s.p[i]);
		else
			n += utf8_put(fold(cp), p + n);
		i += used;
	}
	return p;
}

bool
name_equal(const char *a, const char *b)
{
	while (*a && *b) {
		uint32_t c;
		uint32_t d;

		if (!((*a | *b) & 0x80)) {
			if (chr_lower(*a++) != chr_lower(*b++))
				return false;
			continue;
		}
		a += utf8_next(a, strlen(a), &c);
		b += utf8_next(b, strlen(b), &d);
		if (fold(c) != fold(d))
			return false;
	}
	return *a == *b;
}

bool
name_is_identifier(struct slice s)
{
	size_t i;

	if (s.n == 0 || chr_is_digit(s.p[0]))
		return false;
	for (i = 0; i < s.n; i++) {
		if (!chr_is_alnum(s.p[i]) && s.p[i] != '_')
			return false;
	}
	return true;
}

const char *
name_make_identifier(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 3);
	size_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (chr_is_alnum(s.p[i]))
			p[n++] = s.p[i];
		else if (n > 0 && p[n - 1] != '_')
			p[n++] = '_';
	}
	while (n > 0 && p[n - 1] == '_')
		p[--n] = '\0';
	if (n == 0)
		return "data";
	if (chr_is_digit(p[0]))
		return arena_printf(a, "t_%s", p);
	return p;
}

static bool
is_control(uint32_t cp)
{
	return (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') ||
	    (cp >= 0x7f && cp < 0xa0);
}

/* Marks that make text read in another order than it is written: in generated
 * code they could hide what the code does. Those that Arabic and Hebrew need
 * within a line are none of them. */
static bool
is_reordering(uint32_t cp)
{
	return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool
is_odd_space(uint32_t cp)
{
	return cp == NBSP || cp == 0xad || cp == 0x61c ||
	    (cp >= 0x2000 && cp <= 0x200f) || cp == 0x2028 || cp == 0x2029 ||
	    cp == 0x202f || cp == 0x205f || cp == 0x2060 || cp == 0x3000 ||
	    cp == BOM;
}

bool
text_find_invisible(struct slice s, enum visible kind, size_t *ret_at,
    size_t *ret_n, uint32_t *ret_cp)
{
	size_t i = 0;

	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t cp = c;
		size_t n = 1;

		if (c >= 0x20 && c < 0x7f) {
			i++;
			continue;
		}
		if (c >= 0x80)
			n = utf8_next(s.p + i, s.n - i, &cp);
		if (is_control(cp) || is_reordering(cp) ||
		    (kind == VISIBLE_NAME && is_odd_space(cp))) {
			*ret_at = i;
			*ret_n = n;
			*ret_cp = cp;
			return true;
		}
		i += n;
	}
	return false;
}

const char *
text_shown(struct arena *a, struct slice s)
{
	struct buf b;
	bool blank = false;
	size_t shown = 0;
	size_t i = 0;

	buf_init(&b, a, (size_t)SHOWN_MAX * 4 + 8);
	while (i < s.n && shown < SHOWN_MAX) {
		uint32_t cp;

		i += utf8_next(s.p + i, s.n - i, &cp);
		if (cp <= ' ' || is_control(cp) || is_reordering(cp) ||
		    is_odd_space(cp)) {
			blank = b.n > 0;
			continue;
		}
		if (blank) {
			buf_add_chr(&b, ' ');
			shown++;
		}
		blank = false;
		buf_add_utf8(&b, cp);
		shown++;
	}
	if (i < s.n)
		buf_add_str(&b, "\xe2\x80\xa6");
	return buf_str(&b);
}
