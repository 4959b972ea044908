#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H

#include "base/tr.h"
#include "html/html.h"

/* The views that pages show: made by web/, plain data, texts in the reader's
 * language already. */

struct v_link {
    struct str label;
    struct url url;
    bool current;
    int64_t count; /* 0: none shown */
};

struct v_head {
    enum lang lang;
    const char *lang_tag;
    struct str title;
    struct str tenant, person;
    const struct v_link *menu;
    size_t n_menu;
    struct url css, js, here;
    struct str csrf;
    struct str other_lang, other_lang_name;
    int64_t unseen;
    struct url account, inbox, privacy;
    bool example, read_only;
    struct str flash; /* what has just been done */
};

struct v_choice {
    struct str key, label;
    bool on;
};

/* A photograph that was sent with a form that was refused. */
struct v_kept {
    struct str id, name;
    struct url small;
    int64_t w, h; /* 0: no picture of it */
};

/* One question of a form. */
struct v_input {
    const char *kind; /* line text day time number money enum ref files flag
                       * password file */
    struct str name, label, hint, value;
    struct str id; /* where another form of the page asks for that name, too; ""
                    * = as the name */
    const struct v_choice *choices;
    size_t n_choices;
    bool required, bad, more; /* more: folded away */
    struct str error;
    int64_t max;
    const struct v_kept *kept; /* files that are there already */
    size_t n_kept;
    const char
        *none;     /* message id: what the empty choice means; NULL: choose */
    bool held;     /* of files: the record holds them; none may be left */
    bool one;      /* of files: one only */
    bool pictures; /* of files: photographs only */
    bool workbook; /* of files: a workbook only */
};

static inline struct str
input_id(const struct v_input *v)
{
    return v->id.n > 0 ? v->id : v->name;
}

/* Where its tag ends: what describes it, hint and error, and whether it is in
 * order. */
static inline void
input_said(struct buf *o, const struct v_input *v)
{
    if (v->hint.n > 0 || v->error.n > 0) {
        buf_puts(o, " aria-describedby=\"d-");
        html_esc(o, input_id(v));
        buf_putc(o, '"');
    }
    if (v->bad || v->error.n > 0)
        buf_puts(o, " aria-invalid=\"true\"");
}

struct v_form {
    enum lang lang;
    struct str id;
    struct url action;
    struct str csrf, key, rev;
    struct str label, then, error;
    struct str note; /* what it is about, above the button */
    const struct v_input *inputs;
    size_t n_inputs;
    bool multipart, danger, main, anytime, open, more;
    /* what the record lacks for this step, and the step that takes it */
    struct str missing, mend_label;
    struct url mend;
    bool switches;    /* has a switch of its own to the other language */
    struct str first; /* what is to be looked at before; "" = nothing */
    struct url look;
};

struct v_file {
    struct url url;            /* the original, byte for byte */
    struct str name, original; /* "Original (2.3 MB)" */
    bool image;                /* the copies, for looking */
    struct url small, large;
    int64_t w, h; /* of the small one */
};

struct v_fact {
    struct str label, value;
    struct url url;
    bool link, wide;
    const struct v_file *files;
    size_t n_files;
};

/* Some of them under a heading; "" for the first. */
struct v_facts {
    struct str heading;
    const struct v_fact *facts;
    size_t n;
};

struct v_delta {
    struct str label, from, to;
};

struct v_event {
    struct str when, who, what, comment, entered;
    const struct v_delta *deltas;
    size_t n_deltas;
    int64_t seq;
    struct url url;     /* of the record, on the board */
    struct url picture; /* of the news, on the board; "" = none */
    bool fresh;         /* newer than what the reader had seen */
};

struct v_cell {
    struct str label, value;
    bool tight; /* a day, a time, a number: never on two lines */
};

struct v_row {
    struct url url;
    struct str name, state, state_key, due, no;
    bool overdue, major;
    const struct v_cell *cells;
    size_t n_cells;
};

struct v_table_row {
    struct str label;
    struct url url;
    bool link;
    struct str cell[8];
    struct str said; /* for chats, instead of all that; "" = as it stands */
};

struct v_bar {
    struct str label;
    int64_t a, b;
    int a_w, b_w; /* widths in per mille */
};

