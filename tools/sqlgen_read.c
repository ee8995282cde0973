/* Reading named queries out of SQL files. */
#include "base/base.h"

#include "sqlgen.h"

#include <string.h>

/* ISO C promises string literals of 4095 characters. */
#define MAX_QUERY 4000

bool
value_type_parse(struct arena *a, struct slice text, struct value_type *ret)
{
	struct value_type t = {.kind = VALUE_INT};

	if (text.n > 0 && text.p[text.n - 1] == '?') {
		t.nullable = true;
		text.n--;
	}
	if (slice_is(text, "text"))
		t.kind = VALUE_TEXT;
	else if (slice_is(text, "blob"))
		t.kind = VALUE_BLOB;
	else if (text.n > 3 && memcmp(text.p + text.n - 3, "_id", 3) == 0)
		t.id = slice_dup(a, text);
	else if (!slice_is(text, "int"))
		return false;
	*ret = t;
	return true;
}

bool
value_type_equal(struct value_type a, struct value_type b)
{
	return a.kind == b.kind && a.nullable == b.nullable &&
	    str_eq(a.id, b.id);
}

struct value *
value_find(const struct values *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (str_eq(list->v[i].name, name))
			return &list->v[i];
	}
	return NULL;
}

static bool
is_word(char c)
{
	return chr_is_alnum(c) || c == '_';
}

/* The run of word characters at *p, which moves behind it. */
static struct slice
take_word(const char **p)
{
	struct slice word = {*p, 0};

	while (is_word(**p))
		(*p)++;
	word.n = (size_t)(*p - word.p);
	return word;
}

static const char *
skip_blanks(const char *p)
{
	while (chr_is_space(*p))
		p++;
	return p;
}

/* ":limit int, :text text?" */
static void
read_notes(struct arena *a, struct query *q, const char *p)
{
	for (p = skip_blanks(p); *p; p = skip_blanks(p)) {
		struct value *v = LIST_ADD(a, &q->notes);
		struct slice type;

		if (*p++ != ':')
			fail(q->file, q->line,
			    "a parameter starts with a colon");
		v->name = slice_dup(a, take_word(&p));
		p = skip_blanks(p);
		type = take_word(&p);
		if (*p == '?') {
			type.n++;
			p++;
		}
		if (!value_type_parse(a, type, &v->type))
			fail(q->file, q->line, "the type of :%s is not known",
			    v->name);
		p = skip_blanks(p);
		if (*p == ',')
			p++;
	}
}

/* Moves *p behind a quoted text, comment or single character. A C comment is
 * returned without its marks. */
static struct slice
skip_token(const struct query *q, const char **p)
{
	const char *s = *p;
	const char *end = s + 1;
	struct slice comment = {0};

	if (*s == '"')
		fail(q->file, q->line,
		    "double quotes: text is written in "
		    "single ones, a name in none");
	if (*s == '\'') {
		end = strchr(s + 1, '\'');
		end = end ? end + 1 : s + strlen(s);
	} else if (s[0] == '-' && s[1] == '-') {
		end = s + strcspn(s, "\n");
	} else if (s[0] == '/' && s[1] == '*') {
		end = strstr(s, "*/");
		if (!end)
			fail(q->file, q->line, "a comment is never closed");
		comment = slice_trim((struct slice){
		    s + 2, (size_t)(end - s - 2)});
		end += 2;
	}
	*p = end;
	return comment;
}

static void
add_label(struct arena *a, struct query *q, struct slice name,
    struct slice type)
{
	struct value *v = LIST_ADD(a, &q->labels);

	v->name = slice_dup(a, name);
	if (!value_type_parse(a, type, &v->type))
		fail(q->file, q->line, "the type of column %s is not known",
		    v->name);
}

static void
add_outer(struct arena *a, struct query *q, struct slice table)
{
	q->outer = arena_grow(a, q->outer, q->n_outer * sizeof(*q->outer),
	    (q->n_outer + 1) * sizeof(*q->outer));
	q->outer[q->n_outer++] = slice_dup(a, table);
}

/* Finds the types stated for columns, and the tables of outer joins. */
static void
scan_sql(struct arena *a, struct query *q)
{
	const char *p = q->sql;
	struct slice last = {0};  /* the word before */
	struct slice label = {0}; /* the word after AS */
	bool outer = false;

	while (*p) {
		struct slice comment;
		struct slice word;

		if (chr_is_space(*p)) {
			p++;
			continue;
		}
		word = take_word(&p);
		if (word.n > 0) {
			if (slice_ieq(word, "RIGHT") || slice_ieq(word, "FULL"))
				fail(q->file, q->line,
				    "write it as a LEFT JOIN");
			if (slice_ieq(word, "LEFT"))
				outer = true;
			if (outer && slice_ieq(last, "JOIN")) {
				add_outer(a, q, word);
				outer = false;
			}
			label = slice_ieq(last, "AS") ? word : SLICE("");
			last = word;
			continue;
		}
		comment = skip_token(q, &p);
		if (comment.n > 0 && label.n > 0)
			add_label(a, q, label, comment);
		label.n = 0;
		last.n = 0;
	}
}

