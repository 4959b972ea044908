#ifndef PAGES_OFFICE_H
#define PAGES_OFFICE_H

#include "pages/pages.h"

/* Figures, statements with their clocks, and the authority's own tables. */

/* A statement that the law asks for: who has signed, by when. */
struct v_clock {
    struct str what, words, due;
    bool done, late;
};

struct page_office_view {
    const struct v_clock *clocks;
    size_t n_clocks;
    enum lang lang;
    const struct v_head *head;
    const struct v_input *inputs;
    size_t n_inputs;
    const struct v_link *links;
    size_t n_links;
    const struct v_grid *grids;
    size_t n_grids;
    struct str as_of;
    const struct v_chat *chat; /* NULL: nothing to copy */
};
void page_office(struct buf *, const struct page_office_view *);

struct page_blank_view {
    enum lang lang;
    const struct v_head *head;
    struct url action, back;
    struct str csrf, rev, sheet;
    const struct v_link *sheets; /* none: the workbook has one */
    size_t n_sheets;
    struct v_input first;
    const struct v_input *inputs;
    size_t n_inputs;
    bool has_table, guessed, is_protected, more, may_save;
};
void page_blank(struct buf *, const struct page_blank_view *);

#endif
