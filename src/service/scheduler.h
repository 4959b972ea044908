#ifndef SERVICE_SCHEDULER_H
#define SERVICE_SCHEDULER_H

#include "service/plan.h"

/* The one thread that turns due times into events: escalation of what is
 * overdue, checkpoints at fixed hours, and the sweeping of what has expired. */
struct scheduler;

/* data_dir lives as long as the scheduler. ways: by which messages can go
 * out. */
struct scheduler *scheduler_start(struct writer *, const char *data_dir,
                                  clock_fn *, const struct plan_ways *ways,
                                  struct err *) MUST_USE;
void scheduler_stop(struct scheduler *);

/* One round, at once: what the thread does every minute. For tests and verbs.
 * Errors: of the first job that failed; the others were tried. */
bool scheduler_round(struct writer *, struct err *) MUST_USE;
/* The other part of a round: what people are to be told. */
bool scheduler_plan(struct writer *, const struct plan_ways *,
                    struct err *) MUST_USE;

#endif
