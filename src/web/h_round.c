/* A round: many records of one walk, in one form. */
#include "pages/round.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/post.h"
#include "web/resume.h"
#include "web/view.h"

enum {
    ROWS_FIRST = 12,
    ROWS_MORE = 4,
    ROWS_MAX = 40,
    ROW_INPUTS = 10,
    FOLD_AT = 4
};

struct round_row {
    struct change *c;
    bool bad;
    struct err err;
};

struct round {
    struct keeping *keep;
    struct round_row row[ROWS_MAX];
    unsigned n, at;
    int64_t org;
    bool refused;   /* at least one of them */
    bool hold;      /* nothing is made yet: the form comes back whole */
    struct err why; /* about its files; ERR_NONE = nothing */
};

/* ---- the form ------------------------------------------------------------------- */

/* What an empty form says: the field's own preset, or "name=preset". */
static struct str
usual(const struct field *f, struct str preset)
{
    return preset.n > 0 ? preset : str_of(f->preset != NULL ? f->preset : "");
}

static void
say_usual(const struct field *f, struct str preset, struct v_input *in)
{
    if (preset.n == 0)
        return;
    in->value = usual(f, preset);
    for (size_t i = 0; i < in->n_choices; i++)
        ((struct v_choice *)(uintptr_t)in->choices)[i].on =
            str_eq(in->choices[i].key, in->value);
}

static size_t
row_inputs(struct rq *rq, const char *names, int64_t org, unsigned row,
           struct v_input *in)
{
    const struct ledger *l = rq->ledger;
    struct str rest = str_of(names != NULL ? names : ""), name, preset;
    size_t n = 0;

    while (n < ROW_INPUTS && str_split(&rest, ' ', &preset)) {
        const struct field *f;

        str_split(&preset, '=', &name);
        f = ledger_field(l, name);
        if (f->see != NULL && !actor_may_somewhere(&rq->who, l, f->see))
            continue;
        in[n] = view_input(rq, l, f, ledger_create(l), NULL, org);
        in[n].more = in[n].required = false;
        say_usual(f, preset, &in[n]);
        if (row > 0) {
            in[n].name = arena_printf(rq->arena, "%.*s.%u", STR_ARG(name), row);
            in[n].hint = STR("");
        }
        if (rq->http->method == HTTP_POST)
            view_typed_input(rq, &in[n]);
        n++;
    }
    return n;
}

/* Something was said in it, or chosen. */
static bool
is_filled(const struct v_input *in, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (in[i].value.n > 0 || in[i].n_kept > 0)
            return true;
    return false;
}

static void
show_row(struct rq *rq, int64_t org, unsigned row, const struct err *why,
         struct v_round_row *f)
{
    const struct ledger *l = rq->ledger;
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, 2 * ROW_INPUTS);

    *f = (struct v_round_row){ .id = arena_i64(rq->arena, row), .inputs = in };
    if (in == NULL)
        return;
    f->n_inputs = row_inputs(rq, l->round, org, row, in);
    f->more = in + f->n_inputs;
    f->n_more = row_inputs(rq, l->round_more, org, row, in + f->n_inputs);
    f->open = is_filled(f->more, f->n_more);
    if (why == NULL)
        return;
    f->error = rq_error_text(rq, why);
    f->open = true;
    for (size_t i = 0; i < f->n_inputs + f->n_more; i++)
        in[i].bad = why->field != NULL &&
                    str_eq(in[i].name,
                           arena_printf(rq->arena, "%s.%u", why->field, row));
}

static struct str
note_of(struct rq *rq, const struct round *r)
{
    if (r == NULL)
        return STR("");
    if (r->hold)
        return r->why.code != ERR_NONE ? rq_error_text(rq, &r->why) : STR("");
    return r->refused ? str_of(rq_tr(rq, N_("What stands below was not saved "
                                            "yet. Everything else of the round "
                                            "is on the record.")))
                      : STR("");
}

/* Was more said of the whole round than an empty form says? */
static bool
is_told(struct rq *rq, const struct v_input *in, size_t n)
{
    struct str rest = str_of(rq->ledger->shared), preset, name;

    for (size_t i = 0; rq->http->method == HTTP_POST && i < n; i++) {
        const struct field *f = ledger_field(rq->ledger, in[i].name);

        if (!str_split(&rest, ' ', &preset))
            preset = STR("");
        str_split(&preset, '=', &name);
        if (in[i].value.n > 0 &&
            (f == NULL || !str_eq(in[i].value, usual(f, preset))))
            return true;
    }
    return false;
}

