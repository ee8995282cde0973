/*
 * A sheet of text cells, as read from CSV: RFC 4180 and what people really
 * have. Reading guesses nothing silently: what was assumed is in the struct
 * and shown to the person.
 *
 * Encodings: UTF-8 with or without BOM, UTF-16 with BOM (and without, where
 * the zero bytes show it), else Windows-1252 (a superset of Latin-1).
 * Separators: comma, semicolon, tab, pipe, found by the header row and checked
 * against the rows. Line ends: LF, CRLF, CR. Quoted cells may hold separators,
 * newlines and doubled quotes; a line end within a cell becomes LF. A first
 * line "sep=;" as Excel writes it names the separator and counts as a row.
 */
#ifndef T2C_SHEET_H
#define T2C_SHEET_H

#include "base/problem.h"
#include "base/str.h"

#define SHEET_MAX_BYTES ((size_t)10 * 1024 * 1024)
#define SHEET_MAX_ROWS 20000
#define SHEET_MAX_CELL ((size_t)32 * 1024)
#define SHEET_MAX_HEADERS 200
/* Of one sheet; what is found beyond is not listed. */
#define SHEET_MAX_PROBLEMS 10000

struct sheet_row {
	int64_t row;       /* as a spreadsheet counts, from 1 */
	const char **cell; /* n_headers, white space kept; never NULL */
};

struct sheet {
	const char *encoding; /* "UTF-8", "UTF-16LE", "UTF-16BE",
				 "Windows-1252" */
	bool bom;
	char separator;
	bool separator_line; /* the first line is "sep=" and the separator */
	const char *newline; /* "\n", "\r\n" or "\r": the first one seen */
	int64_t header_row;  /* 1 unless empty lines come first */
	const char **header; /* as written, white space kept; "" where the
				header row has no cell. A column without
				header is kept if one of its cells has text
				or another header follows */
	size_t n_headers;
	size_t n_extra; /* of them, those at the end that lie beyond the
			   header row: cells of M_EXTRA_CELLS */
	LIST_OF(struct sheet_row) rows; /* without rows of empty cells only */
};

/* Reads bytes into a sheet. Returns false if there is no sheet to speak of
 * (empty, binary, a quote never closed, text above the header row, over a
 * limit); the problems say why. Other problems (extra or torn cells, text after
 * a quote, a cell too long) leave a sheet that can be shown. Rows with fewer
 * cells than headers are filled up with empty cells. Linear in the bytes. */
bool sheet_read(struct arena *a, struct slice bytes, struct sheet *ret,
    struct problems *problems) MUST_USE;

/* The sheet as CSV: UTF-8 without BOM, the sheet's own separator, LF. Cells are
 * quoted where they hold a quote, a line end or any of the four separators, so
 * that reading again finds the same cells. Empty rows that reading dropped are
 * written again, so row numbers stay; only where the separator could not be
 * found again a line "sep=" comes first, and the rows move down if the header
 * was in the first. */
struct slice sheet_write(struct arena *a, const struct sheet *s);

#endif
