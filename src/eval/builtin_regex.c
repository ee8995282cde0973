#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/regex.h"
#include "eval/utf8.h"

#define MAX_TEXT ((size_t)1024 * 1024)

/* A text and what of it matches, from left to right. */
struct search {
	const struct regex *regex;
	const uint32_t *point;
	size_t n;
	struct regex_match *v;
	size_t n_matches;
};

/* The first matches of arg[1] in arg[0], at most limit of them. Behind an
 * empty one it goes on one character further. */
static enum eval_outcome
search(struct run *r, const struct value *arg, size_t limit, struct search *ret)
{
	LIST_OF(struct regex_match) matches = {0};
	struct regex_match match;
	size_t steps = 0;
	size_t from = 0;

	*ret = (struct search){.regex = regex_compile(r->arena, arg[1].text)};
	if (!ret->regex)
		return node_unknown(r,
		    "The regular expression is not known "
		    "here.");
	ret->point = utf8_points(r->arena, arg[0].text, &ret->n);
	while (from <= ret->n && matches.n < limit) {
		enum regex_outcome o = regex_search(r->arena, ret->regex,
		    ret->point, ret->n, from, &steps, &match);

		if (o == REGEX_UNSURE)
			return node_unknown(r,
			    "The regular expression takes too long, or means "
			    "something else in another Java.");
		if (o == REGEX_NONE)
			break;
		*LIST_ADD(r->arena, &matches) = match;
		from = match.end[0] + (match.end[0] == match.start[0] ? 1 : 0);
	}
	ret->v = matches.v;
	ret->n_matches = matches.n;
	return EVAL_VALUE;
}

static enum eval_outcome
run_rlike(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct search s;
	enum eval_outcome o = search(r, arg, 1, &s);

	*ret = value_boolean(o == EVAL_VALUE && s.n_matches > 0);
	return o;
}

static struct slice
group_text(struct arena *a, const uint32_t *point,
    const struct regex_match *match, size_t group)
{
	struct buf b;
	size_t i;

	if (match->start[group] == REGEX_NOWHERE ||
	    match->end[group] == REGEX_NOWHERE)
		return SLICE("");
	buf_init(&b, a, MAX_TEXT);
	for (i = match->start[group]; i < match->end[group]; i++)
		buf_add_utf8(&b, point[i]);
	return buf_slice(&b);
}

/* $1 is a group, \ takes the next character as it is; false where it is not
 * known. */
static bool
add_replacement(struct arena *a, struct buf *b, struct slice with,
    const struct regex *regex, const uint32_t *point,
    const struct regex_match *match)
{
	size_t i;

	for (i = 0; i < with.n; i++) {
		size_t group;

		if (with.p[i] == '\\') {
			if (++i == with.n)
				return false;
			buf_add_chr(b, with.p[i]);
			continue;
		}
		if (with.p[i] != '$') {
			buf_add_chr(b, with.p[i]);
			continue;
		}
		if (++i == with.n || !chr_is_digit(with.p[i]))
			return false;
		group = (size_t)(with.p[i] - '0');
		/* Another digit may or may not belong to it. */
		if (group > regex_groups(regex) ||
		    (i + 1 < with.n && chr_is_digit(with.p[i + 1])))
			return false;
		buf_add_slice(b, group_text(a, point, match, group));
	}
	return true;
}

static enum eval_outcome
run_replace(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct search s;
	enum eval_outcome o;
	size_t at = 0;
	struct buf b;
	size_t i;

	if (n->n_args > 3 && arg[3].integer != 1)
		return node_unknown(r, "regexp_replace() from a position.");
	o = search(r, arg, SIZE_MAX, &s);
	if (o != EVAL_VALUE)
		return o;
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < s.n_matches; i++) {
		for (; at < s.v[i].start[0]; at++)
			buf_add_utf8(&b, s.point[at]);
		if (!add_replacement(r->arena, &b, arg[2].text, s.regex,
		        s.point, &s.v[i]))
			return node_unknown(r,
			    "The replacement is not known here.");
		at = s.v[i].end[0];
	}
	for (; at < s.n; at++)
		buf_add_utf8(&b, s.point[at]);
	*ret = value_text(buf_slice(&b));
	return buf_full(&b) ? node_unknown(r, "A text becomes too long.")
	                    : EVAL_VALUE;
}

