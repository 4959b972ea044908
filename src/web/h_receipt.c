/* What the receipt of a report shows, and what its holder may do. */
#include "codec/hash.h"
#include "domain/hazard.h"
#include "pages/pages.h"
#include "service/history.h"
#include "service/report.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/network.h"
#include "web/paper.h"
#include "web/resume.h"
#include "web/view.h"

static const struct throttle_rule guesses = { 'g', 40, 20 * 1000, 60 * 1000 },
                                  /* answers to one report: by receipt, for a
                                   * whole school may share an address */
    answers = { 'w', 8, 5 * 60 * 1000, 0 };
/* From one duplicate to the next, until it is none. */
enum { HOPS = 8 };
enum { FRESH_MS = 10 * 60 * 1000 };

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
        rq_retry(rq, wrong);
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
    const struct throttle_try guess = { &guesses,
                                        network_of(rq->arena, rq->http->peer) };
    struct err limit;

    if (!receipt_read(typed, code) || !receipt_find(rq->st, code, r, e)) {
        if (e->code != ERR_NONE && e->code != ERR_MISSING)
            return false;
        if (!throttle_take(rq->app->throttle, &guess, 1, rq->who.now, &limit)) {
            *e = limit;
            return false;
        }
        return err_set(e, ERR_MISSING, "code",
                       "No report has this code. Please check it letter by "
                       "letter");
    }
    rq->session.tenant = r->tenant;
    rq->who.dir = dir_get(rq->reader->dirs, rq->st, r->tenant, e);
    return rq->who.dir != NULL;
}

/* Who has kept the address pastes that: the code is its end. */
static struct str
code_of(struct str typed)
{
    const char *at = memmem(typed.p, typed.n, "/receipt/", 9);
    struct str code, rest = typed;

    if (typed.n == 0 || at == NULL)
        return typed;
    rest = str_cut(typed, (size_t)(at - typed.p) + 9, typed.n);
    return str_split(&rest, '?', &code) ? code : typed;
}

bool
receipt_enter(struct rq *rq, struct err *e)
{
    struct str typed = code_of(str_trim(rq_form(rq, "code")));
    unsigned char code[RECEIPT_BYTES];
    struct receipt r;

    if (resume_fills(rq))
        return ask_page(rq, typed, NULL);
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

/* The word for a state: to who works on it "closed" says enough, but not to a
 * reporter to whom the school has said no. */
static struct str
word_for(struct rq *rq, int64_t state)
{
    const struct state *s = ledger_state(&hazard_ledger, state);

    return str_of(rq_tr(rq, IN(state) & (IN(HZ_NOT_HAZARD) | IN(HZ_DUPLICATE))
                                ? s->label
                                : s->shown));
}

/* What passed between the reporter and the school, and each new state. No
 * names: who dealt with it is the school's affair. */
static bool
events(struct rq *rq, const struct receipt *r, struct page_receipt_view *v,
       struct err *e)
{
    struct history_entry *h;
    struct v_event *out;
    struct str shown = STR("");
    size_t n;

    if (!history_read(rq->st, r->tenant, &hazard_ledger, r->hazard, rq->arena,
                      &h, &n, e))
        return false;
    if ((out = arena_new_array(rq->arena, struct v_event, n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v->events = out;
    for (size_t i = 0; i < n; i++) {
        bool said = str_in_words(
            h[i].ev.verb, "ask reply object not_hazard duplicate reword");
        struct str now = shown;

        for (size_t k = 0; k < h[i].n; k++)
            if (strcmp(h[i].delta[k].field->name, "state") == 0)
                now = word_for(
                    rq, ((const struct rec *)h[i].delta[k].after)->state);
        if (!said && str_eq(now, shown))
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
                    : str_is(h[i].ev.verb, "reword")
                        ? str_of(rq_tr(rq, N_("The school has put your words "
                                              "in its own")))
                        : shown,
            .comment = said ? h[i].ev.comment : STR(""),
        };
    }
    return true;
}

/* Since when outsiders are told what they are told now. */
static int64_t
told_since(struct rq *rq, const struct history_entry *h, size_t n)
{
    struct str told = STR("");
    int64_t since = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < h[i].n; k++) {
            const struct rec *r = h[i].delta[k].after;

            if (strcmp(h[i].delta[k].field->name, "state") != 0 ||
                str_eq(told, word_for(rq, r->state)))
                continue;
            told = word_for(rq, r->state);
            since = h[i].ev.at_ms;
        }
    return since;
}

/* Of a duplicate: where the hazard stands that it is dealt with under, be that
 * a duplicate again. Its state and since when; the rest is somebody else's. */
static bool
stands_there(struct rq *rq, const struct receipt *r, const struct hazard *h,
             struct str *said, struct err *e)
{
    struct hazard there = *h;
    struct history_entry *past;
    struct str word;
    size_t n;

    for (int i = 0; i < HOPS && there.r.state == HZ_DUPLICATE; i++)
        if (!store_rec_get(rq->st, r->tenant, &hazard_ledger,
                           there.duplicate_of, rq->arena, &there, e))
            return e->code == ERR_MISSING;
    if (there.r.state == HZ_DUPLICATE || there.r.id == h->r.id)
        return true;
    if (!history_read(rq->st, r->tenant, &hazard_ledger, there.r.id, rq->arena,
                      &past, &n, e))
        return false;
    word = word_for(rq, there.r.state);
    *said = view_said(
        rq, N_("The hazard that was reported before: %.*s, since %.*s"),
        STR_ARG(word), STR_ARG(view_time(rq, told_since(rq, past, n))));
    return true;
}

/* "School · place · where exactly". */
static struct str
where_of(struct rq *rq, const struct hazard *h)
{
    struct str where = view_org(rq, h->r.org);

    if (h->place != 0)
        where = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(where),
                             STR_ARG(view_place(rq, h->place)));
    if (h->place_text.n > 0)
        where = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(where),
                             STR_ARG(h->place_text));
    return where;
}

