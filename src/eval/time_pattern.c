#include "base/base.h"

#include "eval/time_pattern.h"

#include "base/buf.h"
#include "eval/calendar.h"

#include <string.h>
#include <strings.h>

static const char *const months[] = {"January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November",
    "December"};
static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday",
    "Thursday", "Friday", "Saturday", "Sunday"};

/* A run of one letter, or text that stands for itself. */
struct item {
	char letter; /* '\0' for text */
	size_t n;    /* of the run */
	struct slice text;
};

/* Text in quotes; two of them are one. */
static bool
next_quoted(struct slice *p, struct item *ret)
{
	size_t i = 1;

	if (p->n > 1 && p->p[1] == '\'') {
		ret->text = (struct slice){p->p, 1};
		*p = (struct slice){p->p + 2, p->n - 2};
		return true;
	}
	while (i < p->n && p->p[i] != '\'')
		i++;
	/* A quote within quotes would be two items. */
	if (i == p->n || (i + 1 < p->n && p->p[i + 1] == '\''))
		return false;
	ret->text = (struct slice){p->p + 1, i - 1};
	*p = (struct slice){p->p + i + 1, p->n - i - 1};
	return true;
}

/* False where it is not known; at the end, *ret has neither letter nor text.
 */
static bool
next_item(struct slice *p, struct item *ret)
{
	*ret = (struct item){0};
	if (p->n == 0)
		return true;
	if (*p->p == '\'')
		return next_quoted(p, ret);
	if (!chr_is_alpha(*p->p)) {
		if (*p->p == '[' || *p->p == ']' || *p->p == '#' ||
		    *p->p == '{' || *p->p == '}')
			return false;
		ret->text = (struct slice){p->p, 1};
		*p = (struct slice){p->p + 1, p->n - 1};
		return true;
	}
	ret->letter = *p->p;
	while (ret->n < p->n && p->p[ret->n] == ret->letter)
		ret->n++;
	*p = (struct slice){p->p + ret->n, p->n - ret->n};
	return true;
}

static bool
is_end(const struct item *i)
{
	return i->letter == '\0' && i->text.n == 0;
}

static void
add_number(struct buf *b, int64_t number, size_t width)
{
	buf_printf(b, "%0*" PRId64, (int)width, number);
}

static bool
write_name(struct buf *b, const char *name, size_t n)
{
	if (n > 4)
		return false;
	if (n == 4)
		buf_add_str(b, name);
	else
		buf_add(b, name, 3);
	return true;
}

static bool
write_year(struct buf *b, int64_t year, size_t n)
{
	if (year < 1 || year > 9999 || n > 4)
		return false;
	add_number(b, n == 2 ? year % 100 : year, n);
	return true;
}

static bool
write_fraction(struct buf *b, int micro, size_t n)
{
	int64_t divisor = 100000;
	size_t i;

	if (n > 9)
		return false;
	for (i = 0; i < n; i++, divisor /= 10)
		buf_add_chr(b,
		    divisor > 0 ? (char)('0' + micro / divisor % 10) : '0');
	return true;
}

static bool
write_zone(struct buf *b, char letter, size_t n)
{
	if (letter == 'X' && n <= 3)
		buf_add_chr(b, 'Z');
	else if (letter == 'x' && n <= 3)
		buf_add_str(b, n == 1 ? "+00" : n == 2 ? "+0000" : "+00:00");
	else if (letter == 'Z' && n <= 3)
		buf_add_str(b, "+0000");
	else if (letter == 'z' && n <= 3)
		buf_add_str(b, "UTC");
	else
		return false;
	return true;
}

/* Numbers of at most two digits; -1 for other letters. */
static int
small_field(char letter, const struct time *t)
{
	int twelve = t->hour % 12 == 0 ? 12 : t->hour % 12;

	switch (letter) {
	case 'd':
		return t->date.day;
	case 'H':
		return t->hour;
	case 'h':
		return twelve;
	case 'K':
		return t->hour % 12;
	case 'k':
		return t->hour == 0 ? 24 : t->hour;
	case 'm':
		return t->minute;
	case 's':
		return t->second;
	default:
		return -1;
	}
}

