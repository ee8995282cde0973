#include "base/base.h"

#include "model/reply.h"

#include <string.h>

/* How long the fence is that the line starts with; 0: it does not. */
static size_t
fence_of(struct slice line, char *ret_sign, struct slice *ret_rest)
{
	struct slice s = slice_trim(line);
	size_t n = 0;

	if (s.n < 3 || (s.p[0] != '`' && s.p[0] != '~'))
		return 0;
	while (n < s.n && s.p[n] == s.p[0])
		n++;
	if (n < 3)
		return 0;
	*ret_sign = s.p[0];
	*ret_rest = slice_trim((struct slice){s.p + n, s.n - n});
	return n;
}

/* What a fence says of its block: "python", "py title=x", nothing. */
static bool
may_be_python(struct slice info)
{
	static const char *const names[] = {"python", "py", "python3",
	    "pyspark", "databricks", "{python}", "ipython"};
	size_t n = 0;
	size_t i;

	while (n < info.n && !chr_is_space(info.p[n]))
		n++;
	info.n = n;
	for (i = 0; i < COUNT_OF(names); i++) {
		if (slice_ieq(info, names[i]))
			return true;
	}
	return n == 0;
}

static void
offer(struct reply *ret, struct slice code, size_t line, bool is_cut)
{
	ret->blocks++;
	if (slice_trim(code).n <= slice_trim(ret->code).n)
		return;
	ret->code = code;
	ret->first_line = line;
	ret->is_cut = is_cut;
}

/* False: there is no fence. */
static bool
read_fences(struct slice answer, struct reply *ret)
{
	struct slice line;
	struct slice info;
	struct slice rest;
	size_t fence = 0; /* that is open: its length */
	size_t start = 0;
	size_t first = 0;
	size_t number = 0;
	size_t at = 0;
	bool wanted = false;
	bool found = false;
	char sign = 0;
	char open = 0;

	while (slice_line(answer, &at, &line)) {
		size_t n = fence_of(line, &sign, &rest);

		number++;
		if (n == 0)
			continue;
		if (fence == 0) {
			info = rest;
			wanted = may_be_python(info);
			fence = n;
			open = sign;
			start = at;
			first = number + 1;
			found = true;
		} else if (sign == open && n >= fence && rest.n == 0) {
			if (wanted)
				offer(ret,
				    (struct slice){answer.p + start,
				        (size_t)(line.p - answer.p) - start},
				    first, false);
			fence = 0;
		}
	}
	if (fence > 0 && wanted)
		offer(ret, (struct slice){answer.p + start, answer.n - start},
		    first, true);
	return found;
}

static bool
starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

static bool
has(struct slice s, const char *part)
{
	return s.n > 0 && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

/* name = …, name: str = …, name.method(…, name(… */
static bool
is_statement(struct slice s)
{
	size_t n = 0;

	while (n < s.n &&
	    (chr_is_alnum(s.p[n]) || s.p[n] == '_' || s.p[n] == '.'))
		n++;
	if (n == 0 || chr_is_digit(s.p[0]) || n >= s.n)
		return false;
	if (s.p[n] == '(')
		return s.p[n - 1] != '.';
	while (n < s.n && s.p[n] == ' ')
		n++;
	return n + 1 < s.n &&
	    ((s.p[n] == '=' && s.p[n + 1] != '=') ||
	        (s.p[n] == ':' && has(s, " = ")));
}

static bool
is_code(struct slice line)
{
	static const char *const words[] = {"import ", "def ", "class ", "@",
	    "\"\"\"", "# ", "if __name__", "with ", "try:"};
	size_t i;

	/* A heading of Markdown is a comment, too. */
	if (starts(line, "# ") && !has(line, "Databricks") &&
	    !has(line, "COMMAND") && !has(line, "MAGIC"))
		return false;
	for (i = 0; i < COUNT_OF(words); i++) {
		if (starts(line, words[i]))
			return true;
	}
	if (starts(line, "from "))
		return has(line, " import ");
	return is_statement(line);
}

/* A sentence at the left margin. */
static bool
is_prose(struct slice line)
{
	struct slice s = slice_trim(line);
	size_t blanks = 0;
	size_t i;

	if (s.n == 0)
		return true;
	for (i = 0; i < s.n; i++)
		blanks += s.p[i] == ' ';
	return s.p == line.p && blanks >= 2 && !is_code(line) &&
	    s.p[0] != '#' && s.p[0] != '@' && s.p[0] != ')' &&
	    (s.p[0] == '-' || s.p[0] == '*' || s.p[0] == '>' ||
	        (s.p[0] >= 'A' && s.p[0] <= 'Z') || chr_is_digit(s.p[0]));
}

static void
read_bare(struct slice answer, struct reply *ret)
{
	struct slice line;
	size_t number = 0;
	size_t end = 0;
	size_t at = 0;

	while (slice_line(answer, &at, &line)) {
		number++;
		if (ret->code.n == 0 && is_code(line)) {
			ret->code.p = line.p;
			ret->code.n = 1;
			ret->first_line = number;
		}
		if (ret->code.n > 0 && !is_prose(line))
			end = at;
	}
	if (ret->code.n == 0)
		return;
	ret->code.n = end - (size_t)(ret->code.p - answer.p);
}

/* Lines that are neither of the code nor a fence. */
static bool
has_more(struct slice answer, struct slice code)
{
	struct slice line;
	struct slice info;
	size_t at = 0;
	char sign;

	while (slice_line(answer, &at, &line)) {
		if (line.p >= code.p && line.p < code.p + code.n)
			continue;
		if (slice_trim(line).n > 0 && !fence_of(line, &sign, &info))
			return true;
	}
	return false;
}

void
reply_read(struct slice answer, struct reply *ret)
{
	*ret = (struct reply){0};
	if (!read_fences(answer, ret))
		read_bare(answer, ret);
	if (slice_trim(ret->code).n == 0)
		*ret = (struct reply){.blocks = ret->blocks};
	else
		ret->has_prose = has_more(answer, ret->code);
}
