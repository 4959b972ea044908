/* Where a person's name stands in words that people wrote, and taking them out:
 * looked at before the person is erased. */
#include <inttypes.h>

#include "domain/org.h"
#include "pages/pages.h"
#include "service/erase.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/look.h"
#include "web/mention.h"
#include "web/view.h"

struct mentions {
    struct person *person;
    struct str words, other; /* other: the second half of "张老师 (Zhang)" */
    struct mention *at;
    size_t n;
    bool more;
};

static struct str
url_words(struct rq *rq, struct str words)
{
    BUF(b, 4096);

    html_pct(&b, words);
    return arena_dup(rq->arena, buf_str(&b));
}

/* A name is often written twice: 张老师 (Teacher Zhang). */
static void
halves(struct str name, struct str *first, struct str *second)
{
    ptrdiff_t open = str_find(name, STR("(")), wide = str_find(name, STR("（"));
    size_t skip = open >= 0 ? 1 : strlen("（");
    ptrdiff_t at = open >= 0 ? open : wide, end;

    *first = str_trim(name);
    *second = STR("");
    if (at <= 0)
        return;
    *first = str_trim(str_cut(name, 0, (size_t)at));
    *second = str_cut(name, (size_t)at + skip, name.n);
    if ((end = str_find(*second, open >= 0 ? STR(")") : STR("）"))) >= 0)
        *second = str_cut(*second, 0, (size_t)end);
    *second = str_trim(*second);
}

static bool
find(struct rq *rq, struct mentions *m, struct err *e)
{
    struct str asked = str_trim(rq_query(rq, "q"));
    const struct ledger *l = &person_ledger;

    if ((m->person = arena_new_obj(rq->arena, struct person)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       m->person, e))
        return false;
    if (!actor_reads(&rq->who, l, m->person))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (!actor_steps(&rq->who, l, erase_step(l, STR("erase")), m->person,
                     m->person->r.org, e))
        return false;
    halves(m->person->name, &m->words, &m->other);
    if (asked.n > 0)
        m->words = asked;
    return utf8_count(m->words) < MENTION_WORDS_MIN ||
           mention_find(rq->st, &rq->who, m->words, rq->id, rq->arena, &m->at,
                        &m->n, &m->more, e);
}

/* ---- the page ------------------------------------------------------------- */

static struct str
places_of(struct rq *rq, const struct mention *m)
{
    const char *sep = rq->lang == LANG_ZH ? "、" : ", ";
    BUF(b, 2048);

    for (size_t i = 0; i < m->n_fields; i++)
        buf_printf(&b, "%s%s", b.n > 0 ? sep : "",
                   rq_tr(rq, m->field[i]->label));
    if (m->in_comment)
        buf_printf(&b, "%s%s", b.n > 0 ? sep : "",
                   rq_tr(rq, N_("words beside a step")));
    if (m->in_file)
        buf_printf(&b, "%s%s", b.n > 0 ? sep : "",
                   rq_tr(rq, N_("the name of a file")));
    return arena_dup(rq->arena, buf_str(&b));
}

static const struct v_mention *
views(struct rq *rq, const struct mentions *k)
{
    struct v_mention *v =
        arena_new_array(rq->arena, struct v_mention, k->n + 1);

    for (size_t i = 0; v != NULL && i < k->n; i++) {
        const struct mention *m = &k->at[i];
        const struct rec *r = m->rec;

        v[i] = (struct v_mention){
            .name = view_name(rq, m->ledger, m->rec),
            .no = r->no,
            .kind = str_of(rq_tr(rq, m->ledger->title_one)),
            .where = places_of(rq, m),
            .url = view_path(rq, m->ledger, m->id),
            .action = view_url(rq, "%.*s/erase_words",
                               STR_ARG(rq_path(rq, m->ledger, m->id))),
            .rev = arena_i64(rq->arena, r->rev),
            .may = m->may,
            .personal = m->in_personal,
        };
    }
    return v;
}

static bool
show(struct rq *rq, struct err *e)
{
    struct page_mentions_view v = { .lang = rq->lang };
    struct mentions m = { .n = 0 };

    if (!find(rq, &m, e))
        return false;
    v.rows = views(rq, &m);
    v.n_rows = v.rows != NULL ? m.n : 0;
    v.more = m.more;
    v.words = m.words;
    v.other = str_eq(m.words, m.other) ? STR("") : m.other;
    v.other_url = view_url(rq, "%.*s/words?q=%.*s",
                           STR_ARG(rq_path(rq, &person_ledger, rq->id)),
                           STR_ARG(url_words(rq, m.other)));
    v.person = arena_i64(rq->arena, rq->id);
    v.csrf = rq->session.csrf;
    v.back = view_path(rq, &person_ledger, rq->id);
    v.head = view_head(rq, rq_tr(rq, N_("Where the name stands")));
    answer_html(rq);
    page_mentions(&rq->rs->body, &v);
    return true;
}

