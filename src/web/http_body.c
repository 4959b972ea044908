#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clean.h"
#include "web/http_int.h"

static bool
too_large(struct request *rq)
{
    return err_set(&rq->pub.bad, ERR_TOO_LARGE, NULL, "The body is too large.");
}

/* The fields may still be read, so that nobody types them twice. */
static void
no_room(struct request *rq)
{
    struct body *b = &rq->body;

    b->over = true;
    b->files[b->n_files - 1].over = true;
    err_set(&rq->pub.bad, ERR_TOO_LARGE, NULL,
            "The files are too large together: at most %ld MB can be sent at "
            "once. Send fewer at a time, or take smaller photographs",
            (long)(b->limits.file_max >> 20));
}

static bool
malformed(struct request *rq)
{
    return err_set(&rq->pub.bad, ERR_INVALID, NULL,
                   "The form arrived incomplete: perhaps the line was cut. "
                   "Go back and send it once more");
}

static bool
file_failed(struct request *rq)
{
    return err_set(&rq->pub.bad, err_disk(errno), NULL,
                   "The file could not be kept.");
}

static bool
no_memory(struct request *rq)
{
    return err_set(&rq->pub.bad, ERR_BUSY, NULL, "The server is busy.");
}

/* Text is put into one buffer, which may move: only offsets are kept. */
static bool
text_put(struct request *rq, struct str s)
{
    buf_str_put(&rq->body.text, s);
    return !rq->body.text.over || too_large(rq);
}

static bool
text_begin(struct request *rq, const struct part_head *head)
{
    struct body *b = &rq->body;
    struct span span = { .name = b->text.n, .n_name = head->name.n };

    if (!text_put(rq, head->name))
        return false;
    span.value = b->text.n;
    buf_put(&b->spans, &span, sizeof(span));
    if (b->spans.over)
        return err_set(&rq->pub.bad, ERR_TOO_LARGE, NULL,
                       "The form has too many fields.");
    return true;
}

static bool
file_begin(struct request *rq, const struct part_head *head)
{
    struct body *b = &rq->body;
    struct arena *a = rq->pub.arena;
    struct http_upload *f;
    struct str path;

    if (b->n_files == FORM_FILES_MAX)
        return err_set(&rq->pub.bad, ERR_TOO_LARGE, NULL,
                       "The form has too many files.");
    if (b->files == NULL)
        b->files = arena_new_array(a, struct http_upload, FORM_FILES_MAX);
    path = arena_printf(a, "%s/upload-XXXXXX", rq->http->tmp_dir);
    if (b->files == NULL || path.n == 0)
        return no_memory(rq);
    f = &b->files[b->n_files];
    *f = (struct http_upload){ .name = arena_dup(a, head->name),
                               .filename = text_clean_line(
                                   a, arena_dup(a, head->filename)),
                               .type = arena_dup(a, head->type),
                               .path = path.p };
    if (b->md == NULL && (b->md = EVP_MD_CTX_new()) == NULL)
        return no_memory(rq);
    if (arena_failed(a) ||
        EVP_DigestInit_ex(b->md, rq->http->sha256, NULL) != 1)
        return no_memory(rq);
    /* arena memory is ours to write to */
    if ((b->fd = mkostemp((char *)(uintptr_t)path.p, O_CLOEXEC)) < 0)
        return file_failed(rq);
    b->n_files++;
    return true;
}

static bool
on_begin(void *arg, const struct part_head *head)
{
    struct request *rq = arg;
    struct body *b = &rq->body;

    if (!utf8_valid(head->name) || !utf8_valid(head->filename))
        return err_set(&rq->pub.bad, ERR_INVALID, NULL,
                       "The text is not valid UTF-8.");
    b->in_file = head->is_file;
    b->skip = head->is_file && head->filename.n == 0; /* none was chosen */
    if (b->skip)
        return true;
    return b->in_file ? file_begin(rq, head) : text_begin(rq, head);
}

