/*
 * Text that would be markup if it could, in everything that the crawl seeds.
 */
#ifndef T2C_HOSTILE_H
#define T2C_HOSTILE_H

#include "testing.h"

#define HOSTILE "<script>alert(1)</script>\"><img src=x>'&amp;"

/* {"key": text}, as core stores options and plans. */
const char *hostile_json(struct testing *t, const char *key, const char *text);
/* A plan with that text wherever plans have one. */
const char *hostile_plan(struct testing *t, const char *text);

/* Patterns of an organisation: one that compiles, in two versions; one that is
 * a prompt; one that this release cannot read. */
void hostile_patterns(struct testing *t);
/* Their names, and last one of the program. */
#define HOSTILE_PATTERNS 4
extern const char *const hostile_names[HOSTILE_PATTERNS];

#endif
