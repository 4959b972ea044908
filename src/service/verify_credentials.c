/* Rows that hold secrets against what the log says of them. */
#include <stdlib.h>

#include "domain/event.h"
#include "service/credential.h"
#include "service/verify_int.h"

enum { SLICE = 500 };

/* What an event says of a row, the newest counts. */
struct said {
    int64_t kind, id, seq;
    struct str print;
};

struct credentials {
    struct said *said;
    size_t n, cap;
};

static int64_t
row_kind(int64_t kind)
{
    return kind == CRED_LINK ? CRED_PASSWORD : kind;
}

bool
verify_credential_event(struct checking *c, int64_t seq, struct str body,
                        struct err *e)
{
    struct credentials *l = c->credentials;
    struct credential is = { .print = STR("") };
    struct err why = { 0 };

    if (l == NULL && (l = c->credentials =
                          arena_new_obj(c->arena, struct credentials)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!event_apply(&credential_ledger, body, &is, c->arena, &why) ||
        is.kind < CRED_LINK || is.kind > CRED_ROBOT) {
        SAY(c, spot("event", seq, seq), "it tells of no credential");
        return true;
    }
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? 2 * l->cap : 64;
        struct said *more = arena_new_array(c->arena, struct said, cap);

        if (more == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        if (l->n > 0)
            memcpy(more, l->said, l->n * sizeof(*more));
        l->said = more;
        l->cap = cap;
    }
    l->said[l->n++] = (struct said){ row_kind(is.kind), is.id, seq,
                                     arena_dup(c->arena, is.print) };
    return true;
}

static int
by_row(const void *x, const void *y)
{
    const struct said *a = x, *b = y;
    int64_t d = a->kind != b->kind ? a->kind - b->kind
                : a->id != b->id   ? (a->id > b->id) - (a->id < b->id)
                                   : a->seq - b->seq;

    return (d > 0) - (d < 0);
}

/* One for each row: the newest. */
static void
settle(struct credentials *l)
{
    size_t n = 0;

    if (l->n > 0)
        qsort(l->said, l->n, sizeof(*l->said), by_row);
    for (size_t i = 0; i < l->n; i++)
        if (i + 1 == l->n || l->said[i].kind != l->said[i + 1].kind ||
            l->said[i].id != l->said[i + 1].id)
            l->said[n++] = l->said[i];
    l->n = n;
}

static const char *
name_of(int64_t kind)
{
    static const char *const names[] = {
        [CRED_PASSWORD] = "secret", [CRED_TOKEN] = "token",
        [CRED_PIN] = "pin",         [CRED_DEVICE] = "device",
        [CRED_ROBOT] = "channel",
    };

    return names[kind];
}

/* What the log said against the row as it is, or is no more. */
static bool
compare(struct checking *c, const struct said *s, struct err *e)
{
    ARENA(a, 64 * 1024);
    BUF(row, 8192);
    bool there;

    if (!credential_row(c->st, c->tenant->id, (enum credential_kind)s->kind,
                        s->id, &there, &row, e))
        return false;
    if (credential_is(a, s->print, buf_str(&row)))
        return true;
    if (there)
        SAY(c, spot(name_of(s->kind), s->id, s->seq),
            "it is not the one that was logged");
    else
        SAY(c, spot(name_of(s->kind), s->id, s->seq), "it is missing");
    return true;
}

static bool
in_log(const struct credentials *l, const struct credential_at *at)
{
    size_t lo = 0, hi = l->n;
    const struct said want = { at->kind, at->id, INT64_MAX, STR("") };

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (by_row(&l->said[mid], &want) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 && l->said[lo - 1].kind == at->kind &&
           l->said[lo - 1].id == at->id;
}

/* Rows that no event speaks of. */
static bool
strays(struct checking *c, const struct credentials *l, struct err *e)
{
    struct credential_at list[SLICE], after = { 0 };
    size_t n = SLICE;

    while (n == SLICE) {
        ARENA(a, 4 << 20);

        if (!credential_each(c->st, c->tenant->id, a, after, list, SLICE, &n,
                             e))
            return false;
        for (size_t i = 0; i < n; i++)
            if (!in_log(l, &list[i]))
                SAY(c, spot(name_of(list[i].kind), list[i].id, -1),
                    "the log does not know it: it was put in past the "
                    "program");
        if (n > 0)
            after = list[n - 1];
        after.scopes = STR("");
    }
    return true;
}

bool
verify_credentials(struct checking *c, struct err *e)
{
    static struct credentials none;
    struct credentials *l = c->credentials != NULL ? c->credentials : &none;
    bool found;

    if (!credential_all_found(c->st, &found, e))
        return false;
    if (!found) {
        SAY(c, spot("database", -1, -1),
            "passwords, tokens and devices were not noted in the log yet: run "
            "\"anlan migrate\"");
        return true;
    }
    settle(l);
    for (size_t i = 0; i < l->n; i++)
        if (!compare(c, &l->said[i], e))
            return false;
    return strays(c, l, e);
}
