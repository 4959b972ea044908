/* Where this server is found from outside: in QR codes, messages, papers. */
#include "web/address.h"
#include "web/app.h"

/* "localhost", "localhost:8080/x": the name and nothing more. */
static bool
is_called(struct str host, const char *name)
{
    const size_t n = strlen(name);

    return str_find_fold(host, str_of(name)) == 0 &&
           (host.n == n || strchr(":/", host.p[n]) != NULL);
}

bool
address_is_outside(struct str url)
{
    static const char *const own[] = { "127.", "0.0.0.0", "[::1]", "[::]",
                                       "[::ffff:127." };
    ptrdiff_t at = str_find(url, STR("://"));
    struct str host;

    if (at < 0 || (str_find_fold(url, STR("http://")) != 0 &&
                   str_find_fold(url, STR("https://")) != 0))
        return false;
    host = str_cut(url, (size_t)at + 3, url.n);
    for (size_t i = 0; i < N_OF(own); i++)
        if (str_find_fold(host, str_of(own[i])) == 0)
            return false;
    return host.n > 0 && !is_called(host, "localhost");
}

bool
address_is_own(struct str peer)
{
    return str_starts(peer, STR("127.")) || str_is(peer, "::1") ||
           str_starts(peer, STR("::ffff:127."));
}

/* https://host/path, as QR codes and messages need it. */
struct str
rq_absolute(struct rq *rq, struct str path)
{
    struct str base = str_of(rq->app->public_url);

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (base.n > 0)
        return arena_printf(rq->arena, "%.*s%.*s", STR_ARG(base),
                            STR_ARG(path));
    return arena_printf(rq->arena, "%s://%.*s%.*s",
                        rq->app->insecure ? "http" : "https",
                        STR_ARG(http_header(rq->http, "Host")), STR_ARG(path));
}
