#include "base/base.h"

#include "sys/address.h"

#include <netinet/in.h>
#include <string.h>

struct range {
	uint32_t first;
	int bits;
	enum address_kind kind;
};

/* What is not listed is public. */
static const struct range ranges[] = {
    {0x00000000, 8, ADDRESS_NEVER},    /* this network */
    {0x0a000000, 8, ADDRESS_PRIVATE},  /* 10.0.0.0 */
    {0x64400000, 10, ADDRESS_PRIVATE}, /* 100.64.0.0, carriers */
    {0x7f000000, 8, ADDRESS_LOOPBACK}, /* 127.0.0.0 */
    {0xa9fe0000, 16, ADDRESS_NEVER},   /* 169.254.0.0, link-local */
    {0xac100000, 12, ADDRESS_PRIVATE}, /* 172.16.0.0 */
    {0xc0000000, 24, ADDRESS_NEVER},   /* 192.0.0.0, protocols */
    {0xc0000200, 24, ADDRESS_NEVER},   /* 192.0.2.0, examples */
    {0xc0586300, 24, ADDRESS_NEVER},   /* 192.88.99.0, 6to4 relays */
    {0xc0a80000, 16, ADDRESS_PRIVATE}, /* 192.168.0.0 */
    {0xc6120000, 15, ADDRESS_NEVER},   /* 198.18.0.0, benchmarks */
    {0xc6336400, 24, ADDRESS_NEVER},   /* 198.51.100.0, examples */
    {0xcb007100, 24, ADDRESS_NEVER},   /* 203.0.113.0, examples */
    {0xe0000000, 3, ADDRESS_NEVER},    /* multicast and reserved */
};

static enum address_kind
kind_of_v4(uint32_t address)
{
	size_t i;

	for (i = 0; i < COUNT_OF(ranges); i++) {
		uint32_t mask = UINT32_MAX << (32 - ranges[i].bits);

		if ((address & mask) == ranges[i].first)
			return ranges[i].kind;
	}
	return ADDRESS_PUBLIC;
}

static uint32_t
four_bytes(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static enum address_kind
kind_of_v6(const unsigned char *p)
{
	static const unsigned char zero[16];
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};

	if (memcmp(p, zero, 15) == 0 && p[15] == 1)
		return ADDRESS_LOOPBACK;
	if (memcmp(p, mapped, 12) == 0 || memcmp(p, nat64, 12) == 0)
		return kind_of_v4(four_bytes(p + 12));
	if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
		return kind_of_v4(four_bytes(p + 2));
	if ((p[0] & 0xfe) == 0xfc)
		return ADDRESS_PRIVATE;
	/* Examples and Teredo are within what is routed. */
	if (four_bytes(p) == 0x20010db8 || four_bytes(p) == 0x20010000)
		return ADDRESS_NEVER;
	return (p[0] & 0xe0) == 0x20 ? ADDRESS_PUBLIC : ADDRESS_NEVER;
}

enum address_kind
address_kind(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&v4, address, sizeof(v4));
		return kind_of_v4(ntohl(v4.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&v6, address, sizeof(v6));
		return kind_of_v6(v6.sin6_addr.s6_addr);
	default:
		return ADDRESS_NEVER;
	}
}
