#include "base/base.h"

#include "remote/host.h"

#include "base/buf.h"

#include <string.h>

#define MAX_NAME 253
#define MAX_LABEL 63
#define HTTPS_PORT 443
#define HTTP_PORT 80

#define REFUSE(...) return err_new(R_HOST, __VA_ARGS__)

static bool
is_number(struct slice label)
{
	size_t i;

	for (i = 0; i < label.n && chr_is_digit(label.p[i]); i++)
		;
	return i == label.n ||
	    (label.n > 1 && label.p[0] == '0' &&
	        (label.p[1] == 'x' || label.p[1] == 'X'));
}

static bool
is_label(struct slice label)
{
	size_t i;

	if (label.n == 0 || label.n > MAX_LABEL || label.p[0] == '-' ||
	    label.p[label.n - 1] == '-')
		return false;
	for (i = 0; i < label.n; i++) {
		if (!chr_is_alnum(label.p[i]) && label.p[i] != '-')
			return false;
	}
	return true;
}

/* Four numbers as everybody reads them: decimal, up to 255, no leading 0. */
static bool
is_ipv4(const char *name)
{
	int parts = 0;
	size_t n;
	int64_t value;

	for (;; name += n + 1) {
		n = strspn(name, "0123456789");
		if (n == 0 || n > 3 || (n > 1 && name[0] == '0') ||
		    !slice_to_int((struct slice){name, n}, 0, 255, &value))
			return false;
		parts++;
		if (name[n] != '.')
			return name[n] == '\0' && parts == 4;
	}
}

static const struct err *
check_name(const char *name, enum host_kind kind)
{
	const char *p = name;
	struct slice label = {0};
	size_t labels = 0;

	if (!name[0])
		REFUSE("The host is missing.");
	if (strlen(name) > MAX_NAME)
		REFUSE("A host has %d characters at most.", MAX_NAME);
	for (;; p += label.n + 1) {
		label = (struct slice){p, strcspn(p, ".")};
		if (!is_label(label))
			REFUSE("\"%.80s\" is no host: its parts are letters, "
			       "digits and dashes between single dots.",
			    name);
		labels++;
		if (!p[label.n])
			break;
	}
	if (is_number(label) && (kind == HOST_WORKSPACE || !is_ipv4(name)))
		REFUSE("\"%.80s\" is a number where a name is wanted.", name);
	if (kind == HOST_WORKSPACE && labels < 2)
		REFUSE("\"%.80s\" is no full name: a workspace's has dots.",
		    name);
	return NULL;
}

/* "name" or "name:port". */
static const struct err *
read_authority(struct arena *a, struct slice text, enum host_kind kind,
    struct host *ret)
{
	const char *colon = memchr(text.p, ':', text.n);
	struct slice name = text;
	struct slice digits;
	int64_t port;

	ret->port = ret->plain ? HTTP_PORT : HTTPS_PORT;
	if (colon) {
		name.n = (size_t)(colon - text.p);
		digits = (struct slice){colon + 1, text.n - name.n - 1};
		if (digits.n > 5 || !slice_to_int(digits, 1, 65535, &port) ||
		    !chr_is_digit(digits.p[0]))
			REFUSE("What follows the colon is no port.");
		ret->port = (int)port;
	}
	if (kind == HOST_WORKSPACE && ret->port != HTTPS_PORT)
		REFUSE("A workspace answers at port %d.", HTTPS_PORT);
	ret->name = str_lower(a, slice_dup(a, name));
	return check_name(ret->name, kind);
}

/* The value of a parameter if it is a number, as ids of workspaces are. */
static const char *
id_in(struct arena *a, const char *query, const char *name)
{
	size_t n = strlen(name);
	const char *p = query;

	while (*p == '?' || *p == '&') {
		p++;
		if (strncmp(p, name, n) == 0 && p[n] == '=') {
			size_t digits = strspn(p + n + 1, "0123456789");

			return digits > 0 && digits < 20
			    ? arena_strndup(a, p + n + 1, digits)
			    : NULL;
		}
		p += strcspn(p, "&#");
	}
	return NULL;
}

/* Where the API of a model begins. */
static const struct err *
check_path(const char *path)
{
	size_t i;

	for (i = 0; path[i]; i++) {
		if (!chr_is_alnum(path[i]) && !strchr("/-._~", path[i]))
			REFUSE("The path may have letters, digits, dashes and "
			       "dots; no query.");
	}
	if (strstr(path, "//") || strstr(path, "/."))
		REFUSE("The path has an empty part or one of dots.");
	return NULL;
}

static const char *
scheme_of(const char *text, enum host_kind kind, struct host *ret)
{
	if (slice_ieq((struct slice){text, strnlen(text, 8)}, "https://"))
		return text + 8;
	if (kind == HOST_MODEL &&
	    slice_ieq((struct slice){text, strnlen(text, 7)}, "http://")) {
		ret->plain = true;
		return text + 7;
	}
	return text;
}

const struct err *
host_parse(struct arena *a, const char *text, enum host_kind kind,
    struct host *ret)
{
	const struct err *e;
	struct host host = {0};
	const char *at;
	size_t n;
	size_t i;

	text = str_trim(a, text);
	for (i = 0; text[i]; i++) {
		if ((unsigned char)text[i] <= 0x20 ||
		    (unsigned char)text[i] >= 0x7f)
			REFUSE("A host has no blanks, and no letters of other "
			       "scripts than a to z.");
		if (strchr("@\\%", text[i]))
			REFUSE("A host has no \"%c\".", text[i]);
	}
	at = scheme_of(text, kind, &host);
	n = strcspn(at, "/?#");
	e = read_authority(a, (struct slice){at, n}, kind, &host);
	if (e)
		return e;
	at += n;
	host.base = arena_printf(a, "http%s://%s", host.plain ? "" : "s",
	    host.name);
	if (kind == HOST_WORKSPACE) {
		at += strcspn(at, "?#");
		host.workspace_id = id_in(a, at, "o");
		if (!host.workspace_id)
			host.workspace_id = id_in(a, at, "w");
	} else {
		e = check_path(at);
		if (e)
			return e;
		if (host.port != (host.plain ? HTTP_PORT : HTTPS_PORT))
			host.base = arena_printf(a, "%s:%d", host.base,
			    host.port);
		host.base = arena_printf(a, "%s%s", host.base, at);
		if (str_ends(host.base, "/"))
			host.base = arena_strndup(a, host.base,
			    strlen(host.base) - 1);
	}
	*ret = host;
	return NULL;
}

static bool
is_entry(const struct host *host, struct slice entry)
{
	const char *colon = memchr(entry.p, ':', entry.n);
	int64_t port = host->plain ? HTTP_PORT : HTTPS_PORT;
	struct slice name = entry;
	size_t n = strlen(host->name);

	if (colon) {
		name.n = (size_t)(colon - entry.p);
		if (!slice_to_int((struct slice){colon + 1,
		                      entry.n - name.n - 1},
		        1, 65535, &port))
			return false;
	}
	if (port != host->port)
		return false;
	if (name.n < 3 || name.p[0] != '*' || name.p[1] != '.')
		return slice_ieq(name, host->name);
	return n >= name.n &&
	    slice_ieq((struct slice){name.p + 1, name.n - 1},
	        host->name + n - (name.n - 1));
}

bool
host_allowed(const struct host *host, const char *entries)
{
	while (*entries) {
		size_t n = strcspn(entries, " ,\t\n");

		if (n > 0 && is_entry(host, (struct slice){entries, n}))
			return true;
		entries += n + (entries[n] ? 1 : 0);
	}
	return false;
}
