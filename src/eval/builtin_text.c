#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/coerce.h"
#include "eval/utf8.h"

#define MAX_TEXT ((size_t)1024 * 1024)
#define MAX_COMPARISONS ((size_t)10000000)

static enum eval_outcome
give(struct slice s, struct value *ret)
{
	*ret = value_text(s);
	return EVAL_VALUE;
}

static enum eval_outcome
give_buf(struct run *r, const struct buf *b, struct value *ret)
{
	if (buf_full(b))
		return node_unknown(r, "A text becomes too long.");
	return give(buf_slice(b), ret);
}

enum text_case { CASE_UPPER, CASE_LOWER, CASE_TITLE };

static enum eval_outcome
run_case(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice s;
	bool known;

	if (n->index == CASE_UPPER)
		known = utf8_upper(r->arena, arg[0].text, &s);
	else if (n->index == CASE_LOWER)
		known = utf8_lower(r->arena, arg[0].text, &s);
	else
		known = utf8_title(r->arena, arg[0].text, &s);
	if (!known)
		return node_unknown(r, "The case of a letter is not known.");
	return give(s, ret);
}

enum trim_side { TRIM_LEFT = 1, TRIM_RIGHT = 2, TRIM_BOTH = 3 };

static bool
is_among(struct slice set, const char *p, size_t n)
{
	return slice_find(set, (struct slice){p, n}, 0) >= 0;
}

/* Characters of the set at the sides. */
static struct slice
trim(struct slice s, struct slice set, size_t sides)
{
	while (sides & TRIM_LEFT && s.n > 0) {
		uint32_t cp;
		size_t n = utf8_next(s.p, s.n, &cp);

		if (!is_among(set, s.p, n))
			break;
		s.p += n;
		s.n -= n;
	}
	while (sides & TRIM_RIGHT && s.n > 0) {
		size_t n = 1;

		while (n < s.n && (s.p[s.n - n] & 0xc0) == 0x80)
			n++;
		if (!is_among(set, s.p + s.n - n, n))
			break;
		s.n -= n;
	}
	return s;
}

/* arg: text, and perhaps the characters. */
static enum eval_outcome
run_trim(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice set = n->n_args > 1 ? arg[1].text : SLICE(" ");

	return give(trim(arg[0].text, set, n->index), ret);
}

/* trim(x), trim(set, x), trim(BOTH set FROM x), btrim(x, set). */
static struct node *
bind_trim(struct bind *b, const struct builtin *f, const struct expr *e,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	static const struct builtin plain = {
	    .name = "trim", .signature = "s|s:s", .run = run_trim};
	const char *unit = e->n_args > 0 ? expr_unit(e->arg[0]) : NULL;
	size_t first = unit ? 1 : 0;
	const struct node **args;
	struct node *made;

	if (e->n_args == 0)
		return bind_wrong_count(b, f, 0);
	args = bind_args(b, e->arg + first, e->n_args - first);
	if (!args)
		return NULL;
	if (e->n_args - first == 2 && !str_eq(f->name, "btrim")) {
		const struct node *set = args[0];

		args[0] = args[1];
		args[1] = set;
	}
	made = bind_signature(b, &plain, args, e->n_args - first);
	if (!made)
		return NULL;
	made->index = f->index;
	if (unit)
		made->index = str_eq(unit, "leading") ? TRIM_LEFT
		    : str_eq(unit, "trailing")        ? TRIM_RIGHT
		                                      : TRIM_BOTH;
	return made;
}

/* From a position that counts from 1, or from the end where it is negative. */
static struct slice
part(struct slice s, int64_t at, int64_t length)
{
	int64_t from = at > 0 ? at - 1 : 0;

	if (at < 0)
		from = (int64_t)utf8_length(s) + at;
	return utf8_part(s, from, from + length);
}

static enum eval_outcome
run_substring(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	int64_t length = n->n_args > 2 ? arg[2].integer : INT32_MAX;

	return give(part(arg[0].text, arg[1].integer, length), ret);
}

