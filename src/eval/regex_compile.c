#include "base/base.h"

#include "eval/regex.h"

#include "eval/regex_program.h"
#include "eval/utf8.h"

#include <string.h>

#define MAX_PROGRAM 4000
#define MAX_DEPTH 50
#define MAX_REPEAT 1000

struct compiler {
	struct arena *arena;
	struct regex *regex;
	const uint32_t *p;
	const uint32_t *end;
	int depth;
	bool failed;
};

static bool
at(const struct compiler *c, char chr)
{
	return c->p < c->end && *c->p == (uint32_t)chr;
}

static bool
take(struct compiler *c, char chr)
{
	if (!at(c, chr))
		return false;
	c->p++;
	return true;
}

static void
fail(struct compiler *c)
{
	c->failed = true;
	c->p = c->end;
}

static struct instruction *
emit(struct compiler *c, enum regex_op op)
{
	struct instruction *in = LIST_ADD(c->arena, &c->regex->program);

	in->op = op;
	if (c->regex->program.n > MAX_PROGRAM)
		fail(c);
	return in;
}

static void
add_range(struct compiler *c, uint32_t from, uint32_t to)
{
	*LIST_ADD(c->arena, &c->regex->ranges) = (struct char_range){from, to};
}

/* \d \w \s; false for any other letter. */
static bool
add_class(struct compiler *c, char letter)
{
	switch (letter) {
	case 'd':
		add_range(c, '0', '9');
		return true;
	case 'w':
		add_range(c, '0', '9');
		add_range(c, 'A', 'Z');
		add_range(c, '_', '_');
		add_range(c, 'a', 'z');
		return true;
	case 's':
		add_range(c, '\t', '\r');
		add_range(c, ' ', ' ');
		return true;
	default:
		return false;
	}
}

/* The classes of POSIX in \p{…}, which are of ASCII; false for others. Behind
 * the letter p. */
