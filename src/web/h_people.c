/* Administration of people: the link by which somebody sets a password. */
#include "codec/qr.h"
#include "pages/pages.h"
#include "service/rank.h"
#include "web/address.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/reauth.h"
#include "web/security.h"
#include "web/view.h"

struct linking {
    struct once_new once;
    const struct actor *who;
    bool by_hand;
};

/* The right is asked where nobody can change the posts any more. */
static bool
link_job(struct tx *tx, void *arg, struct err *e)
{
    struct linking *l = arg;
    struct actor who = *l->who;
    const struct dir_person *p;

    if ((who.dir = tx_dir(tx, l->once.tenant, e)) == NULL)
        return false;
    who.now = tx->now;
    p = dir_person(who.dir, l->once.person);
    if (p == NULL || !actor_may(&who, &person_ledger, "password", p->org))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (p->login.n == 0 || p->state != 1)
        return err_set(e, ERR_CONFLICT, "login",
                       "This person has no sign-in name yet: give one first");
    return rank_over(&(struct rank_ask){ .who = &who,
                                         .ledger = &person_ledger,
                                         .verb = "password",
                                         .person = p->id,
                                         .by_hand = l->by_hand },
                     e) &&
           once_new_job(tx, &l->once, e);
}

static bool
ask_password(struct rq *rq, const struct err *wrong)
{
    struct v_input in = { .kind = "sign",
                          .name = STR("sign_password"),
                          .label = str_of(rq_tr(rq, N_("Your password"))),
                          .required = true };
    struct v_form form = {
        .lang = rq->lang,
        .action = view_url(rq, "/t/%.*s/person/%ld/link",
                           STR_ARG(rq->who.dir->tenant.code), (long)rq->id),
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Make a one-time link"))),
        .inputs = &in,
        .n_inputs = 1,
    };
    struct page_form_view v = { .lang = rq->lang, .form = &form };

    in.error = rq_error_text(rq, wrong);
    rq->rs->status = err_info[wrong->code].http;
    v.head = view_head(rq, rq_tr(rq, N_("Make a one-time link")));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

static bool
linked(struct rq *rq, struct err *e)
{
    const struct linking *l = rq->work;
    const struct dir_person *p = dir_person(rq->who.dir, l->once.person);
    struct page_form_view v = { .lang = rq->lang };
    struct v_link next[2];
    struct str link;
    struct qr qr;

    if (!rq->work_ok) {
        *e = rq->work_err;
        if (e->code != ERR_INVALID || p == NULL)
            return false;
        return ask_password(rq, &rq->work_err);
    }
    security_note_of(rq, "link-made", l->once.person);
    link = rq_absolute(rq, arena_printf(rq->arena, "/once/%s", l->once.secret));
    v.intro = view_said(
        rq,
        N_("Give this link to %.*s (sign-in name %.*s), and to nobody else. It "
           "works once, for 72 hours:"),
        STR_ARG(p->name), STR_ARG(p->login));
    v.secret = link;
    if (!address_is_outside(link))
        v.warning = str_of(
            rq_tr(rq, N_("This address opens on this machine alone, because "
                         "public-url is not set: ask who runs the server, or "
                         "open it here.")));
    if (qr_make(rq->arena, link, &qr)) {
        BUF(svg, 256 * 1024);

        qr_svg(&svg, &qr, str_of(rq_tr(rq, N_("The link as a QR code"))));
        v.qr = (struct markup){ arena_dup(rq->arena, buf_str(&svg)) };
    }
    next[0] = (struct v_link){ .label = p->name,
                               .url = view_path(rq, &person_ledger, p->id) };
    next[1] = (struct v_link){ .label = str_of(rq_tr(rq, person_ledger.title)),
                               .url = view_path(rq, &person_ledger, 0) };
    v.next = next;
    v.n_next = N_OF(next);
    v.head = view_head(rq, rq_tr(rq, N_("One-time link")));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

static bool
by_hand(struct rq *rq, struct err *e)
{
    struct linking *l = rq->work;

    l->by_hand = rq->work_ok;
    return rq->work_ok ? rq_job(rq, link_job, l, linked, e) : linked(rq, e);
}

bool
person_link(struct rq *rq, struct err *e)
{
    struct linking *l = arena_new_obj(rq->arena, struct linking);

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *l = (struct linking){ .once = { .tenant = rq->who.dir->tenant.id,
                                     .person = rq->id,
                                     .by = rq->who.person },
                           .who = &rq->who };
    rq->work = l;
    if (rq_form(rq, "sign_password").n > 0)
        return reauth(rq, rq_form(rq, "sign_password"), "sign_password",
                      by_hand, e);
    return rq_job(rq, link_job, l, linked, e);
}
