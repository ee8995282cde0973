#include "base/base.h"

#include "mapping/encoding.h"

#include "mapping/sheet.h"

#include <string.h>

/* What begins like this is no sheet, whatever follows. */
struct magic {
	struct slice bytes;
	const char *what;
	const char *fix; /* NULL: the catalogue's */
};

#define FIX_WORKBOOK                                                           \
	"In Excel: File, Save As, CSV UTF-8 (comma delimited). In "            \
	"LibreOffice: File, Save As, Text CSV, character set UTF-8. Then "     \
	"upload that file."

/* SLICE() is no constant expression. */
#define BYTES(literal)                                                         \
	{                                                                      \
		"" literal, sizeof(literal) - 1                                \
	}

static const struct magic magics[] = {
    {BYTES("PK\x03\x04"), "an Excel or OpenDocument workbook, or a ZIP archive",
        FIX_WORKBOOK},
    {BYTES("PK\x05\x06"), "an empty ZIP archive", NULL},
    {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Excel workbook (.xls)",
        FIX_WORKBOOK},
    {BYTES("%PDF-"), "a PDF document",
        "Export the table from the program that made it as CSV UTF-8."},
    {BYTES("{\\rtf"), "a document of a word processor", NULL},
    {BYTES("\x89PNG\r\n\x1a\n"), "a picture (PNG)", NULL},
    {BYTES("\xff\xd8\xff"), "a picture (JPEG)", NULL},
    {BYTES("GIF87a\x01"), "a picture (GIF)", NULL},
    {BYTES("\x1f\x8b"), "a compressed file (gzip)",
        "Unpack it and upload the CSV file inside."},
    {BYTES("7z\xbc\xaf\x27\x1c"), "an archive (7-Zip)",
        "Unpack it and upload the CSV file inside."},
    {BYTES("Rar!\x1a\x07"), "an archive (RAR)",
        "Unpack it and upload the CSV file inside."},
    {BYTES("PAR1\x15"), "a Parquet file",
        "Upload the mapping sheet; the data itself is read by the generated "
        "code."},
};

/* As above, but text: compared after white space, without regard to case. */
static const struct magic markups[] = {
    {BYTES("<!doctype"), "a web page", FIX_WORKBOOK},
    {BYTES("<html"), "a web page", FIX_WORKBOOK},
    {BYTES("<?xml"), "an XML document", FIX_WORKBOOK},
};

static bool
starts(struct slice s, struct slice with, bool any_case)
{
	size_t i;

	if (s.n < with.n)
		return false;
	for (i = 0; i < with.n; i++) {
		char c = any_case ? chr_lower(s.p[i]) : s.p[i];

		if (c != with.p[i])
			return false;
	}
	return true;
}

static const struct magic *
find_magic(struct slice s)
{
	struct slice text = slice_trim(s);
	size_t i;

	for (i = 0; i < COUNT_OF(magics); i++) {
		if (starts(s, magics[i].bytes, false))
			return &magics[i];
	}
	for (i = 0; i < COUNT_OF(markups); i++) {
		if (starts(text, markups[i].bytes, true))
			return &markups[i];
	}
	return NULL;
}

static bool
not_text(struct arena *a, struct problems *problems, const char *what,
    const char *fix)
{
	struct problem *p = problem_add(problems, a, M_NOT_TEXT, 0, -1,
	    "The file is %s, not a text sheet.", what);

	if (fix)
		p->fix = fix;
	return false;
}

static bool
too_large(struct arena *a, struct problems *problems, size_t n)
{
	problem_add(problems, a, M_TOO_LARGE, 0, -1,
	    "The sheet has %zu bytes; %zu are allowed.", n, SHEET_MAX_BYTES);
	return false;
}

static size_t
line_of(struct slice s, size_t at)
{
	size_t line = 1;
	size_t i;

	for (i = 0; i < at; i++)
		line += s.p[i] == '\n' ||
		    (s.p[i] == '\r' && (i + 1 == s.n || s.p[i + 1] != '\n'));
	return line;
}

/* Little or big endian by where the zero bytes of ASCII characters are; 0 if
 * this is not UTF-16. Half of a text sheet at least is ASCII. */
static char
find_endian(struct slice s)
{
	size_t n = s.n < 4096 ? s.n & ~(size_t)1 : 4096;
	size_t zero[2] = {0, 0};
	size_t i;

	for (i = 0; i < n; i++)
		zero[i & 1] += s.p[i] == '\0';
	if (zero[0] == 0 && zero[1] >= n / 4 && zero[1] > 0)
		return 'l';
	if (zero[1] == 0 && zero[0] >= n / 4 && zero[0] > 0)
		return 'b';
	return 0;
}

static uint32_t
unit_at(struct slice s, size_t i, char endian)
{
	unsigned char x = (unsigned char)s.p[i];
	unsigned char y = (unsigned char)s.p[i + 1];

	return endian == 'l' ? (uint32_t)(y << 8 | x) : (uint32_t)(x << 8 | y);
}

/* UTF-16 without its byte order mark. */
static bool
decode_utf16(struct arena *a, struct slice s, char endian, struct decoded *ret,
    struct problems *problems)
{
	/* 3 bytes of UTF-8 for 2 at most. */
	char *p = arena_alloc(a, s.n / 2 * 3 + 1);
	size_t n = 0;
	size_t line = 1;
	size_t i;