/* What is asked once for the whole round, and when it was. */
static size_t
for_all(struct rq *rq, int64_t org, struct v_input *in)
{
    size_t n = row_inputs(rq, rq->ledger->shared, org, 0, in);

    in[n] = (struct v_input){
        .kind = "time",
        .name = STR("occurred_at"),
        .label = str_of(rq_tr(rq, N_("Seen at (if not just now)"))),
        .value = rq_form(rq, "occurred_at"),
    };
    return n + 1;
}

/* Of a round that was refused, the rows that are not on the record yet. */
static size_t
show_rows(struct rq *rq, int64_t org, const struct round *r, unsigned n,
          struct v_round_row *rows)
{
    size_t shown = 0;

    for (unsigned i = 1; i <= n && i < ROWS_MAX; i++)
        if (r == NULL || r->hold || !r->refused || r->row[i].bad)
            show_row(rq, org, i,
                     r != NULL && r->row[i].bad ? &r->row[i].err : NULL,
                     &rows[shown++]);
    return shown;
}

/* r: what was sent and refused; NULL: an empty form. */
static bool
show(struct rq *rq, int64_t org, const struct round *r, unsigned n,
     struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct v_round_row *rows =
        arena_new_array(rq->arena, struct v_round_row, ROWS_MAX);
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, ROW_INPUTS + 1);
    struct page_round_view v = { .lang = rq->lang,
                                 .csrf = rq->session.csrf,
                                 .key = rq_form(rq, "key"),
                                 .action = view_url(rq, "%.*s/round?org=%ld",
                                                    STR_ARG(rq_path(rq, l, 0)),
                                                    (long)org),
                                 .rows = rows,
                                 .shared = in };

    if (rows == NULL || in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    /* what is on the record has used its key up: the same row of the form that
     * came back may be another hazard */
    if (v.key.n == 0 || (r != NULL && r->refused && !r->hold))
        v.key = rq_key(rq);
    v.n_shared = for_all(rq, org, in);
    v.told = is_told(rq, in, v.n_shared);
    v.n_rows = show_rows(rq, org, r, n, rows);
    if (l->round_more != NULL)
        v.more_label = str_of(rq_tr(rq, l->round_more_label));
    v.fold = rq->http->method == HTTP_GET ? FOLD_AT : v.n_rows;
    v.count = n;
    v.school = view_org(rq, org);
    v.note = note_of(rq, r);
    v.head = view_head(rq, rq_tr(rq, N_("Enter a round")));
    answer_html(rq);
    page_round(&rq->rs->body, &v);
    return true;
}

static bool
may(struct rq *rq, int64_t *org, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    const struct dir_person *p = dir_person(rq->who.dir, rq->who.person);
    int64_t want = rq_query_i64(rq, "org");

    if (rq->ledger->round == NULL || s == NULL)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    *org = want != 0 ? want : p != NULL ? p->org : 0;
    return actor_may(&rq->who, rq->ledger, s->verb, *org) ||
           err_set(e, ERR_DENIED, NULL,
                   "Your posts do not give you access to this");
}

bool
round_page(struct rq *rq, struct err *e)
{
    int64_t org = 0;

    return may(rq, &org, e) && show(rq, org, NULL, ROWS_FIRST, e);
}

/* ---- what was sent ------------------------------------------------------------ */

static bool next_row(struct rq *, struct err *);

static bool
row_over(struct rq *rq, struct err *e)
{
    struct round *r = rq->work;

    r->at++;
    return next_row(rq, e);
}

static bool
row_kept(struct rq *rq, struct err *e)
{
    if (rq->work_ok)
        return row_over(rq, e);
    *e = rq->work_err;
    return false;
}

/* Its files wait for the next try. */
static bool
keep_row(struct rq *rq, const struct round_row *row, struct err *e)
{
    if (post_row_files(row->c)->n > 0)
        return rq_job(rq, post_row_later, row->c, row_kept, e);
    return row_over(rq, e);
}

static bool
row_done(struct rq *rq, struct err *e)
{
    struct round *r = rq->work;
    struct round_row *row = &r->row[r->at];

    if (rq->work_ok)
        return row_over(rq, e);
    if (!post_mendable(&rq->work_err) && rq->work_err.code != ERR_DENIED) {
        *e = rq->work_err;
        return false;
    }
    row->bad = r->refused = true;
    row->err = rq->work_err;
    if (post_sent_before(row->c, &row->err))
        err_set(&row->err, ERR_CONFLICT, NULL,
                "This row had been sent before and is on the record as it was "
                "then. If this is another hazard, save it once more; to change "
                "that one, open it in the ledger");
    return keep_row(rq, row, e);
}

