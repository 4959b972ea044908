#include <stdlib.h>

#include "service/replay.h"

enum { DEPTH_MAX = 32 };

struct unit {
    int64_t id, kind, parent;
};

struct given {
    int64_t org, ledger, year, n;
};

struct replay_numbers {
    struct unit *unit;
    size_t n_units;
    struct given *given;
    size_t n_given;
};

struct replay_numbers *
replay_numbers_new(void)
{
    return calloc(1, sizeof(struct replay_numbers));
}

void
replay_numbers_free(struct replay_numbers *r)
{
    if (r == NULL)
        return;
    free(r->unit);
    free(r->given);
    free(r);
}

/* Room for one more in a list that doubles. */
static bool
room(void **list, size_t n, size_t size, struct err *e)
{
    void *p;

    if ((n & (n - 1)) != 0)
        return true;
    if ((p = realloc(*list, (n == 0 ? 1 : 2 * n) * size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *list = p;
    return true;
}

static struct unit *
unit_of(const struct replay_numbers *r, int64_t id)
{
    for (size_t i = 0; i < r->n_units; i++)
        if (r->unit[i].id == id)
            return &r->unit[i];
    return NULL;
}

static bool
org_event(struct replay_numbers *r, const struct event *ev, struct str body,
          struct err *e)
{
    struct unit *u = unit_of(r, ev->record);
    struct org o = { .r = { .id = ev->record } };

    if (u == NULL) {
        if (!room((void **)&r->unit, r->n_units, sizeof(*u), e))
            return false;
        u = &r->unit[r->n_units++];
        *u = (struct unit){ .id = ev->record };
    }
    o.kind = u->kind;
    o.parent = u->parent;
    if (!event_apply(&org_ledger, body, &o, NULL, e))
        return false;
    u->kind = o.kind;
    u->parent = o.parent;
    return true;
}

/* As dir_school(), in the tree of that moment. */
static int64_t
school_of(const struct replay_numbers *r, int64_t node)
{
    const struct unit *u = unit_of(r, node);

    for (int i = 0; u != NULL && i < DEPTH_MAX; i++) {
        if (u->kind != ORG_DEPARTMENT)
            return u->id;
        u = unit_of(r, u->parent);
    }
    return node;
}

/* "S1-YH-2026-0007": the last two pieces. */
static bool
parse_no(struct str no, int64_t *year, int64_t *n)
{
    size_t at = no.n, dash = 0;

    while (at > 0 && no.p[at - 1] != '-')
        at--;
    if (at < 2 || !str_i64(str_cut(no, at, no.n), n))
        return false;
    for (dash = at - 1; dash > 0 && no.p[dash - 1] != '-';)
        dash--;
    return str_i64(str_cut(no, dash, at - 1), year);
}

static bool
give_out(struct replay_numbers *r, const struct given *g, struct err *e)
{
    for (size_t i = r->n_given; i-- > 0;) {
        struct given *x = &r->given[i];

        if (x->org == g->org && x->ledger == g->ledger && x->year == g->year) {
            x->n = x->n > g->n ? x->n : g->n;
            return true;
        }
    }
    if (!room((void **)&r->given, r->n_given, sizeof(*g), e))
        return false;
    r->given[r->n_given++] = *g;
    return true;
}

struct header {
    struct rec r;
};

static bool
take_header(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    return f < rec_fields || f >= rec_fields + n_rec_fields ||
           event_value(f, bytes, arg, NULL, e);
}

bool
replay_numbers_event(struct replay_numbers *r, const struct event *ev,
                     struct str body, struct err *e)
{
    const struct ledger *l =
        ev->ledger <= UINT16_MAX ? ledger_by_tag((uint16_t)ev->ledger) : NULL;
    struct header h = { .r = { .no = STR("") } };
    struct given g = { .ledger = ev->ledger };

    if (l == &org_ledger)
        return org_event(r, ev, body, e);
    if (l == NULL || !(l->flags & L_NUMBERED) || ev->rev != 1)
        return true;
    if (!event_each(l, body, take_header, &h, e))
        return false;
    if (!parse_no(h.r.no, &g.year, &g.n))
        return true;
    g.org = school_of(r, h.r.org);
    return give_out(r, &g, e);
}

static int
by_key(const void *a, const void *b)
{
    const struct given *x = a, *y = b;

    if (x->org != y->org)
        return x->org < y->org ? -1 : 1;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    return x->year < y->year ? -1 : x->year > y->year;
}

bool
replay_numbers_each(struct replay_numbers *r, replay_number_fn *fn, void *arg,
                    struct err *e)
{
    if (r->n_given > 0)
        qsort(r->given, r->n_given, sizeof(*r->given), by_key);
    for (size_t i = 0; i < r->n_given; i++) {
        const struct given *g = &r->given[i];

        if (!fn(g->org, g->ledger, g->year, g->n, arg, e))
            return false;
    }
    return true;
}
