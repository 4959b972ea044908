/* The door for everybody: a hazard reported without an account, and what its
 * receipt shows. product.md M; line 4: nothing here keeps who it was. */
#include <sodium.h>

#include "domain/hazard.h"
#include "pages/pages.h"
#include "service/history.h"
#include "service/report.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/paper.h"
#include "web/post.h"
#include "web/view.h"

/* Reports from one address: a whole school may share it. And of a district in
 * all: a flood is not a report. */
enum {
    REPORTS_ADDRESS = 60,
    EVERY_ADDRESS = 20 * 1000,
    REPORTS_TENANT = 1000,
    EVERY_TENANT = 5 * 1000,
    GUESSES = 40,
    EVERY_GUESS = 20 * 1000,
};

static struct str
new_code(struct rq *rq)
{
    unsigned char code[RECEIPT_BYTES];

    randombytes_buf(code, sizeof(code));
    return receipt_text(rq->arena, code);
}

/* https://host/path, as QR codes and messages need it. */
struct str
rq_absolute(struct rq *rq, struct str path)
{
    struct str base = str_of(rq->app->public_url);

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (base.n > 0)
        return arena_printf(rq->arena, "%.*s%.*s", STR_ARG(base),
                            STR_ARG(path));
    return arena_printf(rq->arena, "%s://%.*s%.*s",
                        rq->app->insecure ? "http" : "https",
                        STR_ARG(http_header(rq->http, "Host")), STR_ARG(path));
}

/* ---- the form ----------------------------------------------------------------- */

/* Where a poster hangs: a place, or a school as a whole. */
struct spot {
    int64_t org, place;
    struct str where, note;
};

static bool
is_school(const struct dir_org *o)
{
    return o->state == 1 && o->kind != ORG_DEPARTMENT;
}

static bool
spot_of(struct rq *rq, int64_t id, struct spot *s, struct err *e)
{
    const struct dir_place *p = dir_place(rq->who.dir, id);
    const struct dir_org *o = dir_org(rq->who.dir, p != NULL ? p->org : id);

    *s = (struct spot){ 0 };
    if (id == 0)
        return true;
    if (o == NULL)
        return err_set(e, ERR_MISSING, NULL,
                       "This code leads to no place here. You can still "
                       "report: start from the address without the number");
    s->org = o->id;
    s->where = view_org(rq, o->id);
    if (p != NULL && p->state != 1) {
        s->note = str_of(rq_tr(
            rq, N_("This place is no longer in the list. Say in your own words "
                   "where it is; the report reaches the school.")));
        return true;
    }
    if (p != NULL) {
        s->place = p->id;
        s->where = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(s->where),
                                STR_ARG(view_place(rq, p->id)));
    }
    return true;
}

static struct v_input
ask_for(struct rq *rq, const char *kind, const char *name, const char *label)
{
    return (struct v_input){ .kind = kind,
                             .name = str_of(name),
                             .label = str_of(rq_tr(rq, label)),
                             .value = rq_form(rq, name) };
}

static struct v_input
ask_school(struct rq *rq)
{
    struct v_input in = ask_for(rq, "enum", "school", N_("School"));
    const struct dir *d = rq->who.dir;
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, d->n_org);

    for (size_t i = 0; c != NULL && i < d->n_org; i++)
        if (is_school(d->tree[i]))
            c[in.n_choices++] = (struct v_choice){
                arena_i64(rq->arena, d->tree[i]->id),
                view_org(rq, d->tree[i]->id),
                str_eq(in.value, arena_i64(rq->arena, d->tree[i]->id))
            };
    in.choices = c;
    in.required = true;
    return in;
}

static bool
show_form(struct rq *rq, const struct spot *s, const struct err *sent,
          struct err *e)
{
    struct v_input in[6];
    struct page_report_view v = {
        .lang = rq->lang,
        .head = view_head(rq, rq_tr(rq, N_("Report a danger"))),
        .where = s->where,
        .note = s->note,
        .code = rq_form(rq, "code"),
        .action =
            view_url(rq, "/report/%.*s", STR_ARG(rq->who.dir->tenant.code)),
        .inputs = in,
    };

