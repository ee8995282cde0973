#include "base/base.h"

#include "sim/rows.h"

#include "base/buf.h"

#include <string.h>

#define MAX_CELLS 40
#define MAX_ANSWER ((size_t)1024 * 1024)
#define MAX_NAME 60

enum column {
	SOURCE_TABLE,
	SOURCE_COLUMN,
	TARGET_TABLE,
	TARGET_COLUMN,
	TRANSFORMATION,
	COLUMN_COUNT
};

static const char *const names[COLUMN_COUNT] = {"source_table", "source_column",
    "target_table", "target_column", "transformation"};

struct row {
	const char *cell[COLUMN_COUNT];
};

bool
rows_wanted(struct slice prompt)
{
	struct slice line;
	size_t at = 0;

	while (slice_line(prompt, &at, &line)) {
		if (slice_is(line, "Task: propose rows"))
			return true;
	}
	return false;
}

/* The cells of a line of CSV; a cell does not go over a line's end here. */
static size_t
split(struct arena *a, struct slice line, const char **cell)
{
	size_t n = 0;
	size_t i = 0;

	while (n < MAX_CELLS && i <= line.n) {
		struct buf b;
		bool quoted = i < line.n && line.p[i] == '"';

		buf_init(&b, a, line.n + 1);
		for (i += quoted; i < line.n; i++) {
			if (quoted && line.p[i] == '"') {
				if (i + 1 == line.n || line.p[i + 1] != '"')
					break;
				i++;
			} else if (!quoted && line.p[i] == ',') {
				break;
			}
			buf_add_chr(&b, line.p[i]);
		}
		i += quoted;
		cell[n++] = buf_str(&b);
		i++;
	}
	return n;
}

static void
put_row(struct buf *b, const struct row *row)
{
	for (int c = 0; c < COLUMN_COUNT; c++) {
		if (c > 0)
			buf_add_chr(b, ',');
		buf_add_chr(b, '"');
		for (const char *p = row->cell[c]; *p; p++) {
			if (*p == '"')
				buf_add_chr(b, '"');
			buf_add_chr(b, *p);
		}
		buf_add_chr(b, '"');
	}
	buf_add_chr(b, '\n');
}

/* What people write that is no expression: several words and no bracket. */
static bool
is_words(const char *text)
{
	return strchr(text, ' ') && !strpbrk(text, "()'+-*/=<>|");
}

static const char *
expression(struct arena *a, const char *words, const char *column)
{
	static const char *const known[] = {"upper", "lower", "trim", "year"};
	const char *text = str_lower(a, words);

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (strstr(text, known[i]))
			return arena_printf(a, "%s(%s)", known[i], column);
	}
	return arena_printf(a, "cast(%s as string)", column);
}

/* "Monthly revenue, by category" is "monthly_revenue_by_category". */
static const char *
name_of(struct arena *a, struct slice wish)
{
	struct buf b;

	buf_init(&b, a, MAX_NAME + 1);
	for (size_t i = 0; i < wish.n && b.n < MAX_NAME; i++) {
		char c = wish.p[i];

		if (chr_is_alnum(c))
			buf_add_chr(&b,
			    c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
		else if (b.n > 0 && b.p[b.n - 1] != '_')
			buf_add_chr(&b, '_');
	}
	while (b.n > 0 && b.p[b.n - 1] == '_')
		b.n--;
	return b.n > 0 ? arena_strndup(a, b.p, b.n) : "wished_for";
}

static bool
find_wish(struct slice prompt, struct slice *ret)
{
	static const char word[] = "Wish:";
	struct slice line;
	size_t at = 0;

	while (slice_line(prompt, &at, &line)) {
		if (line.n <= sizeof(word) ||
		    memcmp(line.p, word, sizeof(word) - 1) != 0)
			continue;
		*ret = slice_trim((struct slice){
		    line.p + sizeof(word) - 1, line.n - sizeof(word) + 1});
		return true;
	}
	return false;
}

/* The row of a line, by the places that the header gives. */
static struct row
read_row(struct arena *a, struct slice line, const int *place)
{
	const char *cell[MAX_CELLS];
	size_t n = split(a, line, cell);
	struct row row;

	for (int c = 0; c < COLUMN_COUNT; c++)
		row.cell[c] = place[c] >= 0 && (size_t)place[c] < n
		    ? cell[place[c]]
		    : "";
	return row;
}

static void
read_header(struct arena *a, struct slice line, int *place)
{
	const char *cell[MAX_CELLS];
	size_t n = split(a, line, cell);

	for (int c = 0; c < COLUMN_COUNT; c++) {
		place[c] = -1;
		for (size_t i = 0; i < n; i++)
			place[c] = str_eq(cell[i], names[c]) ? (int)i
			                                     : place[c];
	}
}

struct slice
rows_propose(struct arena *a, struct slice prompt, struct slice sheet)
{
	int place[COLUMN_COUNT];
	struct slice wish;
	struct slice line;
	size_t at = 0;
	struct buf b;
	bool wished = find_wish(prompt, &wish);

	buf_init(&b, a, MAX_ANSWER);
	buf_add_str(&b,
	    "```csv\n"
	    "source_table,source_column,target_table,target_column,"
	    "transformation\n");
	if (slice_line(sheet, &at, &line))
		read_header(a, line, place);
	while (slice_line(sheet, &at, &line)) {
		struct row row = read_row(a, line, place);

		if (wished) {
			row.cell[TARGET_COLUMN] = name_of(a, wish);
			row.cell[TRANSFORMATION] = expression(a,
			    slice_dup(a, wish), row.cell[SOURCE_COLUMN]);
			put_row(&b, &row);
			break;
		}
		if (!is_words(row.cell[TRANSFORMATION]))
			continue;
		row.cell[TRANSFORMATION] = expression(a,
		    row.cell[TRANSFORMATION], row.cell[SOURCE_COLUMN]);
		put_row(&b, &row);
	}
	buf_add_str(&b, "```\n");
	return buf_slice(&b);
}
