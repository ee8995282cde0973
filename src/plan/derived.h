/*
 * A pattern of an organisation: a standard, as data. It is one YAML document:
 *
 *	name: customer_dimension        small letters, digits, underscores
 *	title: Customer dimension
 *	summary: One sentence.
 *	description: A paragraph.
 *	extends: scd2                   a pattern that the compiler knows
 *	options:                        those that differ from the base
 *	  - name: late_rows
 *	    default: split              the preset
 *	    access: fixed               open, fixed or hidden
 *	    description: Why.           title and description may be given
 *	prompt: |                       for a language model
 *	  ...
 *	model:                          what differs from the connection
 *	  name: databricks-claude-opus  an endpoint; of workspaces alone
 *	  temperature: 0.05
 *	  max_tokens: 8000              of an answer
 *	  first_s: 30                   wait for its first token
 *	  total_s: 200                  wait for all of it
 *	  instructions: |               the system prompt
 *	    ...
 *	example: |                      a mapping sheet that fits
 *	  source_table,source_column,...
 *
 * It is compiled by its base's strategy, and has all options of the base, also
 * those that a later release adds. A default is a value of the option; for
 * columns a list or a text with commas. A closed option without a default has
 * what the sheet's roles or the base say. Without extends the document needs a
 * prompt, which only a model can follow: the plan then says how values come
 * about, and nothing of how rows are written.
 *
 * Nothing here knows where documents are kept.
 */
#ifndef T2C_DERIVED_H
#define T2C_DERIVED_H

#include "base/problem.h"
#include "plan/pattern.h"

#define DERIVED_MAX_BYTES ((size_t)256 * 1024)

struct derived {
	struct pattern pattern;
	int64_t name_line; /* of the document, from 1; 0 where absent */
	int64_t extends_line;
	int64_t example_line; /* of the key; row n of the example is n lines
	                         further where it is a block */
};

/* Reads a document. Each problem has the line as its row and place, 0 where it
 * concerns the whole. Where there are errors the pattern is what could be
 * understood: texts are never NULL, and it is not to be compiled. bases are
 * the compiled patterns; they and the document must outlive the pattern. */
void derived_read(struct arena *a, const struct patterns *bases,
    struct slice document, struct derived *ret, struct problems *problems);

/* A document to begin with, complete and free of problems but for its name,
 * which is that of the base with own_ before it; NULL: one without a base. */
const char *derived_template(struct arena *a, const struct pattern *base);

/* A key that differs: "options.late_rows", its values as text, "" if absent. */
struct derived_change {
	const char *key;
	const char *before;
	const char *after;
};
struct derived_changes {
	struct derived_change *v;
	size_t n;
	size_t cap;
};
/* What differs between two documents, in the order of the second; nothing
 * where one of them cannot be read. Comments and layout do not count. */
void derived_compare(struct arena *a, struct slice before, struct slice after,
    struct derived_changes *ret);

#endif
