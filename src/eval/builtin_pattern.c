#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/regex.h"
#include "eval/utf8.h"

#define MAX_TEXT ((size_t)1024 * 1024)
#define MAX_COMPARISONS ((size_t)10000000)

static const char regex_unknown[] =
    "The regular expression is not known here, or not to every Java.";

/* A pattern of LIKE with its escapes taken out. */
struct like {
	const uint32_t *c;
	const bool *literal; /* c is no wildcard */
	size_t n;
};

/* False where Spark raises an error about the pattern. */
static bool
read_like(struct arena *a, struct slice pattern, uint32_t escape,
    struct like *ret)
{
	size_t n;
	uint32_t *c = utf8_points(a, pattern, &n);
	bool *literal = arena_array(a, bool, n + 1);
	size_t to = 0;
	size_t i;

	for (i = 0; i < n; i++, to++) {
		literal[to] = c[i] != '%' && c[i] != '_';
		if (c[i] == escape) {
			if (i + 1 == n ||
			    (c[i + 1] != '%' && c[i + 1] != '_' &&
			        c[i + 1] != escape))
				return false;
			literal[to] = true;
			i++;
		}
		c[to] = c[i];
	}
	*ret = (struct like){c, literal, to};
	return true;
}

/* After a mismatch, only the last % needs another try. */
static bool
like_matches(const struct like *p, const uint32_t *text, size_t n)
{
	size_t star = SIZE_MAX;
	size_t star_at = 0;
	size_t i = 0;
	size_t j = 0;

	while (i < n) {
		if (j < p->n && !p->literal[j] && p->c[j] == '%') {
			star = j++;
			star_at = i;
		} else if (j < p->n &&
		    (p->literal[j] ? p->c[j] == text[i] : p->c[j] == '_')) {
			i++;
			j++;
		} else if (star != SIZE_MAX) {
			j = star + 1;
			i = ++star_at;
		} else {
			return false;
		}
	}
	while (j < p->n && !p->literal[j] && p->c[j] == '%')
		j++;
	return j == p->n;
}

/* arg: text, pattern; n->index is the escape character, n->value says whether
 * case matters. */
static enum eval_outcome
run_like(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice text = arg[0].text;
	struct slice pattern = arg[1].text;
	struct like like;
	const uint32_t *point;
	size_t count;

	if (n->value.boolean &&
	    (!utf8_lower(r->arena, text, &text) ||
	        !utf8_lower(r->arena, pattern, &pattern)))
		return node_unknown(r, "The case of a letter is not known.");
	if (!read_like(r->arena, pattern, (uint32_t)n->index, &like))
		return node_differs(r, "Spark refuses the pattern.");
	point = utf8_points(r->arena, text, &count);
	if (count * (like.n + 1) > MAX_COMPARISONS)
		return node_unknown(r, "LIKE of long texts.");
	*ret = value_boolean(like_matches(&like, point, count));
	return EVAL_VALUE;
}

static struct node *
make_like(struct bind *b, const struct node *text, const struct node *pattern,
    uint32_t escape, bool fold)
{
	struct node *n;

	if (text->type.kind != VALUE_STRING ||
	    (pattern->type.kind != VALUE_STRING &&
	        pattern->type.kind != VALUE_VOID)) {
		static const struct builtin both = {
		    .name = "like", .signature = "ss:b", .run = run_like};
		const struct node *args[] = {text, pattern};

		n = bind_signature(b, &both, args, 2);
		if (!n)
			return NULL;
	} else {
		n = bind_two(b, value_type_of(VALUE_BOOLEAN), run_like, text,
		    pattern);
	}
	n->index = escape;
	n->value = value_boolean(fold);
	return n;
}

static enum eval_outcome
search(struct run *r, struct slice pattern, struct slice text,
    const struct regex **ret_regex, const uint32_t **ret_point, size_t *ret_n)
{
	*ret_regex = regex_compile(r->arena, pattern);
	if (!*ret_regex)
		return node_unknown(r, regex_unknown);
	*ret_point = utf8_points(r->arena, text, ret_n);
	return EVAL_VALUE;
}

static enum eval_outcome
run_rlike(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	const struct regex *regex;
	const uint32_t *point;
	struct regex_match match;
	enum regex_outcome found;
	size_t steps = 0;
	enum eval_outcome o;
	size_t count;

	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o != EVAL_VALUE)
		return o;
	found = regex_search(r->arena, regex, point, count, 0, &steps, &match);
	if (found == REGEX_UNSURE)
		return node_unknown(r, regex_unknown);
	*ret = value_boolean(found == REGEX_FOUND);
	return EVAL_VALUE;
}

