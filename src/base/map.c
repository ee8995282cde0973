#include "base/base.h"

#include "base/map.h"

#include <sys/random.h>

struct map_entry {
	struct slice key;
	size_t value;
	uint64_t hash;
	bool used;
};

/* 0 until the first use. Where the kernel gives no random bytes the maps work
 * all the same, only predictably. */
static uint64_t seed;

static uint64_t
hash_of(const struct map *m, struct slice key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
	size_t i;

	for (i = 0; i < key.n; i++) {
		char c = m->fold ? chr_lower(key.p[i]) : key.p[i];

		h = (h ^ (unsigned char)c) * UINT64_C(0x100000001b3);
	}
	return h ^ (h >> 32);
}

static bool
same(const struct map *m, struct slice a, struct slice b)
{
	size_t i;

	if (!m->fold || a.n != b.n)
		return slice_eq(a, b);
	for (i = 0; i < a.n; i++) {
		if (chr_lower(a.p[i]) != chr_lower(b.p[i]))
			return false;
	}
	return true;
}

/* The slot of the key, or the free one where it belongs. */
static struct map_entry *
find_slot(const struct map *m, struct slice key, uint64_t hash)
{
	size_t i = (size_t)hash & (m->cap - 1);

	while (m->slot[i].used) {
		if (m->slot[i].hash == hash && same(m, m->slot[i].key, key))
			break;
		i = (i + 1) & (m->cap - 1);
	}
	return &m->slot[i];
}

static void
grow(struct arena *a, struct map *m)
{
	struct map old = *m;
	size_t i;

	m->cap = old.cap ? old.cap * 2 : 16;
	m->slot = arena_array(a, struct map_entry, m->cap);
	for (i = 0; i < old.cap; i++) {
		if (old.slot[i].used)
			*find_slot(m, old.slot[i].key,
			    old.slot[i].hash) = old.slot[i];
	}
}

size_t
map_get(const struct map *m, struct slice key, size_t missing)
{
	const struct map_entry *e;

	if (m->n == 0)
		return missing;
	e = find_slot(m, key, hash_of(m, key));
	return e->used ? e->value : missing;
}

/* The entry of a key, added with the value if it was not there. */
static struct map_entry *
ensure(struct arena *a, struct map *m, struct slice key, size_t value,
    bool *ret_new)
{
	struct map_entry *e;
	uint64_t hash;

	if (seed == 0 && (getrandom(&seed, sizeof(seed), 0) < 0 || seed == 0))
		seed = 1;
	hash = hash_of(m, key);
	if (m->n * 4 >= m->cap * 3)
		grow(a, m);
	e = find_slot(m, key, hash);
	*ret_new = !e->used;
	if (!e->used) {
		*e = (struct map_entry){key, value, hash, true};
		m->n++;
	}
	return e;
}

bool
map_add(struct arena *a, struct map *m, struct slice key, size_t value)
{
	bool is_new;

	ensure(a, m, key, value, &is_new);
	return is_new;
}

void
map_set(struct arena *a, struct map *m, struct slice key, size_t value)
{
	bool is_new;

	ensure(a, m, key, value, &is_new)->value = value;
}
