/* anlan rebuild, backup, restore. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/backup.h"
#include "service/backups.h"
#include "service/erased.h"
#include "service/rebuild.h"
#include "service/restore.h"

int
cmd_rebuild(int argc, char **argv)
{
    const char *data = "data";
    struct rebuild r = { .check = false };
    const struct option o[] = { { "--data", &data, NULL },
                                { "--check", NULL, &r.check } };
    size_t none = 0;
    struct err e = { 0 };
    struct writer *w;
    bool ok;

    if (!options_read(verb_find("rebuild"), argc, argv, o, N_OF(o), NULL,
                      &none))
        return EXIT_MISUSE;
    w = writer_new(data, clock_now_ms, &e);
    ok = w != NULL && rebuild_run(w, &r, &e);
    writer_free(w);
    if (!ok && r.check)
        fprintf(stderr,
                "anlan: nothing was compared. Where an index is damaged, "
                "\"anlan rebuild\" makes it anew\n");
    if (!ok)
        return cmd_fail(&e);
    for (size_t i = 0; i < r.n_told && i < REBUILD_TOLD; i++)
        printf("%s\n", r.told[i]);
    printf("%ld records, %zu tables %s.\n", (long)r.records, r.n_told,
           r.check ? "would become different" : "became different");
    return r.check && r.n_told > 0 ? EXIT_WRONG : EXIT_OK;
}

/* Copy to TO.tmp, check it there, then give it its name. mark: it is put back,
 * and what was erased since comes along. */
static int
copy_checked(const struct backup *b, bool mark)
{
    char tmp[3100];
    struct backup half = *b;
    const char *to = b->to;
    struct err e = { 0 };
    struct writer *w;
    size_t n = strlen(to);
    bool ok;

    while (n > 1 && to[n - 1] == '/')
        n--;
    if (snprintf(tmp, sizeof(tmp), "%.*s.tmp", (int)n, to) >=
        (int)sizeof(tmp)) {
        fprintf(stderr, "anlan: the name is too long\n");
        return EXIT_WRONG;
    }
    half.to = tmp;
    if (!backup_copy(&half, &e))
        return cmd_fail(&e);
    if (mark) {
        w = writer_new(tmp, clock_now_ms, &e);
        ok = w != NULL && writer_run(w, restore_mark_job, NULL, &e) &&
             erased_bring(b->from, tmp, &e);
        writer_free(w);
        if (!ok)
            return cmd_fail(&e);
    }
    if (verify_print(&(struct verify_ask){ .data = tmp }, &e) != EXIT_OK) {
        fprintf(stderr, "anlan: the copy stays in %s\n", tmp);
        return EXIT_WRONG;
    }
    return backup_rename(tmp, to, &e) ? EXIT_OK : cmd_fail(&e);
}

/* True when nothing is there, or an empty folder. */
static bool
is_free(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    if (d == NULL)
        return true;
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n <= 2;
}

/* ---- dated copies ---------------------------------------------------------------- */

static void
say_gone(const char *name, void *arg)
{
    (void)arg;
    printf("%s was kept long enough and is gone.\n", name);
}

/* One more copy in a folder of them; those kept long enough go. */
static int
copy_dated(const struct backup *in, int64_t days)
{
    const char *folder = in->to;
    struct backup b = *in;
    char name[BACKUPS_NAME], last[BACKUPS_NAME], to[3100], like[3100];
    int64_t now = clock_now_ms();
    struct err e = { 0 };

    if (strlen(folder) > 3000) {
        fprintf(stderr, "anlan: the name is too long\n");
        return EXIT_WRONG;
    }
    (void)mkdir(folder, 0700); /* where it cannot be made, the copy says so */
    backups_name(now, name);
    snprintf(to, sizeof(to), "%s/%s", folder, name);
    b.to = to;
    if (backups_newest(folder, last)) {
        snprintf(like, sizeof(like), "%s/%s", folder, last);
        b.like = like;
    }
    if (!is_free(to)) {
        fprintf(stderr, "anlan backup: %s is there already\n", to);
        return EXIT_WRONG;
    }
    if (copy_checked(&b, false) != EXIT_OK)
        return EXIT_WRONG;
    printf("%s\n", to);
    return erased_note(folder, to, &e) &&
                   backups_expire(folder, now, days, say_gone, NULL, &e)
               ? EXIT_OK
               : cmd_fail(&e);
}

