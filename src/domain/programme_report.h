#ifndef DOMAIN_PROGRAMME_REPORT_H
#define DOMAIN_PROGRAMME_REPORT_H

#include "domain/programme.h"

/* The figures that the closing report of a special rectification comes from: a
 * line for each school, a line for each task. One line a figure: X(name,
 * label). Their order is permanent: it is how they are kept. */
/* clang-format off */
#define PROGRAMME_FIGURES(X)                            \
    X(planned, N_("Inspections planned"))               \
    X(done, N_("Done"))                                 \
    X(late, N_("Done late"))                            \
    X(missed, N_("Missed"))                             \
    X(excused, N_("Excused"))                           \
    X(todo, N_("Still to be done"))                     \
    X(found, N_("Hazards found"))                       \
    X(major, N_("Major hazards found"))                 \
    X(closed, N_("Hazards closed"))                     \
    X(closed_major, N_("Major hazards closed"))         \
    X(open, N_("Hazards still open"))                   \
    X(open_major, N_("Major hazards still open"))       \
    X(overdue, N_("Hazards overdue"))                   \
    X(need, N_("Funds needed"))                         \
    X(spent, N_("Money spent"))
/* clang-format on */

enum programme_figure {
#define X(name, label) PRF_##name,
    PROGRAMME_FIGURES(X)
#undef X
        N_PROGRAMME_FIGURES
};
extern const char *const programme_figure_label[N_PROGRAMME_FIGURES];

enum { PROGRAMME_TASKS_MAX = 30 };

struct programme_line {
    int64_t org;                    /* a school; 0: all together */
    int64_t v[N_PROGRAMME_FIGURES]; /* need and spent: minor units */
    /* by the place of a task in the programme; excused ones count as done */
    int64_t all[PROGRAMME_TASKS_MAX], done[PROGRAMME_TASKS_MAX],
        missed[PROGRAMME_TASKS_MAX];
};

void programme_line_plus(struct programme_line *,
                         const struct programme_line *);
/* What a school has not finished: who has most of it comes first. */
int64_t programme_behind(const struct programme_line *);

/* Append a line as it is kept. */
void programme_line_put(struct buf *, const struct programme_line *,
                        size_t n_tasks);
/* The next one. False: none left, or malformed. */
bool programme_line_next(struct str *rest, struct programme_line *);

#endif
