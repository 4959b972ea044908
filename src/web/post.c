/* A form or a call of the API as a change. */
#include "web/post.h"
#include "store/files.h"
#include "web/given.h"
#include "web/json.h"
#include "web/parts.h"
#include "web/route.h"

struct posted {
    struct change c;
    struct input *input;
    size_t n;
    struct keeping *keep;
    handler *next;
    struct err why; /* it was refused */
    bool some;      /* of a row: something was filled in */
};

bool
post_mendable(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_TYPE ||
           e->code == ERR_TOO_LARGE || e->code == ERR_CONFLICT;
}

static bool
is_own(struct str name)
{
    return str_in_words(name,
                        "csrf key rev org to what rows sign_password fill");
}

/* Of one of many: which record it is about. */
static bool
is_id(const struct rq *rq, struct str name)
{
    return str_is(name, "id") && rq->json && route_lists(rq->route, "id");
}

/* A text of a form. Files that were kept from before come one by one, each by
 * its id: together they are one value. */
static void
add_text(struct rq *rq, struct posted *p, struct http_param t)
{
    const struct field *f =
        rq->ledger != NULL ? ledger_field(rq->ledger, t.name) : NULL;

    if (f != NULL && f->kind == FK_PARTS)
        t.value = parts_sent(rq, t.value);
    for (size_t i = 0; f != NULL && f->kind == FK_FILES && i < p->n; i++)
        if (str_eq(p->input[i].name, t.name)) {
            if (p->input[i].value.n > 0 && t.value.n > 0)
                t.value =
                    arena_printf(rq->arena, "%.*s,%.*s",
                                 STR_ARG(p->input[i].value), STR_ARG(t.value));
            if (t.value.n > 0)
                p->input[i].value = t.value;
            return;
        }
    p->input[p->n++] = (struct input){ t.name, t.value };
}

static bool
inputs(struct rq *rq, struct posted *p, struct err *e)
{
    const struct http_request *h = rq->http;

    if (rq->json && h->body.n > 0)
        return json_inputs(rq, &p->input, &p->n, e);
    p->input =
        arena_new_array(rq->arena, struct input, h->n_form + h->n_files + 1);
    if (p->input == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < h->n_form; i++)
        add_text(rq, p, h->form[i]);
    return true;
}

/* Take id, rev, key and org out of the inputs. key: what stands for the call where
 * no member does. */
static bool
own(struct rq *rq, struct posted *p, struct str key, struct err *e)
{
    struct change *c = &p->c;
    size_t kept = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct input in = p->input[i];

        if (str_is(in.name, "rev") && !str_i64(in.value, &c->rev))
            return err_set(e, ERR_INVALID, "rev", "rev is not a number");
        if (str_is(in.name, "org") && in.value.n > 0 &&
            !str_i64(in.value, &c->org))
            return err_set(e, ERR_INVALID, "org",
                           "Say which school it belongs to");
        if (str_is(in.name, "key"))
            c->idem = in.value;
        if (is_id(rq, in.name)) {
            if (!str_i64(in.value, &c->id) || c->id <= 0)
                return err_set(e, ERR_INVALID, "id", "There is no such record");
        } else if (!is_own(in.name))
            p->input[kept++] = in;
    }
    p->n = kept;
    if (c->org == 0)
        c->org = rq_query_i64(rq, "org");
    if (c->idem.n == 0)
        c->idem = key;
    if (c->idem.n > 128)
        return err_set(e, ERR_INVALID, "key",
                       "The key is longer than 128 characters");
    return true;
}

static struct posted *
posted_new(struct rq *rq)
{
    struct posted *p = arena_new_obj(rq->arena, struct posted);

    if (p != NULL)
        p->c = (struct change){
            .ledger = rq->ledger,
            .tenant = rq->who.dir->tenant.id,
            .person = rq->who.person,
            .scopes = rq->who.scopes,
            .post = rq->who.post,
            .by_hand =
                rq->by_token && actor_scoped(&rq->who, rq->ledger, "sign"),
            .origin = rq->by_token ? ORIGIN_API : ORIGIN_ENTERED,
        };
    return p;
}

static struct str
key_of_call(const struct rq *rq)
{
    return rq->json ? http_header(rq->http, "Idempotency-Key") : STR("");
}

