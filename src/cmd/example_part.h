#ifndef CMD_EXAMPLE_PART_H
#define CMD_EXAMPLE_PART_H

#include "service/change.h"

/* For the files that each tell a part of the example district. */
struct made;

/* By code ("" = the district), sign-in name, English name; 0: none such. */
int64_t example_school(const struct made *, const char *code);
int64_t example_person(const struct made *, const char *login);
int64_t example_place(const struct made *, const char *en);
struct str example_day(const struct made *, int64_t from_now);
struct tx *example_tx(const struct made *);
int64_t example_tenant(const struct made *);
/* The change as it was made `ago` days ago. */
bool example_change(struct made *, int ago, struct change *,
                    struct err *) MUST_USE;

bool example_inspections(struct made *, struct err *) MUST_USE;

#endif