	for (i = 0; i + 1 < s.n; i += 2) {
		uint32_t cp = unit_at(s, i, endian);

		if (cp >= 0xd800 && cp <= 0xdbff && i + 3 < s.n) {
			uint32_t low = unit_at(s, i + 2, endian);

			if (low >= 0xdc00 && low <= 0xdfff) {
				cp = 0x10000 + ((cp - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		if (cp == 0)
			return not_text(a, problems,
			    "binary (it holds characters with the code zero)",
			    NULL);
		if (cp >= 0xd800 && cp <= 0xdfff)
			break;
		line += cp == '\n';
		n += utf8_put(cp, p + n);
	}
	if (i < s.n) {
		problem_add(problems, a, M_ENCODING, 0, -1,
		    "The file begins as UTF-16, but line %zu breaks off within "
		    "a character.",
		    line);
		return false;
	}
	if (n > SHEET_MAX_BYTES)
		return too_large(a, problems, n);
	ret->p = p;
	ret->n = n;
	ret->encoding = endian == 'l' ? "UTF-16LE" : "UTF-16BE";
	return true;
}

/* 0x80 to 0x9f; 0 where Windows-1252 has nothing. */
static const uint16_t windows_1252[32] = {
    0x20ac,
    0,
    0x201a,
    0x0192,
    0x201e,
    0x2026,
    0x2020,
    0x2021,
    0x02c6,
    0x2030,
    0x0160,
    0x2039,
    0x0152,
    0,
    0x017d,
    0,
    0,
    0x2018,
    0x2019,
    0x201c,
    0x201d,
    0x2022,
    0x2013,
    0x2014,
    0x02dc,
    0x2122,
    0x0161,
    0x203a,
    0x0153,
    0,
    0x017e,
    0x0178,
};

static bool
decode_windows_1252(struct arena *a, struct slice s, struct decoded *ret,
    struct problems *problems)
{
	char *p = arena_alloc(a, s.n * 3 + 1);
	size_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t cp = c >= 0x80 && c < 0xa0 ? windows_1252[c - 0x80]
		                                    : c;

		if (cp == 0) {
			problem_add(problems, a, M_ENCODING, 0, -1,
			    "The file is not UTF-8, and byte 0x%02X in line "
			    "%zu is no character of Windows-1252 either.",
			    c, line_of(s, i));
			return false;
		}
		n += utf8_put(cp, p + n);
	}
	if (n > SHEET_MAX_BYTES)
		return too_large(a, problems, n);
	ret->p = p;
	ret->n = n;
	ret->encoding = "Windows-1252";
	return true;
}

/* What the bytes above ASCII look like. */
struct high_bytes {
	size_t valid;   /* characters of well-formed UTF-8 */
	size_t invalid; /* bytes that belong to none */
	size_t first;   /* where the first of them is */
};

static struct high_bytes
count_high_bytes(struct slice s)
{
	struct high_bytes h = {0, 0, 0};
	size_t i = 0;

	while (i < s.n) {
		uint64_t eight;
		uint32_t cp;
		size_t n;

		if (i + 8 <= s.n) {
			memcpy(&eight, s.p + i, 8);
			if ((eight & UINT64_C(0x8080808080808080)) == 0) {
				i += 8;
				continue;
			}
		}
		n = utf8_next(s.p + i, s.n - i, &cp);
		if (n > 1) {
			h.valid++;
		} else if (s.p[i] & 0x80) {
			if (h.invalid++ == 0)
				h.first = i;
		}
		i += n;
	}
	return h;
}

/* One byte a character, or UTF-8. */
static bool
decode_bytes(struct arena *a, struct slice s, struct decoded *ret,
    struct problems *problems)
{
	struct high_bytes h = count_high_bytes(s);

	if (s.n > 0 && memchr(s.p, '\0', s.n))
		return not_text(a, problems,
		    "binary (it holds bytes with the code zero)", NULL);
	if (h.invalid == 0) {
		ret->p = arena_strndup(a, s.p, s.n);
		ret->n = s.n;
		ret->encoding = "UTF-8";
		return true;
	}
	if (ret->bom || h.valid >= h.invalid) {
		problem_add(problems, a, M_ENCODING, 0, -1,
		    "The file is UTF-8 for the most part, but byte 0x%02X in "
		    "line %zu is not.",
		    (unsigned char)s.p[h.first], line_of(s, h.first));
		return false;
	}
	return decode_windows_1252(a, s, ret, problems);
}

bool
encoding_decode(struct arena *a, struct slice bytes, struct decoded *ret,
    struct problems *problems)
{
	const struct magic *magic = find_magic(bytes);
	char endian;

	*ret = (struct decoded){.p = NULL};
	if (bytes.n > SHEET_MAX_BYTES)
		return too_large(a, problems, bytes.n);
	if (magic)
		return not_text(a, problems, magic->what, magic->fix);
	if (starts(bytes, SLICE("\xff\xfe"), false) ||
	    starts(bytes, SLICE("\xfe\xff"), false)) {
		endian = bytes.p[0] == '\xff' ? 'l' : 'b';
		ret->bom = true;
		return decode_utf16(a, (struct slice){bytes.p + 2, bytes.n - 2},
		    endian, ret, problems);
	}
	endian = find_endian(bytes);
	if (endian)
		return decode_utf16(a, bytes, endian, ret, problems);
	while (starts(bytes, SLICE("\xef\xbb\xbf"), false)) {
		ret->bom = true;
		bytes = (struct slice){bytes.p + 3, bytes.n - 3};
	}
	/* Old DOS programs mark the end of a text like this. */
	if (bytes.n > 0 && bytes.p[bytes.n - 1] == '\x1a')
		bytes.n--;
	return decode_bytes(a, bytes, ret, problems);
}
