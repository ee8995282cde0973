#include "base/base.h"

#include "core/key.h"

#include "base/str.h"

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