struct change *
post_change(struct rq *rq, struct err *e)
{
    struct posted *p = posted_new(rq);

    if (p == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    if (!inputs(rq, p, e) || !own(rq, p, key_of_call(rq), e))
        return NULL;
    return &p->c;
}

struct change *
post_item(struct rq *rq, const struct json_item *item, struct err *e)
{
    struct posted *p = posted_new(rq);
    struct str key = key_of_call(rq);

    if (p == NULL ||
        (p->keep = arena_new_obj(rq->arena, struct keeping)) == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    *p->keep = (struct keeping){ .tenant = p->c.tenant };
    p->input = item->input;
    p->n = item->n;
    if (key.n > 0)
        key = arena_printf(rq->arena, "%.*s.%zu", STR_ARG(key), item->i);
    return own(rq, p, key, e) ? &p->c : NULL;
}

/* The uploads of one field as its value: "12,13". */
static void
add_file(struct posted *p, struct arena *a, const struct kept *k)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->input[i].name, k->field)) {
            struct str was = p->input[i].value;

            p->input[i].value =
                was.n > 0
                    ? arena_printf(a, "%.*s,%ld", STR_ARG(was), (long)k->id)
                    : arena_printf(a, "%ld", (long)k->id);
            return;
        }
    p->input[p->n++] =
        (struct input){ k->field, arena_printf(a, "%ld", (long)k->id) };
}

/* What the form's key stands for: a file by its bytes, for its id is new each
 * time. */
static const struct input *
asked(struct arena *a, const struct posted *p)
{
    struct input *in = arena_new_array(a, struct input, p->n + p->keep->n);

    if (in == NULL)
        return NULL;
    memcpy(in, p->input, p->n * sizeof(*in));
    for (size_t i = 0; i < p->keep->n; i++)
        in[p->n + i] =
            (struct input){ p->keep->file[i].field, p->keep->file[i].sha };
    return in;
}

/* The same form once more: what it brought is there already. */
static bool
forget(struct tx *tx, const struct posted *p, struct err *e)
{
    for (size_t i = 0; i < p->keep->n; i++)
        if (!files_forget(tx->st, p->c.tenant, p->keep->file[i].id, e))
            return false;
    return true;
}

