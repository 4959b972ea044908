#include <sodium.h>

#include "codec/hash.h"
#include "service/networks.h"
#include "web/network.h"
#include "web/sign_limit.h"

#define SLOW_MS (60 * MS_PER_SECOND)

static const struct throttle_rule
    by_browser = { 'p', 6, 3 * 60 * MS_PER_SECOND, SLOW_MS },
    by_network = { 'a', 60, 30 * MS_PER_SECOND, SLOW_MS },
    /* in a school's network, of all browsers together */
    by_name = { 'b', 60, 30 * MS_PER_SECOND, SLOW_MS },
    by_tenant = { 't', 2000, 2 * MS_PER_SECOND, SLOW_MS };

/* A nonce and its keyed hash with the name: nobody can make one up. */
enum { NONCE = 16, MARK = NONCE + 16, MARK_HEX = 2 * MARK };

static void
keyed(const struct rq *rq, const char *what, struct str nonce, struct str text,
      unsigned char out[16])
{
    crypto_generichash_state st;

    crypto_generichash_init(&st, rq->app->device_key,
                            sizeof(rq->app->device_key), 16);
    crypto_generichash_update(&st, (const unsigned char *)what, strlen(what));
    crypto_generichash_update(&st, (const unsigned char *)nonce.p, nonce.n);
    crypto_generichash_update(&st, (const unsigned char *)text.p, text.n);
    crypto_generichash_final(&st, out, 16);
}

static struct str
mark_set(struct rq *rq, const char *cookie, struct str text)
{
    unsigned char mark[MARK];
    char hex[MARK_HEX + 1];

    randombytes_buf(mark, NONCE);
    keyed(rq, cookie, (struct str){ (const char *)mark, NONCE }, text,
          mark + NONCE);
    sodium_bin2hex(hex, sizeof(hex), mark, sizeof(mark));
    rq_cookie(rq, cookie, str_of(hex), 365 * 86400);
    return arena_dup(rq->arena, str_of(hex));
}

static bool
mark_is(const struct rq *rq, const char *cookie, struct str text)
{
    unsigned char mark[MARK], want[16];

    if (!hex_parse(rq_cookie_of(rq, cookie), mark, sizeof(mark)))
        return false;
    keyed(rq, cookie, (struct str){ (const char *)mark, NONCE }, text, want);
    return sodium_memcmp(want, mark + NONCE, sizeof(want)) == 0;
}

void
browser_mark(struct rq *rq, struct str login)
{
    (void)mark_set(rq, "device", login);
}

bool
browser_is(const struct rq *rq)
{
    return mark_is(rq, "browser", STR(""));
}

struct str
browser_number(struct rq *rq)
{
    if (browser_is(rq))
        return rq_cookie_of(rq, "browser");
    return mark_set(rq, "browser", STR(""));
}

struct str
browser_key(struct rq *rq, struct str number)
{
    unsigned char h[16];
    char hex[2 * sizeof(h) + 1];

    if (number.n == 0)
        return STR("");
    keyed(rq, "door", STR(""), number, h);
    sodium_bin2hex(hex, sizeof(hex), h, sizeof(h));
    return arena_dup(rq->arena, str_of(hex));
}

static int64_t
network_hash(const struct rq *rq, struct str network)
{
    unsigned char h[16];
    int64_t v;

    keyed(rq, "network", STR(""), network, h);
    memcpy(&v, h, sizeof(v));
    return v != 0 ? v : 1;
}

static struct str
pair(struct rq *rq, struct str a, struct str b)
{
    return arena_printf(rq->arena, "%.*s|%.*s", STR_ARG(a), STR_ARG(b));
}

/* What a try of a browser counts in that is not known for this name; tenant: ""
 * in a school's network, where it does not count for the district. */
static void
as_stranger(struct rq *rq, struct str login, struct str network,
            struct str tenant, struct sign_limit *l)
{
    struct str who = pair(rq, network, login), from = network;

    /* those without a number share one: a form was never asked for */
    if (tenant.n == 0 && browser_is(rq))
        from = pair(rq, network, rq_cookie_of(rq, "browser"));
    l->count[l->n++] =
        (struct throttle_try){ &by_browser, pair(rq, from, login) };
    l->count[l->n++] = (struct throttle_try){ &by_network, from };
    if (tenant.n == 0)
        l->count[l->n++] = (struct throttle_try){ &by_name, who };
    else
        l->count[l->n++] = (struct throttle_try){ &by_tenant, tenant };
}

bool
sign_limit_take(struct rq *rq, struct str login, int64_t tenant,
                struct sign_limit *l, struct err *e)
{
    struct str network = network_of(rq->arena, rq->http->peer);
    bool school = false;

    *l = (struct sign_limit){ .network = network_hash(rq, network) };
    if (mark_is(rq, "device", login)) {
        l->count[l->n++] = (struct throttle_try){
            &by_browser, pair(rq, rq_cookie_of(rq, "device"), login)
        };
    } else {
        if (!network_is_school(rq->st, l->network, rq->who.now, &school, e))
            return false;
        as_stranger(rq, login, network,
                    school ? STR("") : arena_i64(rq->arena, tenant), l);
    }
    return throttle_take(rq->app->throttle, l->count, l->n, rq->who.now, e);
}

void
sign_limit_right(struct rq *rq, const struct sign_limit *l)
{
    throttle_back(rq->app->throttle, l->count, l->n);
    throttle_forget(rq->app->throttle, by_browser.kind, l->count[0].who);
}
