#ifndef WEB_PROGRAMME_VIEW_H
#define WEB_PROGRAMME_VIEW_H

#include "pages/pages.h"
#include "service/programme_figures.h"
#include "web/app.h"

/* One figure of a line, leading to its records. */
struct v_number programme_number(struct rq *, const struct programme *,
                                 const struct programme_line *,
                                 enum programme_figure);
/* The figures that a closing report came from, by school and by task; each
 * leads to its records, as they are today. Errors: ERR_BUSY. */
enum { PROGRAMME_GRIDS = 3 };
bool programme_grids(struct rq *, const struct programme *,
                     const struct programme_figures *,
                     struct v_grid[PROGRAMME_GRIDS], struct err *) MUST_USE;
/* On the record's page, where figures were taken. */
bool programme_show(struct rq *, const struct programme *,
                    struct page_record_view *, struct err *) MUST_USE;

#endif
