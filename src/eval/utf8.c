#include "base/base.h"

#include "eval/utf8.h"

#include "base/buf.h"

#include <string.h>

struct slice
utf8_part(struct slice s, int64_t from, int64_t to)
{
	size_t start = 0;
	size_t end;
	size_t at = 0;
	int64_t i;

	if (to <= from || to <= 0)
		return (struct slice){s.p, 0};
	for (i = 0; at < s.n && i < from; i++) {
		uint32_t cp;

		at += utf8_next(s.p + at, s.n - at, &cp);
	}
	start = at;
	for (; at < s.n && i < to; i++) {
		uint32_t cp;

		at += utf8_next(s.p + at, s.n - at, &cp);
	}
	end = at;
	return (struct slice){s.p + start, end - start};
}

int64_t
slice_find(struct slice s, struct slice needle, size_t from)
{
	const char *found;

	if (from > s.n || needle.n > s.n - from)
		return -1;
	if (needle.n == 0)
		return (int64_t)from;
	found = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return found ? found - s.p : -1;
}

uint32_t *
utf8_points(struct arena *a, struct slice s, size_t *ret_n)
{
	uint32_t *point = arena_array(a, uint32_t, s.n + 1);
	size_t at = 0;
	size_t n = 0;

	while (at < s.n)
		at += utf8_next(s.p + at, s.n - at, &point[n++]);
	*ret_n = n;
	return point;
}

/* Letters whose case is a matter of a fixed distance or of being odd. */
struct range {
	uint32_t first;
	uint32_t last;
	int distance; /* from the upper to the lower letter; 0: pairs, the
	                 lower one behind the upper one */
	bool upper;   /* of a distance: these are the upper ones */
};

static const struct range ranges[] = {
    {'A', 'Z', 32, true},
    {'a', 'z', 32, false},
    {0xc0, 0xd6, 32, true},
    {0xd8, 0xde, 32, true},
    {0xe0, 0xf6, 32, false},
    {0xf8, 0xfe, 32, false},
    {0x100, 0x12f, 0, false},
    {0x132, 0x137, 0, false},
    {0x139, 0x148, 0, false},
    {0x14a, 0x177, 0, false},
    {0x179, 0x17e, 0, false},
    {0x391, 0x3a1, 32, true},
    {0x3a4, 0x3a9, 32, true},
    {0x3b1, 0x3c1, 32, false},
    {0x3c4, 0x3c9, 32, false},
    {0x400, 0x40f, 80, true},
    {0x410, 0x42f, 32, true},
    {0x430, 0x44f, 32, false},
    {0x450, 0x45f, 80, false},
};

/* Characters without case: signs, digits, marks, ideographs, pictures. */
static bool
has_no_case(uint32_t cp)
{
	static const uint32_t plain[][2] = {{0, 0x40}, {0x5b, 0x60},
	    {0x7b, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf},
	    {0xd7, 0xd7}, {0xf7, 0xf7}, {0x300, 0x344}, {0x346, 0x36f},
	    {0x2000, 0x206f}, {0x20a0, 0x20bf}, {0x2190, 0x23ff},
	    {0x2500, 0x27bf}, {0x3000, 0x303f}, {0x3041, 0x3096},
	    {0x30a1, 0x30fa}, {0x4e00, 0x9fa5}, {0xac00, 0xd7a3},
	    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6c5}};
	size_t i;

	for (i = 0; i < COUNT_OF(plain); i++) {
		if (cp >= plain[i][0] && cp <= plain[i][1])
			return true;
	}
	return false;
}

/* The letter in the other case; 0 where it is not known. */
static uint32_t
change(uint32_t cp, bool upper)
{
	size_t i;

	for (i = 0; i < COUNT_OF(ranges); i++) {
		const struct range *r = &ranges[i];
		bool is_upper = r->upper;

		if (cp < r->first || cp > r->last)
			continue;
		if (r->distance == 0) {
			is_upper = (cp - r->first) % 2 == 0;
			return is_upper == upper ? cp : upper ? cp - 1 : cp + 1;
		}
		if (is_upper == upper)
			return cp;
		return upper ? cp - (uint32_t)r->distance
		             : cp + (uint32_t)r->distance;
	}
	return has_no_case(cp) ? cp : 0;
}

static bool
add(struct buf *b, uint32_t cp, bool upper)
{
	uint32_t changed;

	if (cp == 0) {
		buf_add_chr(b, '\0');
		return true;
	}
	/* Sharp s has no upper letter of its own, y with diaeresis one far
	 * away. */
	if (cp == 0xdf) {
		if (upper)
			buf_add_str(b, "SS");
		else
			buf_add_utf8(b, cp);
		return true;
	}
	if (cp == 0xff)
		changed = upper ? 0x178 : 0xff;
	else if (cp == 0x178)
		changed = upper ? 0x178 : 0xff;
	else
		changed = change(cp, upper);
	if (changed == 0)
		return false;
	buf_add_utf8(b, changed);
	return true;
}

static bool
convert(struct arena *a, struct slice s, bool upper, bool title,
    struct slice *ret)
{
	bool first = true;
	struct buf b;
	size_t at = 0;

	buf_init(&b, a, 2 * s.n + 8);
	while (at < s.n) {
		uint32_t cp;

		at += utf8_next(s.p + at, s.n - at, &cp);
		/* The title case of sharp s is Ss or SS. */
		if (title && first && cp == 0xdf)
			return false;
		if (!add(&b, cp, upper || (title && first)))
			return false;
		first = cp == ' ';
	}
	*ret = buf_slice(&b);
	return true;
}

bool
utf8_upper(struct arena *a, struct slice s, struct slice *ret)
{
	return convert(a, s, true, false, ret);
}

bool
utf8_lower(struct arena *a, struct slice s, struct slice *ret)
{
	/* What the capital sigma becomes depends on what is around it. */
	if (slice_find(s, SLICE("\xce\xa3"), 0) >= 0)
		return false;
	return convert(a, s, false, false, ret);
}

bool
utf8_title(struct arena *a, struct slice s, struct slice *ret)
{
	if (slice_find(s, SLICE("\xce\xa3"), 0) >= 0)
		return false;
	return convert(a, s, false, true, ret);
}