static bool
file_put(struct request *rq, const char *p, size_t n)
{
    struct body *b = &rq->body;
    ssize_t done;

    if (b->files[b->n_files - 1].over)
        return true;
    if ((int64_t)n > b->limits.file_max - b->file_bytes) {
        b->file_bytes -= b->files[b->n_files - 1].size;
        no_room(rq);
        return ftruncate(b->fd, 0) == 0 || file_failed(rq);
    }
    b->file_bytes += (int64_t)n;
    b->files[b->n_files - 1].size += (int64_t)n;
    EVP_DigestUpdate(b->md, p, n);
    while (n > 0) {
        if ((done = write(b->fd, p, n)) < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return file_failed(rq);
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool
on_data(void *arg, const char *p, size_t n)
{
    struct request *rq = arg;
    struct body *b = &rq->body;

    if (b->skip)
        return true;
    return b->in_file ? file_put(rq, p, n) : text_put(rq, (struct str){ p, n });
}

static bool
on_end(void *arg)
{
    struct request *rq = arg;
    struct body *b = &rq->body;
    struct span last;
    char *at;

    if (b->skip)
        return true;
    if (b->in_file) {
        EVP_DigestFinal_ex(b->md, b->files[b->n_files - 1].sha256, NULL);
        int rc = close(b->fd);

        b->fd = -1;
        return rc == 0 || file_failed(rq);
    }
    at = b->spans.p + b->spans.n - sizeof(last);
    memcpy(&last, at, sizeof(last));
    last.n_value = b->text.n - last.value;
    memcpy(at, &last, sizeof(last));
    return true;
}

static const struct multipart_events events = { on_begin, on_data, on_end };

static bool
charset_fits(struct str type)
{
    struct str charset = form_header_param(type, "charset");
    char low[16] = "";

    if (charset.n == 0)
        return true;
    for (size_t i = 0; i < charset.n && i + 1 < sizeof(low); i++)
        low[i] = (char)(charset.p[i] | (charset.p[i] >= 'A' ? 0x20 : 0));
    return strcmp(low, "utf-8") == 0 || strcmp(low, "us-ascii") == 0;
}

void
body_begin(struct request *rq)
{
    struct body *b = &rq->body;
    struct str type = rq->pub.content_type;
    int64_t length = rq->content_length;

    b->kind = length > 0 || rq->chunked ? BODY_RAW : BODY_NONE;
    if (b->kind == BODY_NONE)
        return;
    if (b->limits.body_max > (size_t)HTTP_DISCARD_MAX)
        b->limits.body_max = (size_t)HTTP_DISCARD_MAX;
    b->text.max = b->limits.body_max;
    b->spans.max = FORM_FIELDS_MAX * sizeof(struct span);
    if (form_type_is(type, "application/x-www-form-urlencoded"))
        b->kind = BODY_FORM;
    else if (form_type_is(type, "multipart/form-data"))
        b->kind = BODY_MULTIPART;
    if (b->kind != BODY_RAW && !charset_fits(type)) {
        err_set(&rq->pub.bad, ERR_TYPE, NULL, "The text is not in UTF-8.");
        return;
    }
    if (b->kind == BODY_MULTIPART) {
        if (b->limits.body_max == 0 && b->limits.file_max == 0)
            too_large(rq);
        else if (!multipart_init(&b->mp, form_header_param(type, "boundary"),
                                 &events, rq))
            malformed(rq);
    } else if (b->limits.body_max == 0 || length > (int64_t)b->limits.body_max)
        too_large(rq);
}

bool
body_feed(struct request *rq, const char *p, size_t n)
{
    struct body *b = &rq->body;

    b->received += (int64_t)n;
    atomic_store_explicit(&rq->conn->held, (int64_t)b->text.cap,
                          memory_order_relaxed);
    atomic_store_explicit(&rq->conn->active_ms, http_now_ms(),
                          memory_order_relaxed);
    atomic_store_explicit(&rq->conn->received, b->received,
                          memory_order_relaxed);
    /* photographs from a telephone: hear them out, so that words come back */
    if (rq->pub.bad.code != ERR_NONE &&
        b->received > (b->over ? 4 : 1) * HTTP_DISCARD_MAX)
        return false;
    if (rq->pub.bad.code != ERR_NONE && !b->over)
        return true;
    if (b->kind != BODY_MULTIPART)
        text_put(rq, (struct str){ p, n });
    else if (!multipart_feed(&b->mp, p, n) && rq->pub.bad.code == ERR_NONE)
        malformed(rq);
    return true;
}

/* Turn the spans of a complete multipart form into fields. */
static bool
fields_from_spans(struct request *rq)
{
    struct body *b = &rq->body;
    size_t n = b->spans.n / sizeof(struct span);
    struct http_param *f =
        arena_new_array(rq->pub.arena, struct http_param, n + 1);
    struct str text = buf_str(&b->text);
    struct span s;

    if (f == NULL)
        return no_memory(rq);
    for (size_t i = 0; i < n; i++) {
        memcpy(&s, b->spans.p + i * sizeof(s), sizeof(s));
        f[i].name = str_cut(text, s.name, s.name + s.n_name);
        f[i].value = str_cut(text, s.value, s.value + s.n_value);
        if (!utf8_valid(f[i].value) ||
            memchr(f[i].value.p, 0, f[i].value.n) != NULL)
            return err_set(&rq->pub.bad, ERR_INVALID, NULL,
                           "The text is not valid UTF-8.");
    }
    rq->pub.form = f;
    rq->pub.n_form = n;
    rq->pub.files = b->files;
    rq->pub.n_files = b->n_files;
    return true;
}

void
body_end(struct request *rq)
{
    struct body *b = &rq->body;

    rq->body_done = true;
    if ((rq->pub.bad.code != ERR_NONE && !b->over) || b->kind == BODY_NONE)
        return;
    if (b->kind == BODY_RAW)
        rq->pub.body = buf_str(&b->text);
    else if (b->kind == BODY_MULTIPART) {
        if (!multipart_ended(&b->mp))
            malformed(rq);
        else
            fields_from_spans(rq);
    } else if (b->text.n > 0)
        form_parse(rq->pub.arena, b->text.p, b->text.n, &rq->pub.form,
                   &rq->pub.n_form, &rq->pub.bad);
}

void
body_reset(struct request *rq)
{
    struct body *b = &rq->body;

    if (b->fd >= 0)
        close(b->fd);
    for (size_t i = 0; i < b->n_files; i++)
        unlink(b->files[i].path); /* renamed away: nothing is there */
    buf_clear(&b->text);
    buf_clear(&b->spans);
    if (b->text.cap > HTTP_KEEP_MAX)
        buf_fini(&b->text);
    b->kind = BODY_NONE;
    b->limits = (struct http_limits){ 0 };
    b->received = b->file_bytes = 0;
    b->fd = -1;
    b->files = NULL;
    b->n_files = 0;
    b->over = false;
}