int
cmd_backup(int argc, char **argv)
{
    const char *data = "data", *keep = NULL, *word[1];
    bool with_key = false;
    const struct option o[] = { { "--data", &data, NULL },
                                { "--keep", &keep, NULL },
                                { "--with-key", NULL, &with_key } };
    size_t n = N_OF(word);
    const struct verb *v = verb_find("backup");
    struct backup b = { .from = NULL };
    int64_t days = 0;

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (n != 1 || (keep != NULL && (!str_i64(str_of(keep), &days) || days < 1 ||
                                    days > 36500))) {
        fprintf(stderr, "usage: anlan backup %s\n", v->args);
        return EXIT_MISUSE;
    }
    b = (struct backup){ .from = data, .to = word[0], .with_key = with_key };
    if (keep != NULL)
        return copy_dated(&b, days);
    if (!is_free(word[0])) {
        fprintf(stderr, "anlan backup: %s is there already\n", word[0]);
        return EXIT_WRONG;
    }
    return copy_checked(&b, false);
}

/* ---- going on -------------------------------------------------------------------- */

static void
say_left(const char *line, void *arg)
{
    (void)arg;
    printf("To be erased by hand: %s\n", line);
}

/* What was erased after the copy was made is erased again. */
static int
erase_again(const char *data)
{
    struct erased_again all = { .data = data, .told = say_left };
    struct err e = { 0 };
    struct writer *w;
    bool ok;

    if (!erased_waits(data))
        return EXIT_OK;
    w = writer_new(data, clock_now_ms, &e);
    ok = w != NULL && erased_again(w, &all, &e);
    writer_free(w);
    if (!ok)
        return cmd_fail(&e);
    if (all.done > 0)
        printf("Erased again, as before: %ld\n", all.done);
    if (all.left > 0)
        printf("Then: anlan restore --erase-again --data %s\n", data);
    return EXIT_OK;
}

static int
run_in(const char *data, bool (*job)(struct tx *, void *, struct err *),
       void *arg)
{
    struct err e = { 0 };
    struct writer *w = writer_new(data, clock_now_ms, &e);
    bool ok = w != NULL && writer_run(w, job, arg, &e);

    writer_free(w);
    return ok ? EXIT_OK : cmd_fail(&e);
}

static int
go_on(const char *data, const char *const *path, size_t n)
{
    struct checkpoint_files files;
    struct err e = { 0 };
    int rc = checkpoints_read(&files, path, n, &e) ? EXIT_OK : cmd_fail(&e);
    struct restore_proof p = { files.note, files.n };

    if (rc == EXIT_OK)
        rc = run_in(data, restore_continue_job, &p);
    checkpoints_fini(&files);
    if (rc != EXIT_OK)
        return rc;
    printf("The log goes on where the checkpoints leave it.\n");
    return erase_again(data);
}

static int
put_back(const char *from, const char *data)
{
    const struct backup b = { .from = from, .to = data, .with_key = true };
    char newest[BACKUPS_NAME], in[3100];

    if (snprintf(in, sizeof(in), "%s/anlan.db", from) < (int)sizeof(in) &&
        access(in, F_OK) != 0 && backups_newest(from, newest)) {
        fprintf(stderr,
                "anlan restore: %s holds dated copies. Name one of them, the "
                "newest is %s/%s\n",
                from, from, newest);
        return EXIT_WRONG;
    }
    if (is_free(data))
        return copy_checked(&b, true);
    fprintf(stderr, "anlan restore: %s is not empty\n", data);
    return EXIT_WRONG;
}

static int
go_on_as(const char *data, const char *origin)
{
    struct str name = str_of(origin);
    int rc = run_in(data, restore_new_origin_job, &name);

    if (rc != EXIT_OK)
        return rc;
    printf("The log goes on under the name %s.\n", origin);
    return erase_again(data);
}

int
cmd_restore(int argc, char **argv)
{
    const char *data = NULL, *first = NULL, *origin = NULL,
               *word[CHECKPOINTS_MAX];
    bool on = false, again = false;
    const struct option o[] = { { "--data", &data, NULL },
                                { "--checkpoint", &first, NULL },
                                { "--new-origin", &origin, NULL },
                                { "--erase-again", NULL, &again },
                                { "--continue", NULL, &on } };
    size_t n = N_OF(word) - 1;
    const struct verb *v = verb_find("restore");

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (data != NULL && on && first != NULL) {
        word[n++] = first;
        return go_on(data, word, n);
    }
    if (data != NULL && again && n == 0)
        return erase_again(data);
    if (data != NULL && origin != NULL && n == 0)
        return go_on_as(data, origin);
    if (data != NULL && n == 1 && !on)
        return put_back(word[0], data);
    fprintf(stderr, "usage: anlan restore %s\n", v->args);
    return EXIT_MISUSE;
}
