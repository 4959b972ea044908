#include "service/words.h"

#include <time.h>

#include "base/time.h"
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

static bool
is_night(int64_t now, int64_t *day)
{
    time_t t = (time_t)(now / MS_PER_SECOND);
    struct tm tm;

    if (localtime_r(&t, &tm) == NULL)
        return false;
    *day = (int64_t)tm.tm_year * 366 + tm.tm_yday;
    return tm.tm_hour >= NIGHT_FROM && tm.tm_hour < NIGHT_UNTIL;
}

bool
words_tidy(struct writer *w, struct words_night *n, int64_t now, struct err *e)
{
    struct tidying s = { .begin = false };
    int64_t day;

    if (!is_night(now, &day) || (day == n->day && !n->more))
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