static bool
show_apart(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show, NULL, e);
}

bool
mention_page(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_RECORD, show_apart, e);
}

/* ---- the same for programs ------------------------------------------------ */

static void
put_one(struct buf *b, const struct mention *m)
{
    buf_printf(b,
               "{\"ledger\":\"%s\",\"id\":\"%" PRId64 "\",\"rev\":%" PRId64
               ",\"fields\":[",
               m->ledger->name, m->id, ((const struct rec *)m->rec)->rev);
    for (size_t i = 0; i < m->n_fields; i++)
        buf_printf(b, "%s\"%s\"", i > 0 ? "," : "", m->field[i]->name);
    buf_printf(b,
               "],\"comment\":%s,\"file\":%s,\"rows\":%s,"
               "\"personal\":%s,\"may\":%s}",
               m->in_comment ? "true" : "false", m->in_file ? "true" : "false",
               m->in_rows ? "true" : "false", m->in_personal ? "true" : "false",
               m->may ? "true" : "false");
}

static bool
tell(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    struct mentions m = { .n = 0 };

    if (!find(rq, &m, e))
        return false;
    answer_type(rq, "application/json");
    buf_puts(b, "{\"words\":");
    json_str(b, m.words);
    buf_printf(b, ",\"more\":%s,\"items\":[", m.more ? "true" : "false");
    for (size_t i = 0; i < m.n; i++) {
        buf_puts(b, i > 0 ? "," : "");
        put_one(b, &m.at[i]);
    }
    buf_puts(b, "]}\n");
    return true;
}

static bool
tell_apart(struct rq *rq, struct err *e)
{
    return rq_apart(rq, tell, NULL, e);
}

bool
api_mentions(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_RECORD, tell_apart, e);
}

/* ---- taking words out ----------------------------------------------------- */

/* What was sent, by a form or a program, goes where it belongs. */
static bool
take(struct mention_erase *m, struct input *comment, struct input in,
     struct err *e)
{
    if (str_is(in.name, "comment"))
        comment->value = in.value;
    else if (str_is(in.name, "words"))
        m->words = str_trim(in.value);
    else if (str_is(in.name, "rev"))
        return in.value.n == 0 || str_i64(in.value, &m->c.rev) ||
               err_set(e, ERR_INVALID, "rev", "rev is not a number");
    else if (!str_is(in.name, "csrf") && !str_is(in.name, "from"))
        return err_set(e, ERR_INVALID, NULL,
                       "The parameter \"%.*s\" is not known here",
                       STR_ARG(in.name));
    return true;
}

struct mention_erase *
mention_asked(struct rq *rq, struct err *e)
{
    struct mention_erase *m = arena_new_obj(rq->arena, struct mention_erase);
    struct input *comment = arena_new_obj(rq->arena, struct input), *in = NULL;
    const struct http_request *h = rq->http;
    size_t n = 0;
    bool ok = true;

    if (m == NULL || comment == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    *comment = (struct input){ STR("comment"), STR("") };
    *m = (struct mention_erase){ .c = { .ledger = rq->ledger,
                                        .tenant = rq->who.dir->tenant.id,
                                        .person = rq->who.person,
                                        .scopes = rq->who.scopes,
                                        .post = rq->who.post,
                                        .id = rq->id,
                                        .input = comment,
                                        .n_inputs = 1 },
                                 .words = STR("") };
    if (rq->json && h->body.n > 0 && !json_inputs(rq, &in, &n, e))
        return NULL;
    for (size_t i = 0; ok && i < n; i++)
        ok = take(m, comment, in[i], e);
    for (size_t i = 0; ok && i < h->n_form; i++)
        ok = take(m, comment,
                  (struct input){ h->form[i].name, h->form[i].value }, e);
    return ok ? m : NULL;
}

static bool
taken_out(struct rq *rq, struct err *e)
{
    const struct mention_erase *m = rq->work;
    int64_t from = 0;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    if (!str_i64(rq_form(rq, "from"), &from) || from <= 0)
        return rq_redirect(
            rq, arena_printf(rq->arena, "%.*s?done=1",
                             STR_ARG(rq_path(rq, m->c.ledger, m->c.id))));
    return rq_redirect(rq,
                       arena_printf(rq->arena, "%.*s/words?q=%.*s&done=1",
                                    STR_ARG(rq_path(rq, &person_ledger, from)),
                                    STR_ARG(url_words(rq, m->words))));
}

bool
mention_take_out(struct rq *rq, struct err *e)
{
    struct mention_erase *m = mention_asked(rq, e);

    if (m == NULL)
        return false;
    rq->work = m;
    return rq_job(rq, mention_erase_job, m, taken_out, e);
}
