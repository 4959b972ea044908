#ifndef DOMAIN_CREDENTIAL_H
#define DOMAIN_CREDENTIAL_H

#include "domain/ledger.h"

/*
 * What lets somebody in, as the log tells of it: events of no ledger (tag 0,
 * record 0), never the secret itself. The part of the person it is about names
 * the person and what a token may do, and goes when the person is erased.
 */

/* Permanent numbers: events keep them. */
enum credential_kind {
    CRED_LINK = 1, /* a one-time link */
    CRED_PASSWORD = 2,
    CRED_TOKEN = 3,
    CRED_PIN = 4,
    CRED_DEVICE = 5, /* a shared device */
    CRED_ROBOT = 6,  /* of a chat group */
};

#define CRED_MADE  "credential-made"
#define CRED_ENDED "credential-ended"
#define CRED_FOUND "credential-found" /* was there before such events were */

struct credential {
    struct rec r;      /* stays zero: there is no record */
    int64_t kind;      /* enum credential_kind */
    int64_t id;        /* of the row: the person's for links, passwords, PINs */
    int64_t until;     /* ms; 0 = without end */
    struct str print;  /* see credential_print() */
    int64_t person;    /* whose, or who made it */
    struct str scopes; /* of a token */
};

/* A declaration without a table: nothing lists it. */
extern const struct ledger credential_ledger;

#endif
