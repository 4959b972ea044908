#ifndef SERVICE_NETWORKS_H
#define SERVICE_NETWORKS_H

#include "service/account.h"

/* Networks that are a school's: three or more of its people signed in from
 * there within thirty days. Kept by a keyed hash: the table names no address. */
enum { NETWORK_PEOPLE = 3, NETWORK_DAYS = 30 };

/* A session begins, and its network is noted. A job; arg is the struct. */
struct sign_in_new {
    struct session_new session;
    int64_t network; /* the hash; 0: none to note */
    int64_t school;  /* of the person */
};
bool sign_in_job(struct tx *, void *, struct err *);

/* Errors: ERR_STORE. */
bool network_is_school(struct store *, int64_t network, int64_t now, bool *is,
                       struct err *) MUST_USE;

#endif
