#ifndef WEB_INSPECT_H
#define WEB_INSPECT_H

#include "domain/inspection.h"
#include "web/view.h"

/* An inspection with its checklist, and what is answered: by the record, or by
 * what the reader has kept for later. */
struct inspect {
    struct inspection *i;
    struct checklist *l;
    struct check_item *item;
    struct answer *answer;
    size_t n, m;
    int64_t saved_at; /* 0: nothing was kept */
};

/* The number under which what goes with the whole stands among the answers
 * that are kept for later: remarks, who came along, the form on paper. */
enum { INSPECT_NOTE = 1000000 };

/* In place of a hazard, among the answers that are kept for later: one that is
 * open was offered, and this is a new one. */
enum { HAZARD_NEW = -1 };

/* It may still be done. */
static inline bool
inspect_is_open(const struct inspection *i)
{
    return (IN(IS_PENDING) | IN(IS_RETURNED) | IN(IS_MISSED)) & IN(i->r.state);
}

/* Of rq->id. Errors: ERR_MISSING, also where the reader may not see it. */
bool inspect_read(struct rq *, struct inspect *, struct err *) MUST_USE;
/* The page that does it; sent: why what was sent did not pass, or NULL. */
bool inspect_show(struct rq *, struct inspect *, const struct err *sent,
                  struct err *) MUST_USE;
/* How many answers there are without that one. */
static inline size_t
inspect_plain(const struct inspect *x)
{
    return x->m > 0 && x->answer[x->m - 1].id == INSPECT_NOTE ? x->m - 1 : x->m;
}

/* A hazard that is open at the place of an inspection: it may be what is seen
 * now. */
struct known_hazard {
    int64_t id;
    int64_t item; /* it arose from this item of the same checklist, whichever
                   * version; 0: from anything else */
    struct str no, words;
};

/* Those of the same place and an item of the checklist first, the newest first;
 * then a few others of the place. None where the reader may not see hazards.
 * Errors: ERR_BUSY, ERR_STORE. */
bool inspect_known(struct rq *, const struct inspection *,
                   const struct checklist *, struct known_hazard **, size_t *n,
                   struct err *) MUST_USE;

/* The answers of a filled one, item by item, as child rows of its page. */
bool inspect_view(struct rq *, const void *rec, struct v_parts *,
                  struct err *) MUST_USE;

#endif
