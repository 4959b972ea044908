#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "pages/pages.h"
#include "service/say.h"
#include "store/files.h"
#include "web/app.h"

/* From records to what pages show, in the reader's language. All memory is the
 * request's; an exhausted arena gives empty texts and is noticed at the end. */

/* Where the page can be asked for again: a form that came back has the address
 * that it was sent to, which is no page. */
struct url view_here(struct rq *);
const struct v_head *view_head(struct rq *, const char *title);
/* The same; what was just done is shown on top. */
struct str view_flash(struct rq *);
struct url view_url(struct rq *, const char *fmt, ...) PRINTF(2, 3);
struct url view_path(struct rq *, const struct ledger *, int64_t id);

/* For what pages and messages say alike; without links. */
struct say view_say(struct rq *);
/* A person's name where the reader may know it, else what post it is: in
 * records of that node, or anywhere. */
struct str view_person_of(struct rq *, int64_t node, int64_t id);
struct str view_person(struct rq *, int64_t id);
struct str view_org(struct rq *, int64_t id);
/* The unit of the person who signed; the district where nobody has yet. */
struct str view_issuer(struct rq *, int64_t person);
/* "Teaching block › second floor › room 12" */
struct str view_place(struct rq *, int64_t id);
struct str view_time(struct rq *, int64_t ms);
struct str view_day(struct rq *, int64_t day);
/* The same on paper: 2026年11月20日 in Chinese. */
struct str view_day_paper(struct rq *, int64_t day);
struct str view_time_paper(struct rq *, int64_t ms);
/* "due 2026-03-05", "3 days late", "today" */
struct str view_due(struct rq *, int64_t due_ms);
/* A field in words; "" when empty. */
struct str view_value(struct rq *, const struct field *, const void *rec);
/* The same for a list's cell: "" too where the reader may not see it, and the
 * field's stand-in where it is empty. */
struct str view_cell(struct rq *, const struct ledger *, const struct field *,
                     const void *rec);
/* What people call the record, cut to a line. */
struct str view_name(struct rq *, const struct ledger *, const void *rec);
struct str view_state(struct rq *, const struct ledger *, int64_t state);
const char *view_state_key(const struct ledger *, int64_t state);
/* What a verb is called. */
struct str view_verb(struct rq *, const struct ledger *, struct str verb);

/* A text with one number in it, already in the reader's language. */
struct str view_count(struct rq *, const char *text, int64_t n);
/* A sentence with numbers (%ld) and texts (%.*s, up to 90 bytes each). */
struct str view_said(struct rq *, const char *msgid, ...) PRINTF(2, 3);

/* What a list shows of each record beside its name: found once, not for each
 * row. fields: names with blanks between, as a ledger's .list. */
struct view_columns {
    const struct field *f[16];
    struct str label[16];
    size_t n;
};
struct view_columns view_columns(struct rq *, const struct ledger *,
                                 const char *fields);
/* n records that stand one after the other; NULL without memory. */
struct v_row *view_rows(struct rq *, const struct ledger *, const void *recs,
                        size_t n, const struct view_columns *);
/* Open records of the same school alike in what the ledger names (.similar),
 * in one of these at least; what is empty on either side is no difference. At
 * most limit, alike in the first of them before others, the newest first; of
 * an ended record none.
 * Errors: ERR_STORE, ERR_BUSY. */
bool view_similar(struct rq *, const struct ledger *, const void *rec,
                  unsigned limit, void **recs, size_t *n,
                  struct err *) MUST_USE;
/* A question for a record of another kind: by its number, with a few that it
 * may be; or a choice where that ledger has no numbers. */
void view_reference(struct rq *, const struct ledger *, const struct field *,
                    const void *rec, int64_t org, struct v_input *);
/* The question for one field. rec: where its value stands; org: whose people
 * and places are offered. */
struct v_input view_input(struct rq *, const struct ledger *,
                          const struct field *, const struct step *,
                          const void *rec, int64_t org);
/* Which school? Those whose records of the ledger the reader may read. */
struct v_input view_school_input(struct rq *, const struct ledger *,
                                 int64_t now);
/* The questions of one child row, at most PART_INPUTS of them; returns how
 * many. part: as it stands, or zeros. */
struct part_kind;
enum { PART_INPUTS = 40 };
size_t view_part_inputs(struct rq *, const struct ledger *,
                        const struct part_kind *, const void *part, int64_t org,
                        struct v_input *);
/* A form for a step. rec == NULL: a new record of org. */
struct v_form view_step(struct rq *, const struct ledger *, const struct step *,
                        const void *rec, int64_t org);

/* The same with what was typed, and what is wrong with it beside its
 * question. Its photographs have arrived and stand in the form by their ids. */
void view_typed(struct rq *, struct v_form *, const struct err *);
/* Forms that stand on one page: what more than one of them asks for gets an id of
 * each, so that a label leads to its own field. */
void view_own_ids(struct rq *, struct v_form *, size_t n);
/* The photographs of a record, before and after. */
const struct v_fact *view_photos(struct rq *, const struct ledger *,
                                 const void *rec, size_t *n);
/* Steps that the reader may take for many records of the ledger at once. */
const struct v_link *together_links(struct rq *, const struct ledger *,
                                    size_t *n);

/* The door once more, and why it did not open. */
bool door_again(struct rq *, const struct err *why, struct err *);
/* The door with the words of a form that is to be taken afterwards. */
bool door_typed(struct rq *, struct str to, struct str typed, struct err *);
/* Of a shared device: who opens it with a PIN. NULL: it is none. */
const struct v_choice *device_people(struct rq *, struct str *name, size_t *n);

/* What was typed into one question, and the files that it kept. */
void view_typed_input(struct rq *, struct v_input *);
/* What a file is called, for who may know people by name. */
struct str file_name(struct rq *, const struct file_row *);
/* An attachment. False: it is not there. */
/* The row of a file; its type is "erased" also where a restored copy brought
 * back what was erased since. Errors: as files_get(). */
bool view_file_row(struct rq *, int64_t id, struct file_row *,
                   struct err *) MUST_USE;
bool view_file(struct rq *, int64_t id, struct file_row *, struct v_file *);
/* All of a field of files. */
const struct v_file *view_files(struct rq *, struct str ids, size_t *n);
/* The same as a form shows what it holds already. */
const struct v_kept *view_kept(struct rq *, struct str ids, size_t *n);
/* Facts and photographs of a record. */
void view_facts(struct rq *, const void *rec, struct page_record_view *);

#endif
