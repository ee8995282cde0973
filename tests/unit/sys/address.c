#include "base/base.h"

#include "sys/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *address;
	enum address_kind kind;
} rows[] = {
    {"0.0.0.0", ADDRESS_NEVER},
    {"0.1.2.3", ADDRESS_NEVER},
    {"1.1.1.1", ADDRESS_PUBLIC},
    {"9.255.255.255", ADDRESS_PUBLIC},
    {"10.0.0.0", ADDRESS_PRIVATE},
    {"10.255.255.255", ADDRESS_PRIVATE},
    {"11.0.0.0", ADDRESS_PUBLIC},
    {"100.63.255.255", ADDRESS_PUBLIC},
    {"100.64.0.0", ADDRESS_PRIVATE},
    {"100.127.255.255", ADDRESS_PRIVATE},
    {"100.128.0.0", ADDRESS_PUBLIC},
    {"127.0.0.1", ADDRESS_LOOPBACK},
    {"127.255.255.254", ADDRESS_LOOPBACK},
    {"128.0.0.0", ADDRESS_PUBLIC},
    {"169.253.255.255", ADDRESS_PUBLIC},
    {"169.254.169.254", ADDRESS_NEVER},
    {"172.15.255.255", ADDRESS_PUBLIC},
    {"172.16.0.0", ADDRESS_PRIVATE},
    {"172.31.255.255", ADDRESS_PRIVATE},
    {"172.32.0.0", ADDRESS_PUBLIC},
    {"192.0.0.1", ADDRESS_NEVER},
    {"192.0.2.1", ADDRESS_NEVER},
    {"192.88.99.1", ADDRESS_NEVER},
    {"192.167.255.255", ADDRESS_PUBLIC},
    {"192.168.0.1", ADDRESS_PRIVATE},
    {"192.169.0.0", ADDRESS_PUBLIC},
    {"198.18.0.1", ADDRESS_NEVER},
    {"198.20.0.0", ADDRESS_PUBLIC},
    {"203.0.113.9", ADDRESS_NEVER},
    {"223.255.255.255", ADDRESS_PUBLIC},
    {"224.0.0.1", ADDRESS_NEVER},
    {"240.0.0.1", ADDRESS_NEVER},
    {"255.255.255.255", ADDRESS_NEVER},
    {"::", ADDRESS_NEVER},
    {"::1", ADDRESS_LOOPBACK},
    {"::2", ADDRESS_NEVER},
    {"::7f00:1", ADDRESS_NEVER},
    {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:10.1.2.3", ADDRESS_PRIVATE},
    {"::ffff:169.254.169.254", ADDRESS_NEVER},
    {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
    {"64:ff9b::10.0.0.1", ADDRESS_PRIVATE},
    {"64:ff9b::8.8.8.8", ADDRESS_PUBLIC},
    {"64:ff9b:1::1", ADDRESS_NEVER},
    {"2001::1", ADDRESS_NEVER},
    {"2001:db8::1", ADDRESS_NEVER},
    {"2001:4860:4860::8888", ADDRESS_PUBLIC},
    {"2002:7f00:1::", ADDRESS_LOOPBACK},
    {"2002:a9fe:a9fe::", ADDRESS_NEVER},
    {"2606:4700::1", ADDRESS_PUBLIC},
    {"fc00::1", ADDRESS_PRIVATE},
    {"fdff::1", ADDRESS_PRIVATE},
    {"fe80::1", ADDRESS_NEVER},
    {"fec0::1", ADDRESS_NEVER},
    {"ff02::1", ADDRESS_NEVER},
};

static enum address_kind
kind_of(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_kind((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_kind((const struct sockaddr *)&v6);
}

static void
test_kinds(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		if (kind_of(rows[i].address) != rows[i].kind)
			fail_msg("%s: %d", rows[i].address,
			    (int)kind_of(rows[i].address));
	}
}

static void
test_other_families(void **state)
{
	struct sockaddr local = {.sa_family = AF_UNIX};

	(void)state;
	assert_int_equal(address_kind(&local), ADDRESS_NEVER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_other_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
