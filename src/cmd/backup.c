/* anlan rebuild, backup. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/time.h"
#include "cmd/checked_copy.h"
#include "cmd/cmd.h"
#include "service/backups.h"
#include "service/erased.h"
#include "service/rebuild.h"

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

/* ---- dated copies ---------------------------------------------------------------- */

static void
say_gone(const char *name, void *arg)
{
    (void)arg;
    printf("%s was kept long enough and is gone.\n", name);
}

/* Whoever puts a copy back on another machine has to bring these along. */
static void
say_left_out(const struct backup *b)
{
    printf("Not in the copy: %slog.head, row.key and browser.key (made anew), "
           "settings outside the data folder, files that the settings name.\n",
           b->with_key ? "" : "log.key (take it once with --with-key), ");
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
    int rc;

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
    if (!folder_is_free(to)) {
        fprintf(stderr, "anlan backup: %s is there already\n", to);
        return EXIT_WRONG;
    }
    backups_clear(folder);
    if (!copy_checked(&b, false, &rc))
        return EXIT_WRONG;
    printf("%s\n", to);
    say_left_out(in);
    return erased_note(folder, to, &e) &&
                   backups_expire(folder, (struct backups_age){ now, days },
                                  say_gone, NULL, &e)
               ? rc
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
    int rc;

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
    if (!folder_is_free(word[0])) {
        fprintf(stderr, "anlan backup: %s is there already\n", word[0]);
        return EXIT_WRONG;
    }
    if (copy_checked(&b, false, &rc))
        say_left_out(&b);
    return rc;
}