/* The ids that files got while they wait, under the names of the form. */
static void
note_kept(struct rq *rq, struct round *r)
{
    for (unsigned i = 1; i < r->n; i++) {
        const struct keeping *k =
            r->row[i].c != NULL && (r->hold || r->row[i].bad)
                ? post_row_files(r->row[i].c)
                : NULL;

        for (size_t m = 0; k != NULL && m < k->n; m++)
            for (size_t a = 0; a < r->keep->n; a++)
                if (r->keep->file[a].tmp == k->file[m].tmp)
                    r->keep->file[a].id = k->file[m].id;
    }
    rq->kept = r->keep;
}

/* The form comes back: whole when more rows were wanted, else what was
 * refused. */
static bool
come_back(struct rq *rq, struct round *r, struct err *e)
{
    unsigned rows = r->n - 1;

    note_kept(rq, r);
    if (r->why.code != ERR_NONE || r->refused)
        rq->rs->status =
            err_info[r->why.code != ERR_NONE ? r->why.code : ERR_INVALID].http;
    else if (r->hold && !resume_fills(rq))
        rows = rows + ROWS_MORE < ROWS_MAX ? rows + ROWS_MORE : ROWS_MAX - 1;
    return show(rq, r->org, r, rows, e);
}

static bool
next_row(struct rq *rq, struct err *e)
{
    struct round *r = rq->work;
    struct round_row *row;

    while (r->at < r->n && r->row[r->at].c == NULL)
        r->at++;
    row = &r->row[r->at];
    if (r->at < r->n && (r->hold || row->bad))
        return keep_row(rq, row, e);
    if (r->at < r->n)
        return rq_job(rq, post_row_job, row->c, row_done, e);
    if (r->hold || r->refused)
        return come_back(rq, r, e);
    return rq_redirect(rq, arena_printf(rq->arena, "%.*s?done=1",
                                        STR_ARG(rq_path(rq, rq->ledger, 0))));
}

/* A file that is none spoils its row, not the round. */
static void
check_files(struct round *r, struct round_row *row)
{
    const struct keeping *k = post_row_files(row->c);

    for (size_t i = 0; i < k->n && !row->bad; i++)
        row->bad = !k->file[i].ready;
    if (!row->bad)
        return;
    if (!r->refused)
        row->err = r->why;
    else
        err_set(&row->err, ERR_TYPE, NULL,
                "A file of this row could not be taken: choose another");
    r->refused = true;
}

static bool
rows_ready(struct rq *rq, struct err *e)
{
    struct round *r = rq->work;
    const struct step *s = ledger_create(rq->ledger);
    bool any = false;

    for (unsigned i = 1; i < r->n; i++) {
        struct change *c = post_row(rq, i, r->keep, e);

        if (c == NULL)
            return false;
        if (post_row_empty(c))
            continue;
        c->verb = str_of(s->verb);
        c->org = r->org;
        r->row[i].c = c;
        check_files(r, &r->row[i]);
        any = true;
    }
    if (any)
        return next_row(rq, e);
    if (!r->hold)
        err_set(&r->why, ERR_INVALID, NULL,
                "Nothing is filled in yet: say in a row what is wrong and "
                "where");
    r->hold = true;
    return come_back(rq, r, e);
}

static bool
files_kept(struct rq *rq, struct err *e)
{
    struct round *r = rq->work;

    if (!rq->work_ok) {
        r->why = rq->work_err;
        if (!post_mendable(&r->why)) {
            *e = r->why;
            return false;
        }
    }
    return rows_ready(rq, e);
}

bool
round_send(struct rq *rq, struct err *e)
{
    struct round *r = arena_new_obj(rq->arena, struct round);
    int64_t rows;

    if (r == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may(rq, &r->org, e))
        return false;
    if (!str_i64(rq_form(rq, "rows"), &rows) || rows < 1 || rows >= ROWS_MAX)
        rows = ROWS_FIRST;
    r->n = (unsigned)rows + 1;
    r->why = rq->http->bad; /* some files had no room: the rest is here */
    r->hold = r->why.code != ERR_NONE || resume_fills(rq) ||
              str_is(rq_form(rq, "what"), "more");
    rq->work = r;
    r->at = 1;
    if ((r->keep = keeping_of(rq, e)) == NULL)
        return false;
    if (r->keep->n > 0)
        return rq_keep(rq, r->keep, files_kept, e);
    return rows_ready(rq, e);
}
