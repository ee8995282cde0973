#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/utf8.h"

static enum eval_outcome
give_int(int64_t n, struct value *ret)
{
	*ret = value_integer(VALUE_INT, n);
	return EVAL_VALUE;
}

/* The place in characters, from 1, of the needle at or behind the character
 * from; 0 if it is nowhere. */
static int64_t
place(struct slice s, struct slice needle, int64_t from)
{
	size_t skipped = utf8_part(s, 0, from).n;
	int64_t at;

	if (needle.n == 0)
		return 1;
	if (from > (int64_t)utf8_length(s))
		return 0;
	at = slice_find(s, needle, skipped);
	if (at < 0)
		return 0;
	return (int64_t)utf8_length((struct slice){s.p, (size_t)at}) + 1;
}

static enum eval_outcome
run_instr(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	return give_int(place(arg[0].text, arg[1].text, 0), ret);
}

/* locate(needle, text[, from]): no place to start from is not found. */
static enum eval_outcome
run_locate(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	if (n->n_args > 2 && arg[2].is_null)
		return give_int(0, ret);
	if (arg[0].is_null || arg[1].is_null)
		return node_null(n, ret);
	if (n->n_args > 2 && arg[2].integer < 1)
		return give_int(0, ret);
	return give_int(place(arg[1].text, arg[0].text,
	                    n->n_args > 2 ? arg[2].integer - 1 : 0),
	    ret);
}

enum side { SIDE_START, SIDE_END, SIDE_ANY };

static enum eval_outcome
run_contains(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	struct slice s = arg[0].text;
	struct slice needle = arg[1].text;
	bool found = needle.n <= s.n;

	if (found && n->index == SIDE_START)
		found = slice_eq((struct slice){s.p, needle.n}, needle);
	else if (found && n->index == SIDE_END)
		found = slice_eq((struct slice){s.p + s.n - needle.n, needle.n},
		    needle);
	else if (found)
		found = slice_find(s, needle, 0) >= 0;
	*ret = value_boolean(found);
	return EVAL_VALUE;
}

static struct node *
bind_contains(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n == 2 &&
	    (arg[0]->type.kind == VALUE_BINARY ||
	        arg[1]->type.kind == VALUE_BINARY))
		return bind_fail(b, EVAL_UNKNOWN, "%s() of bytes is not known.",
		    f->name);
	return bind_signature(b, f, arg, n);
}

struct parts {
	struct slice *v;
	size_t n;
	size_t cap;
};

/* The text between delimiters; with none of them, all of it. */
static struct parts
cut(struct arena *a, struct slice s, struct slice delimiter)
{
	struct parts parts = {0};
	size_t from = 0;
	int64_t at;

	while (delimiter.n > 0 && (at = slice_find(s, delimiter, from)) >= 0) {
		*LIST_ADD(a, &parts) = (struct slice){
		    s.p + from, (size_t)at - from};
		from = (size_t)at + delimiter.n;
	}
	*LIST_ADD(a, &parts) = (struct slice){s.p + from, s.n - from};
	return parts;
}

static enum eval_outcome
run_split_part(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct parts parts = cut(r->arena, arg[0].text, arg[1].text);
	int64_t count = (int64_t)parts.n;
	int64_t at = arg[2].integer;

	if (at == 0)
		return node_differs(r, "split_part() has no part 0.");
	at = at > 0 ? at - 1 : count + at;
	*ret = at < 0 || at >= count ? value_string("")
	                             : value_text(parts.v[at]);
	return EVAL_VALUE;
}

/* substring_index(text, delimiter, count): up to the count-th delimiter, or
 * behind the count-th from the end. */
static enum eval_outcome
run_substring_index(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct slice s = arg[0].text;
	struct parts parts = cut(r->arena, s, arg[1].text);
	int64_t count = (int64_t)parts.n;
	int64_t want = arg[2].integer;
	const struct slice *edge;

	if (arg[1].text.n == 0 || want == 0) {
		*ret = value_string("");
		return EVAL_VALUE;
	}
	/* Delimiters that could overlap are counted from the other end. */
	if (want < 0 && arg[1].text.n > 1)
		return node_unknown(r,
		    "substring_index() from the end by several characters.");
	if (want >= count || -want >= count) {
		*ret = arg[0];
		return EVAL_VALUE;
	}
	if (want > 0) {
		edge = &parts.v[want - 1];
		s.n = (size_t)(edge->p + edge->n - s.p);
	} else {
		edge = &parts.v[count + want];
		s = (struct slice){edge->p, (size_t)(s.p + s.n - edge->p)};
	}
	*ret = value_text(s);
	return EVAL_VALUE;
}

