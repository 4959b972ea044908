#ifndef PAGES_RISK_H
#define PAGES_RISK_H

#include "pages/pages.h"

/* Risk points by colour, and on a floor plan. */
struct v_colour {
    struct str title, key; /* key: red orange yellow blue */
    const struct v_row *rows;
    size_t n_rows;
    int64_t count;
    bool more;
    struct url all;
};

struct page_risks_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_input *inputs; /* which school */
    size_t n_inputs;
    const struct v_link *plans;
    size_t n_plans;
    const struct v_colour *colours;
    size_t n_colours;
    struct url add, list;
    bool can_add;
    const struct v_chat *chat; /* NULL: nothing to copy */
};
void page_risks(struct buf *, const struct page_risks_view *);

struct v_pin {
    struct str no, name, key, grade, where;
    struct url url, place; /* to put it on the plan, or elsewhere */
    struct str place_label, place_name;
    bool can_place;
};

struct page_plan_view {
    enum lang lang;
    const struct v_head *head;
    struct url back;
    struct markup svg; /* empty: there is no picture */
    struct url add;    /* where a picture is added */
    bool can_add;
    const struct v_pin *pins, *others; /* others: not on a plan yet */
    size_t n_pins, n_others;
    /* one is being put on the plan: the picture itself is asked */
    bool placing;
    struct url action, picture, plan;
    struct str csrf, key, rev, place, name;
    int64_t h;
};
void part_pins(struct buf *, const struct v_pin *, size_t n);
void page_plan(struct buf *, const struct page_plan_view *);

#endif
