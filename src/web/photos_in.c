/* Guidance photographs on their way in. */
#include <fcntl.h>
#include <unistd.h>

#include "codec/hash.h"
#include "codec/xlsx.h"
#include "web/photos.h"

enum { NAME_HEX = 16 };

struct taking {
    const struct checklist_read *read;
    const char *path;
    struct arena *arena;
    struct keeping *keep;
    int64_t left;
};

/* The name under which a row asks for these bytes; "" = no row does. */
static struct str
asked_as(const struct taking *t, struct str hex)
{
    for (size_t i = 0; i < t->read->n_items; i++) {
        struct str name = t->read->from[i].photo;

        if (name.n >= NAME_HEX &&
            str_eq(str_cut(name, 0, NAME_HEX), str_cut(hex, 0, NAME_HEX)))
            return name;
    }
    return STR("");
}

static bool
put(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0;

    while (ok && bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        ok = n > 0;
        if (ok)
            bytes = str_cut(bytes, (size_t)n, bytes.n);
    }
    return fd >= 0 && close(fd) == 0 && ok;
}

static bool
is_there(const struct keeping *k, struct str sha)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->file[i].sha, sha))
            return true;
    return false;
}

static bool
on_picture(void *ctx, struct str bytes)
{
    struct taking *t = ctx;
    struct keeping *k = t->keep;
    struct kept f = { .size = (int64_t)bytes.n };
    BUF(hex, 80);

    hash_hex(&hex, bytes);
    f.sha = arena_dup(t->arena, buf_str(&hex));
    f.name = asked_as(t, f.sha);
    if (f.name.n == 0 || is_there(k, f.sha))
        return true;
    if (f.size > t->left || k->n == CHECK_ITEMS_MAX)
        return false;
    t->left -= f.size;
    f.tmp = arena_printf(t->arena, "%s-%zu", t->path, k->n).p;
    if (f.tmp == NULL || arena_failed(t->arena))
        return false;
    k->file[k->n++] = f; /* also a half written one: it is cleared away */
    return put(f.tmp, bytes);
}

bool
photos_take(int fd, const char *path, const struct checklist_read *c,
            int64_t max, struct arena *a, struct keeping *k, struct err *e)
{
    struct taking t = {
        .read = c, .path = path, .arena = a, .keep = k, .left = max
    };
    bool some = false;

    for (size_t i = 0; i < c->n_items; i++)
        some |= c->from[i].photo.n > 0;
    k->n = 0;
    k->file = arena_new_array(a, struct kept, CHECK_ITEMS_MAX);
    if (k->file == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return !some || xlsx_pictures(fd, on_picture, &t, e);
}

int64_t
photo_kept(const struct keeping *k, struct str name)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->file[i].ready && str_eq(k->file[i].name, name))
            return k->file[i].id;
    return 0;
}