static bool
add_posix(struct compiler *c)
{
	static const struct {
		const char *name;
		struct char_range range[4];
	} classes[] = {{"Alpha", {{'A', 'Z'}, {'a', 'z'}}},
	    {"Digit", {{'0', '9'}}},
	    {"Alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
	    {"Upper", {{'A', 'Z'}}}, {"Lower", {{'a', 'z'}}},
	    {"Punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
	    {"Space", {{'\t', '\r'}, {' ', ' '}}}, {"ASCII", {{0, 0x7f}}}};
	char name[8];
	size_t n = 0;
	size_t i;
	size_t j;

	if (!take(c, '{'))
		return false;
	for (; c->p < c->end && n + 1 < sizeof(name) && !at(c, '}'); c->p++)
		name[n++] = (char)(*c->p < 0x80 ? *c->p : '?');
	name[n] = '\0';
	for (i = 0; i < COUNT_OF(classes); i++) {
		if (!str_eq(name, classes[i].name) || c->regex->fold)
			continue;
		for (j = 0; j < 4 && classes[i].range[j].to > 0; j++)
			*LIST_ADD(c->arena,
			    &c->regex->ranges) = classes[i].range[j];
		return take(c, '}');
	}
	return false;
}

/* The character that a backslash and this one mean; fails where they mean
 * something else. */
static uint32_t
escaped(struct compiler *c, uint32_t chr)
{
	static const char from[] = "tnrfae";
	static const char to[] = "\t\n\r\f\a\x1b";
	const char *found;

	if (chr >= 0x80 || !chr_is_alnum((char)chr))
		return chr;
	found = strchr(from, (char)chr);
	if (found)
		return (uint32_t)to[found - from];
	fail(c);
	return 0;
}

static uint32_t
class_chr(struct compiler *c)
{
	uint32_t chr = *c->p++;

	if (chr == '[' || chr == '&') {
		/* Classes within, and their intersections. */
		fail(c);
		return 0;
	}
	if (chr != '\\')
		return chr;
	if (c->p == c->end) {
		fail(c);
		return 0;
	}
	return escaped(c, *c->p++);
}

/* Whether \d or a relative stands here, and was taken. */
static bool
class_within(struct compiler *c)
{
	if (!at(c, '\\') || c->p + 1 >= c->end || c->p[1] >= 0x80)
		return false;
	if (c->p[1] == 'p') {
		c->p += 2;
		if (!add_posix(c))
			fail(c);
		return true;
	}
	if (!add_class(c, (char)c->p[1]))
		return false;
	c->p += 2;
	return true;
}

/* Behind the bracket. */
static void
compile_class(struct compiler *c)
{
	size_t first = c->regex->ranges.n;
	bool negated = take(c, '^');
	struct instruction *in;

	if (at(c, ']'))
		fail(c);
	while (c->p < c->end && !at(c, ']')) {
		uint32_t from;
		uint32_t to;

		if (class_within(c))
			continue;
		to = from = class_chr(c);
		if (at(c, '-') && c->p + 1 < c->end && c->p[1] != ']') {
			c->p++;
			if (at(c, '\\') && c->p + 1 < c->end &&
			    chr_is_alpha((char)c->p[1])) {
				fail(c);
				return;
			}
			to = class_chr(c);
		}
		/* Case is folded for ASCII alone. */
		if (to < from || (c->regex->fold && to >= 0x80))
			fail(c);
		add_range(c, from, to);
	}
	if (!take(c, ']')) {
		fail(c);
		return;
	}
	in = emit(c, REGEX_SET);
	in->negated = negated;
	in->first = first;
	in->last = c->regex->ranges.n;
}

static void
compile_escape(struct compiler *c)
{
	size_t first = c->regex->ranges.n;
	struct instruction *in;
	uint32_t chr;

	if (c->p == c->end) {
		fail(c);
		return;
	}
	chr = *c->p++;
	if (chr == 'b' || chr == 'B') {
		emit(c, REGEX_BOUNDARY)->negated = chr == 'B';
	} else if (((chr == 'p' || chr == 'P') && add_posix(c)) ||
	    (chr < 0x80 && add_class(c, chr_lower((char)chr)))) {
		in = emit(c, REGEX_SET);
		in->negated = chr < 'a';
		in->first = first;
		in->last = c->regex->ranges.n;
	} else {
		chr = escaped(c, chr);
		emit(c, REGEX_CHAR)->c = chr;
	}
}

static void compile_alternatives(struct compiler *c);

/* Behind the parenthesis. */
static void
compile_group(struct compiler *c)
{
	size_t group = 0;

	if (++c->depth > MAX_DEPTH) {
		fail(c);
		return;
	}
	if (take(c, '?')) {
		if (!take(c, ':'))
			fail(c);
	} else {
		group = ++c->regex->groups;
		if (group >= REGEX_GROUPS)
			fail(c);
		emit(c, REGEX_SAVE)->first = 2 * group;
	}
	compile_alternatives(c);
	if (!take(c, ')'))
		fail(c);
	if (group > 0)
		emit(c, REGEX_SAVE)->first = 2 * group + 1;
	c->depth--;
}

static void
compile_atom(struct compiler *c)
{
	uint32_t chr = *c->p++;

	switch (chr) {
	case '(':
		compile_group(c);
		break;
	case '[':
		compile_class(c);
		break;
	case '\\':
		compile_escape(c);
		break;
	case '.':
		emit(c, REGEX_ANY);
		break;
	case '^':
		emit(c, REGEX_BEGIN);
		break;
	case '$':
		emit(c, REGEX_END);
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		fail(c);
		break;
	default:
		if (c->regex->fold && chr >= 0x80)
			fail(c);
		emit(c, REGEX_CHAR)->c = chr;
		break;
	}
}

static bool
take_number(struct compiler *c, size_t *ret)
{
	size_t n = 0;

	if (c->p == c->end || *c->p < '0' || *c->p > '9')
		return false;
	for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++) {
		n = n * 10 + (*c->p - '0');
		if (n > MAX_REPEAT)
			return false;
	}
	*ret = n;
	return true;
}

struct quantifier {
	size_t min;
	size_t max; /* SIZE_MAX: no end */
	bool lazy;
};

static bool
take_quantifier(struct compiler *c, struct quantifier *ret)
{
	*ret = (struct quantifier){0, SIZE_MAX, false};
	if (take(c, '*')) {
		ret->min = 0;
	} else if (take(c, '+')) {
		ret->min = 1;
	} else if (take(c, '?')) {
		ret->max = 1;
	} else if (take(c, '{')) {
		if (!take_number(c, &ret->min))
			fail(c);
		ret->max = ret->min;
		if (take(c, ',')) {
			ret->max = SIZE_MAX;
			if (!at(c, '}') && !take_number(c, &ret->max))
				fail(c);
		}
		if (!take(c, '}') || ret->max < ret->min)
			fail(c);
	} else {
		return false;
	}
	ret->lazy = take(c, '?');
	/* Possessive ones, and two of them on one thing. */
	if (at(c, '+') || at(c, '*') || at(c, '{') || at(c, '?'))
		fail(c);
	return true;
}

/* Whether the program from there can be gone through without a character. */
static bool
may_be_empty(const struct compiler *c, size_t from, size_t to, int *steps)
{
	while (from < to && ++*steps < MAX_PROGRAM) {
		const struct instruction *in = &c->regex->program.v[from];

		if (in->op <= REGEX_SET)
			return false;
		if (in->op == REGEX_SPLIT) {
			if (may_be_empty(c, in->first, to, steps))
				return true;
			from = in->last;
		} else if (in->op == REGEX_JUMP) {
			from = in->first;
		} else {
			from++;
		}
	}
	return true;
}

/* The same instructions once more, at the end. */
static void
copy(struct compiler *c, const struct instruction *from, size_t n,
    size_t original)
{
	size_t offset = c->regex->program.n - original;
	size_t i;

	for (i = 0; i < n && !c->failed; i++) {
		struct instruction *in = emit(c, from[i].op);

		*in = from[i];
		if (in->op == REGEX_JUMP || in->op == REGEX_SPLIT)
			in->first += offset;
		if (in->op == REGEX_SPLIT)
			in->last += offset;
	}
}

static void
set_split(struct compiler *c, size_t split, size_t into, size_t behind,
    bool lazy)
{
	struct instruction *in = &c->regex->program.v[split];

	in->first = lazy ? behind : into;
	in->last = lazy ? into : behind;
}

static void
repeat(struct compiler *c, size_t start, const struct quantifier *q)
{
	size_t n = c->regex->program.n - start;
	struct instruction *body = arena_memdup(c->arena,
	    c->regex->program.v + start, n * sizeof(*body));
	size_t optional = q->max == SIZE_MAX ? 0 : q->max - q->min;
	size_t first_split;
	int steps = 0;
	size_t i;

	if (q->max != 1 && may_be_empty(c, start, start + n, &steps)) {
		fail(c);
		return;
	}
	c->regex->program.n = start;
	for (i = 0; i < q->min && !c->failed; i++)
		copy(c, body, n, start);
	if (q->max == SIZE_MAX) {
		size_t split = c->regex->program.n;

		emit(c, REGEX_SPLIT);
		copy(c, body, n, start);
		emit(c, REGEX_JUMP)->first = split;
		if (!c->failed)
			set_split(c, split, split + 1, c->regex->program.n,
			    q->lazy);
	}
	first_split = c->regex->program.n;
	for (i = 0; i < optional && !c->failed; i++) {
		emit(c, REGEX_SPLIT);
		copy(c, body, n, start);
	}
	for (i = 0; i < optional && !c->failed; i++) {
		size_t split = first_split + i * (n + 1);

		set_split(c, split, split + 1, c->regex->program.n, q->lazy);
	}
}

static void
compile_sequence(struct compiler *c)
{
	while (c->p < c->end && !at(c, '|') && !at(c, ')')) {
		size_t start = c->regex->program.n;
		struct quantifier q;

		compile_atom(c);
		if (take_quantifier(c, &q) && !c->failed)
			repeat(c, start, &q);
	}
}

static void
insert_split(struct compiler *c, size_t start)
{
	size_t n = c->regex->program.n - start;
	struct instruction *body = arena_memdup(c->arena,
	    c->regex->program.v + start, n * sizeof(*body));

	c->regex->program.n = start;
	emit(c, REGEX_SPLIT);
	copy(c, body, n, start);
}

/* a|b|c: tried from the left. */
static void
compile_alternatives(struct compiler *c)
{
	LIST_OF(size_t) jumps = {0};
	size_t start = c->regex->program.n;
	size_t i;

	compile_sequence(c);
	while (take(c, '|') && !c->failed) {
		insert_split(c, start);
		*LIST_ADD(c->arena, &jumps) = c->regex->program.n;
		emit(c, REGEX_JUMP);
		set_split(c, start, start + 1, c->regex->program.n, false);
		start = c->regex->program.n;
		compile_sequence(c);
	}
	for (i = 0; i < jumps.n; i++)
		c->regex->program.v[jumps.v[i]].first = c->regex->program.n;
}

const struct regex *
regex_compile(struct arena *a, struct slice pattern)
{
	struct regex *regex = arena_new(a, struct regex);
	struct compiler c = {.arena = a, .regex = regex};
	size_t n;

	c.p = utf8_points(a, pattern, &n);
	c.end = c.p + n;
	if (n > 4 && c.p[0] == '(' && c.p[1] == '?' && c.p[2] == 'i' &&
	    c.p[3] == ')') {
		regex->fold = true;
		c.p += 4;
	}
	emit(&c, REGEX_SAVE)->first = 0;
	compile_alternatives(&c);
	emit(&c, REGEX_SAVE)->first = 1;
	emit(&c, REGEX_MATCH);
	return c.failed || c.p < c.end ? NULL : regex;
}
