#ifndef SERVICE_ABOVE_H
#define SERVICE_ABOVE_H

#include "service/writer.h"

/*
 * Figures of whole districts for the authorities above them: counted from each
 * district's own counters by a job and kept in the installation's tenant, so that
 * a page over five hundred districts costs five hundred short rows, however many
 * hazards there are. They are as old as they say.
 */
enum { TENANT_ABOVE = 1, ABOVE_MINUTES = 10 };

enum above_what {
    ABOVE_SCHOOLS,
    ABOVE_OPEN,
    ABOVE_OVERDUE,
    ABOVE_MAJOR, /* of the open ones */
    ABOVE_CLOSED,
    ABOVE__MAX
};

struct above {
    int64_t district; /* its tenant */
    int64_t n[ABOVE__MAX];
    int64_t as_of; /* ms */
};

/* Count one district (*arg: its tenant's id) and keep it.
 * Errors: those of the database. */
bool above_job(struct tx *, void *tenant, struct err *) MUST_USE;

/* All that are kept, in the order of districts. */
bool above_read(struct store *, struct arena *, struct above **, size_t *n,
                struct err *) MUST_USE;

#endif
