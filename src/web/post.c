#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/hash.h"
#include "store/files.h"
#include "web/json.h"
#include "web/post.h"

/* ---- files -------------------------------------------------------------------- */

/* What a file is, by its first bytes: nothing else is believed. */
static const char *
sniff(const unsigned char *p, size_t n)
{
    static const struct {
        const char *magic;
        size_t at, n;
        const char *type;
    } known[] = {
        { "\xff\xd8\xff", 0, 3, "image/jpeg" },
        { "\x89PNG\r\n\x1a\n", 0, 8, "image/png" },
        { "WEBP", 8, 4, "image/webp" },
        { "GIF8", 0, 4, "image/gif" },
        { "%PDF-", 0, 5, "application/pdf" },
        { "ftypheic", 4, 8, "image/heic" },
        { "ftypmif1", 4, 8, "image/heic" },
        { "PK\003\004", 0, 4, "application/zip" },
    };

    for (size_t i = 0; i < N_OF(known); i++)
        if (n >= known[i].at + known[i].n &&
            memcmp(p + known[i].at, known[i].magic, known[i].n) == 0)
            return known[i].type;
    return NULL;
}

static bool
check_type(struct kept *k, struct err *e)
{
    unsigned char head[16] = { 0 };
    const char *type = NULL;
    FILE *f = fopen(k->tmp, "rb");

    if (f != NULL) {
        type = sniff(head, fread(head, 1, sizeof(head), f));
        fclose(f);
    }
    if (type == NULL)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" is not a photograph or a PDF file (JPEG, PNG, "
                       "WebP, HEIC and PDF are taken)",
                       STR_ARG(k->name));
    k->type = str_of(type);
    return true;
}

bool
keep_files(void *arg, struct err *e)
{
    struct keeping *k = arg;

    for (size_t i = 0; i < k->n; i++)
        if (!check_type(&k->file[i], e) ||
            !files_keep(k->data_dir, k->tenant, k->file[i].tmp, k->file[i].sha,
                        e))
            return false;
    return true;
}

bool
keep_rows(struct tx *tx, int64_t tenant, int64_t person, struct kept *k,
          size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        k[i].id = tx_id(tx);
        if (!files_add(tx->st, tenant,
                       &(struct file_row){ .id = k[i].id,
                                           .sha = k[i].sha,
                                           .size = k[i].size,
                                           .type = k[i].type,
                                           .name = k[i].name,
                                           .added_at = tx->now,
                                           .added_by = person },
                       e))
            return false;
    }
    return true;
}

struct keeping *
keeping_of(struct rq *rq, struct err *e)
{
    struct keeping *k = arena_new_obj(rq->arena, struct keeping);
    const struct http_request *h = rq->http;

    if (k != NULL)
        k->file = arena_new_array(rq->arena, struct kept, h->n_files + 1);
    if (k == NULL || k->file == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    k->data_dir = rq->app->data_dir;
    k->tenant = rq->who.dir->tenant.id;
    for (size_t i = 0; i < h->n_files; i++) {
        const struct http_upload *u = &h->files[i];
        BUF(hex, 128);

        if (u->size == 0)
            continue; /* a file question left empty */
        hex_put(&hex, (struct str){ (const char *)u->sha256, 32 });
        k->file[k->n++] = (struct kept){
            .field = u->name,
            .name = utf8_head(u->filename, 200),
            .sha = arena_dup(rq->arena, buf_str(&hex)),
            .size = u->size,
            .tmp = u->path,
        };
    }
    return k;
}

/* ---- a form as a change ------------------------------------------------------------ */

struct posted {
    struct change c;
    struct input *input;
    size_t n;
    struct keeping *keep;
    handler *next;
};

static bool
is_own(struct str name)
{
    return str_in_words(name, "csrf key rev org to what");
}

static bool
inputs(struct rq *rq, struct posted *p, struct err *e)
{
    const struct http_request *h = rq->http;
    size_t n;

    if (rq->json && h->body.n > 0)
        return json_inputs(rq, &p->input, &p->n, e);
    p->input =
        arena_new_array(rq->arena, struct input, h->n_form + h->n_files + 1);
    if (p->input == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (n = 0; n < h->n_form; n++)
        p->input[p->n++] = (struct input){ h->form[n].name, h->form[n].value };
    return true;
}

/* Take rev, key and org out of the inputs. */
static bool
own(struct rq *rq, struct posted *p, struct err *e)
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
        if (!is_own(in.name))
            p->input[kept++] = in;
    }
    p->n = kept;
    if (c->org == 0)
        c->org = rq_query_i64(rq, "org");
    if (rq->json && c->idem.n == 0)
        c->idem = http_header(rq->http, "Idempotency-Key");
    if (c->idem.n > 128)
        return err_set(e, ERR_INVALID, "idempotency_key",
                       "The key is longer than 128 characters");
    return true;
}

struct change *
post_change(struct rq *rq, struct err *e)
{
    struct posted *p = arena_new_obj(rq->arena, struct posted);

    if (p == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    p->c = (struct change){
        .ledger = rq->ledger,
        .tenant = rq->who.dir->tenant.id,
        .person = rq->who.person,
        .read_only = rq->who.read_only,
        .origin = rq->by_token ? ORIGIN_API : ORIGIN_ENTERED,
    };
    if (!inputs(rq, p, e) || !own(rq, p, e))
        return NULL;
    return &p->c;
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

static bool
post_job(struct tx *tx, void *arg, struct err *e)
{
    struct posted *p = arg;
    struct posted run = *p; /* a job may be run again */

    if (p->keep->n > 0) {
        run.input = arena_new_array(tx->arena, struct input, p->n + p->keep->n);
        if (run.input == NULL)
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
    return change_run(tx, &p->c, e);
}

static bool
files_kept(struct rq *rq, struct err *e)
{
    struct posted *p = rq->work;

    if (!rq->work_ok) /* the same end: it knows what was typed */
        return p->next(rq, e);
    return rq_job(rq, post_job, p, p->next, e);
}

bool
post_run(struct rq *rq, struct change *c, handler *next, struct err *e)
{
    struct posted *p = (struct posted *)c;

    rq->work = p;
    p->next = next;
    if ((p->keep = keeping_of(rq, e)) == NULL)
        return false;
    if (p->keep->n > 0)
        return rq_work(rq, rq->app->heavy, keep_files, p->keep, files_kept, e);
    return rq_job(rq, post_job, p, next, e);
}
