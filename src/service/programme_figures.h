#ifndef SERVICE_PROGRAMME_FIGURES_H
#define SERVICE_PROGRAMME_FIGURES_H

#include "domain/programme_report.h"
#include "service/change.h"

struct programme_figures {
    struct task *task;
    size_t n_tasks;
    struct programme_line *school; /* who is furthest behind comes first */
    size_t n;
    struct programme_line sum;
};

/* How far each school of the scope is with a programme, as it stands now.
 * Errors: ERR_INVALID, ERR_BUSY, ERR_STORE. */
bool programme_figures_read(struct store *, const struct dir *,
                            const struct scope *, const struct programme *,
                            int64_t now, struct arena *,
                            struct programme_figures *, struct err *) MUST_USE;
/* The same as they were taken for the closing report; n = 0: none were. */
bool programme_figures_kept(const struct programme *, struct arena *,
                            struct programme_figures *, struct err *) MUST_USE;

/* For the step that is S_GIVEN: the figures of all schools, and the closing
 * report that is drafted from them in both languages. */
bool programme_figures_give(struct store *, const struct dir *, int64_t now,
                            struct arena *, struct change *,
                            struct err *) MUST_USE;

/* The draft alone, in one language. */
struct str programme_draft(const struct dir *, const struct programme *,
                           const struct programme_figures *, int64_t now,
                           bool zh, struct arena *);

#endif
