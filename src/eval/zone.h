/*
 * Time zones: fixed offsets, and the regions of Europe and of the United
 * States by the rules that hold since 1996 and 2007 (IANA time zone database,
 * rules EU and US). For src/eval alone.
 */
#ifndef T2C_EVAL_ZONE_H
#define T2C_EVAL_ZONE_H

#include "base/str.h"

/* UTC to the time of the zone, or back; false for zones and years that are not
 * known. A local time that there is not, in spring, is moved by an hour; one
 * that there is twice, in autumn, is the first. */
bool zone_from_utc(struct slice zone, int64_t micros, int64_t *ret) MUST_USE;
bool zone_to_utc(struct slice zone, int64_t micros, int64_t *ret) MUST_USE;

#endif
