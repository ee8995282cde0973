#include "base/base.h"

#include "eval/builtin.h"

#include "eval/utf8.h"

#define MAX_COMPARISONS ((size_t)10000000)

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

static struct node *
bind_one_pattern(struct bind *b, const struct expr *e, const char *op,
    const struct node *text, const struct node *pattern, uint32_t escape)
{
	const struct node *args[] = {text, pattern};
	struct node *n;

	if (str_eq(op, "rlike"))
		n = bind_signature(b, builtin_find("rlike"), args, 2);
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
		return bind_wrong_count(b, f, n);
	return make_like(b, arg[0], arg[1], '\\', f->index == 1);
}

static const struct builtin table[] = {
    {"like", "", NULL, bind_like_call, NODE_STRICT, 0},
    {"ilike", "", NULL, bind_like_call, NODE_STRICT, 1},
};

const struct builtins builtins_like = {table, COUNT_OF(table)};
