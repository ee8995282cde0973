/*
 * Bytes of an upload become UTF-8 text, or a reason why they are no text.
 *
 * UTF-8 with or without a byte order mark; UTF-16 with one, and without where
 * the zero bytes show it; everything else that looks like text is taken as
 * Windows-1252. Text that is UTF-8 for the most part but not throughout is
 * refused: reading it as Windows-1252 would spoil every umlaut silently.
 */
#ifndef T2C_ENCODING_H
#define T2C_ENCODING_H

#include "base/problem.h"
#include "base/str.h"

struct decoded {
	char *p; /* valid UTF-8 without byte order mark and NUL
		    bytes, NUL-terminated; may be written to */
	size_t n;
	const char *encoding; /* see sheet.h */
	bool bom;
};

/* False, with one problem that concerns the sheet as a whole, if the bytes are
 * empty, too many, binary, or in no encoding known here. Linear. */
bool encoding_decode(struct arena *a, struct slice bytes, struct decoded *ret,
    struct problems *problems) MUST_USE;

#endif
