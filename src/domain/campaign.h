#ifndef DOMAIN_CAMPAIGN_H
#define DOMAIN_CAMPAIGN_H

#include "domain/ledger.h"

/* Campaigns 活动: records.md 9, product.md A1; they nest by .parent. */
enum campaign_state {
    CP_DRAFT = 1,
    CP_ISSUED = 2,
    CP_RUNNING = 3,
    CP_SUMMARISED = 4,
    CP_ARCHIVED = 5,
};

struct campaign {
    struct rec r;
    struct str title;
    int64_t parent;
    struct str theme;
    int64_t from_on, to_on;
    struct str doc_no, to_whom, copy_to;
    struct str leader, deputies, members;
    struct str guiding, publicity, governance, rules, support, team;
    struct str requirements;
    struct str summary;
    struct str files;
};

extern const struct ledger campaign_ledger;

#endif
