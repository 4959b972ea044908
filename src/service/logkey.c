#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "base/disk.h"
#include "service/logkey.h"
#include "store/folder.h"
#include "store/stmt.h"

static void
path_of(char out[4200], const char *dir, const char *name)
{
    snprintf(out, 4200, "%s/%s", dir, name);
}

struct str
logkey_origin(struct arena *a, const struct tenant *t)
{
    return arena_printf(a, "%.*s/%.*s", STR_ARG(t->origin), STR_ARG(t->code));
}

bool
logkey_load(const char *dir, struct logkey *k, struct err *e)
{
    char path[4200];
    ssize_t n;
    int fd;

    path_of(path, dir, "log.key");
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_STORE, NULL,
                       "The log's key %s cannot be read (%d)", path, errno);
    n = read(fd, k->text, sizeof(k->text) - 1);
    close(fd);
    if (n < 0)
        return err_set(e, ERR_STORE, NULL,
                       "The log's key %s cannot be read (%d)", path, errno);
    if (signer_parse(str_trim((struct str){ k->text, (size_t)n }), &k->signer,
                     e))
        return true;
    e->code = ERR_STORE;
    return false;
}

void
logkey_fini(struct logkey *k)
{
    sodium_memzero(k, sizeof(*k));
}

bool
logkey_public(struct store *st, struct arena *a, struct note_key *k,
              struct err *e)
{
    struct str v;

    return stmt_one(st, &stmts[Q_SETTING_GET], ARGS(ARG(STR("log_key"))), a,
                    COLS(COL(&v)), e) &&
           vkey_parse(v, k, e);
}

static bool
write_key(const char *dir, const struct note_signer *s, struct err *e)
{
    bool ok;
    BUF(b, 1024);

    signer_format(&b, s);
    buf_putc(&b, '\n');
    ok = b.over ? err_set(e, ERR_TOO_LARGE, NULL, "The log's name is too long")
                : folder_replace(dir, "log.key", buf_str(&b), e);
    if (b.p != NULL)
        sodium_memzero(b.p, b.cap);
    return ok;
}

static bool
make(struct tx *tx, struct logkey *k, struct err *e)
{
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    if (n == 0 || !note_name_ok(list[0].origin))
        return err_set(e, ERR_INVALID, "origin",
                       "The origin is a name like example.org/anlan, without "
                       "blanks and \"+\"");
    signer_make(&k->signer, list[0].origin);
    return write_key(tx_folder(tx), &k->signer, e);
}

bool
logkey_make_job(struct tx *tx, void *arg, struct err *e)
{
    struct note_key was;
    struct logkey k;
    BUF(b, 1024);
    bool ok = logkey_load(tx_folder(tx), &k, e), noted;

    (void)arg;
    if (!ok && e->code != ERR_MISSING)
        return false;
    noted = logkey_public(tx->st, tx->arena, &was, e);
    if (!noted && e->code != ERR_MISSING)
        return false;
    if (!ok && noted)
        return err_set(e, ERR_CONFLICT, NULL,
                       "The file log.key is gone: put it back from its own "
                       "backup");
    if (!ok && !make(tx, &k, e))
        return false;
    vkey_format(&b, &k.signer.key);
    ok = noted ||
         QRUN(tx->st, SETTING_PUT, e, ARG(STR("log_key")), ARG(buf_str(&b)));
    logkey_fini(&k);
    return ok;
}
