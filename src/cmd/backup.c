/* anlan rebuild, backup, restore. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/backup.h"
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
    if (!ok)
        return cmd_fail(&e);
    for (size_t i = 0; i < r.n_told && i < REBUILD_TOLD; i++)
        printf("%s\n", r.told[i]);
    printf("%ld records, %zu tables %s.\n", (long)r.records, r.n_told,
           r.check ? "would become different" : "became different");
    return r.check && r.n_told > 0 ? EXIT_WRONG : EXIT_OK;
}

/* Copy to TO.tmp, check it there, then give it its name. */
static int
copy_checked(const char *from, const char *to, bool with_key, bool mark)
{
    char tmp[3100];
    struct err e = { 0 };
    struct writer *w;
    long files = 0;
    bool ok;

    size_t n = strlen(to);

    while (n > 1 && to[n - 1] == '/')
        n--;
    if (snprintf(tmp, sizeof(tmp), "%.*s.tmp", (int)n, to) >=
        (int)sizeof(tmp)) {
        fprintf(stderr, "anlan: the name is too long\n");
        return EXIT_WRONG;
    }
    if (!backup_copy(from, tmp, with_key, &files, &e))
        return cmd_fail(&e);
    if (mark) {
        w = writer_new(tmp, clock_now_ms, &e);
        ok = w != NULL && writer_run(w, restore_mark_job, NULL, &e);
        writer_free(w);
        if (!ok)
            return cmd_fail(&e);
    }
    if (verify_print(tmp, NULL, false, &e) != EXIT_OK) {
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

int
cmd_backup(int argc, char **argv)
{
    const char *data = "data", *word[1];
    bool with_key = false;
    const struct option o[] = { { "--data", &data, NULL },
                                { "--with-key", NULL, &with_key } };
    size_t n = N_OF(word);
    const struct verb *v = verb_find("backup");

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (n != 1) {
        fprintf(stderr, "usage: anlan backup %s\n", v->args);
        return EXIT_MISUSE;
    }
    if (!is_free(word[0])) {
        fprintf(stderr, "anlan backup: %s is there already\n", word[0]);
        return EXIT_WRONG;
    }
    return copy_checked(data, word[0], with_key, false);
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
    struct buf file[32] = { { 0 } };
    struct str note[32];
    struct err e = { 0 };
    struct restore_proof p = { note, n };
    int rc = EXIT_OK;

    for (size_t i = 0; i < n && rc == EXIT_OK; i++) {
        if (!file_read(path[i], 64 * 1024, &file[i], &e))
            rc = cmd_fail(&e);
        note[i] = buf_str(&file[i]);
    }
    if (rc == EXIT_OK)
        rc = run_in(data, restore_continue_job, &p);
    for (size_t i = 0; i < n; i++)
        buf_fini(&file[i]);
    if (rc == EXIT_OK)
        printf("The log goes on where the checkpoints leave it.\n");
    return rc;
}

int
cmd_restore(int argc, char **argv)
{
    const char *data = NULL, *first = NULL, *origin = NULL, *word[32];
    bool on = false;
    const struct option o[] = { { "--data", &data, NULL },
                                { "--checkpoint", &first, NULL },
                                { "--new-origin", &origin, NULL },
                                { "--continue", NULL, &on } };
    size_t n = N_OF(word) - 1;
    const struct verb *v = verb_find("restore");

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (data != NULL && on && first != NULL) {
        word[n++] = first;
        return go_on(data, word, n);
    }
    if (data != NULL && origin != NULL && n == 0)
        return run_in(data, restore_new_origin_job,
                      &(struct str){ origin, strlen(origin) });
    if (data == NULL || n != 1 || on) {
        fprintf(stderr, "usage: anlan restore %s\n", v->args);
        return EXIT_MISUSE;
    }
    if (!is_free(data)) {
        fprintf(stderr, "anlan restore: %s is not empty\n", data);
        return EXIT_WRONG;
    }
    return copy_checked(word[0], data, true, true);
}
