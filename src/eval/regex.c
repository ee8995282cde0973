#include "base/base.h"

#include "eval/regex.h"

#include "eval/regex_program.h"
#include "eval/utf8.h"

#include <string.h>

struct thread {
	size_t pc;
	size_t at;
	size_t save[2 * REGEX_GROUPS];
};

struct machine {
	struct arena *arena;
	const struct regex *regex;
	const uint32_t *text;
	size_t n;
	bool unsure;
	LIST_OF(struct thread) stack;
};

static bool
is_terminator(uint32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 ||
	    c == 0x2029;
}

/* $ is at the end, or before the line terminator at the end. */
static bool
is_end(const struct machine *m, size_t at)
{
	size_t left = m->n - at;

	if (left == 0)
		return true;
	if (left == 2)
		return m->text[at] == '\r' && m->text[at + 1] == '\n';
	return left == 1 && is_terminator(m->text[at]) &&
	    !(at > 0 && m->text[at] == '\n' && m->text[at - 1] == '\r');
}

static bool
is_word(const struct machine *m, size_t at)
{
	uint32_t c = m->text[at];

	return c < 0x80 && (chr_is_alnum((char)c) || c == '_');
}

static bool
is_boundary(struct machine *m, size_t at)
{
	bool before = at > 0 && is_word(m, at - 1);
	bool behind = at < m->n && is_word(m, at);

	/* Old versions of Java count other letters as parts of words. */
	if ((at > 0 && m->text[at - 1] >= 0x80) ||
	    (at < m->n && m->text[at] >= 0x80))
		m->unsure = true;
	return before != behind;
}

static uint32_t
fold(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool
is_in_set(const struct regex *regex, const struct instruction *in, uint32_t c)
{
	size_t i;

	for (i = in->first; i < in->last; i++) {
		const struct char_range *r = &regex->ranges.v[i];

		if (c >= r->from && c <= r->to)
			return true;
		if (regex->fold && c < 0x80 && chr_is_alpha((char)c) &&
		    (c ^ 32) >= r->from && (c ^ 32) <= r->to)
			return true;
	}
	return false;
}

static bool
takes(const struct machine *m, const struct instruction *in, uint32_t c)
{
	if (in->op == REGEX_CHAR)
		return c == in->c || (m->regex->fold && fold(c) == fold(in->c));
	if (in->op == REGEX_ANY)
		return !is_terminator(c);
	return is_in_set(m->regex, in, c) != in->negated;
}

static bool
holds(struct machine *m, const struct instruction *in, size_t at)
{
	if (in->op == REGEX_BEGIN)
		return at == 0;
	if (in->op == REGEX_END)
		return is_end(m, at);
	return is_boundary(m, at) != in->negated;
}

/* Runs one thread until it fails, false, or reaches the end. */
static bool
run_thread(struct machine *m, struct thread *t, size_t *steps)
{
	while (++*steps < REGEX_MAX_STEPS) {
		const struct instruction *in = &m->regex->program.v[t->pc];

		switch (in->op) {
		case REGEX_CHAR:
		case REGEX_ANY:
		case REGEX_SET:
			if (t->at == m->n || !takes(m, in, m->text[t->at]))
				return false;
			t->at++;
			break;
		case REGEX_BEGIN:
		case REGEX_END:
		case REGEX_BOUNDARY:
			if (!holds(m, in, t->at))
				return false;
			break;
		case REGEX_SAVE:
			t->save[in->first] = t->at;
			break;
		case REGEX_JUMP:
			t->pc = in->first;
			continue;
		case REGEX_SPLIT:
			*LIST_ADD(m->arena, &m->stack) = *t;
			m->stack.v[m->stack.n - 1].pc = in->last;
			t->pc = in->first;
			continue;
		case REGEX_MATCH:
			return true;
		}
		t->pc++;
	}
	m->unsure = true;
	return false;
}

enum regex_outcome
regex_search(struct arena *a, const struct regex *regex, const uint32_t *text,
    size_t n, size_t from, size_t *steps, struct regex_match *ret)
{
	struct machine m = {.arena = a, .regex = regex, .text = text, .n = n};
	size_t at;
	size_t i;

	for (at = from; at <= n; at++) {
		struct thread *first = LIST_ADD(a, &m.stack);

		/* The place may have been another thread's before. */
		first->pc = 0;
		first->at = at;
		memset(first->save, 0xff, sizeof(first->save));
		while (m.stack.n > 0) {
			struct thread t = m.stack.v[--m.stack.n];
			bool found = run_thread(&m, &t, steps);

			if (m.unsure)
				return REGEX_UNSURE;
			if (!found)
				continue;
			for (i = 0; i < REGEX_GROUPS; i++) {
				ret->start[i] = t.save[2 * i];
				ret->end[i] = t.save[2 * i + 1];
			}
			return REGEX_FOUND;
		}
	}
	return REGEX_NONE;
}

size_t
regex_groups(const struct regex *regex)
{
	return regex->groups;
}
