#include <sodium.h>

#include "web/door.h"
#include "web/sign_limit.h"

/* Host and port of an address, or what follows "://" up to a slash. */
static struct str
host_of(struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    struct str rest = at >= 0 ? str_cut(url, (size_t)at + 3, url.n) : STR("");
    struct str host = STR("");

    str_split(&rest, '/', &host);
    return host;
}

static bool
from_elsewhere(const struct rq *rq)
{
    struct str origin = http_header(rq->http, "Origin"),
               site = http_header(rq->http, "Sec-Fetch-Site"),
               host = host_of(origin);

    if (str_is(site, "cross-site") || str_is(site, "same-site"))
        return true;
    if (origin.n == 0 || str_is(origin, "null"))
        return false; /* its key tells */
    return !str_eq(host, http_header(rq->http, "Host")) &&
           !str_eq(host, host_of(str_of(rq->app->public_url)));
}

static bool
is_browser(const struct rq *rq)
{
    return http_header(rq->http, "Origin").n > 0 ||
           http_header(rq->http, "Sec-Fetch-Site").n > 0 ||
           str_starts(http_header(rq->http, "User-Agent"), STR("Mozilla/"));
}

struct str
door_key(struct rq *rq)
{
    return browser_key(rq, browser_number(rq));
}

bool
door_may(struct rq *rq, struct err *e)
{
    struct str key = rq_form(rq, "csrf"), want;

    if (!from_elsewhere(rq)) {
        if (!is_browser(rq) && key.n == 0)
            return true;
        want = browser_key(rq, rq_cookie_of(rq, "browser"));
        if (key.n > 0 && key.n == want.n &&
            sodium_memcmp(key.p, want.p, key.n) == 0)
            return true;
    }
    return err_set(e, ERR_DENIED, "csrf",
                   "This form is too old. Go back, reload the page and "
                   "send it again");
}
