#include "base/base.h"

#include "base/str.h"

#include <string.h>

struct slice
slice_of(const char *s)
{
	return (struct slice){s, strlen(s)};
}

struct slice
slice_trim(struct slice s)
{
	while (s.n > 0 && chr_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && chr_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_of(s));
}

const char *
slice_dup(struct arena *a, struct slice s)
{
	return arena_strndup(a, s.p, s.n);
}

const char *
slice_dup_lf(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			p[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			p[n++] = '\n';
	}
	return p;
}

bool
str_eq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
slice_ieq(struct slice a, const char *b)
{
	size_t i;

	for (i = 0; i < a.n; i++) {
		if (b[i] == '\0' || chr_lower(a.p[i]) != chr_lower(b[i]))
			return false;
	}
	return b[i] == '\0';
}

bool
str_ieq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return slice_ieq(slice_of(a), b);
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s);
	size_t m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool
str_is_one_of(const char *s, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (str_eq(list[i], s))
			return true;
	}
	return false;
}

bool
str_empty(const char *s)
{
	return !s || s[0] == '\0';
}

const char *
str_trim(struct arena *a, const char *s)
{
	return slice_dup(a, slice_trim(slice_of(s)));
}

const char *
str_lower(struct arena *a, const char *s)
{
	char *p = arena_strdup(a, s);
	size_t i;

	for (i = 0; p[i]; i++)
		p[i] = chr_lower(p[i]);
	return p;
}

bool
chr_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
chr_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
chr_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
chr_is_alnum(char c)
{
	return chr_is_alpha(c) || chr_is_digit(c);
}

char
chr_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

char
chr_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

int
chr_hex(char c)
{
	if (chr_is_digit(c))
		return c - '0';
	c = chr_lower(c);
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
slice_to_int(struct slice s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = negative ? 1 : 0;
	int64_t value = 0;

	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (!chr_is_digit(s.p[i]) ||
		    __builtin_mul_overflow(value, 10, &value))
			return false;
		/* Counting downwards for negatives reaches INT64_MIN. */
		if (__builtin_add_overflow(value, negative ? -digit : digit,
		        &value))
			return false;
	}
	if (value < min || value > max)
		return false;
	*ret = value;
	return true;
}

bool
str_to_int(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	return slice_to_int(slice_of(s), min, max, ret);
}

size_t
utf8_next(const char *p, size_t n, uint32_t *ret)
{
	const unsigned char *s = (const unsigned char *)p;
	uint32_t cp;
	size_t need;
	size_t i;
	unsigned char low = 0x80;
	unsigned char high = 0xbf;

	*ret = 0xfffd;
	if (s[0] < 0x80) {
		*ret = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		need = 1;
		cp = s[0] & 0x1fU;
	} else if (s[0] >= 0xe0 && s[0] <= 0xef) {
		need = 2;
		cp = s[0] & 0x0fU;
		if (s[0] == 0xe0)
			low = 0xa0;
		if (s[0] == 0xed)
			high = 0x9f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		need = 3;
		cp = s[0] & 0x07U;
		if (s[0] == 0xf0)
			low = 0x90;
		if (s[0] == 0xf4)
			high = 0x8f;
	} else {
		return 1;
	}
	if (n <= need)
		return 1;
	for (i = 1; i <= need; i++) {
		if (s[i] < low || s[i] > high)
			return 1;
		low = 0x80;
		high = 0xbf;
		cp = cp << 6 | (s[i] & 0x3fU);
	}
	*ret = cp;
	return need + 1;
}

bool
utf8_valid(struct slice s)
{
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp;
		size_t n = utf8_next(s.p + i, s.n - i, &cp);

		if (n == 1 && (s.p[i] & 0x80))
			return false;
		i += n;
	}
	return true;
}

size_t
utf8_put(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t
utf8_length(struct slice s)
{
	size_t count = 0;
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp;

		i += utf8_next(s.p + i, s.n - i, &cp);
		count++;
	}
	return count;
}

const char *
utf8_cut(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s);
	size_t count = 0;
	size_t i = 0;

	if (n <= max)
		return s;
	while (i < n && count < max) {
		uint32_t cp;

		i += utf8_next(s + i, n - i, &cp);
		count++;
	}
	if (i >= n)
		return s;
	return arena_printf(a, "%.*s\xe2\x80\xa6", (int)i, s);
}

bool
str_to_hundredths(const char *s, int64_t max, int64_t *ret)
{
	size_t whole = strspn(s, "0123456789");
	const char *rest = s + whole;
	int64_t n = 0;
	size_t i;

	if (whole == 0 || whole > 9)
		return false;
	if (*rest == '.' || *rest == ',')
		rest++;
	if (strspn(rest, "0123456789") > 2)
		return false;
	for (i = 0; i < whole; i++)
		n = n * 10 + (s[i] - '0');
	for (i = 0; i < 2; i++) {
		n *= 10;
		if (chr_is_digit(*rest))
			n += *rest++ - '0';
	}
	if (*rest || n > max)
		return false;
	*ret = n;
	return true;
}

bool
slice_line(struct slice text, size_t *at, struct slice *ret)
{
	const char *end;

	if (*at >= text.n)
		return false;
	ret->p = text.p + *at;
	end = memchr(ret->p, '\n', text.n - *at);
	ret->n = end ? (size_t)(end - ret->p) : text.n - *at;
	*at += ret->n + (end ? 1 : 0);
	return true;
}
