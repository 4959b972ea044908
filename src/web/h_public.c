/* The door for everybody: a hazard reported without an account. product.md M;
 * line 4: nothing here keeps who it was. */
#include <sodium.h>

#include "codec/hash.h"
#include "pages/pages.h"
#include "service/report.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/network.h"
#include "web/post.h"
#include "web/resume.h"
#include "web/view.h"

/*
 * Reports from one network: a whole school may share it, so that the door slows
 * and never shuts on it before it has used up its share of the district's day,
 * one of /64 or /24, and one of /48.  A flood is not a report: a district that
 * gets one slows for who has sent some already; the first ones from elsewhere
 * always pass.  Photographs have a price of their own, a try and one more for
 * each second that they took, whatever became of them.
 */
enum { REPORTS_CALM = 3, SLOW_MS = 60 * 1000 };
static const struct throttle_rule reports_network = { 'r', 60, 20 * 1000,
                                                      SLOW_MS },
                                  reports_share = { 'd', 250, 5 * 60 * 1000,
                                                    0 },
                                  reports_wide = { 'D', 500, 150 * 1000, 0 },
                                  reports_district = { 'R', 1000, 5 * 1000,
                                                       SLOW_MS },
                                  photos_network = { 'q', 30, 20 * 1000,
                                                     SLOW_MS };

static struct str
new_code(struct rq *rq)
{
    unsigned char code[RECEIPT_BYTES];

    randombytes_buf(code, sizeof(code));
    return receipt_text(rq->arena, code);
}

/* ---- the form ----------------------------------------------------------------- */

/* Where a poster hangs: a place, or a school as a whole. */
struct spot {
    int64_t id; /* that its code leads to */
    int64_t org, place;
    struct str where, note;
};

static bool
is_school(const struct dir_org *o)
{
    return o->state == 1 && o->kind != ORG_DEPARTMENT;
}

/* Posters hang for years: where one leads nowhere any more, the form asks. */
static struct spot
spot_of(struct rq *rq, int64_t id)
{
    const struct dir *d = rq->who.dir;
    const struct dir_place *p = dir_place(d, id);
    const struct dir_org *o =
        dir_org(d, dir_school(d, p != NULL ? p->org : id));
    struct spot s = { .id = id };

    if (id == 0)
        return s;
    if (o == NULL || !is_school(o)) {
        s.note = str_of(rq_tr(
            rq, N_("This code leads to no school of the list any more. Choose "
                   "the school and say where it is; the report arrives.")));
        return s;
    }
    s.org = o->id;
    s.where = view_org(rq, o->id);
    if (p != NULL && p->state != 1)
        s.note = str_of(rq_tr(
            rq, N_("This place is no longer in the list. Say in your own words "
                   "where it is; the report reaches the school.")));
    else if (p != NULL) {
        s.place = p->id;
        s.where = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(s.where),
                               STR_ARG(view_place(rq, p->id)));
    }
    return s;
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

/* A photograph of a form that came back: its bytes lie in the store and wait a
 * day; the form carries which, sealed together with its own code, so that
 * nobody can name another's. */
enum { SEAL = 16, PHOTOS = 9 };

static struct str
seal(struct rq *rq, struct str code, struct str sha, int64_t size)
{
    unsigned char mac[SEAL];
    crypto_generichash_state st;
    BUF(b, 256);
    BUF(hex, 64);

    buf_printf(&b, "photo %.*s %.*s %ld", STR_ARG(code), STR_ARG(sha),
               (long)size);
    crypto_generichash_init(&st, rq->app->device_key,
                            sizeof(rq->app->device_key), SEAL);
    crypto_generichash_update(&st, (const unsigned char *)b.p, b.n);
    crypto_generichash_final(&st, mac, SEAL);
    hex_put(&hex, (struct str){ (const char *)mac, SEAL });
    return arena_printf(rq->arena, "%.*s-%ld-%.*s", STR_ARG(sha), (long)size,
                        STR_ARG(buf_str(&hex)));
}

static const struct str *
sealed(struct rq *rq, const struct keeping *k, size_t *n)
{
    struct str *out = arena_new_array(rq->arena, struct str, PHOTOS);

    *n = 0;
    for (size_t i = 0; out != NULL && k != NULL && i < k->n && *n < PHOTOS; i++)
        if (k->file[i].ready)
            out[(*n)++] =
                seal(rq, rq_form(rq, "code"), k->file[i].sha, k->file[i].size);
    return out;
}

