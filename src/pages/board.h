#ifndef PAGES_BOARD_H
#define PAGES_BOARD_H

#include "pages/pages.h"

struct v_group {
    struct url picture; /* of the list that it leads to */
    bool has_picture;
    struct str title, empty;
    const struct v_row *rows;
    size_t n_rows;
    int64_t count;
    bool more, late, act;
    struct url all;
};

struct page_board_view {
    enum lang lang;
    const struct v_head *head;
    struct str hello, day;
    const struct v_link *actions;
    size_t n_actions;
    const struct v_group *groups;
    size_t n_groups;
    const struct v_link *todo; /* what is still to be set up */
    size_t n_todo;
    bool no_post; /* the reader holds none */
    const struct v_event *news;
    const struct v_chat *chat; /* NULL: none */
    struct url seen;           /* where "mark as read" goes */
    int64_t newest;
    size_t n_news, n_fresh;
    struct str given_up; /* messages, in words; "" = none */
    struct url messages;
    const struct str *wrong; /* with the server, to who can mend that */
    size_t n_wrong;
};
void page_board(struct buf *, const struct page_board_view *);

#endif
