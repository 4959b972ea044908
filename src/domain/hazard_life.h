#ifndef DOMAIN_HAZARD_LIFE_H
#define DOMAIN_HAZARD_LIFE_H

#include "domain/hazard.h"

/* The steps of a hazard's life and what follows from each; pure. */
enum { HAZARD_STEPS = 35 };
extern const struct step hazard_steps[HAZARD_STEPS];

/* Due times after a change: the clock starts when the state or the deadline
 * changes, and at no other change. Source: rule packs "hazard." "listing.". */
void hazard_settle(void *rec, const struct step_ctx *);

#endif
