#ifndef DOMAIN_FIGURE_H
#define DOMAIN_FIGURE_H

#include "domain/hazard.h"

/*
 * The figures of the office's tables: each a pure function of one hazard and a
 * period.  product.md B10, rules.md 2, docs/adr/0009-office-tables.md.
 */

/* One line a figure: X(name, kind, tag for general, tag for major, what the two
 * are called). The tags are permanent; what it means stands in figure.c, its
 * columns NAME_g and NAME_m in a migration. */
/* clang-format off */
#define FIGURES(X)                                                                                                    \
    X(before, FK_INT, 60, 61, N_("Carried over, general"), N_("Carried over, major"))                                 \
    X(found, FK_INT, 62, 63, N_("Found, general"), N_("Found, major"))                                                \
    X(found_done, FK_INT, 64, 65, N_("Found and rectified, general"), N_("Found and rectified, major"))               \
    X(done, FK_INT, 66, 67, N_("Rectified, general"), N_("Rectified, major"))                                         \
    X(still_open, FK_INT, 68, 69, N_("Still open, general"), N_("Still open, major"))                                 \
    X(late, FK_INT, 70, 71, N_("Overdue, general"), N_("Overdue, major"))                                             \
    X(listed, FK_INT, 72, 73, N_("Newly listed for supervision, general"), N_("Newly listed for supervision, major")) \
    X(five_duty, FK_INT, 74, 75, N_("Responsibility assigned, general"), N_("Responsibility assigned, major"))        \
    X(five_means, FK_INT, 76, 77, N_("Measures fixed, general"), N_("Measures fixed, major"))                         \
    X(five_funds, FK_INT, 78, 79, N_("Funds settled, general"), N_("Funds settled, major"))                           \
    X(five_time, FK_INT, 80, 81, N_("Time limit set, general"), N_("Time limit set, major"))                          \
    X(five_plan, FK_INT, 82, 83, N_("Contingency plan made, general"), N_("Contingency plan made, major"))            \
    X(need, FK_MONEY, 84, 85, N_("Money needed, general"), N_("Money needed, major"))                                 \
    X(lacking, FK_MONEY, 86, 87, N_("Money not yet there, general"), N_("Money not yet there, major"))                \
    X(spent, FK_MONEY, 88, 89, N_("Money spent, general"), N_("Money spent, major"))
/* clang-format on */

enum figure_no {
#define X(name, kind, g, m, lg, lm) FIG_##name,
    FIGURES(X)
#undef X
        N_FIGURES
};

/* Days, both included; today is the local day it is computed on. */
struct period {
    int64_t from, to, today;
    const struct zone *zone;
};

/* What a quarter's number may be; PERIOD_YEAR is the whole year. */
enum { PERIOD_YEAR = 5 };
struct period period_of(int64_t year, int64_t quarter, int64_t today,
                        const struct zone *);
/* The period of the same length that ends the day before it begins. */
struct period period_before(const struct period *);

enum figure_flag {
    FG_YEAR = 1 << 0,  /* the year view: carried over, found, closed, open */
    FG_MAJOR = 1 << 1, /* only major ones can be so */
    FG_MONEY = 1 << 2, /* minor units of the tenant's currency */
    FG_BAD = 1 << 3,   /* more is worse */
    FG_SHORT = 1 << 4, /* in tables with one line a school */
};

struct figure {
    const char *name;
    const char *label; /* message id */
    const char *means; /* message id: which hazards, which day counts */
    unsigned flags;
    int64_t (*of)(const struct hazard *, const struct period *);
};
extern const struct figure figures[N_FIGURES];
/* -1: none */
int figure_find(struct str name);

/* General and major ones; grades as in hazard.h, less one. */
struct sums {
    int64_t v[N_FIGURES][2];
};
void sums_add(struct sums *, const struct hazard *, const struct period *);
void sums_plus(struct sums *, const struct sums *);
/* Both grades together. */
int64_t sums_all(const struct sums *, enum figure_no);
/* Rectified of what was found, in tenths of a per cent; -1: none was found. */
int64_t sums_rate(const struct sums *, int grade);

/* What the functions look at, beside a record's header: names with blanks. */
#define FIGURE_FIELDS                                                          \
    "found_on grade accepted_at closed_at finished_on listed_at deadline "     \
    "responsible responsible_unit contractor measures contingency "            \
    "funds_need funds funds_spent"

/* The local day it was found, and the day it was rectified; 0 = not yet. */
int64_t hazard_found_day(const struct hazard *, const struct zone *);
int64_t hazard_done_day(const struct hazard *, const struct zone *);
/* "No hazard" and duplicates count nowhere. */
bool hazard_counts(const struct hazard *);

#endif
