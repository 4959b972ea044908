#ifndef SERVICE_PLAN_H
#define SERVICE_PLAN_H

#include "service/writer.h"

/*
 * From what happened to what is to be sent: new outbox rows become items of
 * messages, and on working days what is overdue or falls due soon is added.
 * Everything is asked again when a message goes out; planning only settles to
 * whom and when.
 */
struct plan_ways {
    bool mail, sms; /* is there a gateway? */
};

/* One round for one tenant, in jobs of bounded size. Nothing in an
 * installation that was restored and not continued.
 * Errors: of the first job that failed. */
bool plan_round(struct writer *, int64_t tenant, const struct plan_ways *,
                struct err *) MUST_USE;

#endif
