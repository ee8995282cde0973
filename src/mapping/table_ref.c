#include "base/base.h"

#include "mapping/mapping.h"

#include "base/buf.h"
#include "mapping/name.h"

#include <string.h>

struct parsing {
	struct arena *a;
	struct slice s; /* what is left */
	const char *message;
};

/* Cannot be aliases: after a table they start something else. */
static const char *const not_alias[] = {"anti", "as", "cross", "except", "full",
    "inner", "intersect", "join", "lateral", "left", "minus", "natural", "on",
    "right", "semi", "union", "using", "where"};

/* How the ending of a file names its format. */
static const struct {
	const char *ending;
	const char *format;
} formats[] = {
    {"parquet", "parquet"},
    {"csv", "csv"},
    {"json", "json"},
    {"jsonl", "json"},
    {"ndjson", "json"},
    {"orc", "orc"},
    {"avro", "avro"},
    {"txt", "text"},
    {"text", "text"},
    {"delta", "delta"},
};

static const char *const packings[] = {".gz", ".bz2"};

static bool
fail(struct parsing *p, const char *message)
{
	p->message = message;
	return false;
}

static bool
at(const struct parsing *p, char c)
{
	return p->s.n > 0 && p->s.p[0] == c;
}

static void
skip(struct parsing *p, size_t n)
{
	p->s.p += n;
	p->s.n -= n;
}

static bool
is_word_char(char c)
{
	return chr_is_alnum(c) || c == '_';
}

static struct slice
condition_take_word(struct parsing *p)
{
	struct slice word = {p->s.p, 0};

	while (word.n < p->s.n && is_word_char(p->s.p[word.n]))
		word.n++;
	skip(p, word.n);
	return word;
}

/* The text between backticks, doubled ones made one. */
static bool
take_quoted(struct parsing *p, const char **ret)
{
	struct buf b;

	buf_init(&b, p->a, p->s.n);
	skip(p, 1);
	for (;;) {
		if (p->s.n == 0)
			return fail(p, "The backtick is never closed.");
		if (at(p, '`')) {
			skip(p, 1);
			if (!at(p, '`'))
				break;
		}
		buf_add_chr(&b, p->s.p[0]);
		skip(p, 1);
	}
	if (b.n == 0)
		return fail(p, "Nothing stands between the backticks.");
	*ret = arena_strndup(p->a, buf_str(&b), b.n);
	return true;
}

/* What is wrong with the character that ends a plain name too early. */
static bool
fail_at_character(struct parsing *p)
{
	uint32_t cp;
	size_t n;

	if (p->s.n == 0)
		return fail(p, "A part of the name is missing.");
	if (at(p, '.'))
		return fail(p, "A part of the name is missing before a dot.");
	if (at(p, '('))
		return fail(p,
		    "A query or a call cannot stand here; make it a view and "
		    "name the view.");
	if (at(p, ',') || at(p, ';'))
		return fail(p,
		    "Only one table belongs into the cell; every further "
		    "source has rows of its own.");
	if (at(p, '\\') || at(p, '/') || at(p, ':'))
		return fail(p,
		    "A path starts with / or with a scheme such as abfss:// or "
		    "s3://; a table name has none of / \\ :.");
	n = utf8_next(p->s.p, p->s.n, &cp);
	return fail(p,
	    arena_printf(p->a,
	        "The character %s cannot stand in a plain name; put the whole "
	        "part into backticks.",
	        text_shown(p->a, (struct slice){p->s.p, n})));
}

static bool
take_part(struct parsing *p, const char **ret)
{
	struct slice word;

	if (at(p, '`'))
		return take_quoted(p, ret);
	word = condition_take_word(p);
	if (word.n == 0 ||
	    (p->s.n > 0 && !at(p, '.') && !chr_is_space(p->s.p[0])))
		return fail_at_character(p);
	*ret = slice_dup(p->a, word);
	return true;
}

