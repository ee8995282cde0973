#include "base/base.h"

#include "base/base64.h"

#include <string.h>

static const char usual[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const char *
encode(struct arena *a, struct slice bytes, const char *alphabet, bool pad)
{
	char *text = arena_alloc(a, bytes.n / 3 * 4 + 5);
	size_t n = 0;
	size_t i;

	for (i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		uint32_t group = (uint32_t)(unsigned char)bytes.p[i] << 16;

		if (left > 1)
			group |= (uint32_t)(unsigned char)bytes.p[i + 1] << 8;
		if (left > 2)
			group |= (unsigned char)bytes.p[i + 2];
		text[n++] = alphabet[group >> 18 & 63];
		text[n++] = alphabet[group >> 12 & 63];
		if (left > 1)
			text[n++] = alphabet[group >> 6 & 63];
		if (left > 2)
			text[n++] = alphabet[group & 63];
	}
	while (pad && n % 4 != 0)
		text[n++] = '=';
	return text;
}

const char *
base64_encode(struct arena *a, struct slice bytes)
{
	return encode(a, bytes, usual, true);
}

const char *
base64url_encode(struct arena *a, struct slice bytes)
{
	return encode(a, bytes, for_urls, false);
}

bool
base64_decode(struct arena *a, struct slice text, struct slice *ret)
{
	char *bytes = arena_alloc(a, text.n / 4 * 3 + 4);
	uint32_t group = 0;
	size_t digits = 0;
	size_t pads = 0;
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];
		const char *at = c ? strchr(usual, c) : NULL;

		if (chr_is_space(c))
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		if (!at || pads > 0)
			return false;
		group = group << 6 | (uint32_t)(at - usual);
		digits++;
		if (digits % 4 == 0) {
			bytes[n++] = (char)(group >> 16 & 255);
			bytes[n++] = (char)(group >> 8 & 255);
			bytes[n++] = (char)(group & 255);
		}
	}
	if ((digits + pads) % 4 != 0 || pads > 2)
		return false;
	if (pads == 1)
		bytes[n++] = (char)(group >> 10 & 255);
	if (pads == 1)
		bytes[n++] = (char)(group >> 2 & 255);
	if (pads == 2)
		bytes[n++] = (char)(group >> 4 & 255);
	*ret = (struct slice){bytes, n};
	return true;
}
