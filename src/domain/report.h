#ifndef DOMAIN_REPORT_H
#define DOMAIN_REPORT_H

#include "domain/ledger.h"

struct report {
    struct rec r;
    struct str about; /* the hazard's number */
    int64_t hazard;
    struct str who, contact;
    struct str receipt; /* SHA-256 of the code, in hex */
};

extern const struct ledger report_ledger;

#endif
