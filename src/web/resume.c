#include "web/resume.h"

#include "web/answer.h"
#include "web/form.h"
#include "web/route.h"
#include "web/view.h"

enum { CARRIED_MAX = 512 * 1024 };

/* Neither secrets nor what belongs to the session that is over. */
static bool
carried(struct str name)
{
    return !str_in_words(name, "csrf sign_password password fill");
}

static bool
is_typed(struct str name)
{
    return !str_in_words(name, "key rev org rows what verb quiet") &&
           carried(name);
}

/* Worth showing as text: not what was ticked beside an item. */
static bool
is_words(struct str name)
{
    return is_typed(name) && !str_starts(name, STR("verdict.")) &&
           !str_starts(name, STR("hazard.")) &&
           !str_in_words(name, "pick notice") &&
           !str_starts(name, STR("files."));
}

/* a=1&b=2 out of what was typed; "" where nothing was. */
static struct str
pack(struct rq *rq)
{
    bool some = false;
    BUF(b, CARRIED_MAX);

    for (size_t i = 0; i < rq->http->n_form; i++) {
        const struct http_param *p = &rq->http->form[i];

        if (!carried(p->name) || p->value.n == 0)
            continue;
        some |= is_typed(p->name);
        buf_puts(&b, b.n > 0 ? "&" : "");
        html_pct(&b, p->name);
        buf_puts(&b, "=");
        html_pct(&b, p->value);
    }
    return some && !b.over ? arena_dup(rq->arena, buf_str(&b)) : STR("");
}

static struct str
address(struct rq *rq)
{
    int64_t org = rq_query_i64(rq, "org");

    return org != 0 ? arena_printf(rq->arena, "%.*s?org=%ld",
                                   STR_ARG(rq->http->path), (long)org)
                    : rq->http->path;
}

/* The words, and the button that brings the form back. */
static bool
show(struct rq *rq, struct str to, struct str typed, const char *csrf,
     bool at_once, struct err *e)
{
    struct page_resume_view v = { .lang = rq->lang,
                                  .csrf = str_of(csrf),
                                  .at_once = at_once };
    struct str own = arena_dup(rq->arena, typed);
    const struct http_param *p;
    struct v_cell *in, *words;
    size_t n;

    if (!form_parse(rq->arena, (char *)(uintptr_t)own.p, own.n, &p, &n, e) ||
        !html_url_vet(to, &v.to))
        return err_set(e, ERR_INVALID, NULL, "There is no such page");
    in = arena_new_array(rq->arena, struct v_cell, n + 1);
    words = arena_new_array(rq->arena, struct v_cell, n + 1);
    if (in == NULL || words == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++) {
        struct v_cell c = { .label = p[i].name, .value = p[i].value };

        if (!carried(c.label))
            continue;
        in[v.n_inputs++] = c;
        if (is_words(c.label))
            words[v.n_words++] = c;
    }
    v.inputs = in;
    v.words = words;
    v.head = view_head(rq, rq_tr(rq, N_("What you typed is still here")));
    answer_html(rq);
    page_resume(&rq->rs->body, &v);
    return true;
}

bool
resume_offer(struct rq *rq, struct err *e)
{
    struct str typed;

    if (rq->json || rq->http->method != HTTP_POST ||
        !route_lists(rq->route, "fill"))
        return false;
    typed = pack(rq);
    if (typed.n == 0)
        return false;
    if (e->code == ERR_SIGN_IN)
        return door_typed(rq, address(rq), typed, e);
    if (e->code != ERR_DENIED || e->field == NULL ||
        strcmp(e->field, "csrf") != 0)
        return false;
    rq->rs->status = 403;
    return show(rq, address(rq), typed,
                arena_dup(rq->arena, rq->session.csrf).p, false, e);
}

bool
resume_or_go(struct rq *rq, struct str to, const char *csrf, struct err *e)
{
    struct str typed = rq_form(rq, "typed");

    if (typed.n == 0 || !str_starts(to, STR("/t/")))
        return rq_redirect(rq, to);
    return show(rq, to, typed, csrf, true, e);
}

bool
resume_fills(struct rq *rq)
{
    return !rq->json && rq_form(rq, "fill").n > 0;
}

bool
resume_switches(struct rq *rq)
{
    struct str fill = rq_form(rq, "fill");

    return resume_fills(rq) && (str_is(fill, "2") || str_is(fill, "3"));
}

void
resume_language(struct rq *rq)
{
    bool zh = str_is(rq_form(rq, "fill"), "3");

    if (!resume_switches(rq))
        return;
    rq->lang = zh ? LANG_ZH : LANG_EN;
    rq_cookie(rq, "lang", zh ? STR("zh") : STR("en"), 365 * 86400);
}
