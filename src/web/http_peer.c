#include <arpa/inet.h>
#include <strings.h>

#include "web/http_int.h"

/* An address as inet_ntop() writes it; an IPv4 address inside an IPv6 one as
 * IPv4. False: text is none. */
static bool
plain(struct str text, char out[HTTP_ADDRESS])
{
    char z[HTTP_ADDRESS];
    struct in6_addr six;
    struct in_addr four;

    if (text.n == 0 || text.n >= sizeof(z))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    if (inet_pton(AF_INET, z, &four) == 1)
        return inet_ntop(AF_INET, &four, out, HTTP_ADDRESS) != NULL;
    if (inet_pton(AF_INET6, z, &six) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return inet_ntop(AF_INET, &six.s6_addr[12], out, HTTP_ADDRESS) != NULL;
    return inet_ntop(AF_INET6, &six, out, HTTP_ADDRESS) != NULL;
}

/* What some proxies write beside the address: [2001:db8::1]:443, 192.0.2.1:80. */
static struct str
without_port(struct str s)
{
    ptrdiff_t end = str_find(s, STR("]")), colon = str_find(s, STR(":")),
              dot = str_find(s, STR("."));

    if (s.n > 0 && s.p[0] == '[' && end > 0)
        return str_cut(s, 1, (size_t)end);
    return dot > 0 && dot < colon ? str_cut(s, 0, (size_t)colon) : s;
}

bool
peer_proxies(struct http *h, const char *list, struct err *e)
{
    struct str rest = str_of(list != NULL ? list : ""), one;

    h->n_proxies = 0;
    while (str_split(&rest, ' ', &one)) {
        if (one.n == 0)
            continue;
        if (h->n_proxies == HTTP_PROXIES)
            return err_set(e, ERR_INVALID, "trusted-proxy",
                           "at most %d addresses", HTTP_PROXIES);
        if (!plain(one, h->proxy[h->n_proxies]))
            return err_set(e, ERR_INVALID, "trusted-proxy",
                           "not an IP address: %.*s", STR_ARG(one));
        h->n_proxies++;
    }
    return true;
}

static bool
is_proxy(const struct http *h, struct str address)
{
    for (size_t i = 0; i < h->n_proxies; i++)
        if (str_is(address, h->proxy[i]))
            return true;
    return false;
}

/* One field's list from its end. False: nothing before it may be believed. */
static bool
walk(struct request *rq, struct str list)
{
    char text[HTTP_ADDRESS];

    while (list.n > 0) {
        size_t from = list.n;

        while (from > 0 && list.p[from - 1] != ',')
            from--;
        if (!plain(without_port(str_trim(str_cut(list, from, list.n))), text))
            return false;
        rq->pub.peer = arena_dup(rq->pub.arena, str_of(text));
        if (!is_proxy(rq->http, rq->pub.peer))
            return false;
        list.n = from > 0 ? from - 1 : 0;
    }
    return true;
}

void
peer_find(struct request *rq)
{
    rq->pub.peer = str_of(rq->conn->peer);
    if (!is_proxy(rq->http, rq->pub.peer))
        return;
    for (size_t i = rq->n_headers; i > 0; i--) {
        const struct http_param *f = &rq->headers[i - 1];

        if (f->name.n == strlen("X-Forwarded-For") &&
            strncasecmp(f->name.p, "X-Forwarded-For", f->name.n) == 0 &&
            !walk(rq, f->value))
            return;
    }
}
