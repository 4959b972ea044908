#ifndef SERVICE_RANK_H
#define SERVICE_RANK_H

#include "service/change.h"

/*
 * Nobody raises themselves: who gives a post, ends it, makes a link to an
 * account or changes how somebody signs in has the right to do so on every node
 * where that person has a post, and stands no lower than any of those posts.
 * Who stands as high gives the own password once more. Nobody does it for
 * themselves; the command line may do everything.
 */
struct rank_ask {
    const struct actor *who;
    const struct ledger *ledger; /* of the right: person or post */
    const char *verb;
    int64_t person; /* about whom */
    bool by_hand;   /* the password was given for it */
};

/* Errors: ERR_DENIED; ERR_INVALID with .field "sign_password": it has to be
 * given; says who could do it instead. */
bool rank_over(const struct rank_ask *, struct err *) MUST_USE;

/* The same for a change of a person or a post; of any other ledger it passes.
 * Inspectors, auditors and police are given by those above them only. */
bool rank_check(const struct change *, const struct actor *,
                const struct step *, const void *before, const void *after,
                struct err *) MUST_USE;
/* Tell whom such a change is about. Errors: ERR_STORE. */
bool rank_tell(struct tx *, const struct change *, const struct step *,
               const void *before, const void *after, struct err *) MUST_USE;

#endif
