#include <arpa/inet.h>
#include <string.h>

#include "web/network.h"

static struct str
cut(struct arena *a, struct str peer, unsigned v6_bits)
{
    static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
                                              0, 0, 0, 0, 0xff, 0xff };
    unsigned char v4[4], v6[16];
    char z[64] = "", out[INET6_ADDRSTRLEN];
    struct str bare = peer;
    const char *zone = peer.n > 0 ? memchr(peer.p, '%', peer.n) : NULL;

    if (zone != NULL)
        bare.n = (size_t)(zone - peer.p);
    if (bare.n == 0 || bare.n >= sizeof(z))
        return peer;
    memcpy(z, bare.p, bare.n);
    if (inet_pton(AF_INET6, z, v6) == 1) {
        if (memcmp(v6, mapped, sizeof(mapped)) != 0) {
            memset(v6 + v6_bits / 8, 0, sizeof(v6) - v6_bits / 8);
            inet_ntop(AF_INET6, v6, out, sizeof(out));
            return arena_printf(a, "%s/%u", out, v6_bits);
        }
        memcpy(v4, v6 + 12, sizeof(v4));
    } else if (inet_pton(AF_INET, z, v4) != 1)
        return peer;
    return arena_printf(a, "%u.%u.%u.0/24", v4[0], v4[1], v4[2]);
}

struct str
network_of(struct arena *a, struct str peer)
{
    return cut(a, peer, 64);
}

struct str
network_wide(struct arena *a, struct str peer)
{
    return cut(a, peer, 48);
}
