#include "base/base.h"

#include "plan/derived.h"

#include "base/buf.h"

#include <string.h>

#define WIDTH 76

/* In single quotes, where nothing but the quote itself is special. */
static void
put_line(struct buf *b, const char *key, const char *text)
{
	buf_printf(b, "%s: '", key);
	for (; *text; text++) {
		if (*text == '\'')
			buf_add_chr(b, '\'');
		buf_add_chr(b, *text);
	}
	buf_add_str(b, "'\n");
}

/* A text in lines, folded to one by >-. */
static void
put_folded(struct buf *b, const char *key, const char *text)
{
	size_t column = WIDTH;

	buf_printf(b, "%s: >-", key);
	while (*text) {
		size_t n = strcspn(text, " \n");

		if (column + 1 + n > WIDTH) {
			buf_add_str(b, "\n ");
			column = 1;
		}
		buf_add_chr(b, ' ');
		buf_add(b, text, n);
		column += 1 + n;
		text += n;
		text += strspn(text, " \n");
	}
	buf_add_chr(b, '\n');
}

/* As it is, line by line. The program's own texts begin with no blank and end
 * with one line end. */
static void
put_block(struct buf *b, const char *key, struct slice text)
{
	size_t i = 0;

	buf_printf(b, "%s: |\n", key);
	while (i < text.n) {
		size_t start = i;

		while (i < text.n && text.p[i] != '\n')
			i++;
		buf_add_str(b, "  ");
		buf_add(b, text.p + start, i - start);
		buf_add_chr(b, '\n');
		i++;
	}
}

/* What the default of an option may be. */
static void
put_values(struct buf *b, const struct option *o)
{
	switch (o->kind) {
	case OPTION_BOOLEAN:
		buf_add_str(b, "true or false");
		break;
	case OPTION_CHOICE:
		buf_add_str(b, option_choice_names(b->arena, o));
		break;
	case OPTION_COLUMN:
		buf_add_str(b, "a target column; '' for none");
		break;
	case OPTION_COLUMNS:
		buf_add_str(b, "target columns, commas between; '' for none");
		break;
	case OPTION_NAME:
		buf_add_str(b, "the name of a column; '' for none");
		break;
	case OPTION_TEXT:
		buf_add_str(b, "one line");
		break;
	}
}

static void
put_options(struct buf *b, const struct pattern *base)
{
	size_t i;

	buf_add_str(b,
	    "# What your standard says about the options. Take away the # "
	    "before those it\n"
	    "# sets; the others stay as the base has them. access: open "
	    "(whoever compiles may\n"
	    "# choose), fixed (shown, not to be changed) or hidden.\n"
	    "options:\n");
	for (i = 0; i < base->options.n; i++) {
		const struct option *o = &base->options.v[i];

		if (o->access != OPTION_OPEN)
			continue;
		buf_printf(b, "#  - name: %s    # %s\n", o->name, o->title);
		buf_printf(b, "#    default: %s    # ",
		    o->initial[0] ? o->initial : "''");
		put_values(b, o);
		buf_add_str(b, "\n#    access: open\n");
	}
}

const char *
derived_template(struct arena *a, const struct pattern *base)
{
	struct buf b;

	buf_init(&b, a, DERIVED_MAX_BYTES);
	if (!base) {
		buf_add_str(&b,
		    "# A pattern that is only a prompt: kept for a language "
		    "model, not compiled.\n"
		    "name: own_prompt\n"
		    "title: Own prompt\n"
		    "summary: What it does, in one sentence.\n"
		    "description: What it is right for, and what not.\n"
		    "prompt: |\n"
		    "  Write a PySpark notebook that …\n");
		return buf_str(&b);
	}
	buf_printf(&b,
	    "# A pattern of your own, compiled as %s is.\n"
	    "name: own_%s    # small letters, digits and underscores; it "
	    "stays\n",
	    base->name, base->name);
	put_line(&b, "title", arena_printf(a, "Own %s", base->title));
	put_line(&b, "summary", base->summary);
	put_folded(&b, "description", base->description);
	buf_printf(&b, "extends: %s\n", base->name);
	put_options(&b, base);
	buf_add_str(&b,
	    "# For a language model; the compiler does not read it.\n");
	put_block(&b, "prompt", slice_of(base->prompt));
	buf_add_str(&b, "# A sheet that shows what the pattern expects.\n");
	put_block(&b, "example", base->example);
	return buf_str(&b);
}