/* Those of a form that came back once already. */
static void
unseal(struct rq *rq, struct keeping *k)
{
    struct kept *all = arena_new_array(rq->arena, struct kept, k->n + PHOTOS);
    size_t room = k->n + PHOTOS;

    if (all == NULL)
        return;
    memcpy(all, k->file, k->n * sizeof(*all));
    for (size_t i = 0; i < rq->http->n_form && k->n < room; i++) {
        struct str rest = rq->http->form[i].value, sha, size;
        int64_t bytes;

        if (!str_is(rq->http->form[i].name, "kept") ||
            !str_split(&rest, '-', &sha) || !str_split(&rest, '-', &size) ||
            !str_i64(size, &bytes) ||
            !str_eq(rq->http->form[i].value,
                    seal(rq, rq_form(rq, "code"), sha, bytes)))
            continue;
        all[k->n++] = (struct kept){ .ready = true,
                                     .name = STR("photograph.jpg"),
                                     .type = STR("image/jpeg"),
                                     .sha = sha,
                                     .size = bytes };
    }
    k->file = all;
}

static bool
show_form(struct rq *rq, const struct spot *s, const struct keeping *kept,
          const struct err *sent)
{
    struct v_input in[6];
    struct page_report_view v = {
        .lang = rq->lang,
        .head = view_head(rq, rq_tr(rq, N_("Report a danger"))),
        .where = s->where,
        .note = s->note,
        .code = rq_form(rq, "code"),
        /* not the page's own address: what is sent there makes a browser
         * forget the page */
        .action = view_url(rq, "/report/%.*s?sent=1",
                           STR_ARG(rq->who.dir->tenant.code)),
        .inputs = in,
    };

    if (sent != NULL)
        v.error = rq_error_text(rq, sent);
    if (v.code.n == 0)
        v.code = new_code(rq);
    if (s->id != 0)
        v.at = arena_i64(rq->arena, s->id);
    v.kept = sealed(rq, kept, &v.n_kept);
    if (v.n_kept > 0)
        v.kept_note =
            view_said(rq, N_("Photographs kept: %ld"), (long)v.n_kept);
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
    in[v.n_inputs] =
        ask_for(rq, "files", "photos", N_("Photograph (no faces, please)"));
    in[v.n_inputs++].pictures = true;
    in[v.n_inputs] = ask_for(rq, "line", "who", N_("Your name"));
    in[v.n_inputs++].more = true;
    in[v.n_inputs] = ask_for(rq, "line", "contact", N_("Telephone or address"));
    in[v.n_inputs++].more = true;
    if (rq->http->method == HTTP_GET && rq->rs->status != 404)
        answer_form(rq);
    else
        answer_html(rq);
    page_report(&rq->rs->body, &v);
    return true;
}

bool
report_page(struct rq *rq, struct err *e)
{
    struct spot s = spot_of(rq, rq->id);

    (void)e;
    if (rq->id != 0 && dir_place(rq->who.dir, rq->id) == NULL &&
        dir_org(rq->who.dir, rq->id) == NULL)
        rq->rs->status = 404;
    return show_form(rq, &s, NULL, NULL);
}

/* ---- sending -------------------------------------------------------------------- */

struct sending {
    struct report_new r;
    struct keeping *keep;
    bool coded; /* the form came from here: it has a code of ours */
    bool read;  /* r is whole; else why not */
    struct err why;
    struct str network;
    struct throttle_try counted[4]; /* given back if no report comes of it */
    size_t n_counted;
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

/* The form again, with what was typed; why: what is wrong with it, or NULL. */
static bool
come_back(struct rq *rq, const struct err *why)
{
    struct sending *s = rq->work;
    struct spot spot;
    int64_t at;

    if (!str_i64(rq_form(rq, "at"), &at))
        at = s->r.place;
    spot = spot_of(rq, at);
    return show_form(rq, &spot, s->keep, why);
}

static bool
sent(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    if (!rq->work_ok) {
        throttle_back(rq->app->throttle, s->counted, s->n_counted);
        *e = rq->work_err;
        if (err_info[e->code].fault != FAULT_CLIENT)
            return false;
        rq->rs->status = err_info[e->code].http;
        rq_retry(rq, e);
        return come_back(rq, &rq->work_err);
    }
    return rq_redirect(
        rq, arena_printf(rq->arena, "/receipt/%.*s?done=8",
                         STR_ARG(receipt_text(rq->arena, s->r.code))));
}

/* The receipt is of the form and what it says: whoever goes back and sends it
 * again has one report, whoever describes another danger on it has two. */
static void
own_code(struct report_new *r)
{
    const struct str seed = { (const char *)r->code, RECEIPT_BYTES };
    const struct str where[] = {
        { (const char *)&r->org, sizeof(r->org) },
        { (const char *)&r->place, sizeof(r->place) },
    };
    struct hash h;

    hash_of(&h,
            (const struct str[]){ STR("receipt\n"), seed, where[0], where[1],
                                  r->place_text, STR("\n"), r->description },
            7);
    memcpy(r->code, h.b, RECEIPT_BYTES);
}

static bool
read_form(struct rq *rq, struct report_new *r, bool *coded, struct err *e)
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
    *coded = true;
    own_code(r);
    o = dir_org(rq->who.dir, dir_school(rq->who.dir, r->org));
    return (o != NULL && is_school(o)) ||
           err_set(e, ERR_INVALID, "org", "Say which school it belongs to");
}

