#ifndef WEB_POST_H
#define WEB_POST_H

#include "web/keeping.h"

/* A form or an API call as a change of rq->ledger. Knows csrf, key, rev, org;
 * everything else is a field. NULL: an error. */
struct change *post_change(struct rq *, struct err *) MUST_USE;
/* Keep the files that came along (on a worker), then run the change on the
 * writer, then go on with next. When a form is refused, its files stay as
 * unclaimed attachments of that person, and rq->kept says which. */
bool post_run(struct rq *, struct change *, handler *next,
              struct err *) MUST_USE;
/* Keep the files that came along for the next try and run nothing: next shows
 * the form again, with rq->kept; rq->work_err says what is wrong with a file. */
bool post_keep(struct rq *, struct change *, handler *next,
               struct err *) MUST_USE;

/* One of many of a call of the API, run by post_row_job(). NULL: an error. */
struct json_item;
struct change *post_item(struct rq *, const struct json_item *,
                         struct err *) MUST_USE;

/* One row of many in one form: its questions are called "field.N", those
 * without a number count for every row. files: what came along, kept already.
 * Not run yet: see post_row_job(). */
struct change *post_row(struct rq *, unsigned row, const struct keeping *files,
                        struct err *) MUST_USE;
/* Whether anything was filled in for this row alone. */
bool post_row_empty(const struct change *);
/* Jobs: make it; or, when it was refused, keep its files for the next try. */
bool post_row_job(struct tx *, void *change, struct err *) MUST_USE;
bool post_row_later(struct tx *, void *change, struct err *) MUST_USE;
/* The files of a row, with their ids once post_row_later() has run. */
const struct keeping *post_row_files(const struct change *);

/* Whether a person can mend what was sent and send it again. */
bool post_mendable(const struct err *);

/* The form's key stands for a record already: it was sent, somebody went back,
 * changed a word and sent it again. */
bool post_sent_before(const struct change *, const struct err *);
/* To that record, saying so. */
bool post_to_first(struct rq *, const struct change *);

#endif
