#include "codec/xlsx.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xlsx_part.h"

struct xlsx {
    struct xlsx_budget budget;
    struct package pack;
    struct book book;
    struct strings *strings;
};

static zip_t *
open_zip(int fd, struct err *e)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3), why = 0;
    zip_t *z;

    if (own < 0 || lseek(own, 0, SEEK_SET) < 0) {
        if (own >= 0)
            close(own);
        err_set(e, ERR_STORE, NULL, "the file cannot be read; try again");
        return NULL;
    }
    if (!zip_honest(own, e)) {
        close(own);
        return NULL;
    }
    if ((z = zip_fdopen(own, ZIP_CHECKCONS, &why)) != NULL)
        return z;
    /* Some programs write headers that differ in small ways. */
    if ((z = zip_fdopen(own, 0, &why)) != NULL)
        return z;
    close(own);
    if (why == ZIP_ER_MEMORY)
        err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    else
        err_set(e, ERR_TYPE, NULL,
                "the file is damaged or was cut short while it was copied; "
                "copy it again, or open it in Excel or WPS and save it anew");
    return NULL;
}

struct xlsx *
xlsx_open(int fd, const char *tmp_dir, struct err *e)
{
    struct xlsx *x = calloc(1, sizeof(*x));

    if (x == NULL || (x->book.a = arena_new(4 * 1024 * 1024)) == NULL) {
        free(x);
        err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        return NULL;
    }
    budget_init(&x->budget, fd, XLSX_SECONDS);
    x->pack.budget = &x->budget;
    if ((x->pack.zip = open_zip(fd, e)) == NULL || !zip_bounds(&x->pack, e) ||
        !book_read(&x->book, &x->pack, e) ||
        (x->strings = strings_new(tmp_dir, e)) == NULL ||
        (x->book.shared != NULL &&
         !strings_read(x->strings, &x->pack, x->book.shared, e))) {
        xlsx_close(x);
        return NULL;
    }
    return x;
}

void
xlsx_close(struct xlsx *x)
{
    if (x == NULL)
        return;
    strings_free(x->strings);
    if (x->pack.zip != NULL)
        zip_discard(x->pack.zip);
    for (size_t i = 0; i < x->book.n; i++)
        merges_free(x->book.sheets[i].merges);
    free(x->book.sheets);
    free(x->book.is_date);
    arena_free(x->book.a);
    free(x);
}

size_t
xlsx_sheet_count(const struct xlsx *x)
{
    return x->book.n;
}

struct str
xlsx_sheet_name(const struct xlsx *x, size_t i)
{
    return i < x->book.n ? x->book.sheets[i].name : STR("");
}

bool
xlsx_sheet_hidden(const struct xlsx *x, size_t i)
{
    return i < x->book.n && x->book.sheets[i].hidden;
}

void
xlsx_give_time(struct xlsx *x, int fd, unsigned seconds)
{
    const int64_t inflated = x->budget.inflated;

    budget_init(&x->budget, fd, seconds);
    x->budget.inflated = inflated;
}

bool
xlsx_each(struct xlsx *x, sheet_row_fn *fn, void *ctx, struct err *e)
{
    for (size_t i = 0; i < x->book.n; i++) {
        struct sheet_job job = {
            .zip = &x->pack,
            .book = &x->book,
            .strings = x->strings,
            .no = i,
            .fn = fn,
            .ctx = ctx,
        };

        /* A chart or dialogue sheet has no worksheet part. */
        if (x->book.sheets[i].part == NULL)
            continue;
        if (!sheet_read(&job, e))
            return false;
    }
    return true;
}

/* One part whole; *p is the caller's to free. NULL: it is none, too large, or
 * damaged. False: the budget is spent. */
static bool
picture_part(struct package *z, zip_uint64_t i, char **p, size_t *n,
             struct err *e)
{
    struct part_reader r = { 0 };
    zip_stat_t st;
    bool whole;
    size_t got;

    *p = NULL;
    *n = 0;
    if (zip_stat_index(z->zip, i, 0, &st) != 0 || st.name == NULL ||
        strncmp(st.name, "xl/media/", 9) != 0 || st.size == 0 ||
        st.size > XLSX_PICTURE_MAX || (*p = malloc(st.size)) == NULL)
        return true;
    whole = part_open(&r, z, st.name, e);
    while (whole && *n < st.size) {
        whole = part_read(&r, *p + *n, st.size - *n, &got, e) && got > 0;
        *n += got;
    }
    part_close(&r);
    if (whole)
        return true;
    free(*p);
    *p = NULL;
    return z->budget->inflated <= z->budget->most && e->code != ERR_TOO_LARGE;
}

static bool
each_picture(struct package *z, xlsx_picture_fn *fn, void *ctx, struct err *e)
{
    zip_int64_t all = zip_get_num_entries(z->zip, 0);
    bool more = true;
    int given = 0;

    if (!zip_bounds(z, e))
        return false;
    for (zip_int64_t i = 0; i < all && more && given < XLSX_PICTURES_MAX; i++) {
        size_t n;
        char *p;

        if (!picture_part(z, (zip_uint64_t)i, &p, &n, e))
            return false;
        if (p == NULL)
            continue;
        more = fn(ctx, (struct str){ p, n });
        given++;
        free(p);
    }
    return true;
}

bool
xlsx_pictures(int fd, xlsx_picture_fn *fn, void *ctx, struct err *e)
{
    struct xlsx_budget budget;
    struct package z = { .zip = open_zip(fd, e), .budget = &budget };
    bool ok;

    if (z.zip == NULL)
        return false;
    budget_init(&budget, fd, XLSX_SECONDS);
    e->code = ERR_NONE;
    ok = each_picture(&z, fn, ctx, e);
    zip_discard(z.zip);
    return ok;
}