struct page_error_view {
    enum lang lang;
    const struct v_head *head;
    struct str text;
    const char *field, *code;
    struct url home, back; /* back: the page before; "" = not known */
    bool typed;            /* there is a form to go back to */
};
void page_error(struct buf *, const struct page_error_view *);

struct page_signin_view {
    enum lang lang;
    const struct v_head *head;
    struct str login, error, to;
    struct str key;   /* of the forms: web/door.h */
    struct str typed; /* words of a form that waits for the sign-in */
    const struct v_choice *people; /* example accounts: key = sign-in name */
    size_t n_people;
    struct str password;         /* of the example accounts */
    struct str device;           /* the name of a shared one */
    const struct v_choice *pins; /* who opens it: key = id; NULL = it is none */
    size_t n_pins;
};
void page_signin(struct buf *, const struct page_signin_view *);

/* The way back to a form whose session was over. */
struct page_resume_view {
    enum lang lang;
    const struct v_head *head;
    struct url to;
    struct str csrf;
    const struct v_cell *inputs, *words; /* all of it; what a person reads */
    size_t n_inputs, n_words;
    bool at_once; /* a browser need not ask */
};
void page_resume(struct buf *, const struct page_resume_view *);

struct page_form_view {
    enum lang lang;
    const struct v_head *head;
    struct str intro, secret;   /* secret: shown once, to be copied */
    struct str warning;         /* why the secret may not do; "" = nothing */
    struct markup qr;           /* of the secret; "" = none */
    const struct v_fact *facts; /* whom it is about */
    size_t n_facts;
    const struct v_form *form;
    const struct v_link *next; /* where one may go on */
    size_t n_next;
    const struct v_row *similar;
    size_t n_similar;
    struct url door; /* for who does not want to be known; "" = none */
};
void page_form(struct buf *, const struct page_form_view *);

struct page_list_top {
    enum lang lang;
    const struct v_link *beside; /* lists that belong together */
    size_t n_beside;
    struct str title, add_label;
    const struct v_input *filters;
    size_t n_filters;
    struct url first, add, round;
    struct str query; /* the words searched for */
    bool filtered, by_due, can_add, can_round;
};
void part_list_top(struct buf *, const struct page_list_top *);

struct page_list_view {
    enum lang lang;
    bool filtered;
    const struct v_row *rows;
    size_t n_rows;
    const struct v_cell *columns;
    size_t n_columns;
    struct str count, note;
    struct str begins; /* of an empty list: how it comes to have rows */
    struct str add_label;
    struct url add;
    const struct v_chat *chat;
    struct url next, first, csv, xlsx, pdf, import, newest, due_first;
    const struct v_link *together; /* steps for many at once */
    size_t n_together;
    bool can_sort, by_due;
    bool has_next, has_first, can_export, can_import;
};
void part_list(struct buf *, const struct page_list_view *);
void part_rows(struct buf *, const struct page_list_view *);

/* Child rows of a record: items of a checklist, answers of an inspection. */
struct v_part {
    struct str id, no, heading, text, meta;
    struct str verdict, verdict_key, comment; /* of an answer */
    const struct v_file *files;
    size_t n_files;
    struct url url;
    bool link;
    struct str link_label;
};

struct v_parts {
    enum lang lang;
    struct str title;
    const struct v_part *list;
    size_t n;
    bool may; /* be changed by the reader */
    struct url edit;
};
void part_parts(struct buf *, const struct v_parts *,
                const struct v_form *moving);

struct page_elsewhere_view {
    enum lang lang;
    const struct v_head *head;
    struct str address; /* of the file; "" = nobody knows its host */
};
void page_elsewhere(struct buf *, const struct page_elsewhere_view *);

/* A record in whose words a name stands. */
struct v_mention {
    struct str name, no, kind, where, rev;
    struct url url, action;
    bool may;
    bool personal; /* what it tells of people goes with the words */
};
struct page_mentions_view {
    enum lang lang;
    const struct v_head *head;
    struct url back, other_url;
    struct str words, other, person, csrf;
    const struct v_mention *rows;
    size_t n_rows;
    bool more;
};
void page_mentions(struct buf *, const struct page_mentions_view *);

