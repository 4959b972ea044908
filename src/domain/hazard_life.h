#ifndef DOMAIN_HAZARD_LIFE_H
#define DOMAIN_HAZARD_LIFE_H

#include "domain/hazard.h"

/* The steps of a hazard's life and what follows from each; pure. */
enum { HAZARD_STEPS = 39 };
extern const struct step hazard_steps[HAZARD_STEPS];

/* hazard_notice.c: not one that is issued already, nor away from one that is
 * in force. */
bool hazard_check_notice(const void *, const struct step_ctx *, struct err *);

/* Of the listing, hazard_listing.c. */
bool hazard_is_listed(const void *);
bool hazard_can_list(const void *);
bool hazard_can_publish(const void *);
bool hazard_can_end_listing(const void *);
bool hazard_check_listing(const void *, const struct step_ctx *, struct err *);
void hazard_apply_list(void *, const struct step_ctx *);
void hazard_apply_publish(void *, const struct step_ctx *);
void hazard_apply_delist(void *, const struct step_ctx *);
void hazard_apply_end_listing(void *, const struct step_ctx *);

/* Due times after a change: the clock starts when the state or the deadline
 * changes, and at no other change. Source: rule packs "hazard." "listing.". */
void hazard_settle(void *rec, const struct step_ctx *);

#endif
