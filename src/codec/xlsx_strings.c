#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xlsx_part.h"

/*
 * Shared texts stand in an unlinked file, one after another; an index of
 * where each ends stays in memory, 4 bytes a text.  Rows mostly name texts in
 * the order they stand, so a few cached blocks spare nearly all reads.
 */
enum { BLOCK = 16 * 1024, SLOTS = 64, TEXTS_MAX = 8 * 1024 * 1024 };

struct strings {
    int fd;
    uint32_t *ends;
    size_t n, cap;
    uint64_t size;   /* bytes given to the file or still in out */
    struct buf out;  /* not yet written */
    struct buf text; /* of the <si> being read */
    bool in_si, in_t, in_phonetic;
    struct {
        int64_t block; /* -1: empty */
        size_t n;
        char p[BLOCK];
    } * slot;
};

static bool
disk_failed(struct err *e)
{
    return err_set(e, err_disk(errno), NULL,
                   "the temporary file cannot be written; free some space in "
                   "the temporary folder");
}

static int
open_unlinked(const char *dir)
{
    char path[4096];
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        return fd;
    if (snprintf(path, sizeof(path), "%s/anlan-XXXXXX", dir) >=
        (int)sizeof(path))
        return -1;
    if ((fd = mkostemp(path, O_CLOEXEC)) >= 0)
        unlink(path);
    return fd;
}

struct strings *
strings_new(const char *tmp_dir, struct err *e)
{
    struct strings *s = calloc(1, sizeof(*s));

    if (s == NULL || (s->slot = malloc(SLOTS * sizeof(*s->slot))) == NULL) {
        free(s);
        err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        return NULL;
    }
    for (size_t i = 0; i < SLOTS; i++)
        s->slot[i].block = -1;
    buf_init(&s->out, 4 * XLSX_CELL_MAX);
    buf_init(&s->text, 2 * XLSX_CELL_MAX);
    s->fd = open_unlinked(tmp_dir != NULL ? tmp_dir : "/var/tmp");
    if (s->fd < 0 && tmp_dir == NULL)
        s->fd = open_unlinked("/tmp");
    if (s->fd < 0) {
        disk_failed(e);
        strings_free(s);
        return NULL;
    }
    return s;
}

void
strings_free(struct strings *s)
{
    if (s == NULL)
        return;
    if (s->fd >= 0)
        close(s->fd);
    buf_fini(&s->out);
    buf_fini(&s->text);
    free(s->slot);
    free(s->ends);
    free(s);
}

static int
hex4(const char *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                       : -1;

        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

void
strings_unescape(struct buf *b, size_t from)
{
    size_t to = from;

    if (b->n < from + 7 || memmem(b->p + from, b->n - from, "_x", 2) == NULL)
        return;
    for (size_t i = from; i < b->n;) {
        int v = -1;

        if (i + 7 <= b->n && b->p[i] == '_' && b->p[i + 1] == 'x' &&
            b->p[i + 6] == '_')
            v = hex4(b->p + i + 2);
        if (v > 0 && (v < 0xd800 || v > 0xdfff)) {
            to += utf8_put(b->p + to, v);
            i += 7;
        } else {
            b->p[to++] = b->p[i++];
        }
    }
    b->n = to;
}

static bool
flush(struct strings *s, struct err *e)
{
    for (size_t at = 0; at < s->out.n;) {
        ssize_t n = write(s->fd, s->out.p + at, s->out.n - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return disk_failed(e);
        at += (size_t)n;
    }
    buf_clear(&s->out);
    return true;
}

static bool
add(struct strings *s, struct err *e)
{
    if (s->n == s->cap) {
        size_t cap = s->cap > 0 ? s->cap + s->cap / 2 : 1024;
        uint32_t *p = realloc(s->ends, cap * sizeof(*p));

        if (p == NULL)
            return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        s->ends = p;
        s->cap = cap;
    }
    strings_unescape(&s->text, 0);
    s->size += s->text.n;
    if (s->text.n > XLSX_CELL_MAX || s->text.over || s->n == TEXTS_MAX ||
        s->size > XLSX_SHARED_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the workbook holds more text than a ledger can have; "
                       "split it into smaller files");
    s->ends[s->n++] = (uint32_t)s->size;
    buf_str_put(&s->out, buf_str(&s->text));
    buf_clear(&s->text);
    return s->out.n < XLSX_CELL_MAX || flush(s, e);
}

static void
on_start(struct xml *x, const char *name, const char **attr)
{
    struct strings *s = x->ctx;

    (void)attr;
    if (strcmp(name, "si") == 0)
        s->in_si = true;
    else if (strcmp(name, "rPh") == 0)
        s->in_phonetic = true;
    else if (strcmp(name, "t") == 0)
        s->in_t = s->in_si && !s->in_phonetic;
}

static void
on_end(struct xml *x, const char *name)
{
    struct strings *s = x->ctx;

    if (strcmp(name, "t") == 0)
        s->in_t = false;
    else if (strcmp(name, "rPh") == 0)
        s->in_phonetic = false;
    if (strcmp(name, "si") != 0)
        return;
    s->in_si = false;
    if (!add(s, x->e))
        xml_stop(x);
}

static void
on_text(struct xml *x, struct str t)
{
    struct strings *s = x->ctx;

    if (s->in_t)
        buf_str_put(&s->text, t);
}

bool
strings_read(struct strings *s, struct package *z, const char *part,
             struct err *e)
{
    struct xml x = {
        .start = on_start, .end = on_end, .text = on_text, .ctx = s
    };

    if (!xml_part(z, part, &x, e) || !flush(s, e))
        return false;
    buf_fini(&s->out);
    return true;
}

static bool
block_at(struct strings *s, int64_t block, size_t *slot, struct err *e)
{
    size_t i = (size_t)(block % SLOTS);
    ssize_t n;

    *slot = i;
    if (s->slot[i].block == block)
        return true;
    do
        n = pread(s->fd, s->slot[i].p, BLOCK, block * BLOCK);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(e, ERR_STORE, NULL,
                       "the temporary file cannot be read; try again");
    s->slot[i].block = block;
    s->slot[i].n = (size_t)n;
    return true;
}

bool
strings_get(struct strings *s, uint64_t i, struct buf *out, struct err *e)
{
    uint64_t at, end;

    if (i >= s->n)
        return true;
    at = i > 0 ? s->ends[i - 1] : 0;
    end = s->ends[i];
    while (at < end) {
        size_t k, from, n;

        if (!block_at(s, (int64_t)(at / BLOCK), &k, e))
            return false;
        from = (size_t)(at % BLOCK);
        if (from >= s->slot[k].n)
            return err_set(e, ERR_STORE, NULL,
                           "the temporary file cannot be read; try again");
        n = s->slot[k].n - from;
        if (n > end - at)
            n = (size_t)(end - at);
        buf_put(out, s->slot[k].p + from, n);
        at += n;
    }
    return true;
}
