#ifndef WEB_NETWORK_H
#define WEB_NETWORK_H

#include "base/arena.h"

/*
 * From where somebody asks, as far as a limit is concerned: not the address,
 * for one line of IPv6 has as many as it likes, but the network that one line
 * gets.  Text, such as "192.0.2.0/24"; what is no address stands for itself.
 */

/* /24 of IPv4, /64 of IPv6; an IPv4 address in IPv6 is the IPv4 one. */
struct str network_of(struct arena *, struct str peer);
/* What an office or a provider hands out whole: /24 of IPv4, /48 of IPv6. */
struct str network_wide(struct arena *, struct str peer);

#endif
