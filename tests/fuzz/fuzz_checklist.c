#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/csv.h"
#include "service/checklist_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
to_csv(void *ctx, const struct str *cells, size_t n)
{
    csv_put_row(ctx, cells, n);
    return true;
}

static void
touch(struct str s, size_t *sum)
{
    for (size_t i = 0; i < s.n; i++)
        *sum += (unsigned char)s.p[i];
}

/* What was read from our own form without a doubt is read alike again. */
static void
again(const struct checklist_read *c, struct arena *a)
{
    const struct checklist_read *d;
    struct err e;
    BUF(b, 8 * 1024 * 1024);

    if (!checklist_write(&c->head, c->items, c->n_items, NULL, a, to_csv, &b) ||
        b.over || !c->own_form || c->n_doubts > 0 ||
        c->problem.code != ERR_NONE)
        return;
    d = checklist_read_csv(buf_str(&b), a, &e);
    if (d == NULL)
        return;
    if (d->n_items != c->n_items)
        __builtin_trap();
    for (size_t i = 0; i < c->n_items; i++)
        if (!str_eq(c->items[i].text.zh, d->items[i].text.zh) ||
            c->items[i].id != d->items[i].id)
            __builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    ARENA(a, 4 * CHECKLIST_READ_MEMORY);
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    const struct checklist_read *c = NULL;
    size_t sum = 0;
    struct err e;

    if (fd < 0 || a == NULL)
        return 0;
    if (write(fd, p, n) == (ssize_t)n)
        c = checklist_read_fd(fd, "/tmp", a, &e);
    close(fd);
    if (c == NULL)
        return 0;
    if (c->n_items > CHECK_ITEMS_MAX)
        __builtin_trap();
    for (size_t i = 0; i < c->n_items; i++) {
        touch(c->items[i].text.zh, &sum);
        touch(c->items[i].section.zh, &sum);
        touch(c->items[i].standard.en, &sum);
        touch(c->from[i].sheet, &sum);
        if (c->from[i].row < 1)
            __builtin_trap();
    }
    for (size_t i = 0; i < c->n_doubts; i++)
        touch(c->doubts[i].arg, &sum);
    again(c, a);
    return sum == 1;
}
