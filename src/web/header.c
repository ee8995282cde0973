#include "base/base.h"

#include "web/header.h"

#include <string.h>

static bool
is_token(char c)
{
	return chr_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static void
skip_blanks(struct slice *s)
{
	while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t')) {
		s->p++;
		s->n--;
	}
}

static struct slice
take_token(struct slice *s)
{
	struct slice token = {s->p, 0};

	while (token.n < s->n && is_token(s->p[token.n]))
		token.n++;
	s->p += token.n;
	s->n -= token.n;
	return token;
}

/* Only \" is an escape: browsers do not escape backslashes, and the old ones
 * that send C:\path\file mean each of them. */
static bool
take_quoted(struct arena *a, struct slice *s, struct slice *ret)
{
	char *p = arena_alloc(a, s->n);
	size_t n = 0;
	size_t i = 1;

	while (i < s->n && s->p[i] != '"') {
		if (s->p[i] == '\\' && i + 1 < s->n && s->p[i + 1] == '"')
			i++;
		p[n++] = s->p[i++];
	}
	if (i >= s->n)
		return false;
	s->p += i + 1;
	s->n -= i + 1;
	*ret = (struct slice){p, n};
	return true;
}

static bool
take_param(struct arena *a, struct slice *s, struct header_value *ret)
{
	struct slice name = take_token(s);
	struct slice value;
	struct slice other;

	skip_blanks(s);
	if (name.n == 0 || s->n == 0 || s->p[0] != '=')
		return false;
	s->p++;
	s->n--;
	skip_blanks(s);
	if (s->n > 0 && s->p[0] == '"') {
		if (!take_quoted(a, s, &value))
			return false;
	} else {
		value = take_token(s);
	}
	if (ret->n == HEADER_PARAMS_MAX ||
	    header_param(ret, slice_dup(a, name), &other))
		return false;
	ret->param[ret->n].name = name;
	ret->param[ret->n].value = value;
	ret->n++;
	return true;
}

bool
header_parse(struct arena *a, struct slice text, struct header_value *ret)
{
	const char *semicolon;
	size_t n = text.n;

	*ret = (struct header_value){0};
	if (text.n == 0 || memchr(text.p, '\0', text.n))
		return false;
	semicolon = memchr(text.p, ';', text.n);
	if (semicolon)
		n = (size_t)(semicolon - text.p);
	ret->value = slice_dup(a, slice_trim((struct slice){text.p, n}));
	text.p += n;
	text.n -= n;
	while (text.n > 0) {
		if (text.p[0] != ';')
			return false;
		text.p++;
		text.n--;
		skip_blanks(&text);
		if (text.n == 0)
			break;
		if (!take_param(a, &text, ret))
			return false;
		skip_blanks(&text);
	}
	return true;
}

bool
header_param(const struct header_value *h, const char *name, struct slice *ret)
{
	for (size_t i = 0; i < h->n; i++) {
		if (slice_ieq(h->param[i].name, name)) {
			*ret = h->param[i].value;
			return true;
		}
	}
	return false;
}
