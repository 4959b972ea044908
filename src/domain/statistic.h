#ifndef DOMAIN_STATISTIC_H
#define DOMAIN_STATISTIC_H

#include "domain/figure.h"

/* Quarterly and yearly statements 隐患排查治理情况统计表: computed, looked at,
 * signed, and replaced by a new one only.  product.md B10, rules.md 2. */
enum statistic_state {
    STAT_DRAFT = 1,
    STAT_SIGNED = 2,
    STAT_REPLACED = 3,
    STAT_DROPPED = 4,
};

struct statistic {
    struct rec r;
    struct str title; /* "2026 Q3", "2026" */
    int64_t year, quarter;
    struct str reason;
    int64_t previous;
    int64_t as_of, signer, signed_at;
    struct str by_school; /* statistic_schools() */
    struct str files;
#define X(name, kind, g, m, lg, lm) int64_t name##_g, name##_m;
    FIGURES(X)
#undef X
};

extern const struct ledger statistic_ledger;

/* The rule that says by when the table of a quarter or a year is signed. */
const char *statistic_rule(int64_t quarter);

/* The figures of a statement, and back. */
void statistic_sums(const struct statistic *, struct sums *);
/* The field of a figure: grade 0 general, 1 major. */
const struct field *statistic_field(enum figure_no, int grade);

/* The figures of each school as one text: "org:g,m,g,m,...;" for each. */
void school_sums_put(struct buf *, int64_t org, const struct sums *);
/* The next of them; false at the end, or where it is no such text. */
bool school_sums_next(struct str *rest, int64_t *org, struct sums *);

#endif
