#include "web/elsewhere.h"
#include "pages/pages.h"
#include "web/answer.h"
#include "web/route.h"
#include "web/view.h"

bool
elsewhere_needed(const struct rq *rq)
{
    /* WeChat and WeCom, DingTalk, Feishu */
    static const char *const chats[] = { "MicroMessenger", "wxwork", "DingTalk",
                                         "Lark/", "Feishu" };
    struct str agent = http_header(rq->http, "User-Agent");

    if (!(rq->route->flags & RT_KEEP) || rq->by_token)
        return false;
    for (size_t i = 0; i < N_OF(chats); i++)
        if (str_find_fold(agent, str_of(chats[i])) >= 0)
            return true;
    return false;
}

bool
elsewhere_page(struct rq *rq, struct err *e)
{
    struct page_elsewhere_view v = { .lang = rq->lang };
    BUF(b, 8192);

    (void)e;
    buf_str_put(&b, rq->http->path);
    for (size_t i = 0; i < rq->http->n_query; i++) {
        buf_puts(&b, i == 0 ? "?" : "&");
        html_pct(&b, rq->http->query[i].name);
        buf_puts(&b, "=");
        html_pct(&b, rq->http->query[i].value);
    }
    v.address = rq_absolute(rq, arena_dup(rq->arena, buf_str(&b)));
    v.head = view_head(rq, rq_tr(rq, N_("Open it in the browser")));
    answer_html(rq);
    page_elsewhere(&rq->rs->body, &v);
    return true;
}