/* [AS] alias, or nothing, up to the end. */
static bool
take_alias(struct parsing *p, bool needs_as, const char **ret)
{
	const char *alias;
	struct slice word;
	bool has_as = false;
	size_t i;

	*ret = NULL;
	p->s = slice_trim(p->s);
	if (p->s.n >= 2 && slice_ieq((struct slice){p->s.p, 2}, "as") &&
	    (p->s.n == 2 || !is_word_char(p->s.p[2]))) {
		has_as = true;
		skip(p, 2);
		p->s = slice_trim(p->s);
		if (p->s.n == 0)
			return fail(p, "The alias after AS is missing.");
	}
	if (p->s.n == 0)
		return true;
	if (needs_as && !has_as)
		return fail(p,
		    "Write AS before the alias, or put a path that holds "
		    "blanks into backticks.");
	if (at(p, '`')) {
		if (!take_quoted(p, &alias))
			return false;
	} else {
		word = condition_take_word(p);
		alias = slice_dup(p->a, word);
	}
	if (p->s.n > 0 || !name_is_identifier(slice_of(alias)))
		return fail(p,
		    "After the name there may be an alias: one word of "
		    "letters, digits and underscores.");
	for (i = 0; i < COUNT_OF(not_alias); i++) {
		if (str_ieq(alias, not_alias[i]))
			return fail(p,
			    arena_printf(p->a,
			        "%s cannot be an alias; joins and filters have "
			        "columns of their own.",
			        alias));
	}
	*ret = alias;
	return true;
}

/* The last segment of a path, without slashes at its end. */
static struct slice
base_name(struct slice path)
{
	size_t start;

	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	start = path.n;
	while (start > 0 && path.p[start - 1] != '/')
		start--;
	return (struct slice){path.p + start, path.n - start};
}

/* The ending after the last dot, "" if there is none. A hidden file's dot is
 * no ending. */
static struct slice
ending_of(struct slice name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(packings); i++) {
		size_t n = strlen(packings[i]);

		if (name.n > n &&
		    slice_ieq((struct slice){name.p + name.n - n, n},
		        packings[i])) {
			name.n -= n;
			break;
		}
	}
	for (i = name.n; i > 1; i--) {
		if (name.p[i - 1] == '.')
			return (struct slice){name.p + i, name.n - i};
	}
	return SLICE("");
}

static const char *
format_of(const char *path)
{
	struct slice ending = ending_of(base_name(slice_of(path)));
	size_t i;

	for (i = 0; i < COUNT_OF(formats); i++) {
		if (slice_ieq(ending, formats[i].ending))
			return formats[i].format;
	}
	return ending.n == 0 || str_ends(path, "/") ? "delta" : NULL;
}

static bool
has_parent_segment(struct slice path)
{
	size_t i;

	for (i = 0; i + 2 <= path.n; i++) {
		bool starts = i == 0 || path.p[i - 1] == '/';
		bool ends = i + 2 == path.n || path.p[i + 2] == '/';

		if (starts && ends && path.p[i] == '.' && path.p[i + 1] == '.')
			return true;
	}
	return false;
}

/* A password before the @ of the host, or a signed address. */
static bool
has_credentials(const char *path)
{
	const char *host = strstr(path, "://");
	struct slice user;
	size_t i;

	if (strstr(path, "sig=") || strstr(path, "Signature=") ||
	    strstr(path, "AccountKey="))
		return true;
	if (!host)
		return false;
	user = (struct slice){host + 3, strcspn(host + 3, "/@")};
	if (user.p[user.n] != '@')
		return false;
	for (i = 0; i < user.n; i++) {
		if (user.p[i] == ':')
			return true;
	}
	return false;
}

/* Length of "s3:" or 0. One letter is a drive of Windows, not a scheme. */
static size_t
scheme_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n &&
	    (chr_is_alnum(s.p[n]) || s.p[n] == '+' || s.p[n] == '-'))
		n++;
	return n > 1 && n + 1 < s.n && s.p[n] == ':' && s.p[n + 1] == '/'
	    ? n + 1
	    : 0;
}

static bool
is_path(struct slice s)
{
	return (s.n > 0 && s.p[0] == '/') || scheme_length(s) > 0;
}

static bool
check_path(struct parsing *p, const char *path)
{
	struct slice s = slice_of(path);
	struct slice rest;
	size_t at_byte;
	size_t n;
	uint32_t cp;

	if (text_find_invisible(s, VISIBLE_TEXT, &at_byte, &n, &cp) ||
	    strchr(path, '\n') || strchr(path, '\t') || strchr(path, '\r'))
		return fail(p,
		    "A path has no line ends, tabs or invisible characters.");
	if (str_starts(path, "http:/") || str_starts(path, "https:/"))
		return fail(p,
		    "Spark cannot read from a web address; copy the file into "
		    "a volume.");
	if (has_parent_segment(s))
		return fail(p, "A path must not contain \"..\".");
	if (has_credentials(path))
		return fail(p,
		    "The path holds a password or a signature; generated code "
		    "must not. Use a volume or an external location.");
	n = scheme_length(s);
	rest = (struct slice){path + n, s.n - n};
	if (base_name(rest).n == 0)
		return fail(p, "The path names no file or folder.");
	return true;
}

