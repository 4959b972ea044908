#ifndef WEB_MESSAGES_H
#define WEB_MESSAGES_H

#include "pages/pages.h"
#include "service/delivery.h"
#include "web/app.h"

/* What setup, the account page and the link of a mail show of messages. */

/* Deliveries in the reader's language; what they said is not known.
 *	again	offer to try dead ones again */
struct v_delivery *messages_view(struct rq *, const struct delivery *, size_t n,
                                 const struct channel *, size_t n_chats,
                                 bool again);

/* The kinds as ticks on_KEY; duties are left out. At most 8. */
size_t messages_ticks(struct rq *, struct v_input *, int64_t off);
/* The same back: bits of what was not ticked. */
int64_t messages_off(struct rq *);

/* The form and the list for the own account. */
bool messages_account(struct rq *, struct page_account_view *, struct v_form *,
                      struct err *) MUST_USE;

#endif
