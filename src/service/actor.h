#ifndef SERVICE_ACTOR_H
#define SERVICE_ACTOR_H

#include "codec/hash.h"
#include "domain/token_scope.h"
#include "service/dir.h"

/* Who asks, and when: a service never reads a clock or a session itself. */
struct actor {
    const struct dir *dir;
    int64_t person;           /* 0 = the system */
    int64_t now;              /* ms */
    const struct str *scopes; /* of a token; NULL: a person, or the system */
    int64_t post;             /* by this post alone; 0 = by all of them */
};

/* The roles the actor holds on a node, by posts on it or above it. */
uint64_t actor_roles(const struct actor *, int64_t node);
/* The roles anywhere in the tenant. */
uint64_t actor_roles_anywhere(const struct actor *);
/* What the actor is to one record beside the posts: ROLE_CREATOR ... */
uint64_t actor_roles_on(const struct actor *, const struct ledger *,
                        const void *rec);

/* Does the token, if there is one, allow it? l NULL: on every ledger. What it
 * allows is no more than the person may. */
bool actor_scoped(const struct actor *, const struct ledger *l,
                  const char *verb);
/* May the actor do this with records of that node? verb: a step or right. */
bool actor_may(const struct actor *, const struct ledger *, const char *verb,
               int64_t node);
/* The same anywhere at all: whether to show a menu entry. */
bool actor_may_somewhere(const struct actor *, const struct ledger *,
                         const char *verb);
/* Does the actor belong to a school, and not to an office above? */
bool actor_at_school(const struct actor *);
/* May the actor read that record? */
bool actor_reads_at(const struct actor *, const struct ledger *, int64_t node);
bool actor_reads(const struct actor *, const struct ledger *, const void *rec);
/* May the actor read that field of the record? */
bool actor_sees(const struct actor *, const struct ledger *, const void *rec,
                const struct field *);

/* May the actor know people by name in records of that node; node 0: at all?
 * See SEE_NAMES. */
bool actor_names(const struct actor *, int64_t node);
/* The posts of the actor's person, in force or not. */
const struct dir_post *actor_posts(const struct actor *, size_t *n);

/* What the actor's rights stand on: two that differ are two sets of posts. */
void actor_standing(const struct actor *, struct hash *);

/* Whose records of a ledger the right covers: the nodes, or all of them. */
struct scope {
    bool all;
    int64_t *org;
    size_t n;
};
/* The cells of an old ledger as they stood: they may hold names, so they are
 * for who sees people, where the ledger has that right. */
bool actor_sees_raw(const struct actor *, const struct ledger *, int64_t node);
/* Errors: ERR_BUSY. A scope of nothing is no error. */
bool actor_scope(const struct actor *, const struct ledger *, const char *verb,
                 struct arena *, struct scope *, struct err *) MUST_USE;

/* Is the step open to the actor on that record (rec == NULL: a new one of
 * node)? Says why not: ERR_DENIED. */
bool actor_steps(const struct actor *, const struct ledger *,
                 const struct step *, const void *rec, int64_t node,
                 struct err *) MUST_USE;

#endif
