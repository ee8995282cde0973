/*
 * Functions that text2code does not use, because each has a safer door:
 * numbers are parsed by str_to_int(), text is built with struct buf and
 * arena_printf(), memory comes from an arena, time from struct clock.
 *
 * A file that implements such a door defines T2C_ALLOW_BANNED before it
 * includes base/base.h; tools/lint knows the few files that may.
 */
#ifndef T2C_BANNED_H
#define T2C_BANNED_H

#ifndef T2C_ALLOW_BANNED

/* Included first, so that poisoning does not hit their own declarations. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#pragma GCC poison atoi atol atoll strtol strtoul strtoll strtoull sscanf
#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf gets
#pragma GCC poison strtok gmtime localtime ctime asctime
#pragma GCC poison malloc calloc realloc strdup strndup reallocarray
#pragma GCC poison system popen tmpnam mktemp

#endif
#endif
