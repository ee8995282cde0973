#include "base/base.h"

#include "sim/script.h"

#include <string.h>

#define OPENING "<<<MAPPING"
#define CLOSING ">>>"
#define NAMED "with_name(\""
#define MAX_NAME 100

bool
script_wants_tests(struct slice prompt)
{
	struct slice line;
	size_t at = 0;

	while (slice_line(prompt, &at, &line)) {
		if (slice_is(line, "Task: write tests"))
			return true;
	}
	return false;
}

/* What follows the word in the line, trimmed. */
static bool
after(struct slice line, const char *word, struct slice *ret)
{
	size_t n = strlen(word);

	if (line.n < n || memcmp(line.p, word, n) != 0)
		return false;
	*ret = slice_trim((struct slice){line.p + n, line.n - n});
	return true;
}

/* The sheet begins where rest does. */
static bool
read_sheet(struct slice rest, struct slice nonce, struct slice *ret)
{
	struct slice line;
	struct slice mark;
	size_t at = 0;

	while (slice_line(rest, &at, &line)) {
		if (!after(line, CLOSING, &mark) ||
		    (mark.n > 0 && !slice_eq(mark, nonce)))
			continue;
		*ret = (struct slice){rest.p, (size_t)(line.p - rest.p)};
		return true;
	}
	return false;
}

static void
add_option(struct arena *a, struct fields *options, struct slice text)
{
	const char *equals = memchr(text.p, '=', text.n);
	size_t n = equals ? (size_t)(equals - text.p) : text.n;

	if (equals)
		fields_add(a, options, arena_strndup(a, text.p, n),
		    arena_strndup(a, equals + 1, text.n - n - 1));
}

/* "orders" where the line has with_name("orders.py"): letters, digits, _ and -
 * alone, since it becomes the name of a file. */
static void
find_name(struct arena *a, struct slice line, const char **ret)
{
	const char *at = memmem(line.p, line.n, NAMED, strlen(NAMED));
	const char *end = line.p + line.n;
	size_t n = 0;

	if (!at)
		return;
	at += strlen(NAMED);
	while (at + n < end &&
	    (chr_is_alnum(at[n]) || at[n] == '_' || at[n] == '-'))
		n++;
	if (n > 0 && n <= MAX_NAME && end - at - (ptrdiff_t)n >= 4 &&
	    memcmp(at + n, ".py\"", 4) == 0)
		*ret = arena_strndup(a, at, n);
}

bool
script_mapping(struct arena *a, struct slice prompt, struct script_task *ret)
{
	struct slice line;
	struct slice text;
	size_t at = 0;
	bool found = false;

	/* A prompt may name none. */
	*ret = (struct script_task){.pattern = "full_load", .name = "mapping"};
	while (slice_line(prompt, &at, &line)) {
		find_name(a, line, &ret->name);
		if (after(line, "Pattern:", &text)) {
			ret->pattern = slice_dup(a, text);
		} else if (after(line, "Option:", &text)) {
			add_option(a, &ret->options, text);
		} else if (!found && after(line, OPENING, &text)) {
			found = read_sheet((struct slice){prompt.p + at,
			                       prompt.n - at},
			    text, &ret->sheet);
			if (!found)
				return false;
			at += ret->sheet.n;
		}
	}
	return found;
}