static bool
photos_kept(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    for (int64_t i = 0; i < s->keep->spent_ms / 1000; i++)
        throttle_add(rq->app->throttle, photos_network.kind, s->network,
                     photos_network.every_ms, rq->who.now);
    unseal(rq, s->keep);
    if (resume_fills(rq)) /* in the other language */
        return come_back(rq, rq->work_ok ? NULL : &rq->work_err);
    if (rq->work_ok && !s->read)
        rq->work_err = s->why;
    rq->work_ok &= s->read;
    if (!rq->work_ok)
        return sent(rq, e);
    return rq_job(rq, sending_job, s, sent, e);
}

/* Others may have used the allowance up: it is said what came from where, and
 * what of this report is still there. */
static bool
network_full(const struct err *limit, struct err *e)
{
    return err_set(e, ERR_RATE, NULL,
                   "Many reports have come from this network in a short "
                   "time. What you wrote stands below; only photographs "
                   "have to be chosen once more. Wait %ld seconds, then "
                   "send it. In danger call 119, 110 or 120",
                   (long)limit->arg[0].d);
}

/* The price of what is about to be done, before it is done. */
static bool
has_room(struct rq *rq, struct sending *s, struct err *e)
{
    struct throttle *t = rq->app->throttle;
    const struct throttle_try own[] = {
        { &reports_network, s->network },
        { &reports_share, s->network },
        { &reports_wide, network_wide(rq->arena, rq->http->peer) },
    };
    const struct throttle_try district = { &reports_district,
                                           rq->who.dir->tenant.code };
    bool calm = throttle_count(t, &own[0], rq->who.now) < REPORTS_CALM;
    struct err limit;

    if (resume_fills(rq)) /* in the other language: nothing is sent */
        return true;
    if (!throttle_take(t, own, N_OF(own), rq->who.now, &limit))
        return network_full(&limit, e);
    memcpy(s->counted, own, sizeof(own));
    s->n_counted = N_OF(own);
    if (calm)
        throttle_add(t, reports_district.kind, district.who,
                     reports_district.every_ms, rq->who.now);
    else if (!throttle_take(t, &district, 1, rq->who.now, &limit))
        return err_set(e, ERR_RATE, NULL,
                       "Many reports have come to this district in a short "
                       "time. What you wrote stands below; only photographs "
                       "have to be chosen once more. Wait %ld seconds, then "
                       "send it. In danger call 119, 110 or 120",
                       (long)limit.arg[0].d);
    s->counted[s->n_counted++] = district;
    return true;
}

static bool
photos_have_room(struct rq *rq, struct sending *s, struct err *e)
{
    const struct throttle_try one = { &photos_network, s->network };
    struct err limit;

    if (s->keep->n > PHOTOS)
        return err_set(e, ERR_INVALID, NULL,
                       "At most %d photographs go with a report: choose the "
                       "ones that show most",
                       PHOTOS);
    return throttle_take(rq->app->throttle, &one, 1, rq->who.now, &limit) ||
           network_full(&limit, e);
}

/* Words and the photographs kept before stay; those that came now are not
 * looked at. */
static bool
without_photos(struct rq *rq, struct sending *s, struct err *e)
{
    rq->work_ok = false;
    s->keep->n = 0;
    unseal(rq, s->keep);
    return sent(rq, e);
}

bool
report_send(struct rq *rq, struct err *e)
{
    struct sending *s = arena_new_obj(rq->arena, struct sending);

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    rq->work = s;
    s->network = network_of(rq->arena, rq->http->peer);
    s->read = read_form(rq, &s->r, &s->coded, &s->why);
    if (rq->http->bad.code != ERR_NONE) { /* files had no room */
        s->read = false;
        s->why = rq->http->bad;
    }
    if ((s->keep = keeping_of(rq, e)) == NULL)
        return false;
    if (!has_room(rq, s, &rq->work_err))
        return without_photos(rq, s, e);
    s->keep->anonymous = true;
    if (s->keep->n == 0) {
        rq->work_ok = true;
        return photos_kept(rq, e);
    }
    if (!s->coded) { /* no form of ours */
        rq->work_err = s->why;
        return without_photos(rq, s, e);
    }
    if (!photos_have_room(rq, s, &rq->work_err))
        return without_photos(rq, s, e);
    if (rq_work(rq, rq->app->strangers, keep_files, s->keep, photos_kept, e))
        return true;
    err_set(&rq->work_err, ERR_RATE, NULL,
            "Photographs of others are being looked at. What you wrote stands "
            "below: send it without a photograph now, or with one in a minute");
    return without_photos(rq, s, e);
}