static enum eval_outcome
run_find_in_set(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct parts parts = cut(r->arena, arg[1].text, SLICE(","));
	size_t i;

	if (slice_find(arg[0].text, SLICE(","), 0) >= 0)
		return give_int(0, ret);
	for (i = 0; i < parts.n; i++) {
		if (slice_eq(parts.v[i], arg[0].text))
			return give_int((int64_t)i + 1, ret);
	}
	return give_int(0, ret);
}

/* elt(n, a, b, …) */
static enum eval_outcome
run_elt(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	if (arg[0].is_null)
		return node_null(n, ret);
	if (arg[0].integer < 1 || arg[0].integer >= (int64_t)n->n_args)
		return node_differs(r,
		    "Modes of Spark differ about an index "
		    "out of range.");
	*ret = arg[arg[0].integer];
	return EVAL_VALUE;
}

/* One row of the matrix of edits at a time. */
static enum eval_outcome
run_levenshtein(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	size_t n_left;
	size_t n_right;
	const uint32_t *left = utf8_points(r->arena, arg[0].text, &n_left);
	const uint32_t *right = utf8_points(r->arena, arg[1].text, &n_right);
	size_t *row = arena_array(r->arena, size_t, n_right + 1);
	size_t i;
	size_t j;

	if (n_left > 2000 || n_right > 2000)
		return node_unknown(r, "levenshtein() of long texts.");
	for (j = 0; j <= n_right; j++)
		row[j] = j;
	for (i = 1; i <= n_left; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= n_right; j++) {
			size_t change = diagonal +
			    (left[i - 1] == right[j - 1] ? 0 : 1);
			size_t insert = row[j - 1] + 1;
			size_t drop = row[j] + 1;

			diagonal = row[j];
			row[j] = change < insert ? change : insert;
			row[j] = row[j] < drop ? row[j] : drop;
		}
	}
	return give_int((int64_t)row[n_right], ret);
}

/* The digit of a letter; '7' for vowels, which end a run of equal digits, and
 * '8' for H and W, which do not. */
static char
soundex_digit(char c)
{
	static const char digits[] = "71237128722455712623718272";

	return chr_is_alpha(c) ? digits[chr_upper(c) - 'A'] : '\0';
}

static enum eval_outcome
run_soundex(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	char code[4] = {'0', '0', '0', '0'};
	size_t count = 1;
	char last;
	size_t i;

	/* What does not start with a letter is given back. */
	if (s.n == 0 || !chr_is_alpha(s.p[0])) {
		*ret = arg[0];
		return EVAL_VALUE;
	}
	code[0] = chr_upper(s.p[0]);
	last = soundex_digit(s.p[0]);
	for (i = 1; i < s.n && count < 4; i++) {
		char digit = soundex_digit(s.p[i]);

		if (digit == '\0')
			last = '0';
		else if (digit == '7')
			last = digit;
		else if (digit != '8' && digit != last)
			code[count++] = last = digit;
	}
	*ret = value_text((struct slice){arena_strndup(r->arena, code, 4), 4});
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {.name = "instr", .signature = "ss:i", .run = run_instr},
    {"locate", "ss|i:i", run_locate, NULL, NODE_EAGER, 0},
    {"position", "ss|i:i", run_locate, NULL, NODE_EAGER, 0},
    {"contains", "ss:b", run_contains, bind_contains, NODE_STRICT, SIDE_ANY},
    {"startswith", "ss:b", run_contains, bind_contains, NODE_STRICT,
        SIDE_START},
    {"endswith", "ss:b", run_contains, bind_contains, NODE_STRICT, SIDE_END},
    {.name = "split_part", .signature = "ssi:s", .run = run_split_part},
    {.name = "substring_index",
        .signature = "ssi:s",
        .run = run_substring_index},
    {.name = "find_in_set", .signature = "ss:i", .run = run_find_in_set},
    {"elt", "is*:s", run_elt, NULL, NODE_EAGER, 0},
    {.name = "levenshtein", .signature = "ss:i", .run = run_levenshtein},
    {.name = "soundex", .signature = "s:s", .run = run_soundex},
};

const struct builtins builtins_text_find = {table, COUNT_OF(table)};