static bool
parse_path(struct parsing *p, struct table_ref *ret, const char **ret_alias)
{
	const char *path;
	bool quoted = at(p, '`');

	if (quoted) {
		if (!take_quoted(p, &path))
			return false;
	} else {
		size_t n = 0;

		while (n < p->s.n && !chr_is_space(p->s.p[n]))
			n++;
		path = arena_strndup(p->a, p->s.p, n);
		skip(p, n);
	}
	if (!check_path(p, path))
		return false;
	*ret = (struct table_ref){
	    .kind = TABLE_PATH, .name = path, .format = format_of(path)};
	/* "/data/my folder" must not become a path and an alias. */
	return take_alias(p,
	    !quoted && ending_of(base_name(slice_of(path))).n == 0, ret_alias);
}

/* delta.`/mnt/x` is Spark's way to name a path and its format. */
static bool
make_direct_path(struct parsing *p, struct table_ref *ref)
{
	size_t i;

	if (ref->n_parts != 2 || !is_path(slice_of(ref->part[1])))
		return true;
	for (i = 0; i < COUNT_OF(formats); i++) {
		if (!name_equal(ref->part[0], formats[i].format))
			continue;
		if (!check_path(p, ref->part[1]))
			return false;
		*ref = (struct table_ref){.kind = TABLE_PATH,
		    .name = ref->part[1],
		    .format = formats[i].format};
		return true;
	}
	return true;
}

static bool
parse_name(struct parsing *p, struct table_ref *ret, const char **ret_alias)
{
	struct buf name;

	*ret = (struct table_ref){.kind = TABLE_NAME};
	buf_init(&name, p->a, 8 * p->s.n + 16);
	do {
		const char *part;

		if (ret->n_parts > 0)
			skip(p, 1);
		if (!take_part(p, &part))
			return false;
		if (ret->n_parts == COUNT_OF(ret->part))
			return fail(p,
			    "A table name has at most three parts: "
			    "catalog.schema.table.");
		if (ret->n_parts > 0)
			buf_add_chr(&name, '.');
		buf_add_str(&name, expr_quote_name(p->a, part));
		ret->part[ret->n_parts++] = part;
	} while (at(p, '.'));
	if (p->s.n > 0 && !chr_is_space(p->s.p[0]))
		return fail_at_character(p);
	ret->name = buf_str(&name);
	return make_direct_path(p, ret) && take_alias(p, false, ret_alias);
}

bool
table_ref_parse(struct arena *a, struct slice text, struct table_ref *ret,
    const char **ret_alias, const char **ret_message)
{
	struct parsing p = {.a = a, .s = cell_trim(text)};
	struct table_ref ref;
	const char *alias = NULL;
	bool quoted_path = p.s.n > 1 && p.s.p[0] == '`' &&
	    is_path((struct slice){p.s.p + 1, p.s.n - 1});
	bool ok;

	if (p.s.n == 0) {
		*ret_message = "The name is missing.";
		return false;
	}
	ok = is_path(p.s) || quoted_path ? parse_path(&p, &ref, &alias)
	                                 : parse_name(&p, &ref, &alias);
	if (!ok) {
		*ret_message = p.message;
		return false;
	}
	*ret = ref;
	*ret_alias = alias;
	return true;
}

/* A path without the slashes at its end. */
static struct slice
path_slice(const char *path)
{
	struct slice s = slice_of(path);

	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

bool
table_ref_equal(const struct table_ref *a, const struct table_ref *b)
{
	size_t i;

	if (a->kind != b->kind || a->n_parts != b->n_parts)
		return false;
	if (a->kind == TABLE_PATH)
		return slice_eq(path_slice(a->name), path_slice(b->name));
	for (i = 0; i < a->n_parts; i++) {
		if (!name_equal(a->part[i], b->part[i]))
			return false;
	}
	return true;
}
