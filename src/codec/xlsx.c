#include "codec/xlsx.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xlsx_part.h"

struct xlsx {
    zip_t *zip;
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
    if ((x->zip = open_zip(fd, e)) == NULL || !zip_bounds(x->zip, e) ||
        !book_read(&x->book, x->zip, e) ||
        (x->strings = strings_new(tmp_dir, e)) == NULL ||
        (x->book.shared != NULL &&
         !strings_read(x->strings, x->zip, x->book.shared, e))) {
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
    if (x->zip != NULL)
        zip_discard(x->zip);
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

bool
xlsx_each(struct xlsx *x, sheet_row_fn *fn, void *ctx, struct err *e)
{
    for (size_t i = 0; i < x->book.n; i++) {
        struct sheet_job job = {
            .zip = x->zip,
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

/* One part whole; NULL: it is none, too large, or damaged. The caller frees. */
static char *
picture_part(zip_t *z, zip_uint64_t i, size_t *n)
{
    zip_stat_t st;
    zip_file_t *f;
    char *p = NULL;

    if (zip_stat_index(z, i, 0, &st) != 0 || st.name == NULL ||
        strncmp(st.name, "xl/media/", 9) != 0 || st.size == 0 ||
        st.size > XLSX_PICTURE_MAX || (f = zip_fopen_index(z, i, 0)) == NULL)
        return NULL;
    if ((p = malloc(st.size)) != NULL &&
        zip_fread(f, p, st.size) != (zip_int64_t)st.size) {
        free(p);
        p = NULL;
    }
    zip_fclose(f);
    *n = st.size;
    return p;
}

bool
xlsx_pictures(int fd, xlsx_picture_fn *fn, void *ctx, struct err *e)
{
    zip_t *z = open_zip(fd, e);
    zip_int64_t all = z != NULL ? zip_get_num_entries(z, 0) : 0;
    bool more = true;
    int given = 0;

    if (z == NULL)
        return false;
    if (!zip_bounds(z, e)) {
        zip_discard(z);
        return false;
    }
    for (zip_int64_t i = 0; i < all && more && given < XLSX_PICTURES_MAX; i++) {
        size_t n = 0;
        char *p = picture_part(z, (zip_uint64_t)i, &n);

        if (p == NULL)
            continue;
        more = fn(ctx, (struct str){ p, n });
        given++;
        free(p);
    }
    zip_discard(z);
    return true;
}
