#include "base/base.h"

#include "core/key.h"

#include "sys/crypto.h"

#include <string.h>

const struct err *
key_check(const char *key, const char **ret)
{
	if (str_empty(key)) {
		*ret = NULL;
		return NULL;
	}
	if (strlen(key) > KEY_MAX)
		return err_new(W_BAD_REQUEST, "The form's key is too long.");
	*ret = key;
	return NULL;
}

const char *
key_bind(struct arena *a, const char *key, struct slice content)
{
	if (str_empty(key))
		return "";
	return arena_printf(a, "%s.%.16s", key, crypto_sha256(a, content));
}
