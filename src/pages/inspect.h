#ifndef PAGES_INSPECT_H
#define PAGES_INSPECT_H

#include "pages/pages.h"

/* The page that changes child rows. */
struct page_parts_view {
    enum lang lang;
    const struct v_head *head;
    struct url back;
    struct str name, at; /* at: the row that the form is for; "" = a new one */
    struct v_parts parts;
    const struct v_form *form;
};
void page_parts(struct buf *, const struct page_parts_view *);

/* An inspection under way: one item after the other. */
struct v_item {
    struct str id, no, heading, text, standard, clause;
    const char *kind; /* pass number choice text photo sign */
    struct str value, unit, limits, comment, where;
    struct str low, high, wrong; /* a number beyond, choices: not in order */
    struct str verdict;          /* pass fail na, or "" */
    const struct v_choice *choices;
    size_t n_choices;
    bool critical, bad;   /* bad: what was sent did not pass because of it */
    struct str when;      /* "3=fail"; "" = always */
    struct str when_said; /* the same in words */
    struct v_input files; /* name, kept ones */
    const struct v_file *guide;  /* NULL: none */
    const struct v_choice *open; /* hazards that may be the same: n_same from */
    size_t n_same, n_open;       /* this item, then others of the place */
    bool is_new, is_other;       /* a new one, or one of the others, is meant */
};

void part_verdict(struct buf *, const struct v_item *, enum lang, bool two);
void part_known(struct buf *, const struct v_item *, const struct v_choice *,
                size_t, const char *says);
void part_item(struct buf *, const struct v_item *, enum lang);

struct page_inspect_view {
    enum lang lang;
    const struct v_head *head;
    struct url back, action;
    struct str csrf, key, rev, name, where, note, error, saved, how;
    const struct v_item *items;
    size_t n_items;
    int64_t answered, asked;
    struct v_input company, paper;
    bool visit;
    struct str at; /* the item that the error is about; "" = none */
    struct url at_url;
};
void page_inspect(struct buf *, const struct page_inspect_view *);

/* Which school keeps which rule. */
struct page_compliance_view {
    enum lang lang;
    const struct v_head *head;
    struct v_grid grid;
    struct url rules, all_missed;
    const struct v_row *missed;
    size_t n_missed;
    bool more_missed;
    const struct v_chat *chat; /* NULL: nothing to copy */
};
void page_compliance(struct buf *, const struct page_compliance_view *);

/* Checklists that ship, and one that was read. */
struct page_library_view {
    enum lang lang;
    const struct v_head *head;
    struct url back;
    const struct v_row *rows;
    size_t n;
    const struct v_form *upload;
};
void page_library(struct buf *, const struct page_library_view *);

struct page_taken_view {
    enum lang lang;
    const struct v_head *head;
    struct url back;
    bool none;
    struct str problem;
    const struct v_cell *doubts; /* label: where; value: what */
    size_t n_doubts;
    struct v_parts parts;
    const struct v_form *form;
};
void page_taken(struct buf *, const struct page_taken_view *);

#endif
