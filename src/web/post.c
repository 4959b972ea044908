#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codec/hash.h"
#include "store/files.h"
#include "web/given.h"
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
        { "ftypheix", 4, 8, "image/heic" },
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
                       "WebP, HEIC and PDF are taken). Send a photograph or a "
                       "screenshot of it, or save it as PDF",
                       STR_ARG(k->name));
    k->type = str_of(type);
    return true;
}

/* For all photographs of a form; others wait for this worker, too. */
enum { LOOK_MS = 30000 };

static int64_t
steady_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
refuse_picture(const struct kept *k, enum picture_fault fault, struct err *e)
{
    if (fault == PICTURE_BROKEN || fault == PICTURE_CUT)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" cannot be opened: it is damaged, or only a "
                       "part of it arrived. Look whether it opens on your "
                       "device; then choose it again, or take a new one",
                       STR_ARG(k->name));
    if (fault == PICTURE_PIXELS || fault == PICTURE_MEMORY)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "\"%.*s\" has too many pixels to be shown. Choose a "
                       "smaller picture size in the camera, or send a "
                       "screenshot of it",
                       STR_ARG(k->name));
    return true;
}

/* A picture that nobody can look at is worth nothing as evidence: say so while
 * the photographer still stands there. Where none can be decoded now, it is
 * kept unseen: the report goes first. */
static bool
check_picture(const struct keeping *k, const struct kept *f, int64_t left_ms,
              struct err *e)
{
    struct pictures p = *k->pictures;
    enum picture_fault fault = PICTURE_OK;
    struct err later;
    unsigned w, h;
    int fd;

    p.deadline_ms = (int)left_ms;
    if (!pictures_takes(f->type) || p.program == NULL || left_ms <= 0 ||
        picture_state(p.data_dir, k->tenant, f->sha, &w, &h) == PICTURE_READY ||
        (fd = open(f->tmp, O_RDONLY | O_CLOEXEC)) < 0)
        return true;
    if (!pictures_make(&p, k->tenant, f->sha, fd, true, &fault, &later))
        fault = PICTURE_OK;
    close(fd);
    return refuse_picture(f, fault, e);
}

static bool
make_anonymous(const struct keeping *k, struct kept *f, struct err *e)
{
    unsigned w, h;

    if (picture_state(k->pictures->data_dir, k->tenant, f->sha, &w, &h) !=
        PICTURE_READY)
        return err_set(e, ERR_TYPE, NULL,
                       "\"%.*s\" cannot be taken here without what it tells "
                       "about your device. Send a photograph as JPEG, or the "
                       "report without it",
                       STR_ARG(f->name));
    if (!pictures_replace(k->pictures, k->tenant, f->sha, f->tmp, f->clean_sha,
                          &f->size, e))
        return false;
    f->sha = str_of(f->clean_sha);
    f->type = STR("image/jpeg");
    f->name = STR("photograph.jpg");
    return true;
}

static bool
keep_file(const struct keeping *k, struct kept *f, int64_t left_ms,
          struct err *e)
{
    if (f->size == 0)
        return err_set(
            e, ERR_INVALID, NULL,
            "\"%.*s\" is empty. If it lies in a cloud album, open it "
            "on your device first, then choose it again",
            STR_ARG(f->name));
    f->ready = check_type(f, e) && check_picture(k, f, left_ms, e) &&
               (!k->anonymous || make_anonymous(k, f, e)) &&
               files_keep(k->pictures->data_dir, k->tenant, f->tmp, f->sha, e);
    return f->ready;
}

bool
keep_files(void *arg, struct err *e)
{
    struct keeping *k = arg;
    int64_t end = steady_ms() + LOOK_MS;
    struct err one;
    bool ok = true;

    for (size_t i = 0; i < k->n; i++)
        if (!keep_file(k, &k->file[i], end - steady_ms(), &one) && ok) {
            *e = one;
            e->field = k->file[i].question;
            ok = false;
        }
    return ok;
}

bool
keep_rows(struct tx *tx, int64_t tenant, int64_t person, struct kept *k,
          size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!k[i].ready)
            continue;
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
    k->pictures = &rq->app->pictures;
    k->tenant = rq->who.dir->tenant.id;
    for (size_t i = 0; i < h->n_files; i++) {
        const struct http_upload *u = &h->files[i];
        const struct field *f =
            rq->ledger != NULL ? ledger_field(rq->ledger, u->name) : NULL;
        BUF(hex, 128);

        if (u->over)
            continue;
        hex_put(&hex, (struct str){ (const char *)u->sha256, 32 });
        k->file[k->n++] = (struct kept){
            .question = f != NULL ? f->name : NULL,
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

/* A text of a form. Files that were kept from before come one by one, each by
 * its id: together they are one value. */
static void
add_text(struct rq *rq, struct posted *p, struct http_param t)
{
    const struct field *f =
        rq->ledger != NULL ? ledger_field(rq->ledger, t.name) : NULL;

    for (size_t i = 0; f != NULL && f->kind == FK_FILES && i < p->n; i++)
        if (str_eq(p->input[i].name, t.name)) {
            p->input[i].value =
                arena_printf(rq->arena, "%.*s,%.*s", STR_ARG(p->input[i].value),
                             STR_ARG(t.value));
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

static struct posted *
posted_new(struct rq *rq)
{
    struct posted *p = arena_new_obj(rq->arena, struct posted);

    if (p != NULL)
        p->c = (struct change){
            .ledger = rq->ledger,
            .tenant = rq->who.dir->tenant.id,
            .person = rq->who.person,
            .read_only = rq->who.read_only,
            .origin = rq->by_token ? ORIGIN_API : ORIGIN_ENTERED,
        };
    return p;
}

struct change *
post_change(struct rq *rq, struct err *e)
{
    struct posted *p = posted_new(rq);

    if (p == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
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
        return rq_work(rq, rq->app->uploads, keep_files, p->keep, files_kept,
                       e);
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
    if (!row_texts(rq, p, row) || !own(rq, p, e))
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
