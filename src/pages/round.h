#ifndef PAGES_ROUND_H
#define PAGES_ROUND_H

#include "pages/pages.h"

/* Many records in one form. */
struct v_round_row {
    struct str id, error;
    const struct v_input *inputs, *more; /* more: folded away unless .open */
    size_t n_inputs, n_more;
    bool open;
};

struct page_round_view {
    enum lang lang;
    const struct v_head *head;
    struct str csrf, key, school, note;
    struct url action;
    const struct v_input *shared; /* for all rows */
    size_t n_shared;
    const struct v_round_row *rows;
    size_t n_rows, fold; /* from the fold on they are folded away */
    struct str more_label;
    unsigned count; /* the highest row's number */
    bool told;      /* something was said for all rows */
};
void part_round_row(struct buf *, const struct v_round_row *, struct str label,
                    enum lang);
void page_round(struct buf *, const struct page_round_view *);

/* One step for many records. */
struct v_pick {
    struct v_row row;
    struct str key, why; /* why it did not pass the last time */
    const struct v_fact *photos;
    size_t n_photos;
    bool on;
};

struct page_together_view {
    enum lang lang;
    const struct v_head *head;
    struct str csrf, key, label, verb, said, error, comment;
    struct url action, list; /* list: or the record they are given to */
    bool to_record;
    const struct v_input *with; /* said already: name and value */
    size_t n_with;
    const struct v_pick *picks;
    size_t n_picks;
    const struct v_pick *gone; /* did not pass and wait no more: row and why */
    size_t n_gone;
    bool needs_comment;
};
void page_together(struct buf *, const struct page_together_view *);

#endif