static struct node *
bind_text_only(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n > 0 && arg[0]->type.kind == VALUE_BINARY)
		return bind_fail(b, EVAL_UNKNOWN, "%s() of bytes is not known.",
		    f->name);
	return bind_signature(b, f, arg, n);
}

static enum eval_outcome
run_left(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	return give(part(arg[0].text, 1, arg[1].integer), ret);
}

static enum eval_outcome
run_right(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	if (arg[1].integer <= 0)
		return give(SLICE(""), ret);
	return give(part(arg[0].text, -arg[1].integer, INT32_MAX), ret);
}

static enum eval_outcome
run_concat(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct buf b;
	size_t i;

	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < n->n_args; i++)
		buf_add_slice(&b, arg[i].text);
	if (buf_full(&b))
		return node_unknown(r, "A text becomes too long.");
	*ret = value_text(buf_slice(&b));
	ret->type = n->type;
	return EVAL_VALUE;
}

static enum eval_outcome
run_concat_arrays(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	LIST_OF(struct value) all = {0};
	size_t i;
	size_t j;

	for (i = 0; i < n->n_args; i++) {
		for (j = 0; j < arg[i].list.n; j++)
			*LIST_ADD(r->arena, &all) = arg[i].list.v[j];
	}
	*ret = (struct value){.type = n->type, .list = {all.v, all.n}};
	return EVAL_VALUE;
}

struct node *
bind_concat(struct bind *b, const struct node **arg, size_t n)
{
	struct value_type type = value_type_of(VALUE_STRING);
	struct node *made;
	bool binary = n > 0;
	bool array = n > 0;
	size_t i;

	for (i = 0; i < n; i++) {
		binary = binary && arg[i]->type.kind == VALUE_BINARY;
		array = array && arg[i]->type.kind == VALUE_ARRAY;
	}
	if (array && !coerce_all(b, arg, n, &type))
		return NULL;
	if (binary)
		type = value_type_of(VALUE_BINARY);
	made = bind_node(b, type, array ? run_concat_arrays : run_concat,
	    NODE_STRICT, n);
	for (i = 0; i < n; i++) {
		made->arg[i] = array || binary
		    ? arg[i]
		    : coerce_implicit(b, arg[i], type);
		if (!made->arg[i])
			return NULL;
	}
	return made;
}

static struct node *
bind_concat_call(struct bind *b, const struct builtin *f UNUSED,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	return bind_concat(b, arg, n);
}

/* NULLs are left out, arrays are taken apart. */
static enum eval_outcome
run_concat_ws(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	bool first = true;
	struct buf b;
	size_t i;
	size_t j;

	if (arg[0].is_null)
		return node_null(n, ret);
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 1; i < n->n_args; i++) {
		bool array = arg[i].type.kind == VALUE_ARRAY;
		const struct value *item = array ? arg[i].list.v : &arg[i];
		size_t count = array ? arg[i].list.n : 1;

		if (arg[i].is_null)
			continue;
		for (j = 0; j < count; j++) {
			if (item[j].is_null)
				continue;
			if (!first)
				buf_add_slice(&b, arg[0].text);
			buf_add_slice(&b, item[j].text);
			first = false;
		}
	}
	return give_buf(r, &b, ret);
}

static struct node *
bind_concat_ws(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type text = value_type_of(VALUE_STRING);
	struct node *made = bind_node(b, text, run_concat_ws, NODE_EAGER, n);
	struct value_type texts = value_type_array(b->arena, text);
	size_t i;

	if (n == 0)
		return bind_fail(b, EVAL_UNKNOWN, "%s() of nothing.", f->name);
	for (i = 0; i < n; i++) {
		bool array = i > 0 && arg[i]->type.kind == VALUE_ARRAY;

		made->arg[i] = coerce_implicit(b, arg[i], array ? texts : text);
		if (!made->arg[i])
			return NULL;
	}
	return made;
}

