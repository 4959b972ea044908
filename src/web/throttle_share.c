/* Servers on one database tell each other who failed to sign in: once a second,
 * what has changed. Whoever tries at all of them has no more tries than at one,
 * but for that second. */
#include <sodium.h>
#include <stdlib.h>

#include "base/ticker.h"
#include "service/above.h"
#include "service/purge.h"
#include "store/folder.h"
#include "store/stmt.h"
#include "web/throttle.h"

enum { NEWS_MAX = 4096, KEY = crypto_shorthash_KEYBYTES };

struct throttle_share {
    struct throttle *t;
    struct writer *w;
    struct ticker *ticker;
    struct throttle_news out[NEWS_MAX], in[NEWS_MAX];
    size_t n_out, n_in;
    unsigned second;
};

static bool
tell(struct tx *tx, const struct throttle_share *s, struct err *e)
{
    for (size_t i = 0; i < s->n_out; i++)
        if (!QRUN(tx->st, FAILURE_PUT, e, ARG((int64_t)TENANT_ABOVE),
                  ARG(s->out[i].key), ARG((int64_t)writer_server(s->w)),
                  ARG(s->out[i].since), ARG(s->out[i].n),
                  ARG(s->out[i].every_ms), ARG(tx->now)))
            return false;
    return s->second % 60 != 0 ||
           QRUN(tx->st, FAILURE_PURGE, e, ARG((int64_t)TENANT_ABOVE),
                ARG(tx->now - MS_PER_DAY), ARG((int64_t)PURGE_SLICE));
}

/* The newest hour's: clocks may differ by minutes. */
static bool
hear(struct tx *tx, struct throttle_share *s, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    s->n_in = 0;
    if (!rows_open(&r, tx->st, &stmts[Q_FAILURE_NEW],
                   ARGS(ARG((int64_t)TENANT_ABOVE),
                        ARG((int64_t)writer_server(s->w)),
                        ARG(tx->now - MS_PER_HOUR)),
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && s->n_in < NEWS_MAX)
        s->in[s->n_in++] =
            (struct throttle_news){ .key = rows_i64(&r, 0),
                                    .since = rows_i64(&r, 2),
                                    .n = rows_i64(&r, 3),
                                    .every_ms = rows_i64(&r, 4) };
    rows_close(&r);
    return ok;
}

static bool
share_job(struct tx *tx, void *arg, struct err *e)
{
    return tell(tx, arg, e) && hear(tx, arg, e);
}

static unsigned
share(void *arg)
{
    struct throttle_share *s = arg;
    struct err e;

    s->n_out = throttle_changed(s->t, s->out, NEWS_MAX);
    if (writer_run(s->w, share_job, s, &e))
        throttle_heard(s->t, s->in, s->n_in);
    s->second++;
    return 1000;
}

struct throttle_share *
throttle_share_start(struct throttle *t, struct writer *w, const char *dir,
                     struct err *e)
{
    struct throttle_share *s = calloc(1, sizeof(*s));
    unsigned char key[KEY];

    if (s == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    if (!folder_key(dir, "throttle.key", key, KEY, e)) {
        free(s);
        return NULL;
    }
    throttle_set_key(t, key);
    s->t = t;
    s->w = w;
    if ((s->ticker = ticker_start(share, s, e)) != NULL)
        return s;
    free(s);
    return NULL;
}

void
throttle_share_stop(struct throttle_share *s)
{
    if (s == NULL)
        return;
    ticker_stop(s->ticker);
    free(s);
}
