/* <sodium.h> speaks of malloc in an attribute. */
#define T2C_ALLOW_BANNED
#include "base/base.h"

#include "sys/crypto.h"

#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HASH_BYTES 32
#define SLOT_WAIT_MS 10000

const struct err *
crypto_init(void)
{
	if (sodium_init() < 0)
		return err_system(S_INTERNAL, "libsodium cannot start");
	return NULL;
}

static char *
base64url(struct arena *a, const unsigned char *bytes, size_t n)
{
	size_t size = sodium_base64_encoded_len(n,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(arena_alloc(a, size), size, bytes, n,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *
crypto_token(struct arena *a)
{
	unsigned char bytes[HASH_BYTES];

	randombytes_buf(bytes, sizeof(bytes));
	return base64url(a, bytes, sizeof(bytes));
}

uint32_t
crypto_random_below(uint32_t n)
{
	return randombytes_uniform(n);
}

const char *
crypto_sha256(struct arena *a, struct slice bytes)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	size_t size = 2 * sizeof(hash) + 1;

	crypto_hash_sha256(hash, (const unsigned char *)bytes.p, bytes.n);
	return sodium_bin2hex(arena_alloc(a, size), size, hash, sizeof(hash));
}

const char *
crypto_mac(struct arena *a, const char *secret, const char *purpose)
{
	unsigned char mac[HASH_BYTES];
	size_t n = strlen(secret);

	assert(n >= crypto_generichash_KEYBYTES_MIN &&
	    n <= crypto_generichash_KEYBYTES_MAX);
	crypto_generichash(mac, sizeof(mac), (const unsigned char *)purpose,
	    strlen(purpose), (const unsigned char *)secret, n);
	return base64url(a, mac, sizeof(mac));
}

bool
crypto_equal(const char *a, const char *b)
{
	size_t n;

	if (!a || !b)
		return false;
	n = strlen(a);
	return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

void
crypto_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

/* Memory that is wiped when the arena is reset. */
struct wiped {
	unsigned char *p;
	size_t n;
};

static void
wipe(void *p)
{
	struct wiped *w = p;

	crypto_wipe(w->p, w->n);
}

static void
wipe_later(struct arena *a, void *p, size_t n)
{
	struct wiped *w = arena_new(a, struct wiped);

	*w = (struct wiped){p, n};
	arena_defer(a, wipe, w);
}

static bool
read_base64url(const char *text, unsigned char *bytes, size_t max, size_t *ret)
{
	return sodium_base642bin(bytes, max, text, strlen(text), NULL, ret,
	           NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static bool
read_key(const char *text, unsigned char key[crypto_box_PUBLICKEYBYTES])
{
	size_t n;

	return text &&
	    read_base64url(text, key, crypto_box_PUBLICKEYBYTES, &n) &&
	    n == crypto_box_PUBLICKEYBYTES;
}

struct crypto_keys
crypto_make_keys(struct arena *a)
{
	unsigned char public_key[crypto_box_PUBLICKEYBYTES];
	unsigned char secret_key[crypto_box_SECRETKEYBYTES];
	char *secret;

	crypto_box_keypair(public_key, secret_key);
	secret = base64url(a, secret_key, sizeof(secret_key));
	wipe_later(a, secret, strlen(secret));
	crypto_wipe(secret_key, sizeof(secret_key));
	return (struct crypto_keys){
	    base64url(a, public_key, sizeof(public_key)), secret};
}

const char *
crypto_public_key(struct arena *a, const char *secret_key)
{
	unsigned char public_key[crypto_box_PUBLICKEYBYTES];
	unsigned char secret[crypto_box_SECRETKEYBYTES];
	const char *key = NULL;

	if (read_key(secret_key, secret) &&
	    crypto_scalarmult_base(public_key, secret) == 0)
		key = base64url(a, public_key, sizeof(public_key));
	crypto_wipe(secret, sizeof(secret));
	return key;
}

const char *
crypto_seal(struct arena *a, const char *public_key, struct slice text)
{
	unsigned char key[crypto_box_PUBLICKEYBYTES];
	size_t n = text.n + crypto_box_SEALBYTES;
	unsigned char *box = arena_alloc(a, n);

	if (!read_key(public_key, key) ||
	    crypto_box_seal(box, (const unsigned char *)text.p, text.n, key) !=
	        0)
		return NULL;
	return base64url(a, box, n);
}

static bool
open_box(unsigned char *text, const unsigned char *box, size_t n,
    const char *secret_key)
{
	unsigned char public_key[crypto_box_PUBLICKEYBYTES];
	unsigned char secret[crypto_box_SECRETKEYBYTES];
	bool opened = n >= crypto_box_SEALBYTES &&
	    read_key(secret_key, secret) &&
	    crypto_scalarmult_base(public_key, secret) == 0 &&
	    crypto_box_seal_open(text, box, n, public_key, secret) == 0;

	crypto_wipe(secret, sizeof(secret));
	return opened;
}

bool
crypto_open_seal(struct arena *a, const char *secret_key, const char *box,
    struct slice *ret)
{
	size_t max = strlen(box);
	unsigned char *bytes = arena_alloc(a, max);
	unsigned char *text = arena_alloc(a, max + 1);
	size_t n;

	wipe_later(a, text, max + 1);
	if (!read_base64url(box, bytes, max, &n) ||
	    !open_box(text, bytes, n, secret_key))
		return false;
	*ret = (struct slice){(const char *)text, n - crypto_box_SEALBYTES};
	return true;
}

const struct err *
hasher_open(struct hasher *h, struct arena *a, const char *dir)
{
	const struct err *e = NULL;
	int i;

	for (i = 0; i < HASHER_SLOTS && !e; i++)
		e = lock_open(&h->slot[i],
		    arena_printf(a, "%s/hash-%d.lock", dir, i + 1));
	return e;
}

void
hasher_close(struct hasher *h)
{
	int i;

	for (i = 0; i < HASHER_SLOTS; i++)
		lock_close(&h->slot[i]);
}

static uint64_t
passes(const struct hasher *h)
{
	return h->passes ? h->passes : crypto_pwhash_OPSLIMIT_INTERACTIVE;
}

static size_t
memory(const struct hasher *h)
{
	return h->memory ? h->memory : crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

/* flock() waits for one file only; processes spread over the two. */
static const struct err *
take_slot(struct hasher *h, struct lock **ret)
{
	struct lock *mine = &h->slot[getpid() % HASHER_SLOTS];
	const struct err *e;
	int i;

	for (i = 0; i < HASHER_SLOTS; i++) {
		if (lock_try(&h->slot[i])) {
			*ret = &h->slot[i];
			return NULL;
		}
	}
	e = lock_take(mine, h->wait_ms ? h->wait_ms : SLOT_WAIT_MS);
	if (!e)
		*ret = mine;
	return e;
}

static const struct err *
no_memory(const struct hasher *h)
{
	return err_system(S_BUSY, "no %zu bytes of memory for a password hash",
	    memory(h));
}

/* libsodium calls a password wrong that it had no memory to check. */
static bool
memory_is_there(const struct hasher *h)
{
	void *p = mmap(NULL, memory(h), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	munmap(p, memory(h));
	return true;
}

const struct err *
password_hash(struct hasher *h, struct arena *a, const char *password,
    const char **ret)
{
	char *hash = arena_alloc(a, crypto_pwhash_STRBYTES);
	const struct err *e;
	struct lock *slot;
	int rc;

	e = take_slot(h, &slot);
	if (e)
		return e;
	rc = crypto_pwhash_str(hash, password, strlen(password), passes(h),
	    memory(h));
	lock_release(slot);
	if (rc != 0)
		return no_memory(h);
	*ret = hash;
	return NULL;
}

const struct err *
password_verify(struct hasher *h, const char *hash, const char *password,
    bool *ret)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	struct lock *slot;
	int rc;

	/* A hash of nothing known, with the usual cost. It must be well-formed:
	 * libsodium refuses another one at once. */
	if (!hash)
		hash = arena_printf(&a,
		    "$argon2id$v=19$m=%zu,t=%" PRIu64
		    ",p=1$AAAAAAAAAAAAAAAAAAAAAA"
		    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		    memory(h) / 1024, passes(h));
	e = take_slot(h, &slot);
	if (e)
		return e;
	rc = crypto_pwhash_str_verify(hash, password, strlen(password));
	lock_release(slot);
	if (rc != 0 && !memory_is_there(h))
		return no_memory(h);
	*ret = rc == 0;
	return NULL;
}
