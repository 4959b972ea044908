#ifndef PAGES_TEST_H
#define PAGES_TEST_H

#include "base/tr.h"
#include "html/html.h"

/* A page for the tests of the page compiler: every kind of hole once. */
struct test_view {
    enum lang lang;
    struct str title;
    struct url back;
    struct markup note;
    const int64_t *ids;
    size_t n_ids;
};

void page_test(struct buf *, const struct test_view *v);
void page_test_row(struct buf *, int64_t id);

#endif
