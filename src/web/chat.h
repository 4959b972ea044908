#ifndef WEB_CHAT_H
#define WEB_CHAT_H

#include "pages/board.h"
#include "web/app.h"
#include "web/query.h"

/* "Copy for chat": at most CHAT_CHARS characters and a link. NULL where there
 * is nothing to copy, or no memory. */
enum { CHAT_CHARS = 200 };

/* Of a record; it can be saved as a picture, too. */
const struct v_chat *chat_record(struct rq *, const struct ledger *,
                                 const void *rec);
/* Of a list: how many, and the first of them. The text is shared between
 * readers: it holds no link where that would come from the request. */
const struct v_chat *chat_list(struct rq *, const struct ledger *,
                               const struct query *, const void *recs, size_t n,
                               bool more);
/* A picture of a few lines under a title, with a QR code to link; path: the
 * file to write. */
struct chat_lines {
    struct str title, below, link;
    struct str line[24];
    size_t n;
    size_t more; /* lines that are not among them */
};
bool chat_draw_lines(struct rq *, const char *path, const struct chat_lines *,
                     struct err *) MUST_USE;

/* Of the board: what waits, what is late. */
const struct v_chat *chat_board(struct rq *, const struct v_group *, size_t n);

#endif
