/*
 * Which network addresses the program may speak to. What a person types as a
 * host may lead anywhere: to this machine's own services, to those that clouds
 * answer at link-local addresses (169.254.169.254 has credentials), or to other
 * machines of the intranet. So not the name but the address that is about to
 * be connected to is asked about.
 *
 * Kinds by the registries of IANA, "Special-Purpose Address Registry" for IPv4
 * and IPv6 (RFC 6890 and what followed).
 */
#ifndef T2C_ADDRESS_H
#define T2C_ADDRESS_H

#include "base/base.h"

#include <sys/socket.h>

enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_PRIVATE,  /* 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7 */
	ADDRESS_LOOPBACK, /* 127/8, ::1 */
	ADDRESS_NEVER     /* link-local, multicast, unspecified, reserved */
};

/* An IPv4 address that an IPv6 one carries (mapped, NAT64, 6to4) is what
 * counts. What is neither IPv4 nor IPv6 is ADDRESS_NEVER. */
enum address_kind address_kind(const struct sockaddr *address);

#endif