static bool
post_job(struct tx *tx, void *arg, struct err *e)
{
    struct posted *p = arg;
    struct posted run = *p; /* a job may be run again */

    if (p->keep->n > 0) {
        run.input = arena_new_array(tx->arena, struct input, p->n + p->keep->n);
        p->c.asked = asked(tx->arena, p);
        p->c.n_asked = p->n + p->keep->n;
        if (run.input == NULL || p->c.asked == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        memcpy(run.input, p->input, p->n * sizeof(*run.input));
        if (!keep_rows(tx, p->c.tenant, p->c.person, p->keep->file, p->keep->n,
                       e))
            return false;
        for (size_t i = 0; i < p->keep->n; i++)
            add_file(&run, tx->arena, &p->keep->file[i]);
    }
    p->c.input = run.input;
    p->c.n_inputs = run.n;
    return change_run(tx, &p->c, e) && (!p->c.repeated || forget(tx, p, e));
}

static bool
later_job(struct tx *tx, void *arg, struct err *e)
{
    struct posted *p = arg;

    return keep_rows(tx, p->c.tenant, p->c.person, p->keep->file, p->keep->n,
                     e);
}

static bool
kept_for_later(struct rq *rq, struct err *e)
{
    struct posted *p = rq->work;

    if (rq->work_ok)
        rq->kept = p->keep;
    rq->work_ok = false;
    rq->work_err = p->why;
    return p->next(rq, e);
}

/* The end of it; the files of a form that a person will mend wait for that. */
static bool
ended(struct rq *rq, struct err *e)
{
    struct posted *p = rq->work;
    size_t ready = 0;

    for (size_t i = 0; i < p->keep->n; i++)
        ready += p->keep->file[i].ready;
    p->why = rq->work_err;
    if (rq->work_ok || rq->json || ready == 0 || !post_mendable(&p->why))
        return p->next(rq, e);
    if (rq_job(rq, later_job, p, kept_for_later, e))
        return true;
    *e = (struct err){ 0 };
    return p->next(rq, e);
}

static bool
files_kept(struct rq *rq, struct err *e)
{
    if (rq->work_ok && rq->http->bad.code != ERR_NONE) {
        rq->work_ok = false; /* others had no room */
        rq->work_err = rq->http->bad;
    }
    if (!rq->work_ok) /* the same end: it knows what was typed */
        return ended(rq, e);
    return rq_job(rq, post_job, rq->work, ended, e);
}

static bool
run_with_files(struct rq *rq, struct err *e)
{
    struct posted *p = rq->work;

    if (p->keep->n > 0 || rq->http->bad.code != ERR_NONE)
        return rq_keep(rq, p->keep, files_kept, e);
    return rq_job(rq, post_job, p, ended, e);
}

static bool
found_out(struct rq *rq, struct err *e)
{
    return rq->work_ok ? run_with_files(rq, e) : ended(rq, e);
}

bool
post_run(struct rq *rq, struct change *c, handler *next, struct err *e)
{
    struct posted *p = (struct posted *)c;

    rq->work = p;
    p->next = next;
    if ((p->keep = keeping_of(rq, e)) == NULL)
        return false;
    c->input = p->input;
    c->n_inputs = p->n;
    return given_needed(c) ? given_find(rq, found_out, e)
                           : run_with_files(rq, e);
}

static bool
kept_aside(struct rq *rq, struct err *e)
{
    struct posted *p = rq->work;
    size_t ready = 0;

    for (size_t i = 0; i < p->keep->n; i++)
        ready += p->keep->file[i].ready;
    p->why = rq->work_ok ? rq->http->bad : rq->work_err;
    if (ready > 0)
        return rq_job(rq, later_job, p, kept_for_later, e);
    rq->work_err = p->why;
    return p->next(rq, e);
}

bool
post_keep(struct rq *rq, struct change *c, handler *next, struct err *e)
{
    struct posted *p = (struct posted *)c;

    rq->work = p;
    p->next = next;
    if ((p->keep = keeping_of(rq, e)) == NULL)
        return false;
    rq->work_ok = true;
    return p->keep->n > 0 ? rq_keep(rq, p->keep, kept_aside, e)
                          : kept_aside(rq, e);
}

/* ---- many rows in one form ------------------------------------------------------ */

/* "place.3" is "place" in row 3; false: of another row. */
static bool
of_row(struct str *name, unsigned row, bool *own_row)
{
    const char *dot = name->n > 0 ? memrchr(name->p, '.', name->n) : NULL;
    int64_t n;

    *own_row = dot != NULL;
    if (dot == NULL)
        return true;
    if (!str_i64(str_cut(*name, (size_t)(dot - name->p) + 1, name->n), &n) ||
        n != (int64_t)row)
        return false;
    name->n = (size_t)(dot - name->p);
    return true;
}

static void
row_files(struct posted *p, unsigned row, const struct keeping *files)
{
    bool own_row;

    for (size_t i = 0; i < files->n; i++) {
        struct kept k = files->file[i];

        if (of_row(&k.field, row, &own_row) && own_row) {
            k.question = NULL;
            p->keep->file[p->keep->n++] = k;
        }
    }
    p->some = p->keep->n > 0;
}

static bool
row_texts(struct rq *rq, struct posted *p, unsigned row)
{
    for (size_t i = 0; i < rq->http->n_form; i++) {
        struct http_param t = rq->http->form[i];
        bool own_row;

        if (!of_row(&t.name, row, &own_row) || str_trim(t.value).n == 0)
            continue;
        p->some |= own_row;
        add_text(rq, p, t);
    }
    return !arena_failed(rq->arena);
}

struct change *
post_row(struct rq *rq, unsigned row, const struct keeping *files,
         struct err *e)
{
    struct posted *p = posted_new(rq);
    struct keeping *keep = arena_new_obj(rq->arena, struct keeping);
    struct input *in = arena_new_array(rq->arena, struct input,
                                       rq->http->n_form + files->n + 1);

    if (keep != NULL)
        keep->file = arena_new_array(rq->arena, struct kept, files->n + 1);
    if (p == NULL || keep == NULL || in == NULL || keep->file == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    keep->tenant = files->tenant;
    keep->pictures = files->pictures;
    p->input = in;
    p->keep = keep;
    row_files(p, row, files);
    if (!row_texts(rq, p, row) || !own(rq, p, STR(""), e))
        return NULL;
    p->c.idem = arena_printf(rq->arena, "%.*s.%u", STR_ARG(p->c.idem), row);
    return &p->c;
}

bool
post_row_empty(const struct change *c)
{
    return !((const struct posted *)(const void *)c)->some;
}

bool
post_row_job(struct tx *tx, void *change, struct err *e)
{
    return post_job(tx, change, e);
}

bool
post_row_later(struct tx *tx, void *change, struct err *e)
{
    return later_job(tx, change, e);
}

const struct keeping *
post_row_files(const struct change *c)
{
    return ((const struct posted *)(const void *)c)->keep;
}

bool
post_sent_before(const struct change *c, const struct err *e)
{
    return e->code == ERR_CONFLICT && e->field != NULL &&
           strcmp(e->field, "key") == 0 && c->out_id != 0;
}

bool
post_to_first(struct rq *rq, const struct change *c)
{
    return rq_redirect(
        rq, arena_printf(rq->arena, "%.*s?done=6",
                         STR_ARG(rq_path(rq, c->ledger, c->out_id))));
}