struct page_privacy_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_cell *columns; /* label used only */
    size_t n_columns;
    const struct v_table_row *rows;
    size_t n_rows;
};
void page_privacy(struct buf *, const struct page_privacy_view *);

/* What the QR code of a paper tells anybody. */
struct page_check_view {
    enum lang lang;
    const struct v_head *head;
    struct str no, date, issuer, validity;
    bool good;
};
void page_check(struct buf *, const struct page_check_view *);

/* The door for everybody: a report without an account, and its receipt. */
struct page_report_view {
    enum lang lang;
    const struct v_head *head;
    struct str where; /* school and place of the poster; "" = to be said */
    struct str note;  /* e.g. that the place was closed */
    struct str error, code, place, school, kept_note;
    struct str at; /* what the code of the poster leads to; "" = none */
    const struct str *kept; /* photographs of a form that came back */
    size_t n_kept;
    struct url action;
    const struct v_input *inputs; /* .more: about the person */
    size_t n_inputs;
};
void page_report(struct buf *, const struct page_report_view *);

struct page_receipt_ask_view {
    enum lang lang;
    const struct v_head *head;
    struct str error, code;
};
void page_receipt_ask(struct buf *, const struct page_receipt_ask_view *);

struct page_receipt_view {
    enum lang lang;
    const struct v_head *head;
    struct str state, state_key, means, description, where, reported;
    struct str there; /* of a duplicate: how the other one stands */
    struct str code, rev, error, comment, photos;
    struct markup qr;
    struct url action, picture;
    const struct v_event *events; /* what, when, comment */
    size_t n_events;
    bool can_object, can_reply;
    bool fresh; /* just sent: the code is what counts */
};
void part_receipt(struct buf *, const struct page_receipt_view *);
void page_receipt(struct buf *, const struct page_receipt_view *);

/* A table of figures, each leading to what it counts. */
struct v_number {
    struct str text;
    struct url url;
    bool link, bad;
    struct str now; /* what today's data would say, where it differs */
};

struct v_grid_row {
    struct str label, means;
    struct url url;
    bool link, sum;
    const struct v_number *cells; /* as many as columns, less one */
};

struct v_grid {
    struct str title, caption, note;
    const struct str *columns;
    size_t n_columns;
    const struct v_grid_row *rows;
    size_t n_rows;
};
void part_grid(struct buf *, const struct v_grid *);

struct page_record_view {
    enum lang lang;
    const struct v_head *head;
    struct str name, no, state, state_key, due, origin;
    bool overdue;
    const struct v_facts *groups;
    size_t n_groups;
    const struct v_fact *photos;
    size_t n_photos;
    const struct v_form *forms;
    size_t n_forms;
    const struct v_event *events;
    size_t n_events;
    const struct v_row *similar;
    size_t n_similar;
    struct url list, proof;
    const struct v_row *children; /* records that name this one */
    size_t n_children;
    struct str children_title;
    struct url adopt;
    bool can_adopt;
    const struct v_link *papers; /* what can be printed of it */
    size_t n_papers;
    struct v_parts parts[4]; /* child rows */
    size_t n_parts;
    const struct v_link *ways; /* to what is done on a page of its own */
    size_t n_ways;
    const struct v_grid *grids; /* figures */
    size_t n_grids;
    const struct v_chat *chat;
    struct str raw;
    struct str conflict;         /* somebody was faster */
    struct str waiting;          /* who may take the next step */
    struct str note;             /* what should be known of it; "" = nothing */
    struct v_link mend;          /* to the step that helps; label "" = none */
    struct str barred;           /* what the reader leaves to somebody else */
    const struct v_event *looks; /* at a person's record; NULL: not shown */
    size_t n_looks;
};
void part_looks(struct buf *, const struct v_event *, size_t n, enum lang);
void page_record(struct buf *, const struct page_record_view *);

struct v_chart {
    struct str title, caption, id; /* id: for links to it; "" = none */
    struct markup svg;
    const struct v_choice *keys; /* a colour's class and meaning */
    size_t n_keys;
    const struct v_cell *columns; /* label used only */
    size_t n_columns;
    const struct v_table_row *rows;
    size_t n_rows;
    struct url all; /* the whole list; "" = this is all */
};