static bool
write_item(struct buf *b, const struct item *item, const struct time *t)
{
	size_t n = item->n;
	int number = small_field(item->letter, t);

	if (number >= 0) {
		add_number(b, number, n);
		return n <= 2;
	}
	switch (item->letter) {
	case 'y':
		return write_year(b, t->date.year, n);
	case 'M':
	case 'L':
		if (n > 2)
			return write_name(b, months[t->date.month - 1], n);
		add_number(b, t->date.month, n);
		return true;
	case 'E':
		return write_name(b, weekdays[date_weekday(t->days) - 1], n);
	case 'D':
		add_number(b, date_of_year(t->days), n);
		return n == 1 || n == 3;
	case 'Q':
	case 'q':
		add_number(b, (t->date.month + 2) / 3, n);
		return n <= 2;
	case 'S':
		return write_fraction(b, t->micro, n);
	case 'a':
		buf_add_str(b, t->hour < 12 ? "AM" : "PM");
		return n == 1;
	default:
		return write_zone(b, item->letter, n);
	}
}

bool
time_pattern_write(struct arena *a, struct slice pattern, int64_t micros,
    struct slice *ret)
{
	struct time t = time_of(micros);
	struct item item;
	struct buf b;

	buf_init(&b, a, 64 * 1024);
	for (;;) {
		if (!next_item(&pattern, &item))
			return false;
		if (is_end(&item))
			break;
		if (item.letter == '\0')
			buf_add_slice(&b, item.text);
		else if (!write_item(&b, &item, &t))
			return false;
	}
	*ret = buf_slice(&b);
	return !buf_full(&b);
}

struct reading {
	struct slice text;
	struct time time;
	int half;    /* 0 AM, 1 PM, -1 none */
	int twelve;  /* the hour of a half day, -1 none */
	int weekday; /* 0 none */
};

static bool
read_number(struct reading *r, size_t min, size_t max, int *ret)
{
	size_t n = 0;
	int value = 0;

	for (; n < max && n < r->text.n && chr_is_digit(r->text.p[n]); n++)
		value = value * 10 + (r->text.p[n] - '0');
	if (n < min)
		return false;
	*ret = value;
	r->text = (struct slice){r->text.p + n, r->text.n - n};
	return true;
}

/* The number of a name, from 1, of which three letters or all stand here; 0
 * where none does. */
static int
read_name(struct reading *r, const char *const *names, size_t n, size_t letters)
{
	size_t i;

	for (i = 0; i < n; i++) {
		size_t length = letters == 4 ? strlen(names[i]) : 3;

		if (r->text.n < length ||
		    strncasecmp(r->text.p, names[i], length) != 0)
			continue;
		r->text = (struct slice){
		    r->text.p + length, r->text.n - length};
		return (int)i + 1;
	}
	return 0;
}

static bool
read_half(struct reading *r)
{
	if (r->text.n < 2)
		return false;
	if (slice_ieq((struct slice){r->text.p, 2}, "am"))
		r->half = 0;
	else if (slice_ieq((struct slice){r->text.p, 2}, "pm"))
		r->half = 1;
	else
		return false;
	r->text = (struct slice){r->text.p + 2, r->text.n - 2};
	return true;
}

static bool
read_fraction(struct reading *r, size_t n)
{
	size_t before = r->text.n;
	size_t digits;
	int value;

	if (!read_number(r, 1, n < 6 ? n : 6, &value))
		return false;
	for (digits = before - r->text.n; digits < 6; digits++)
		value *= 10;
	r->time.micro = value;
	return true;
}

static bool
read_year(struct reading *r, size_t n)
{
	int year;

	if (!read_number(r, n == 2 ? 2 : 4, n == 2 ? 2 : 4, &year))
		return false;
	r->time.date.year = n == 2 ? 2000 + year : year;
	return year > 0 || n == 2;
}

/* Where a field of one letter may take one digit or two, as many as there
 * are. */