    (void)e;
    if (sent != NULL)
        v.error = rq_error_text(rq, sent);
    else
        v.code = new_code(rq);
    if (s->org == 0)
        in[v.n_inputs++] = ask_school(rq);
    else
        v.school = arena_i64(rq->arena, s->org);
    if (s->place != 0)
        v.place = arena_i64(rq->arena, s->place);
    in[v.n_inputs] = ask_for(rq, "text", "description", N_("What is wrong"));
    in[v.n_inputs++].required = true;
    in[v.n_inputs] = ask_for(rq, "line", "place_text", N_("Where exactly"));
    in[v.n_inputs++].required = s->place == 0;
    in[v.n_inputs++] =
        ask_for(rq, "files", "photos", N_("Photograph (no faces, please)"));
    in[v.n_inputs] = ask_for(rq, "line", "who", N_("Name"));
    in[v.n_inputs++].more = true;
    in[v.n_inputs] = ask_for(rq, "line", "contact", N_("Telephone or address"));
    in[v.n_inputs++].more = true;
    answer_html(rq);
    page_report(&rq->rs->body, &v);
    return true;
}

bool
report_page(struct rq *rq, struct err *e)
{
    struct spot s;

    return spot_of(rq, rq->id, &s, e) && show_form(rq, &s, NULL, e);
}

/* ---- sending -------------------------------------------------------------------- */

struct sending {
    struct report_new r;
    struct keeping *keep;
};