/* regexp_extract() and, with n->index, regexp_extract_all(text, pattern
 * [, group]): by default group 1. */
static enum eval_outcome
run_extract(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t group = n->n_args > 2 ? arg[2].integer : 1;
	struct search s;
	enum eval_outcome o = search(r, arg, n->index == 1 ? SIZE_MAX : 1, &s);
	struct value *item;
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	if (group < 0 || group > (int64_t)regex_groups(s.regex))
		return node_differs(r, "The pattern has no such group.");
	item = arena_array(r->arena, struct value, s.n_matches + 1);
	item[0] = value_string("");
	for (i = 0; i < s.n_matches; i++)
		item[i] = value_text(group_text(r->arena, s.point, &s.v[i],
		    (size_t)group));
	*ret = item[0];
	if (n->index == 1)
		*ret = (struct value){
		    .type = n->type, .list = {item, s.n_matches}};
	return EVAL_VALUE;
}

static enum eval_outcome
run_count(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct search s;
	enum eval_outcome o = search(r, arg, SIZE_MAX, &s);

	*ret = value_integer(VALUE_INT, (int64_t)s.n_matches);
	return o;
}

static enum eval_outcome
run_substr(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct search s;
	enum eval_outcome o = search(r, arg, 1, &s);

	if (o != EVAL_VALUE)
		return o;
	if (s.n_matches == 0)
		return node_null(n, ret);
	if (s.v[0].end[0] == s.v[0].start[0])
		return node_unknown(r, "regexp_substr() of an empty match.");
	*ret = value_text(group_text(r->arena, s.point, &s.v[0], 0));
	return EVAL_VALUE;
}

/* split(text, pattern[, limit]) */
static enum eval_outcome
run_split(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t limit = n->n_args > 2 ? arg[2].integer : -1;
	struct regex_match part = {0};
	struct value *item;
	struct search s;
	enum eval_outcome o = search(r, arg,
	    limit > 0 ? (size_t)limit - 1 : SIZE_MAX, &s);
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	item = arena_array(r->arena, struct value, s.n_matches + 1);
	for (i = 0; i < s.n_matches; i++) {
		if (s.v[i].end[0] == s.v[i].start[0])
			return node_unknown(r, "split() at empty matches.");
		part.end[0] = s.v[i].start[0];
		item[i] = value_text(group_text(r->arena, s.point, &part, 0));
		part.start[0] = s.v[i].end[0];
	}
	part.end[0] = s.n;
	item[i] = value_text(group_text(r->arena, s.point, &part, 0));
	*ret = (struct value){.type = n->type, .list = {item, i + 1}};
	return EVAL_VALUE;
}

static struct node *
bind_texts(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	struct node *made = bind_signature(b, f, arg, n);

	if (made)
		made->type = value_type_array(b->arena,
		    value_type_of(VALUE_STRING));
	return made;
}

static const struct builtin table[] = {
    {.name = "rlike", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp_like", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp_replace", .signature = "sss|i:s", .run = run_replace},
    {.name = "regexp_extract", .signature = "ss|i:s", .run = run_extract},
    {"regexp_extract_all", "ss|i:s", run_extract, bind_texts, NODE_STRICT, 1},
    {.name = "regexp_count", .signature = "ss:i", .run = run_count},
    {.name = "regexp_substr", .signature = "ss:s", .run = run_substr},
    {"split", "ss|i:s", run_split, bind_texts, NODE_STRICT, 0},
};

const struct builtins builtins_regex = {table, COUNT_OF(table)};
