#ifndef WEB_CHAT_PAGE_H
#define WEB_CHAT_PAGE_H

#include "pages/office.h"
#include "web/chat.h"

/* Boards and tables of figures, carried into chat groups like any list. */

/* Builds a page. lines != NULL: only says what the page says, a line each. */
typedef bool chat_page_fn(struct rq *, struct chat_lines *lines, struct err *);

/* The text to copy, with the page's own address; the picture is found at the
 * same address with ".png". */
const struct v_chat *chat_page(struct rq *, const struct chat_lines *);
/* Answers with that picture. */
bool chat_page_picture(struct rq *, chat_page_fn *, struct err *) MUST_USE;

/* Title and day. */
void chat_begin(struct rq *, struct chat_lines *, struct str title);
/* One more line, where there is room. */
void chat_line(struct chat_lines *, struct str);
/* "label: value · value" of the first cells, named where names is true. */
void chat_of_chart(struct rq *, struct chat_lines *, const struct v_chart *,
                   size_t cells, bool names);
void chat_of_grid(struct rq *, struct chat_lines *, const struct v_grid *,
                  size_t cells);

#endif