static bool
sending_job(struct tx *tx, void *arg, struct err *e)
{
    struct sending *s = arg;

    s->r.file = arena_new_array(tx->arena, struct file_row, s->keep->n + 1);
    s->r.n_files = s->keep->n;
    for (size_t i = 0; s->r.file != NULL && i < s->keep->n; i++)
        s->r.file[i] = (struct file_row){ .sha = s->keep->file[i].sha,
                                          .size = s->keep->file[i].size,
                                          .type = s->keep->file[i].type,
                                          .name = s->keep->file[i].name };
    return s->r.file != NULL
               ? report_job(tx, &s->r, e)
               : err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
sent(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;
    struct spot at;

    if (!rq->work_ok) {
        *e = rq->work_err;
        if (err_info[e->code].fault != FAULT_CLIENT)
            return false;
        rq->rs->status = err_info[e->code].http;
        return (spot_of(rq, s->r.place != 0 ? s->r.place : s->r.org, &at, e) ||
                spot_of(rq, 0, &at, e)) &&
               show_form(rq, &at, &rq->work_err, e);
    }
    throttle_add(rq->app->throttle, 'r', rq->http->peer, EVERY_ADDRESS,
                 rq->who.now);
    throttle_add(rq->app->throttle, 'R', rq->who.dir->tenant.code, EVERY_TENANT,
                 rq->who.now);
    return rq_redirect(
        rq, arena_printf(rq->arena, "/receipt/%.*s?done=1",
                         STR_ARG(receipt_text(rq->arena, s->r.code))));
}

static bool
photos_kept(struct rq *rq, struct err *e)
{
    if (!rq->work_ok)
        return sent(rq, e);
    return rq_job(rq, sending_job, rq->work, sent, e);
}

static bool
read_form(struct rq *rq, struct report_new *r, struct err *e)
{
    const struct dir_org *o;

    *r = (struct report_new){ .tenant = rq->who.dir->tenant.id,
                              .description =
                                  str_trim(rq_form(rq, "description")),
                              .place_text = str_trim(rq_form(rq, "place_text")),
                              .who = str_trim(rq_form(rq, "who")),
                              .contact = str_trim(rq_form(rq, "contact")) };
    if (!str_i64(rq_form(rq, "school"), &r->org))
        r->org = 0;
    if (!str_i64(rq_form(rq, "place"), &r->place))
        r->place = 0;
    if (!receipt_read(rq_form(rq, "code"), r->code))
        return err_set(e, ERR_INVALID, NULL,
                       "This form is too old. Reload the page and send it "
                       "again");
    o = dir_org(rq->who.dir, r->org);
    return (o != NULL && is_school(o)) ||
           err_set(e, ERR_INVALID, "org", "Say which school it belongs to");
}

bool
report_send(struct rq *rq, struct err *e)
{
    struct sending *s = arena_new_obj(rq->arena, struct sending);
    struct throttle *t = rq->app->throttle;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    rq->work = s;
    if (!throttle_check(t, 'r', rq->http->peer, REPORTS_ADDRESS, EVERY_ADDRESS,
                        rq->who.now, &rq->work_err) ||
        !throttle_check(t, 'R', rq->who.dir->tenant.code, REPORTS_TENANT,
                        EVERY_TENANT, rq->who.now, &rq->work_err) ||
        !read_form(rq, &s->r, &rq->work_err)) {
        rq->work_ok = false;
        return sent(rq, e);
    }
    if ((s->keep = keeping_of(rq, e)) == NULL)
        return false;
    s->keep->anonymous = true;
    if (s->keep->n > 0)
        return rq_work(rq, rq->app->uploads, keep_files, s->keep, photos_kept,
                       e);
    return rq_job(rq, sending_job, s, sent, e);
}

/* ---- the receipt -------------------------------------------------------------- */

static bool
ask_page(struct rq *rq, struct str typed, const struct err *wrong)
{
    struct page_receipt_ask_view v = {
        .lang = rq->lang,
        .head = view_head(rq, rq_tr(rq, N_("Where does my report stand?"))),
        .code = utf8_head(typed, 60),
    };

    if (wrong != NULL) {
        v.error = rq_error_text(rq, wrong);
        rq->rs->status = err_info[wrong->code].http;
    }
    answer_html(rq);
    page_receipt_ask(&rq->rs->body, &v);
    return true;
}

bool
receipt_ask(struct rq *rq, struct err *e)
{
    (void)e;
    return ask_page(rq, STR(""), NULL);
}

/* The report behind the code, and from here on its district. A right code is
 * never refused because others have guessed. */
static bool
enter(struct rq *rq, struct str typed, struct receipt *r, struct err *e)
{
    unsigned char code[RECEIPT_BYTES];
    struct throttle *t = rq->app->throttle;
    struct err limit;

    if (!receipt_read(typed, code) || !receipt_find(rq->st, code, r, e)) {
        if (e->code != ERR_NONE && e->code != ERR_MISSING)
            return false;
        if (!throttle_check(t, 'g', rq->http->peer, GUESSES, EVERY_GUESS,
                            rq->who.now, &limit)) {
            *e = limit;
            return false;
        }
        throttle_add(t, 'g', rq->http->peer, EVERY_GUESS, rq->who.now);
        return err_set(e, ERR_MISSING, "code",
                       "No report has this code. Please check it letter by "
                       "letter");
    }
    rq->session.tenant = r->tenant;
    rq->who.dir =
        dir_get(rq->app->reader[rq->http->thread].dirs, rq->st, r->tenant, e);
    return rq->who.dir != NULL;
}

bool
receipt_enter(struct rq *rq, struct err *e)
{
    struct str typed = str_trim(rq_form(rq, "code"));
    unsigned char code[RECEIPT_BYTES];
    struct receipt r;

    if (!enter(rq, typed, &r, e))
        return err_info[e->code].fault == FAULT_CLIENT ? ask_page(rq, typed, e)
                                                       : false;
    return receipt_read(typed, code) &&
           rq_redirect(rq,
                       arena_printf(rq->arena, "/receipt/%.*s",
                                    STR_ARG(receipt_text(rq->arena, code))));
}

/* What a person outside needs to know of a state. */
static const char *
meaning(const struct hazard *h)
{
    switch (h->r.state) {
    case HZ_REPORTED:
        return N_("The school has it and checks it now.");
    case HZ_SUBMITTED:
    case HZ_ACCEPTED:
        return N_("It has been put right; somebody else checks the work.");
    case HZ_CLOSED:
        return N_("It has been put right and checked.");
    case HZ_NOT_HAZARD:
        return N_("The school says that this is no hazard. You may object: "
                  "then it is looked at again, and the district sees it.");
    case HZ_DUPLICATE:
        return N_("It was reported before and is being dealt with there. You "
                  "may object if that is something else.");
    case HZ_REFERRED:
        return N_("Another office has to act; the school keeps after it.");
    default:
        return N_("It is being put right.");
    }
}

/* What passed between the reporter and the school, and each new state. No
 * names: who dealt with it is the school's affair. */
static bool
events(struct rq *rq, const struct receipt *r, struct page_receipt_view *v,
       struct err *e)
{
    struct history_entry *h;
    struct v_event *out;
    const char *shown = "";
    size_t n;

    if (!history_read(rq->st, r->tenant, &hazard_ledger, r->hazard, rq->arena,
                      &h, &n, e))
        return false;
    if ((out = arena_new_array(rq->arena, struct v_event, n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v->events = out;
    for (size_t i = 0; i < n; i++) {
        bool said =
            str_in_words(h[i].ev.verb, "ask reply object not_hazard duplicate");
        const char *now = shown;

        for (size_t k = 0; k < h[i].n; k++)
            if (strcmp(h[i].delta[k].field->name, "state") == 0)
                now = ledger_state(
                          &hazard_ledger,
                          ((const struct rec *)h[i].delta[k].after)->state)
                          ->shown;
        if (!said && strcmp(now, shown) == 0)
            continue;
        shown = now;
        out[v->n_events++] = (struct v_event){
            .when = view_time(rq, h[i].ev.at_ms),
            .what = str_is(h[i].ev.verb, "ask")
                        ? str_of(rq_tr(rq, N_("The school asks")))
                    : str_is(h[i].ev.verb, "reply")
                        ? str_of(rq_tr(rq, N_("You wrote")))
                    : str_is(h[i].ev.verb, "object")
                        ? str_of(rq_tr(rq, N_("You objected")))
                        : str_of(rq_tr(rq, shown)),
            .comment = said ? h[i].ev.comment : STR(""),
        };
    }
    return true;
}

static bool
show_receipt(struct rq *rq, const struct receipt *r, const struct err *wrong,
             struct err *e)
{
    struct hazard h = { .source = 0 };
    struct page_receipt_view v = { .lang = rq->lang };
    const struct state *s;
    struct str link;
    struct qr qr;
    BUF(svg, 256 * 1024);

    if (!store_rec_get(rq->st, r->tenant, &hazard_ledger, r->hazard, rq->arena,
                       &h, e) ||
        !events(rq, r, &v, e))
        return false;
    s = ledger_state(&hazard_ledger, h.r.state);
    link = rq_absolute(
        rq, arena_printf(rq->arena, "/receipt/%.*s", STR_ARG(rq->verb)));
    if (!qr_make(rq->arena, link, &qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    qr_svg(&svg, &qr, str_of(rq_tr(rq, N_("The receipt as a QR code"))));
    v.qr = (struct markup){ arena_dup(rq->arena, buf_str(&svg)) };
    v.state = str_of(rq_tr(rq, s->shown));
    v.state_key = str_of(s->key);
    v.means = str_of(rq_tr(rq, meaning(&h)));
    v.no = h.r.no;
    v.description = h.description;
    v.where = h.place != 0 ? view_place(rq, h.place) : h.place_text;
    v.reported = view_time(rq, h.r.created_at);
    v.code = rq->verb;
    v.rev = arena_i64(rq->arena, h.r.rev);
    v.action = view_url(rq, "/receipt/%.*s", STR_ARG(rq->verb));
    v.picture = view_url(rq, "/receipt/%.*s/picture", STR_ARG(rq->verb));
    v.fresh = rq_query_i64(rq, "done") == 1;
    v.can_object = h.r.state == HZ_NOT_HAZARD || h.r.state == HZ_DUPLICATE;
    v.can_reply = s->flags & ST_OPEN;
    if (wrong != NULL)
        v.error = rq_error_text(rq, wrong);
    v.head = view_head(rq, rq_tr(rq, N_("Your report")));
    answer_html(rq);
    page_receipt(&rq->rs->body, &v);
    return true;
}

bool
receipt_page(struct rq *rq, struct err *e)
{
    struct receipt r;

    if (enter(rq, rq->verb, &r, e))
        return show_receipt(rq, &r, NULL, e);
    return err_info[e->code].fault == FAULT_CLIENT ? ask_page(rq, rq->verb, e)
                                                   : false;
}

static bool
receipt_done(struct rq *rq, struct err *e)
{
    struct receipt r;

    if (!enter(rq, rq->verb, &r, e))
        return false;
    if (rq->work_ok)
        return rq_redirect(
            rq, arena_printf(rq->arena, "/receipt/%.*s", STR_ARG(rq->verb)));
    *e = rq->work_err;
    if (err_info[e->code].fault != FAULT_CLIENT)
        return false;
    rq->rs->status = err_info[e->code].http;
    return show_receipt(rq, &r, &rq->work_err, e);
}

bool
receipt_step(struct rq *rq, struct err *e)
{
    struct change *c = arena_new_obj(rq->arena, struct change);
    struct input *in = arena_new_obj(rq->arena, struct input);
    struct str what = rq_form(rq, "what");
    struct receipt r;

    if (c == NULL || in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!enter(rq, rq->verb, &r, e))
        return false;
    *in = (struct input){ STR("comment"), rq_form(rq, "comment") };
    *c = (struct change){ .ledger = &hazard_ledger,
                          .tenant = r.tenant,
                          .person = PERSON_PUBLIC,
                          .by_receipt = true,
                          .id = r.hazard,
                          .verb = str_is(what, "object") ? STR("object")
                                                         : STR("reply"),
                          .input = in,
                          .n_inputs = 1 };
    return rq_job(rq, change_job, c, receipt_done, e);
}

/* ---- the receipt as a picture ----------------------------------------------- */

static bool
draw_receipt(struct rq *rq, const char *path, void *arg, struct err *e)
{
    static const struct paper_style title = { PAPER_HEI_BOLD, 40,
                                              PAPER_CENTER };
    static const struct paper_style code = { PAPER_HEI, 34, PAPER_CENTER };
    static const struct paper_style small = { PAPER_HEI, 24, PAPER_CENTER };
    const struct qr *qr = arg;
    struct paper *p = paper_png(path, 720, 960, e);

    if (p == NULL)
        return false;
    paper_text(p, str_of(rq_tr(rq, N_("Receipt of a report"))), &title, 40, 40,
               640);
    paper_text(p, text2_in(rq->who.dir->tenant.name, rq->lang == LANG_ZH),
               &small, 40, 100, 640);
    paper_qr(p, qr, 140, 160, 440);
    paper_text(p, rq->verb, &code, 40, 640, 640);
    paper_text(p,
               str_of(rq_tr(rq, N_("Keep it to yourself: whoever has this code "
                                   "can read where the report stands and "
                                   "answer in its name."))),
               &small, 60, 780, 600);
    return paper_close(p, e);
}

bool
receipt_picture(struct rq *rq, struct err *e)
{
    struct qr *qr = arena_new_obj(rq->arena, struct qr);
    struct receipt r;
    struct str link;

    if (!enter(rq, rq->verb, &r, e))
        return false;
    link = rq_absolute(
        rq, arena_printf(rq->arena, "/receipt/%.*s", STR_ARG(rq->verb)));
    if (qr == NULL || !qr_make(rq->arena, link, qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return made_send(rq,
                     &(struct made){ .make = draw_receipt,
                                     .arg = qr,
                                     .type = "image/png",
                                     .name = STR("anlan-receipt.png"),
                                     .shown = true },
                     e);
}
