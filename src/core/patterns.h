/*
 * The patterns that are installed. SHARE/patterns has a folder for each that
 * the compiler knows. Files NAME.yaml there, and in DATA/patterns, are patterns
 * derived of those: one document each, as plan/derived.h says and the pages
 * export it.
 */
#ifndef T2C_PATTERNS_H
#define T2C_PATTERNS_H

#include "plan/derived.h"

struct pattern_file {
	const char *path;
	struct slice document;
	struct derived derived;
};
struct pattern_files {
	struct pattern_file *v;
	size_t n;
	size_t cap;
};

/* Reads and checks the folders, in the order of their positions. P_DEFINITION
 * names folder and fault; a process with a broken pattern does not start. */
const struct err *patterns_load(struct arena *a, const char *folder,
    struct patterns *ret) MUST_USE;
/* Adds the files of a folder; one that is missing has none. P_DEFINITION with
 * file, line and fault as above. */
const struct err *patterns_load_files(struct arena *a, const char *folder,
    const struct patterns *bases, struct pattern_files *ret) MUST_USE;

/* One file, with what is wrong with it; S_FILE where it cannot be read. */
const struct err *pattern_file_read(struct arena *a, const char *path,
    const struct patterns *bases, struct pattern_file *ret,
    struct problems *problems) MUST_USE;

/* A document as people type and send it, made fit to be kept: without byte
 * order mark, LF for each line end, one at the end. */
struct slice pattern_document_clean(struct arena *a, struct slice document);
/* Reads a document and what can be known of it without a database, each
 * problem with its place. Besides the document's own problems: the example
 * must compile with it (P_EXAMPLE), and its name must not be that of a base or
 * of an address (P_NAME_BUILT_IN). */
void pattern_document_check(struct arena *a, const struct patterns *bases,
    struct slice document, struct derived *ret, struct problems *problems);
/* "line 12: The default of … (P146)" */
const char *pattern_problem_text(struct arena *a, const struct problem *p);

#endif