static void
add_padding(struct buf *b, struct slice pad, int64_t n)
{
	int64_t length = (int64_t)utf8_length(pad);

	for (; n >= length && !buf_full(b); n -= length)
		buf_add_slice(b, pad);
	buf_add_slice(b, utf8_part(pad, 0, n));
}

/* n->index: 1 on the left. */
static enum eval_outcome
run_pad(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice pad = n->n_args > 2 ? arg[2].text : SLICE(" ");
	int64_t missing = arg[1].integer - (int64_t)utf8_length(arg[0].text);
	struct buf b;

	if (arg[1].integer <= 0)
		return give(SLICE(""), ret);
	if (missing <= 0 || pad.n == 0)
		return give(utf8_part(arg[0].text, 0, arg[1].integer), ret);
	buf_init(&b, r->arena, MAX_TEXT);
	if (n->index == 1)
		add_padding(&b, pad, missing);
	buf_add_slice(&b, arg[0].text);
	if (n->index != 1)
		add_padding(&b, pad, missing);
	return give_buf(r, &b, ret);
}

static enum eval_outcome
run_repeat(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct buf b;
	int64_t i;

	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < arg[1].integer && arg[0].text.n > 0 && !buf_full(&b);
	     i++)
		buf_add_slice(&b, arg[0].text);
	return give_buf(r, &b, ret);
}

static enum eval_outcome
run_space(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct buf b;

	buf_init(&b, r->arena, MAX_TEXT);
	add_padding(&b, SLICE(" "), arg[0].integer < 0 ? 0 : arg[0].integer);
	return give_buf(r, &b, ret);
}

static enum eval_outcome
run_reverse(struct run *r, const struct node *n UNUSED, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	size_t end = s.n;
	struct buf b;

	buf_init(&b, r->arena, MAX_TEXT);
	while (end > 0) {
		size_t from = end - 1;

		while (from > 0 && (s.p[from] & 0xc0) == 0x80)
			from--;
		buf_add(&b, s.p + from, end - from);
		end = from;
	}
	return give_buf(r, &b, ret);
}

static enum eval_outcome
run_reverse_array(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t count = arg[0].list.n;
	struct value *item = arena_array(r->arena, struct value, count);
	size_t i;

	for (i = 0; i < count; i++)
		item[i] = arg[0].list.v[count - 1 - i];
	*ret = (struct value){.type = n->type, .list = {item, count}};
	return EVAL_VALUE;
}

static struct node *
bind_reverse(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n == 1 && arg[0]->type.kind == VALUE_ARRAY)
		return bind_one(b, arg[0]->type, run_reverse_array, arg[0]);
	return bind_signature(b, f, arg, n);
}

static enum eval_outcome
run_length(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t length = arg[0].type.kind == VALUE_BINARY || n->index > 0
	    ? arg[0].text.n
	    : utf8_length(arg[0].text);

	if (n->index > 1)
		length *= n->index;
	*ret = value_integer(VALUE_INT, (int64_t)length);
	return EVAL_VALUE;
}

static struct node *
bind_length(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct node *made;

	if (n != 1 || arg[0]->type.kind != VALUE_BINARY)
		return bind_signature(b, f, arg, n);
	made = bind_one(b, value_type_of(VALUE_INT), run_length, arg[0]);
	made->index = f->index;
	return made;
}

/* overlay(x, new, at[, length]): by default as many as the new ones. */
static enum eval_outcome
run_overlay(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	int64_t at = arg[2].integer;
	int64_t length = n->n_args > 3 ? arg[3].integer : -1;
	struct buf b;

	if (at < 1)
		return node_unknown(r, "overlay() at a position below 1.");
	if (length < 0)
		length = (int64_t)utf8_length(arg[1].text);
	buf_init(&b, r->arena, MAX_TEXT);
	buf_add_slice(&b, utf8_part(s, 0, at - 1));
	buf_add_slice(&b, arg[1].text);
	buf_add_slice(&b, utf8_part(s, at - 1 + length, INT64_MAX));
	return give_buf(r, &b, ret);
}