static bool
read_item(struct reading *r, const struct item *item)
{
	size_t n = item->n;

	switch (item->letter) {
	case 'y':
		return read_year(r, n);
	case 'M':
	case 'L':
		if (n <= 2)
			return read_number(r, n, 2, &r->time.date.month);
		r->time.date.month = read_name(r, months, 12, n);
		return r->time.date.month > 0;
	case 'd':
		return read_number(r, n, 2, &r->time.date.day);
	case 'E':
		r->weekday = read_name(r, weekdays, 7, n);
		return r->weekday > 0;
	case 'H':
		return read_number(r, n, 2, &r->time.hour);
	case 'h':
		return read_number(r, n, 2, &r->twelve) && r->twelve >= 1 &&
		    r->twelve <= 12;
	case 'm':
		return read_number(r, n, 2, &r->time.minute);
	case 's':
		return read_number(r, n, 2, &r->time.second);
	case 'S':
		return read_fraction(r, n);
	default:
		return read_half(r);
	}
}

/* Names are read by their letters. */
static bool
is_number(const struct item *item)
{
	if (item->letter == 'M' || item->letter == 'L')
		return item->n <= 2;
	return item->letter != 'E' && item->letter != 'a';
}

static bool
is_readable(const struct item *item, bool number)
{
	if (!strchr("yMLdEHhmsSa", item->letter))
		return false;
	if (item->letter == 'y')
		return item->n == 2 || item->n == 4;
	if (item->letter == 'S')
		return item->n <= 9;
	if (item->letter == 'a')
		return item->n == 1;
	return item->n <= (number ? 2 : 4);
}

/* Letters and lengths that can be read, and numbers that another follows at
 * once only where their length is fixed. */
static bool
can_read(struct slice pattern)
{
	bool open = false; /* the item before has no fixed length */
	bool half = false;
	bool twelve = false;
	struct item item;

	for (;;) {
		bool number;

		if (!next_item(&pattern, &item))
			return false;
		if (is_end(&item))
			break;
		if (item.letter == '\0') {
			open = open && chr_is_digit(item.text.p[0]);
			continue;
		}
		number = is_number(&item);
		if (!is_readable(&item, number) || (open && number))
			return false;
		open = number && (item.n == 1 || item.letter == 'S');
		half = half || item.letter == 'a';
		twelve = twelve || item.letter == 'h';
	}
	return half == twelve;
}

/* The hour and the weekday have to agree with the rest. */
static bool
settle(struct reading *r, int64_t *ret)
{
	struct time *t = &r->time;

	if (r->twelve >= 0)
		t->hour = r->twelve % 12 + 12 * r->half;
	if (!date_is_valid(t->date) || t->hour > 23 || t->minute > 59 ||
	    t->second > 59)
		return false;
	if (r->weekday > 0 && date_weekday(date_days(t->date)) != r->weekday)
		return false;
	*ret = time_micros(t);
	return true;
}

enum time_pattern_outcome
time_pattern_read(struct slice pattern, struct slice text, int64_t *ret_micros)
{
	struct reading r = {.text = text, .half = -1, .twelve = -1};
	struct item item;

	if (!can_read(pattern))
		return TIME_PATTERN_UNKNOWN;
	r.time.date = (struct date){1970, 1, 1};
	for (;;) {
		if (!next_item(&pattern, &item))
			return TIME_PATTERN_UNKNOWN;
		if (is_end(&item))
			break;
		if (item.letter != '\0') {
			if (!read_item(&r, &item))
				return TIME_PATTERN_BAD;
		} else if (r.text.n < item.text.n ||
		    !slice_eq((struct slice){r.text.p, item.text.n},
		        item.text)) {
			return TIME_PATTERN_BAD;
		} else {
			r.text = (struct slice){
			    r.text.p + item.text.n, r.text.n - item.text.n};
		}
	}
	return r.text.n == 0 && settle(&r, ret_micros) ? TIME_PATTERN_GOOD
	                                               : TIME_PATTERN_BAD;
}