struct page_overview_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_link *figures; /* label, count, url */
    size_t n_figures;
    const struct v_chart *charts;
    size_t n_charts;
    const struct v_link *more; /* further pages */
    size_t n_more;
    struct str as_of, note;       /* note: why all of it is 0 */
    struct str where;             /* the one school that it is about */
    const struct v_input *inputs; /* to choose another; none: no choice */
    size_t n_inputs;
    const struct v_chat *chat; /* NULL: nothing to copy */
};
void page_overview(struct buf *, const struct page_overview_view *);

struct page_counted_view {
    struct url first, next; /* a page each; "" = there is none */
    int64_t from, upto;     /* which of them are shown, from 1 */
    enum lang lang;
    const struct v_head *head;
    struct url back;
    struct str means, said, as_of;
    const struct v_row *rows;
    size_t n_rows;
    const struct v_chat *chat; /* NULL: nothing to copy */
};
void page_counted(struct buf *, const struct page_counted_view *);

struct page_import_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_form *upload;
    struct str name, summary, head_key;
    struct url run, cancel, back;
    struct str csrf;
    const struct v_input *columns;
    size_t n_columns;
    const struct v_cell *heads;
    size_t n_heads;
    const struct v_table_row *rows;
    size_t n_rows;
    const struct v_cell *doubts; /* label: where, value: what */
    size_t n_doubts;
    bool cut_off;                     /* the server stopped: it can go on */
    bool dry, running, done, nothing; /* nothing: no row was understood */
    int64_t total, clean, doubtful, finished, skipped;
};
void page_import(struct buf *, const struct page_import_view *);

/* A message, and what became of it. */
struct v_delivery {
    struct str id, when, to, by, state, state_key, detail;
    bool again; /* it was given up and can be tried again */
};
void part_deliveries(struct buf *, const struct v_delivery *, size_t n,
                     enum lang);

/* A text for a chat: selected and copied as it stands. */
struct v_chat {
    enum lang lang;
    struct str text;
    bool no_link; /* the address is not known here; the browser adds it */
    bool has_picture;
    struct url picture;
};
void part_chat(struct buf *, const struct v_chat *);

struct v_channel {
    struct str id, name, about, state;
    bool on;
    struct url edit;
};

struct page_messages_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_fact *ways; /* mail, SMS: what is set up */
    size_t n_ways;
    const struct v_channel *channels; /* mail and SMS have an id, too */
    size_t n_channels;
    const struct v_delivery *deliveries;
    size_t n_deliveries;
    struct url add, test, again, all, dead, next;
    bool only_dead, has_next;
    int64_t reload; /* seconds; 0 = no */
};
void page_messages(struct buf *, const struct page_messages_view *);

/* Turning messages off by the link in a mail. */
struct page_stop_view {
    enum lang lang;
    const struct v_head *head;
    struct url action;
    const struct v_input *inputs;
    size_t n_inputs;
    bool done;
};
void page_stop(struct buf *, const struct page_stop_view *);

struct page_account_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_delivery *sent; /* what went to the reader lately */
    size_t n_sent;
    const struct v_event *looks; /* at the reader's own record */
    size_t n_looks;
    const struct v_fact *facts;
    size_t n_facts;
    const struct v_form *forms;
    size_t n_forms;
};
void page_account(struct buf *, const struct page_account_view *);

struct page_about_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_link *logs; /* of each district */
    size_t n_logs;
    struct str version;
};
void page_about(struct buf *, const struct page_about_view *);

struct page_log_view {
    enum lang lang;
    const struct v_head *head;
    struct str origin, key, root, at;
    int64_t size;
    struct str note;
    struct url checkpoint;
};
void page_log(struct buf *, const struct page_log_view *);

struct page_rules_view {
    enum lang lang;
    const struct v_head *head;
    const struct v_table_row *rows;
    size_t n_rows;
    struct url add;
    bool can_add;
};
void page_rules(struct buf *, const struct page_rules_view *);

/* Parts that several pages share. */
void part_head(struct buf *, const struct v_head *v);
void part_foot(struct buf *, const struct v_head *v);
void part_input(struct buf *, const struct v_input *, enum lang);
void part_switch(struct buf *, enum lang);
void part_form(struct buf *, const struct v_form *v);
void part_row(struct buf *, const struct v_row *);
void part_fact(struct buf *, const struct v_fact *);

#endif
