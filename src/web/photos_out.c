/* Guidance photographs on their way out. */
#include <stdlib.h>
#include <unistd.h>

#include "codec/hash.h"
#include "web/photos.h"
#include "web/view.h"

enum { NAME_HEX = 16 };

static char *
read_all(int fd, size_t n)
{
    char *p = n > 0 && n <= PICTURE_COPY_MAX ? malloc(n) : NULL;
    size_t have = 0;

    while (p != NULL && have < n) {
        ssize_t got = read(fd, p + have, n - have);

        if (got <= 0) {
            free(p);
            return NULL;
        }
        have += (size_t)got;
    }
    return p;
}

/* Take what fd gives if it is a clean picture of the size that is shown. */
static bool
take(int fd, int64_t size, struct photo *out)
{
    unsigned w = 0;

    if (fd < 0)
        return false;
    out->n = size > 0 ? (size_t)size : 0;
    out->jpeg = read_all(fd, out->n);
    close(fd);
    if (out->jpeg != NULL &&
        picture_is_clean((struct str){ out->jpeg, out->n }, &w, &out->h) &&
        w <= PICTURE_LARGE_PX && out->h <= PICTURE_LARGE_PX)
        return true;
    free(out->jpeg);
    out->jpeg = NULL;
    return false;
}

void
photo_read(struct rq *rq, struct str ids, struct photo *out)
{
    const struct pictures *p = &rq->app->pictures;
    int64_t id, tenant = rq->who.dir->tenant.id, size;
    struct file_row row;
    struct err e;
    unsigned w, h;
    bool clean;
    BUF(hex, 80);

    *out = (struct photo){ .name = STR("") };
    if (!str_i64(ids, &id) || !view_file_row(rq, id, &row, &e) ||
        str_is(row.type, "erased"))
        return;
    out->name = str_cut(row.sha, 0, NAME_HEX);
    if (!pictures_takes(row.type))
        return;
    clean =
        str_is(row.type, "image/jpeg") &&
        take(files_open_whole(p->data_dir, tenant, &row, &e), row.size, out);
    if (!clean &&
        picture_state(p->data_dir, tenant, row.sha, &w, &h) == PICTURE_UNKNOWN)
        (void)!pictures_look(p, tenant, row.sha, &e);
    if (!clean) {
        int fd =
            picture_open(p->data_dir, tenant, row.sha, PICTURE_LARGE, &size);

        clean = take(fd, size, out);
    }
    if (!clean)
        return;
    hash_hex(&hex, (struct str){ out->jpeg, out->n });
    out->name = arena_printf(rq->arena, "%.*s.jpg", NAME_HEX, hex.p);
}

bool
photo_names(struct rq *rq, const struct check_item *it, size_t n, bool with,
            struct str **names, struct err *e)
{
    int64_t together = 0;

    *names = arena_new_array(rq->arena, struct str, n + 1);
    if (*names == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++) {
        struct photo p;

        photo_read(rq, it[i].photo, &p);
        (*names)[i] = p.name;
        together += p.jpeg != NULL ? (int64_t)p.n : 0;
        free(p.jpeg);
    }
    return !with || together <= rq->app->upload_max ||
           err_set(e, ERR_TOO_LARGE, NULL,
                   "The photographs together are larger than a file that can "
                   "be read again: take it out as CSV, or use fewer");
}
