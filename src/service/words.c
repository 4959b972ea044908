#include "service/words.h"

#include "base/time.h"
#include "service/above.h"
#include "service/dir.h"
#include "store/stmt.h"

enum {
    FILL = 500,     /* records in a job: some 50 ms */
    NIGHT_FROM = 1, /* hours, local */
    NIGHT_UNTIL = 5,
    STEPS = 400 /* of some milliseconds in a minute */
};

static bool
fill_job(struct tx *tx, void *arg, struct err *e)
{
    bool *more = arg;
    int64_t tenant;

    *more = false;
    if (!store_search_next(tx->st, &tenant, e))
        return false;
    /* and lists that are kept tell of a search that lacks records */
    return tenant == 0 || (tx_turn(tx, tenant, e) &&
                           store_search_again(tx->st, FILL, more, e) &&
                           QRUN(tx->st, VERSION_BUMP, e, ARG(tenant),
                                ARG((int64_t)0), ARG((int64_t)0)));
}

bool
words_fill(struct writer *w, bool *more, struct err *e)
{
    return writer_run(w, fill_job, more, e);
}

struct tidying {
    bool begin, more;
};

static bool
tidy_job(struct tx *tx, void *arg, struct err *e)
{
    struct tidying *s = arg;

    return store_search_tidy(tx->st, s->begin, &s->more, e);
}

/* Local time, ms, of the first district there is. */
static bool
local_job(struct tx *tx, void *arg, struct err *e)
{
    int64_t *at = arg;
    const struct dir *d;
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    while (n > 0 && list[0].id == TENANT_ABOVE) {
        list++;
        n--;
    }
    if (n == 0)
        return true;
    if ((d = tx_dir(tx, list[0].id, e)) == NULL)
        return false;
    *at += zone_offset_ms(d->rules.zone, *at);
    return true;
}

static bool
is_night(int64_t local)
{
    int64_t hour = local % MS_PER_DAY / MS_PER_HOUR;

    return hour >= NIGHT_FROM && hour < NIGHT_UNTIL;
}

bool
words_tidy(struct writer *w, struct words_night *n, int64_t now, struct err *e)
{
    struct tidying s = { .begin = false };
    int64_t day;

    if (!writer_run(w, local_job, &now, e))
        return false;
    day = now / MS_PER_DAY;
    if (!is_night(now) || (day == n->day && !n->more))
        return true;
    s.begin = day != n->day;
    for (int i = 0; i < STEPS && !writer_hurries(w); i++) {
        if (!writer_run(w, tidy_job, &s, e))
            return false;
        s.begin = false;
        if (!s.more)
            break;
    }
    n->day = day;
    n->more = s.more;
    return true;
}