/* "-- name :kind" with whatever follows on the line; false if it is none. */
static bool
parse_head(struct arena *a, const char *line, struct query *ret,
    const char **ret_rest)
{
	static const char *const kinds[] = {
	    [QUERY_EXEC] = "exec",
	    [QUERY_ONE] = "one",
	    [QUERY_MAYBE] = "maybe",
	    [QUERY_MANY] = "many",
	};
	struct slice name;
	struct slice kind;
	size_t i;

	if (strncmp(line, "-- ", 3) != 0)
		return false;
	line += 3;
	name = take_word(&line);
	if (name.n == 0 || line[0] != ' ' || line[1] != ':')
		return false;
	line += 2;
	kind = take_word(&line);
	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (slice_is(kind, kinds[i])) {
			ret->name = slice_dup(a, name);
			ret->kind = (enum query_kind)i;
			*ret_rest = line;
			return true;
		}
	}
	return false;
}

/* What follows name and kind: "struct row", "(parameters)". */
static void
parse_head_rest(struct arena *a, struct query *q, const char *p)
{
	p = skip_blanks(p);
	if (str_starts(p, "struct ")) {
		p += strlen("struct ");
		q->row = slice_dup(a, take_word(&p));
		p = skip_blanks(p);
	}
	if (*p == '(') {
		const char *end = strchr(p, ')');

		if (!end)
			fail(q->file, q->line, "the brackets are never closed");
		read_notes(a, q,
		    arena_strndup(a, p + 1, (size_t)(end - p - 1)));
		p = skip_blanks(end + 1);
	}
	if (*p)
		fail(q->file, q->line, "not understood: %s", p);
}

struct reader {
	struct arena *arena;
	struct queries *queries;
	struct query *query; /* being read; NULL before the first */
	struct buf head;
	struct buf comment;
	struct buf sql;
};

static void
finish_query(struct reader *r)
{
	struct query *q = r->query;

	if (!q)
		return;
	parse_head_rest(r->arena, q, buf_str(&r->head));
	q->comment = str_trim(r->arena, buf_str(&r->comment));
	q->sql = str_trim(r->arena, buf_str(&r->sql));
	if (str_empty(q->sql))
		fail(q->file, q->line, "%s has no SQL", q->name);
	scan_sql(r->arena, q);
}

static void
start_query(struct reader *r, const struct query *head)
{
	size_t i;

	finish_query(r);
	for (i = 0; i < r->queries->n; i++) {
		if (str_eq(r->queries->v[i].name, head->name))
			fail(head->file, head->line, "%s is there twice",
			    head->name);
	}
	r->query = LIST_ADD(r->arena, r->queries);
	*r->query = *head;
	buf_init(&r->head, r->arena, MAX_QUERY);
	buf_init(&r->comment, r->arena, MAX_QUERY);
	buf_init(&r->sql, r->arena, MAX_QUERY);
}

static void
read_line(struct reader *r, const char *file, int number, const char *line)
{
	struct query head = {.file = file, .line = number};
	const char *rest;

	if (parse_head(r->arena, line, &head, &rest)) {
		start_query(r, &head);
		buf_add_str(&r->head, rest);
		return;
	}
	if (!r->query) {
		if (!str_empty(line) && !str_starts(line, "--"))
			fail(file, number, "SQL before the first name");
		return;
	}
	if (r->sql.n == 0 && str_starts(line, "--")) {
		/* The head goes on until its brackets are closed. */
		bool open = strchr(buf_str(&r->head), '(') &&
		    !strchr(buf_str(&r->head), ')');
		struct buf *b = open ? &r->head : &r->comment;

		buf_add_chr(b, open ? ' ' : '\n');
		buf_add_slice(b, slice_trim(slice_of(line + 2)));
		return;
	}
	buf_add_str(&r->sql, line);
	buf_add_chr(&r->sql, '\n');
	if (buf_full(&r->sql) || buf_full(&r->head) || buf_full(&r->comment))
		fail(file, number, "the query is too long");
}

void
queries_read(struct arena *a, const char *path, struct queries *ret)
{
	struct reader r = {.arena = a, .queries = ret};
	const char *p = read_file(a, path);
	int number = 1;

	while (*p) {
		size_t n = strcspn(p, "\n");

		read_line(&r, path, number++, arena_strndup(a, p, n));
		p += n;
		if (*p)
			p++;
	}
	finish_query(&r);
}
