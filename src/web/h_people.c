/* Administration of people: the link by which somebody sets a password. */
#include "pages/pages.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/view.h"

static bool
linked(struct rq *rq, struct err *e)
{
    const struct once_new *o = rq->work;
    struct page_form_view v = { .lang = rq->lang };
    struct str host = http_header(rq->http, "Host");

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    v.intro = arena_printf(
        rq->arena, "%s %s://%.*s/once/%s",
        rq_tr(rq, N_("Give this link to the person, and to nobody else. It "
                     "works once, for 72 hours:")),
        rq->app->insecure ? "http" : "https", STR_ARG(host), o->secret);
    v.head = view_head(rq, rq_tr(rq, N_("One-time link")));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

bool
person_link(struct rq *rq, struct err *e)
{
    const struct dir_person *p = dir_person(rq->who.dir, rq->id);
    struct once_new *o = arena_new_obj(rq->arena, struct once_new);

    if (p == NULL || !actor_may(&rq->who, &person_ledger, "password", p->org))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (p->login.n == 0)
        return err_set(e, ERR_CONFLICT, "login",
                       "This person has no sign-in name yet: give one first");
    if (o == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *o = (struct once_new){ .tenant = rq->who.dir->tenant.id, .person = p->id };
    rq->work = o;
    return rq_job(rq, once_new_job, o, linked, e);
}
