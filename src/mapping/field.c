#include "base/base.h"

#include "mapping/field.h"

#include "mapping/name.h"

#include <string.h>

/* No alias is longer; what is longer is no header of ours. */
#define PLAIN_MAX 40

/* A header without what does not count: "Target Table " is "targettable". */
struct plain {
	char p[PLAIN_MAX];
	size_t n; /* 0 if empty or too long */
};

static const char *const names[] = {
    [FIELD_SOURCE_TABLE] = "source_table",
    [FIELD_SOURCE_COLUMN] = "source_column",
    [FIELD_TARGET_TABLE] = "target_table",
    [FIELD_TARGET_COLUMN] = "target_column",
    [FIELD_TRANSFORMATION] = "transformation",
    [FIELD_ROLE] = "role",
    [FIELD_KEY] = "key",
    [FIELD_JOIN] = "join",
    [FIELD_FILTER] = "filter",
    [FIELD_DATA_TYPE] = "data_type",
    [FIELD_DEFAULT] = "default",
    [FIELD_COMMENT] = "comment",
    [FIELD_ALIAS] = "alias",
    [FIELD_RULE] = "rule",
};

static_assert(COUNT_OF(names) == FIELD__COUNT, "a field has no name");

#define SOURCE "source src"
#define TARGET "target tgt dest destination"
#define TABLES                                                                 \
	"table entity object dataset tablename entityname objectname "         \
	"datasetname"
#define COLUMNS                                                                \
	"column col field attribute name columnname colname fieldname "        \
	"attributename"

/* Any word of the first list, then any of the second; an empty first list is
 * the empty word. */
static const struct family {
	enum mapping_field field;
	const char *first;
	const char *second;
} families[] = {
    {FIELD_SOURCE_TABLE, "", SOURCE},
    {FIELD_SOURCE_TABLE, SOURCE, TABLES},
    {FIELD_SOURCE_COLUMN, SOURCE, COLUMNS},
    {FIELD_TARGET_TABLE, "", TARGET},
    {FIELD_TARGET_TABLE, TARGET, TABLES},
    {FIELD_TARGET_COLUMN, TARGET, COLUMNS},
    {FIELD_TRANSFORMATION, "",
        "transformation transformations transform logic expression "
        "derivation"},
    {FIELD_TRANSFORMATION,
        "mapping transformation transform business derivation",
        "rule rules logic expression"},
    {FIELD_ROLE, "", "role columnrole"},
    {FIELD_KEY, "",
        "key pk primarykey businesskey mergekey iskey ispk keycolumn"},
    {FIELD_JOIN, "", "join joins joincondition joinon joinclause"},
    {FIELD_FILTER, "",
        "filter filters where filtercondition whereclause wherecondition"},
    {FIELD_DATA_TYPE, "", "datatype type columntype"},
    {FIELD_DATA_TYPE, TARGET, "datatype type columntype"},
    {FIELD_DEFAULT, "", "default defaults defaultvalue nulldefault"},
    {FIELD_COMMENT, "",
        "comment comments description descriptions remark remarks note notes "
        "desc"},
    {FIELD_ALIAS, "", "alias tablealias"},
    {FIELD_ALIAS, SOURCE, "alias tablealias"},
    {FIELD_RULE, "",
        "rule rules check checks constraint constraints expectation "
        "expectations dataquality"},
    {FIELD_RULE, "dq quality dataquality validation check",
        "rule rules check checks"},
};

const char *
mapping_field_name(enum mapping_field field)
{
	assert(field < FIELD__COUNT);
	return names[field];
}

static struct plain
make_plain(struct slice s)
{
	struct plain h = {.n = 0};
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp;
		size_t n = utf8_next(s.p + i, s.n - i, &cp);
		size_t k;

		if (cell_is_blank((struct slice){s.p + i, n}) ||
		    s.p[i] == '_' || s.p[i] == '-' || s.p[i] == '.' ||
		    s.p[i] == '"') {
			i += n;
			continue;
		}
		if (h.n + n > PLAIN_MAX)
			return (struct plain){.n = 0};
		for (k = 0; k < n; k++)
			h.p[h.n++] = chr_lower(s.p[i + k]);
		i += n;
	}
	return h;
}

/* The next word of a list of words with one blank between them. False at the
 * end. */
static bool
next_word(const char **list, struct slice *ret)
{
	const char *p = *list;

	if (*p == '\0')
		return false;
	ret->p = p;
	while (*p != '\0' && *p != ' ')
		p++;
	ret->n = (size_t)(p - ret->p);
	*list = *p == ' ' ? p + 1 : p;
	return true;
}

