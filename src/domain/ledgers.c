#include "domain/campaign.h"
#include "domain/hazard.h"
#include "domain/org.h"

/* One line for each ledger, in the menu's order. */
const struct ledger *const ledgers[] = {
    &hazard_ledger, &campaign_ledger, &org_ledger,      &person_ledger,
    &post_ledger,   &place_ledger,    &calendar_ledger, &rule_ledger,
};
const size_t n_ledgers = N_OF(ledgers);
