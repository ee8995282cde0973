#include "base/base.h"

#include "core/seal.h"

#include "base/buf.h"
#include "sys/crypto.h"
#include "sys/files.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_KEY_FILE 100
#define MAX_TOKEN 16000
#define MAX_PLACE 4000
#define OTHERS (S_IRWXG | S_IRWXO)

static const char *
path_of(struct arena *a, const char *dir, const char *name)
{
	return arena_printf(a, "%s/%s", dir, name);
}

/* Made in this order: whoever finds the public key finds the secret one. */
const struct err *
seal_make(struct arena *a, const char *dir)
{
	const char *secret_path = path_of(a, dir, "seal.key");
	const struct err *e;
	const char *public_key;
	struct slice secret;

	/* Whoever makes pages may have no way to the secret key. */
	if (access(path_of(a, dir, "seal.pub"), F_OK) == 0)
		return NULL;
	e = file_make(a, secret_path, slice_of(crypto_make_keys(a).secret_key),
	    0600);
	if (!e)
		e = file_read(a, secret_path, MAX_KEY_FILE, &secret);
	if (e)
		return e;
	public_key = crypto_public_key(a, slice_dup(a, slice_trim(secret)));
	if (!public_key)
		return err_system(S_SEAL, "%s is no key", secret_path);
	return file_make(a, path_of(a, dir, "seal.pub"), slice_of(public_key),
	    0644);
}

static const struct err *
read_key(struct arena *a, const char *path, const char **ret)
{
	struct slice text;
	const struct err *e = file_read(a, path, MAX_KEY_FILE, &text);

	if (e)
		return err_system(S_SEAL, "%s cannot be read", path);
	*ret = slice_dup(a, slice_trim(text));
	return NULL;
}

static const struct err *
read_secret(struct arena *a, const char *path, struct seal *ret)
{
	const struct err *e = read_key(a, path, &ret->secret_key);
	struct stat st;

	if (e)
		return e;
	if (stat(path, &st) != 0 || (st.st_mode & OTHERS))
		return err_system(S_SEAL, "%s can be read by others", path);
	if (!crypto_equal(crypto_public_key(a, ret->secret_key),
	        ret->public_key))
		return err_system(S_SEAL,
		    "%s is not the key that seal.pub belongs to", path);
	return NULL;
}

const struct err *
seal_read(struct arena *a, const char *dir, bool secret, struct seal *ret)
{
	struct seal seal = {0};
	const struct err *e = read_key(a, path_of(a, dir, "seal.pub"),
	    &seal.public_key);

	if (!e && secret)
		e = read_secret(a, path_of(a, dir, "seal.key"), &seal);
	if (!e && !crypto_seal(a, seal.public_key, SLICE("")))
		e = err_system(S_SEAL, "%s/seal.pub is no key", dir);
	if (e)
		return e;
	*ret = seal;
	return NULL;
}

/* What stands before the token. None of it has an end of a line. */
static const char *
label(struct arena *a, const struct seal_place *place)
{
	assert(!strchr(place->table, '\n') && !strchr(place->host, '\n'));
	return arena_printf(a, "%s\n%" PRId64 "\n%" PRId64 "\n%s\n",
	    place->table, place->row, place->owner, place->host);
}

const char *
seal_close(struct arena *a, const struct seal *seal,
    const struct seal_place *place, const char *token)
{
	const char *before = label(a, place);
	struct buf text;
	const char *box;

	buf_init(&text, a, MAX_PLACE + MAX_TOKEN);
	/* Growing would leave parts of the token behind. */
	buf_reserve(&text, strlen(before) + strlen(token));
	buf_add_str(&text, before);
	buf_add_str(&text, token);
	assert(!buf_full(&text)); /* forms take less */
	box = crypto_seal(a, seal->public_key, buf_slice(&text));
	assert(box); /* seal_read has tried the key */
	crypto_wipe(text.p, text.n);
	return box;
}

const struct err *
seal_open(struct arena *a, const struct seal *seal,
    const struct seal_place *place, const char *box, const char **ret_token)
{
	const char *expected = label(a, place);
	struct slice text;

	if (!seal->secret_key)
		return err_system(S_SEAL, "this process has no secret key");
	if (!crypto_open_seal(a, seal->secret_key, box, &text))
		return err_system(S_SEAL, "%s %" PRId64 " does not open",
		    place->table, place->row);
	/* A NUL follows the text. */
	if (!str_starts(text.p, expected))
		return err_system(S_SEAL, "%s %" PRId64 " has another's token",
		    place->table, place->row);
	*ret_token = text.p + strlen(expected);
	return NULL;
}