static bool
is_word_of(struct slice s, const char *list)
{
	struct slice word;

	while (next_word(&list, &word)) {
		if (slice_eq(s, word))
			return true;
	}
	return false;
}

static bool
is_of_family(const struct plain *h, const struct family *f)
{
	const char *list = f->first;
	struct slice word;

	if (*list == '\0')
		return is_word_of((struct slice){h->p, h->n}, f->second);
	while (next_word(&list, &word)) {
		struct slice rest = {h->p + word.n, h->n - word.n};

		if (h->n > word.n && memcmp(h->p, word.p, word.n) == 0 &&
		    is_word_of(rest, f->second))
			return true;
	}
	return false;
}

enum mapping_field
field_find(struct slice header)
{
	struct plain h;
	size_t i;

	/* Long cells cannot be headers, however much of them is white. */
	if (header.n > 4 * PLAIN_MAX)
		return FIELD__COUNT;
	h = make_plain(header);
	for (i = 0; h.n > 0 && i < COUNT_OF(families); i++) {
		if (is_of_family(&h, &families[i]))
			return families[i].field;
	}
	return FIELD__COUNT;
}

enum mapping_field
mapping_field_find(const char *header)
{
	return field_find(slice_of(header));
}

bool
field_same_text(struct slice a, struct slice b)
{
	struct plain x;
	struct plain y;

	if (a.n > 4 * PLAIN_MAX || b.n > 4 * PLAIN_MAX)
		return slice_eq(a, b);
	x = make_plain(a);
	y = make_plain(b);
	return x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
}

bool
field_is_word(struct slice s, const char *words)
{
	struct plain h;

	if (s.n > 4 * PLAIN_MAX)
		return false;
	h = make_plain(s);
	return h.n > 0 && is_word_of((struct slice){h.p, h.n}, words);
}

bool
field_is_vague(struct slice header)
{
	return field_is_word(header, SOURCE " " TARGET);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be changed, added, dropped or swapped with their
 * neighbour. */
static size_t
distance(const struct plain *a, const struct plain *b)
{
	size_t row[3][PLAIN_MAX + 1];
	size_t *before = row[0];
	size_t *last = row[1];
	size_t *now = row[2];
	size_t i;
	size_t j;

	for (j = 0; j <= b->n; j++)
		before[j] = last[j] = j;
	for (i = 1; i <= a->n; i++) {
		size_t *swap = before;

		now[0] = i;
		for (j = 1; j <= b->n; j++) {
			bool same = a->p[i - 1] == b->p[j - 1];

			now[j] = smaller(last[j - 1] + (same ? 0 : 1),
			    smaller(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a->p[i - 1] == b->p[j - 2] &&
			    a->p[i - 2] == b->p[j - 1])
				now[j] = smaller(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = swap;
	}
	return last[b->n];
}

/* How far a header may be from an alias of n letters to be meant. */
static size_t
tolerance(size_t n)
{
	if (n < 4)
		return 0;
	return n < 7 ? 1 : 2;
}

static void
guess_family(const struct plain *h, const struct family *f, size_t *best,
    enum mapping_field *ret)
{
	const char *list = f->first;
	struct slice first = {"", 0};

	do {
		const char *rest = f->second;
		struct slice second;

		if (*f->first)
			(void)next_word(&list, &first);
		while (next_word(&rest, &second)) {
			struct plain alias = {.n = first.n + second.n};
			size_t d;

			assert(alias.n <= PLAIN_MAX);
			memcpy(alias.p, first.p, first.n);
			memcpy(alias.p + first.n, second.p, second.n);
			if (alias.n > h->n + 2 || h->n > alias.n + 2)
				continue;
			d = distance(h, &alias);
			if (d <= tolerance(alias.n) && d < *best) {
				*best = d;
				*ret = f->field;
			}
		}
	} while (*list);
}

enum mapping_field
field_guess(struct slice header)
{
	enum mapping_field field = FIELD__COUNT;
	size_t best = SIZE_MAX;
	struct plain h;
	size_t i;

	if (header.n > 4 * PLAIN_MAX)
		return FIELD__COUNT;
	h = make_plain(header);
	for (i = 0; h.n > 0 && i < COUNT_OF(families); i++)
		guess_family(&h, &families[i], &best, &field);
	return field;
}