/* "2"; "" = none came along. */
static struct str
how_many(struct rq *rq, struct str ids)
{
    int64_t n = ids.n > 0;

    for (size_t i = 0; i < ids.n; i++)
        n += ids.p[i] == ',';
    return n > 0 ? arena_i64(rq->arena, n) : STR("");
}

/* The address is kept with "done" in it, too: after a while it is a visit like
 * any other. */
static bool
is_fresh(const struct rq *rq, const struct hazard *h)
{
    return rq_query_i64(rq, "done") == 8 &&
           rq->who.now - h->r.created_at < FRESH_MS;
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
        !events(rq, r, &v, e) || !stands_there(rq, r, &h, &v.there, e))
        return false;
    s = ledger_state(&hazard_ledger, h.r.state);
    link = rq_absolute(
        rq, arena_printf(rq->arena, "/receipt/%.*s", STR_ARG(rq->verb)));
    if (!qr_make(rq->arena, link, &qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    qr_svg(&svg, &qr, str_of(rq_tr(rq, N_("The receipt as a QR code"))));
    v.qr = (struct markup){ arena_dup(rq->arena, buf_str(&svg)) };
    v.state = word_for(rq, h.r.state);
    v.state_key = str_of(s->key);
    v.means = str_of(rq_tr(rq, meaning(&h)));
    v.description = h.description;
    v.where = where_of(rq, &h);
    v.photos = how_many(rq, h.photos_before);
    v.comment = rq_form(rq, "comment");
    v.reported = view_time(rq, h.r.created_at);
    v.code = rq->verb;
    v.rev = arena_i64(rq->arena, h.r.rev);
    v.action = view_url(rq, "/receipt/%.*s", STR_ARG(rq->verb));
    v.picture = view_url(rq, "/receipt/%.*s/picture", STR_ARG(rq->verb));
    v.can_object = h.r.state == HZ_NOT_HAZARD || h.r.state == HZ_DUPLICATE;
    v.can_reply = s->flags & ST_OPEN;
    v.fresh = is_fresh(rq, &h);
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
        return rq_redirect(rq, arena_printf(rq->arena, "/receipt/%.*s?done=9",
                                            STR_ARG(rq->verb)));
    *e = rq->work_err;
    if (err_info[e->code].fault != FAULT_CLIENT)
        return false;
    rq->rs->status = err_info[e->code].http;
    rq_retry(rq, e);
    return show_receipt(rq, &r, &rq->work_err, e);
}

/* The same words sent twice from one page are one answer. */
static struct str
key_of(struct rq *rq)
{
    struct hash h;
    BUF(hex, 128);

    hash_of(&h,
            (const struct str[]){ rq->verb, STR("\n"), rq_form(rq, "rev"),
                                  STR("\n"), rq_form(rq, "what"), STR("\n"),
                                  rq_form(rq, "comment") },
            7);
    hex_put(&hex, hash_str(&h));
    return arena_dup(rq->arena, buf_str(&hex));
}

/* Tries count, not what was taken: of many at once each would find room. */
static bool
may_answer(struct rq *rq, const struct receipt *r, struct err *e)
{
    const struct throttle_try one = { &answers,
                                      arena_i64(rq->arena, r->report) };

    if (!throttle_take(rq->app->throttle, &one, 1, rq->who.now, e))
        return err_set(e, ERR_RATE, "comment",
                       "Many answers have come with this code in a short "
                       "time. Your words stand below; wait %ld seconds, then "
                       "send them. In danger call 119, 110 or 120",
                       (long)e->arg[0].d);
    return true;
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
    if (resume_fills(rq))
        return show_receipt(rq, &r, NULL, e);
    if (!may_answer(rq, &r, &rq->work_err)) {
        rq->work_ok = false;
        return receipt_done(rq, e);
    }
    *in = (struct input){ STR("comment"), rq_form(rq, "comment") };
    *c = (struct change){ .ledger = &hazard_ledger,
                          .tenant = r.tenant,
                          .person = PERSON_PUBLIC,
                          .by_receipt = true,
                          .idem = key_of(rq),
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
