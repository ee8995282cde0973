#include "base/base.h"

#include "core/password.h"

#include "base/str.h"
#include "core/user.h"

#include <string.h>

/* What a password must be worth once everything obvious counts as one. */
#define MIN_WORTH 6
/* A name of this length or more counts as a word. */
#define MIN_NAME 3
#define MIN_RUN 3

/* Letters as they are written by people who must use a digit or a sign. */
static bool
letter_is(char written, char letter)
{
	switch (letter) {
	case 'a':
		return strchr("a@4", written);
	case 'e':
		return strchr("e3", written);
	case 'i':
		return strchr("i1!", written);
	case 'l':
		return strchr("l1", written);
	case 'o':
		return strchr("o0", written);
	case 's':
		return strchr("s5$", written);
	case 't':
		return strchr("t7", written);
	default:
		return written == letter;
	}
}

/* The length of word where p starts with it, else 0. */
static size_t
match_word(const char *p, const char *word)
{
	size_t i;

	for (i = 0; word[i]; i++) {
		if (!p[i] || !letter_is(p[i], word[i]))
			return 0;
	}
	return i;
}

static size_t
longest_word(const char *p, const char *user_name)
{
	size_t longest = 0;
	size_t i;

	for (i = 0; i < password_words_count; i++) {
		size_t n = match_word(p, password_words[i]);

		if (n > longest)
			longest = n;
	}
	if (strlen(user_name) >= MIN_NAME) {
		size_t n = match_word(p, user_name);

		if (n > longest)
			longest = n;
	}
	return longest;
}

/* How far p follows keys that lie side by side, one way or the other. */
static size_t
longest_run(const char *p)
{
	static const char *const rows[] = {
	    "abcdefghijklmnopqrstuvwxyz",
	    "zyxwvutsrqponmlkjihgfedcba",
	    "01234567890",
	    "09876543210",
	    "qwertyuiop",
	    "poiuytrewq",
	    "qwertzuiop",
	    "poiuztrewq",
	    "asdfghjkl;",
	    ";lkjhgfdsa",
	    "zxcvbnm,./",
	    "/.,mnbvcxz",
	    "1q2w3e4r5t6y7u8i9o0p",
	    "q1w2e3r4t5y6u7i8o9p0",
	    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
	    "!@#$%^&*()",
	};
	size_t longest = 0;
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		const char *at = strchr(rows[i], p[0]);

		for (; at && *at; at = strchr(at + 1, p[0])) {
			size_t n = 1;

			while (p[n] && at[n] == p[n])
				n++;
			if (n > longest)
				longest = n;
		}
	}
	return longest;
}

static size_t
longest_repeat(const char *p)
{
	size_t n = 1;

	while (p[n] == p[0])
		n++;
	return n;
}

static size_t
year(const char *p)
{
	bool century = str_starts(p, "19") || str_starts(p, "20");

	return century && chr_is_digit(p[2]) && chr_is_digit(p[3]) ? 4 : 0;
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* The bytes at p that are worth one character. */
static size_t
obvious(const char *p, const char *user_name)
{
	size_t run = larger(longest_run(p), longest_repeat(p));
	size_t n = larger(longest_word(p, user_name), year(p));

	if (run >= MIN_RUN)
		n = larger(n, run);
	if (n > 0)
		return n;
	/* One character, however many bytes it has. */
	for (n = 1; ((unsigned char)p[n] & 0xc0) == 0x80; n++)
		;
	return n;
}

/* Where text repeats its first bytes to the end, the number of those. */
static size_t
period(const char *text, size_t n)
{
	size_t p;

	for (p = 1; p <= n / 2; p++) {
		if (memcmp(text, text + p, n - p) == 0)
			return p;
	}
	return n;
}

static int
worth(const char *password, const char *user_name)
{
	size_t n = strlen(password);
	size_t end = period(password, n);
	size_t i;
	int value = end < n ? 1 : 0;

	for (i = 0; i < end; i += obvious(password + i, user_name))
		value++;
	return value;
}

const struct err *
password_judge(const char *password, const char *user_name)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct slice text = slice_of(password);
	size_t length;
	size_t i;

	if (text.n > PASSWORD_MAX)
		return err_new(A_PASSWORD_WEAK, "A password may have %d bytes.",
		    PASSWORD_MAX);
	if (!utf8_valid(text))
		return err_new(A_PASSWORD_WEAK, "The password is not text.");
	length = utf8_length(text);
	if (length < PASSWORD_MIN)
		return err_new(A_PASSWORD_WEAK,
		    "A password has at least %d "
		    "characters; this one has %zu.",
		    PASSWORD_MIN, length);
	for (i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return err_new(A_PASSWORD_WEAK,
			    "The password contains a control character.");
	}
	if (worth(str_lower(&a, password), str_lower(&a, user_name)) <
	    MIN_WORTH)
		return err_new(A_PASSWORD_WEAK,
		    "The password is one of those "
		    "that are tried first: common words, keyboard runs, years, "
		    "repetitions or the user name.");
	return NULL;
}
