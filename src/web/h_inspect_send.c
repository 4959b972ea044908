/* An inspection that was sent: kept for later, or handed in. */
#include "domain/parts.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/inspect.h"
#include "web/json.h"
#include "web/post.h"
#include "web/resume.h"

/* ---- what was sent -------------------------------------------------------------------- */

struct sending {
    struct inspect x;
    struct keeping *keep;
    struct change c;
    struct str key;
    bool send, quiet;
    bool switches; /* to the other language */
    bool unsaid;   /* it is kept and shown again: .why */
    struct err why;
};

static struct str
named(struct rq *rq, const char *what, int64_t id)
{
    return arena_printf(rq->arena, "%s.%ld", what, (long)id);
}

static bool
parse_answer(struct rq *rq, const struct check_item *it, struct answer *a,
             struct err *e)
{
    *a = (struct answer){ .id = it->id };
    for (size_t k = 0; k < ANSWER_FIELDS; k++) {
        const struct field *f = &answer_fields[k];
        struct str name = named(rq, f->name, it->id);
        struct str v =
            f->kind == FK_FILES ? rq_form_all(rq, name) : rq_form(rq, name.p);

        if (f->kind == FK_REF && str_is(v, "new")) {
            a->hazard = HAZARD_NEW;
            continue;
        }

        if (!field_parse(f, v, a, e) || !field_check(f, a, e)) {
            e->field = "answers";
            return false;
        }
    }
    if (inspection_verdict(it, a) != V_FAIL)
        a->hazard = 0; /* offered, not meant */
    return true;
}

static bool
is_said(const struct answer *a)
{
    for (size_t k = 0; k < ANSWER_FIELDS; k++)
        if (!field_empty(&answer_fields[k], a))
            return true;
    return false;
}

/* The answers of the form in the order of the checklist; at the end, under a
 * number that no item has, what goes with the whole. */
