#include "service/rank.h"
#include "domain/simple.h"
#include "service/own.h"

static enum role_where
where_is(const struct dir *d, int64_t org)
{
    if (org != d->root)
        return BELOW;
    return d->tenant.id == 1 ? AT_INSTALLATION : AT_TOP;
}

/* How high somebody stands where that node is. */
static int
rank_at(const struct actor *who, int64_t node)
{
    const struct dir *d = who->dir;
    int64_t today = zone_day(d->rules.zone, who->now);
    int best = 0;
    size_t n;
    const struct dir_post *p = actor_posts(who, &n);

    for (size_t i = 0; i < n; i++) {
        int rank = role_rank(p[i].role, where_is(d, p[i].org));

        if (dir_in_force(&p[i], today) && dir_below(d, node, p[i].org) &&
            (who->post == 0 || who->post == p[i].id) && rank > best)
            best = rank;
    }
    return best;
}

static bool
yours(struct err *e)
{
    return err_set(e, ERR_INVALID, "sign_password",
                   "This person stands as high as you: give your password to "
                   "confirm it");
}

/* One post of the person, held or to come. */
static bool
over_post(const struct rank_ask *a, int64_t role, int64_t org, bool *equal,
          struct err *e)
{
    int theirs = role_rank(role, where_is(a->who->dir, org)),
        mine = rank_at(a->who, org);

    if (!actor_may(a->who, a->ledger, a->verb, org))
        return err_set(e, ERR_DENIED, NULL,
                       "This person has a post at another unit, where you may "
                       "not do this: ask the office above both");
    if (mine < theirs)
        return err_set(e, ERR_DENIED, NULL,
                       "This person's post stands above yours: ask an "
                       "administrator");
    *equal |= mine == theirs;
    return true;
}

static bool
not_oneself(const struct rank_ask *a, struct err *e)
{
    return a->person != a->who->person ||
           err_set(e, ERR_DENIED, NULL,
                   "Nobody does this for themselves: ask somebody else who "
                   "may, or use the command line");
}

static bool
over_all(const struct rank_ask *a, bool *equal, struct err *e)
{
    const struct dir *d = a->who->dir;
    const struct actor them = { .dir = d, .person = a->person };
    int64_t today = zone_day(d->rules.zone, a->who->now);
    size_t n;
    const struct dir_post *p = actor_posts(&them, &n);

    for (size_t i = 0; i < n; i++)
        if ((p[i].to_on == 0 || p[i].to_on >= today) &&
            !over_post(a, p[i].role, p[i].org, equal, e))
            return false;
    return true;
}

bool
rank_over(const struct rank_ask *a, struct err *e)
{
    bool equal = false;

    if (a->who->person == 0)
        return true;
    if (!not_oneself(a, e) || !over_all(a, &equal, e))
        return false;
    return !equal || a->by_hand || yours(e);
}

/* ---- changes ------------------------------------------------------------------ */

static bool
signs_in_else(const struct person *was, const struct person *is)
{
    return was == NULL || was->r.state != is->r.state ||
           !str_eq(was->login, is->login) || !str_eq(was->email, is->email) ||
           !str_eq(was->phone, is->phone);
}

/* One's own telephone and e-mail are one's own; a session left open is not. */
static bool
own_address(const struct rank_ask *a, const struct person *was,
            const struct person *is, struct err *e)
{
    if (was->r.state != is->r.state || !str_eq(was->login, is->login))
        return not_oneself(a, e);
    return a->by_hand ||
           err_set(e, ERR_INVALID, "sign_password",
                   "Give your password to change your own telephone or "
                   "e-mail");
}

static bool
check_post(struct rank_ask *a, const struct post *p, const struct step *s,
           struct err *e)
{
    bool equal = false, gives = strcmp(s->verb, "end") != 0;

    a->person = p->person;
    if (!not_oneself(a, e) || !over_all(a, &equal, e) ||
        !over_post(a, p->role, p->r.org, &equal, e))
        return false;
    if (gives && role_rank(p->role, BELOW) == RANK_WATCH &&
        rank_at(a->who, p->r.org) <= RANK_WATCH)
        return err_set(e, ERR_DENIED, "role",
                       "Inspectors, auditors and police liaison are named by "
                       "the district");
    return !equal || a->by_hand || yours(e);
}

bool
rank_check(const struct change *c, const struct actor *who,
           const struct step *s, const void *before, const void *after,
           struct err *e)
{
    struct rank_ask a = {
        .who = who, .ledger = c->ledger, .verb = s->verb, .by_hand = c->by_hand
    };

    if (who->person == 0 || c->by_program)
        return true;
    if (c->ledger == &post_ledger)
        return check_post(&a, after, s, e);
    if (c->ledger != &person_ledger || before == NULL ||
        !signs_in_else(before, after))
        return true;
    a.person = ((const struct rec *)after)->id;
    return a.person == who->person ? own_address(&a, before, after, e)
                                   : rank_over(&a, e);
}

bool
rank_tell(struct tx *tx, const struct change *c, const struct step *s,
          const void *before, const void *after, struct err *e)
{
    struct own_news n = { .tenant = c->tenant,
                          .by = c->person,
                          .address = STR("") };
    const struct person *was = before, *is = after;

    if (c->ledger == &post_ledger) {
        n.person = ((const struct post *)after)->person;
        n.kind = strcmp(s->verb, "end") == 0 ? MSG_POST_ENDED : MSG_POST;
        return strcmp(s->verb, "import") == 0 || own_tell(tx, &n, e);
    }
    if (c->ledger != &person_ledger || was == NULL ||
        is->r.state != SS_ACTIVE || !signs_in_else(was, is))
        return true;
    n.person = is->r.id;
    n.kind = MSG_SIGN_IN;
    if (!str_eq(was->email, is->email))
        n.address = was->email;
    return own_tell(tx, &n, e);
}
