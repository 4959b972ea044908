#ifndef SERVICE_FIGURES_H
#define SERVICE_FIGURES_H

#include "domain/statistic.h"
#include "service/change.h"

/* The figures of a period by school: docs/adr/0009-office-tables.md. */

struct school_sums {
    int64_t org;
    struct sums sums;
};

struct figures_query {
    const struct dir *dir;
    struct scope scope; /* whose hazards */
    struct period period;
    const char *fields; /* to read beside FIGURE_FIELDS; NULL: none */
};

/* The scope of a node's own statement: the school with its departments; of the
 * district's node, everything. Errors: ERR_BUSY. */
bool figures_scope(const struct dir *, int64_t org, struct arena *,
                   struct scope *, struct err *) MUST_USE;

/* Every school of the scope in the tree's order, also those without any, and
 * their sum. Errors: ERR_BUSY, ERR_STORE. */
bool figures_sum(struct store *, const struct figures_query *, struct arena *,
                 struct school_sums **, size_t *n, struct sums *all,
                 struct err *) MUST_USE;

/* fn for each hazard of the scope that lived in the period and counts. Strings
 * live only while fn runs. */
typedef bool figures_fn(const struct hazard *, void *arg, struct err *);
bool figures_each(struct store *, const struct figures_query *, figures_fn *,
                  void *arg, struct err *) MUST_USE;

/* The period and scope of a statement as it stands, at now. */
bool figures_of_statement(const struct dir *, const struct statistic *,
                          int64_t now, struct arena *, struct figures_query *,
                          struct err *) MUST_USE;

/* For a step that is S_GIVEN: compute and hang the values on the change. */
bool figures_give(struct store *, const struct dir *, int64_t now,
                  struct arena *, struct change *, struct err *) MUST_USE;

/* In the job of a change: refuse to sign when another one was signed since;
 * the one that is signed puts its predecessor out of force. */
bool figures_check(struct tx *, const struct change *,
                   const struct statistic *after, struct err *) MUST_USE;
bool figures_after(struct tx *, const struct change *, const struct step *,
                   const struct statistic *after, struct err *) MUST_USE;

#endif