static bool
parse(struct rq *rq, struct sending *s, struct err *e)
{
    struct inspect *x = &s->x;
    struct answer *a = arena_new_array(rq->arena, struct answer, x->n + 2);

    if (a == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    x->answer = a;
    x->m = 0;
    for (size_t i = 0; i < x->n; i++) {
        if (!parse_answer(rq, &x->item[i], &a[x->m], e))
            return false;
        x->m += is_said(&a[x->m]) || s->keep->n > 0;
    }
    a[x->m] = (struct answer){ .id = INSPECT_NOTE,
                               .comment = rq_form(rq, "note"),
                               .value = rq_form(rq, "company"),
                               .files = rq_form_all(rq, STR("paper")) };
    x->m++;
    return true;
}

static void
add_id(struct tx *tx, struct str *ids, int64_t id)
{
    *ids = ids->n > 0
               ? arena_printf(tx->arena, "%.*s,%ld", STR_ARG(*ids), (long)id)
               : arena_i64(tx->arena, id);
}

/* Rows for the photographs that came along, and their ids beside the answers. */
static bool
with_files(struct tx *tx, struct sending *s, struct answer **out, struct err *e)
{
    struct answer *a = arena_new_array(tx->arena, struct answer, s->x.m + 1);

    if (a == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    memcpy(a, s->x.answer, s->x.m * sizeof(*a));
    *out = a;
    if (!keep_rows(tx, s->c.tenant, s->c.person, s->keep->file, s->keep->n, e))
        return false;
    for (size_t k = 0; k < s->keep->n; k++)
        for (size_t i = 0; s->keep->file[k].ready && i < s->x.m; i++) {
            struct str name =
                a[i].id == INSPECT_NOTE
                    ? STR("paper")
                    : arena_printf(tx->arena, "files.%ld", (long)a[i].id);

            if (str_eq(name, s->keep->file[k].field))
                add_id(tx, &a[i].files, s->keep->file[k].id);
        }
    return true;
}

static bool
save_job(struct tx *tx, void *arg, struct err *e)
{
    struct sending *s = arg;
    struct answer *a;

    if (!with_files(tx, s, &a, e))
        return false;
    return QRUN(tx->st, DRAFT_PUT, e, ARG(s->c.tenant), ARG(s->c.id),
                ARG(s->c.person), ARG(tx->now),
                ARG(parts_write(&answer_parts, a, s->x.m, tx->arena)));
}

/* Names of who signed, out of the answers and apart from them. */
static struct str
signatures_of(const struct inspect *x, struct answer *a, size_t n,
              struct arena *arena)
{
    struct signature *s = arena_new_array(arena, struct signature, n + 1);
    size_t m = 0;

    for (size_t i = 0; s != NULL && i < n; i++)
        for (size_t k = 0; k < x->n; k++)
            if (x->item[k].id == a[i].id && x->item[k].kind == CK_SIGN &&
                a[i].value.n > 0) {
                s[m++] = (struct signature){ a[i].id, a[i].value };
                a[i].value = STR("");
                a[i].verdict = V_PASS;
            }
    return s != NULL ? parts_write(&signature_parts, s, m, arena) : STR("");
}

/* Only what is answered goes into the record. */
static bool
send_job(struct tx *tx, void *arg, struct err *e)
{
    struct sending *s = arg;
    struct answer *a;
    struct input in[5];
    size_t n = 0, said = 0;

    if (!with_files(tx, s, &a, e))
        return false;
    for (size_t i = 0; i + 1 < s->x.m; i++)
        if (is_said(&a[i])) {
            a[said] = a[i];
            a[said].hazard = a[i].hazard > 0 ? a[i].hazard : 0;
            said++;
        }
    a[said] = a[s->x.m - 1];
    in[n++] = (struct input){ STR("signatures"),
                              signatures_of(&s->x, a, said, tx->arena) };
    in[n++] = (struct input){ STR("answers"),
                              parts_write(&answer_parts, a, said, tx->arena) };
    in[n++] = (struct input){ STR("note"), a[said].comment };
    if (a[said].files.n > 0)
        in[n++] = (struct input){ STR("paper"), a[said].files };
    if (s->x.i->kind == INSPECT_VISIT)
        in[n++] = (struct input){ STR("company"), a[said].value };
    s->c.input = in;
    s->c.n_inputs = n;
    s->c.asked = in; /* the key stands for the inspection: sent twice, it was
                      * sent */
    s->c.n_asked = 0;
    return change_run(tx, &s->c, e) &&
           QRUN(tx->st, DRAFT_DEL, e, ARG(s->c.tenant), ARG(s->c.id),
                ARG(s->c.person));
}

/* What was typed is kept, whatever was wrong with it. */
static bool
kept_after_all(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    if (!rq->work_ok) {
        *e = s->why;
        return false;
    }
    rq->rs->status = err_info[s->why.code].http;
    if (!inspect_read(rq, &s->x, e))
        return false;
    return inspect_show(rq, &s->x, &s->why, e);
}

/* Another window, or another person, has sent it in. */
static bool
is_done(struct rq *rq)
{
    struct inspect x = { 0 };
    struct err ignored;

    return inspect_read(rq, &x, &ignored) && !inspect_is_open(x.i);
}

static bool
to_done(struct rq *rq)
{
    return rq_redirect(
        rq, arena_printf(rq->arena, "%.*s?done=6",
                         STR_ARG(rq_path(rq, &inspection_ledger, rq->id))));
}

static bool
sent(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    if (rq->work_ok)
        return rq_redirect(
            rq, arena_printf(rq->arena, "%.*s?done=1",
                             STR_ARG(rq_path(rq, &inspection_ledger, rq->id))));
    s->why = rq->work_err;
    if (s->why.code == ERR_CONFLICT && is_done(rq))
        return to_done(rq);
    if (post_mendable(&s->why))
        return rq_job(rq, save_job, s, kept_after_all, e);
    *e = s->why;
    return false;
}

/* Where a hazard of the same item is open, a person says whether it is that one
 * or a new one: neither is taken for granted. */
static bool
said_which(struct rq *rq, const struct inspect *x, struct err *e)
{
    struct known_hazard *known;
    size_t n;

    if (!inspect_known(rq, x->i, x->l, &known, &n, e))
        return false;
    for (size_t i = 0; i < x->n; i++) {
        const struct answer *a =
            inspection_answer(x->answer, x->m, x->item[i].id);

        if (a == NULL || a->hazard != 0 ||
            inspection_verdict(&x->item[i], a) != V_FAIL ||
            !inspection_asks(x->item, x->n, i, x->answer, x->m))
            continue;
        for (size_t k = 0; k < n; k++)
            if (known[k].item == x->item[i].id)
                return err_set(e, ERR_INVALID, "answers",
                               "Item %zu: say whether it is the hazard that "
                               "is open already, or a new one",
                               i + 1);
    }
    return true;
}

/* To the script: the ids of what it has sent, so that it sends it once. */
static void
say_kept(struct rq *rq, const struct sending *s)
{
    struct buf *b = &rq->rs->body;

    answer_type(rq, "application/json");
    buf_puts(b, "{\"files\":[");
    for (size_t i = 0; i < s->keep->n; i++) {
        buf_printf(b, "%s{\"name\":", i > 0 ? "," : "");
        json_str(b, s->keep->file[i].field);
        buf_printf(b, ",\"id\":\"%ld\"}", (long)s->keep->file[i].id);
    }
    buf_puts(b, "]}\n");
}

static bool
saved(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    if (s->unsaid)
        return kept_after_all(rq, e);
    if (s->quiet) {
        say_kept(rq, s);
        return true;
    }
    return rq_redirect(
        rq, arena_printf(rq->arena, "%.*s/do%s",
                         STR_ARG(rq_path(rq, &inspection_ledger, rq->id)),
                         s->switches ? "" : "?done=1"));
}

static bool
files_kept(struct rq *rq, struct err *e)
{
    struct sending *s = rq->work;

    if (rq->work_ok)
        return s->send ? rq_job(rq, send_job, s, sent, e)
                       : rq_job(rq, save_job, s, saved, e);
    s->why = rq->work_err;
    if (post_mendable(&s->why) && !s->quiet)
        return rq_job(rq, save_job, s, kept_after_all, e);
    *e = s->why;
    return false;
}

bool
inspect_send(struct rq *rq, struct err *e)
{
    struct sending *s = arena_new_obj(rq->arena, struct sending);
    int64_t rev = 0;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    rq->work = s;
    if (!inspect_read(rq, &s->x, e) || (s->keep = keeping_of(rq, e)) == NULL ||
        !parse(rq, s, e))
        return false;
    if (resume_fills(rq) && !inspect_is_open(s->x.i))
        return to_done(rq);
    s->switches = resume_switches(rq); /* it is kept, then shown again */
    if (resume_fills(rq) && !s->switches)
        return inspect_show(rq, &s->x, NULL, e);
    (void)!str_i64(rq_form(rq, "rev"), &rev);
    s->send = str_is(rq_form(rq, "what"), "send");
    s->quiet = rq_form(rq, "quiet").n > 0;
    s->c = (struct change){ .ledger = &inspection_ledger,
                            .tenant = rq->who.dir->tenant.id,
                            .person = rq->who.person,
                            .scopes = rq->who.scopes,
                            .post = rq->who.post,
                            .id = rq->id,
                            .rev = rev,
                            .verb = STR("submit"),
                            .idem = rq_form(rq, "key") };
    if (rq->http->bad.code != ERR_NONE && !s->quiet) {
        s->why = rq->http->bad; /* some had no room: the rest is kept */
        return rq_job(rq, save_job, s, kept_after_all, e);
    }
    if (s->send && !said_which(rq, &s->x, &s->why)) {
        s->send = false;
        s->unsaid = true;
    }
    if (s->keep->n > 0)
        return rq_keep(rq, s->keep, files_kept, e);
    return s->send ? rq_job(rq, send_job, s, sent, e)
                   : rq_job(rq, save_job, s, saved, e);
}
