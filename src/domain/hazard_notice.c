/* Which notice a hazard may be put on. */
#include "domain/hazard_life.h"
#include "domain/notice.h"

/* From a notice in force only to its second, and from there only back: it
 * would be rectified twice over, or missing where it was ordered. */
static bool
may_leave(const struct notice *was, const struct notice *to)
{
    if (NT_IN_FORCE & IN(was->r.state))
        return to->previous == was->r.id;
    return was->r.state != NT_DRAFT || was->previous == 0 ||
           was->previous == to->r.id;
}

/* What is issued is printed: nothing is added to it, and only what stood on it
 * comes back. */
bool
hazard_check_notice(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct notice *n = c->with[0], *was = c->had[0];

    if (n != NULL && n->r.state != NT_DRAFT &&
        !notice_holds(n, ((const struct rec *)rec)->id))
        return err_set(e, ERR_CONFLICT, "notice",
                       "This notice is issued already: draft another one");
    return n == NULL || was == NULL || was->r.id == n->r.id ||
           may_leave(was, n) ||
           err_set(e, ERR_CONFLICT, "notice",
                   "It stands on the notice %.*s, which is in force: re-check "
                   "that one, or replace it by a second notice",
                   STR_ARG(was->r.no));
}