static const struct builtin rlike_function = {
    .name = "rlike", .signature = "ss:b", .run = run_rlike};

static struct node *
bind_one_pattern(struct bind *b, const struct expr *e, const char *op,
    const struct node *text, const struct node *pattern, uint32_t escape)
{
	const struct node *args[] = {text, pattern};
	struct node *n;

	if (str_eq(op, "rlike"))
		n = bind_signature(b, &rlike_function, args, 2);
	else
		n = make_like(b, text, pattern, escape, op[0] == 'i');
	return e->negated ? bind_not(b, n) : n;
}

/* x [NOT] LIKE ANY (a, b) is x [NOT] LIKE a OR x [NOT] LIKE b; ALL with AND. */
struct node *
bind_like(struct bind *b, const struct expr *e)
{
	bool any = str_ends(e->op, " any");
	bool several = any || str_ends(e->op, " all");
	const struct node **arg = bind_args(b, e->arg, e->n_args);
	uint32_t escape = '\\';
	struct node *all;
	size_t i;

	if (!arg)
		return NULL;
	if (!several && e->n_args == 3) {
		struct slice s = arg[2]->value.text;

		utf8_next(s.p, s.n, &escape);
	}
	all = bind_one_pattern(b, e, e->op, arg[0], arg[1], escape);
	for (i = 2; several && all && i < e->n_args; i++) {
		struct node *one = bind_one_pattern(b, e, e->op, arg[0], arg[i],
		    escape);

		all = one ? bind_logic(b, all, one, any) : NULL;
	}
	return all;
}

static struct node *
bind_like_call(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n != 2)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() with %zu arguments is not known.", f->name, n);
	return make_like(b, arg[0], arg[1], '\\', f->index == 1);
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

/* All matches from left to right; behind an empty one the search goes on one
 * character further. */
struct matches {
	struct regex_match *v;
	size_t n;
	size_t cap;
};

static enum eval_outcome
find_all(struct run *r, const struct regex *regex, const uint32_t *point,
    size_t n, size_t limit, struct matches *ret)
{
	struct regex_match match;
	size_t steps = 0;
	size_t from = 0;

	*ret = (struct matches){0};
	while (from <= n && ret->n < limit) {
		enum regex_outcome o = regex_search(r->arena, regex, point, n,
		    from, &steps, &match);

		if (o == REGEX_UNSURE)
			return node_unknown(r, regex_unknown);
		if (o == REGEX_NONE)
			break;
		*LIST_ADD(r->arena, ret) = match;
		from = match.end[0] + (match.end[0] == match.start[0] ? 1 : 0);
	}
	return EVAL_VALUE;
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
run_regexp_replace(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	const struct regex *regex;
	const uint32_t *point;
	struct matches matches;
	enum eval_outcome o;
	size_t count;
	size_t at = 0;
	struct buf b;
	size_t i;
	size_t j;

	if (n->n_args > 3 && arg[3].integer != 1)
		return node_unknown(r, "regexp_replace() from a position.");
	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o == EVAL_VALUE)
		o = find_all(r, regex, point, count, SIZE_MAX, &matches);
	if (o != EVAL_VALUE)
		return o;
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < matches.n; i++) {
		const struct regex_match *m = &matches.v[i];

		for (j = at; j < m->start[0]; j++)
			buf_add_utf8(&b, point[j]);
		if (!add_replacement(r->arena, &b, arg[2].text, regex, point,
		        m))
			return node_unknown(r,
			    "The replacement is not known here.");
		at = m->end[0];
	}
	for (j = at; j < count; j++)
		buf_add_utf8(&b, point[j]);
	*ret = value_text(buf_slice(&b));
	return EVAL_VALUE;
}

/* regexp_extract(text, pattern[, group]): by default group 1. */
static enum eval_outcome
run_regexp_extract(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t group = n->n_args > 2 ? arg[2].integer : 1;
	const struct regex *regex;
	const uint32_t *point;
	struct matches matches;
	enum eval_outcome o;
	size_t count;

	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o == EVAL_VALUE)
		o = find_all(r, regex, point, count, 1, &matches);
	if (o != EVAL_VALUE)
		return o;
	if (group < 0 || group > (int64_t)regex_groups(regex))
		return node_differs(r, "The pattern has no such group.");
	*ret = matches.n == 0 ? value_string("")
	                      : value_text(group_text(r->arena, point,
	                            &matches.v[0], (size_t)group));
	return EVAL_VALUE;
}

