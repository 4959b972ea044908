#ifndef PAGES_EXPORT_H
#define PAGES_EXPORT_H

#include "pages/pages.h"

/* A large file that is being made, or waits to be fetched. */
struct page_export_view {
    enum lang lang;
    const struct v_head *head;
    struct str title, said, csrf;
    struct url file, stop;
    bool running, ready;
};
void page_export(struct buf *, const struct page_export_view *);

#endif
