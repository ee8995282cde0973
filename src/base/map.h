/*
 * A map from text to a number, in an arena: open addressing, FNV-1a. Keys are
 * borrowed and must outlive the map. The hash is keyed by a random seed of
 * the process, so nobody can prepare a sheet of colliding names; the order of
 * a map is never shown.
 */
#ifndef T2C_MAP_H
#define T2C_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_entry;

struct map {
	struct map_entry *slot;
	size_t n;
	size_t cap;
	bool fold; /* keys are the same without regard to ASCII case */
};

/* The value of a key, or missing. */
size_t map_get(const struct map *m, struct slice key, size_t missing);
/* Sets the value and returns true if the key is new; otherwise leaves the old
 * value and returns false. */
bool map_add(struct arena *a, struct map *m, struct slice key, size_t value);
/* Sets the value whether the key is new or not. */
void map_set(struct arena *a, struct map *m, struct slice key, size_t value);

#endif