static enum eval_outcome
run_regexp_extract_all(struct run *r, const struct node *n,
    const struct value *arg, struct value *ret)
{
	int64_t group = n->n_args > 2 ? arg[2].integer : 1;
	const struct regex *regex;
	const uint32_t *point;
	struct matches matches;
	enum eval_outcome o;
	struct value *item;
	size_t count;
	size_t i;

	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o == EVAL_VALUE)
		o = find_all(r, regex, point, count, SIZE_MAX, &matches);
	if (o != EVAL_VALUE)
		return o;
	if (group < 0 || group > (int64_t)regex_groups(regex))
		return node_differs(r, "The pattern has no such group.");
	item = arena_array(r->arena, struct value, matches.n);
	for (i = 0; i < matches.n; i++)
		item[i] = value_text(group_text(r->arena, point, &matches.v[i],
		    (size_t)group));
	*ret = (struct value){.type = n->type, .list = {item, matches.n}};
	return EVAL_VALUE;
}

enum what { WHAT_COUNT, WHAT_SUBSTR };

static enum eval_outcome
run_regexp_other(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	const struct regex *regex;
	const uint32_t *point;
	struct matches matches;
	enum eval_outcome o;
	size_t count;

	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o == EVAL_VALUE)
		o = find_all(r, regex, point, count,
		    n->index == WHAT_COUNT ? SIZE_MAX : 1, &matches);
	if (o != EVAL_VALUE)
		return o;
	if (n->index == WHAT_COUNT) {
		*ret = value_integer(VALUE_INT, (int64_t)matches.n);
		return EVAL_VALUE;
	}
	if (matches.n == 0 || matches.v[0].end[0] == matches.v[0].start[0])
		return matches.n == 0
		    ? node_null(n, ret)
		    : node_unknown(r, "regexp_substr() of an empty match.");
	*ret = value_text(group_text(r->arena, point, &matches.v[0], 0));
	return EVAL_VALUE;
}

/* split(text, pattern[, limit]) */
static enum eval_outcome
run_split(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t limit = n->n_args > 2 ? arg[2].integer : -1;
	LIST_OF(struct value) parts = {0};
	const struct regex *regex;
	const uint32_t *point;
	struct matches matches;
	enum eval_outcome o;
	struct regex_match part = {0};
	size_t count;
	size_t i;

	if (limit > 0 && limit < 2) {
		*LIST_ADD(r->arena, &parts) = arg[0];
		*ret = (struct value){.type = n->type, .list = {parts.v, 1}};
		return EVAL_VALUE;
	}
	o = search(r, arg[1].text, arg[0].text, &regex, &point, &count);
	if (o == EVAL_VALUE)
		o = find_all(r, regex, point, count,
		    limit > 0 ? (size_t)limit - 1 : SIZE_MAX, &matches);
	if (o != EVAL_VALUE)
		return o;
	for (i = 0; i < matches.n; i++) {
		const struct regex_match *m = &matches.v[i];

		if (m->end[0] == m->start[0])
			return node_unknown(r, "split() at empty matches.");
		part.end[0] = m->start[0];
		*LIST_ADD(r->arena,
		    &parts) = value_text(group_text(r->arena, point, &part, 0));
		part.start[0] = m->end[0];
	}
	part.end[0] = count;
	*LIST_ADD(r->arena,
	    &parts) = value_text(group_text(r->arena, point, &part, 0));
	*ret = (struct value){.type = n->type, .list = {parts.v, parts.n}};
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
    {"like", "", NULL, bind_like_call, NODE_STRICT, 0},
    {"ilike", "", NULL, bind_like_call, NODE_STRICT, 1},
    {.name = "rlike", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp_like", .signature = "ss:b", .run = run_rlike},
    {.name = "regexp_replace",
        .signature = "sss|i:s",
        .run = run_regexp_replace},
    {.name = "regexp_extract",
        .signature = "ss|i:s",
        .run = run_regexp_extract},
    {.name = "regexp_extract_all",
        "ss|i:s",
        run_regexp_extract_all,
        bind_texts},
    {"regexp_count", "ss:i", run_regexp_other, NULL, NODE_STRICT, WHAT_COUNT},
    {"regexp_substr", "ss:s", run_regexp_other, NULL, NODE_STRICT, WHAT_SUBSTR},
    {.name = "split", "ss|i:s", run_split, bind_texts},
};

const struct builtins builtins_pattern = {table, COUNT_OF(table)};
