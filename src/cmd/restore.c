/* anlan restore: put a copy back, and let its log go on. */
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"
#include "cmd/checked_copy.h"
#include "cmd/cmd.h"
#include "service/backups.h"
#include "service/erased.h"
#include "service/restore.h"

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
    int rc;

    if (snprintf(in, sizeof(in), "%s/anlan.db", from) < (int)sizeof(in) &&
        access(in, F_OK) != 0 && backups_newest(from, newest)) {
        fprintf(stderr,
                "anlan restore: %s holds dated copies. Name one of them, the "
                "newest is %s/%s\n",
                from, from, newest);
        return EXIT_WRONG;
    }
    if (folder_is_free(data)) {
        (void)copy_checked(&b, true, &rc);
        return rc;
    }
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