static enum eval_outcome
run_replace(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice s = arg[0].text;
	struct slice with = n->n_args > 2 ? arg[2].text : SLICE("");
	size_t from = 0;
	struct buf b;
	int64_t at;

	if (arg[1].text.n == 0)
		return give(s, ret);
	buf_init(&b, r->arena, MAX_TEXT);
	while ((at = slice_find(s, arg[1].text, from)) >= 0) {
		buf_add(&b, s.p + from, (size_t)at - from);
		buf_add_slice(&b, with);
		from = (size_t)at + arg[1].text.n;
	}
	buf_add(&b, s.p + from, s.n - from);
	return give_buf(r, &b, ret);
}

/* Each character of arg[1] becomes the one at its place in arg[2], or nothing.
 */
static enum eval_outcome
run_translate(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct buf b;
	size_t n_text;
	size_t n_from;
	size_t n_to;
	const uint32_t *text = utf8_points(r->arena, arg[0].text, &n_text);
	const uint32_t *from = utf8_points(r->arena, arg[1].text, &n_from);
	const uint32_t *to = utf8_points(r->arena, arg[2].text, &n_to);
	size_t i;
	size_t j;

	if (n_text * (n_from + 1) > MAX_COMPARISONS)
		return node_unknown(r, "translate() of long texts.");
	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < n_text; i++) {
		for (j = 0; j < n_from && from[j] != text[i]; j++)
			continue;
		if (j == n_from)
			buf_add_utf8(&b, text[i]);
		else if (j < n_to)
			buf_add_utf8(&b, to[j]);
	}
	return give_buf(r, &b, ret);
}

static const struct builtin table[] = {
    {.name = "upper", .signature = "s:s", .run = run_case},
    {.name = "ucase", .signature = "s:s", .run = run_case},
    {"lower", "s:s", run_case, NULL, NODE_STRICT, CASE_LOWER},
    {"lcase", "s:s", run_case, NULL, NODE_STRICT, CASE_LOWER},
    {"initcap", "s:s", run_case, NULL, NODE_STRICT, CASE_TITLE},
    {.name = "trim", .bind = bind_trim, .index = TRIM_BOTH},
    {.name = "btrim", .bind = bind_trim, .index = TRIM_BOTH},
    {.name = "ltrim", .bind = bind_trim, .index = TRIM_LEFT},
    {.name = "rtrim", .bind = bind_trim, .index = TRIM_RIGHT},
    {.name = "substring", "si|i:s", run_substring, bind_text_only},
    {.name = "substr", "si|i:s", run_substring, bind_text_only},
    {.name = "left", "si:s", run_left, bind_text_only},
    {.name = "right", "si:s", run_right, bind_text_only},
    {.name = "concat", .signature = "", .bind = bind_concat_call},
    {.name = "concat_ws", .signature = "", .bind = bind_concat_ws},
    {"lpad", "si|s:s", run_pad, bind_text_only, NODE_STRICT, 1},
    {"rpad", "si|s:s", run_pad, bind_text_only, NODE_STRICT, 0},
    {.name = "repeat", .signature = "si:s", .run = run_repeat},
    {.name = "space", .signature = "i:s", .run = run_space},
    {.name = "reverse", "s:s", run_reverse, bind_reverse},
    {.name = "length", "s:i", run_length, bind_length},
    {.name = "len", "s:i", run_length, bind_length},
    {.name = "char_length", "s:i", run_length, bind_length},
    {.name = "character_length", "s:i", run_length, bind_length},
    {"octet_length", "s:i", run_length, bind_length, NODE_STRICT, 1},
    {"bit_length", "s:i", run_length, bind_length, NODE_STRICT, 8},
    {.name = "overlay", "ssi|i:s", run_overlay, bind_text_only},
    {.name = "replace", .signature = "ss|s:s", .run = run_replace},
    {.name = "translate", .signature = "sss:s", .run = run_translate},
};

const struct builtins builtins_text = {table, COUNT_OF(table)};
