/* A copy of an installation that is checked before it has its name. */
#include "cmd/checked_copy.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "service/erased.h"
#include "service/restore.h"
#include "service/verify.h"

enum { NOTES_MAX = 4 << 20, NOTES_PRINTED = 1000 };

/* What is wrong with a copy, as it goes. */
struct notes {
    struct buf incomplete;
    long files, here, other;
};

static void
note_file(const char *line, void *arg)
{
    struct notes *n = arg;

    n->files++;
    buf_printf(&n->incomplete, "%s\n", line);
    if (n->files <= NOTES_PRINTED)
        printf("%s\n", line);
}

static void
note_here(const char *line, void *arg)
{
    struct notes *n = arg;

    if (++n->here <= NOTES_PRINTED)
        printf("%s\n", line);
}

/* The copying has told of it already. */
static bool
is_told(const struct finding *f, struct str lines)
{
    BUF(begin, 256);

    if (strcmp(f->kind, "file") != 0)
        return false;
    buf_printf(&begin, "district %.*s, file %ld (", STR_ARG(f->tenant),
               (long)f->id);
    return str_find(lines, buf_str(&begin)) >= 0;
}

static void
note_finding(const struct finding *f, void *arg)
{
    struct notes *n = arg;
    BUF(line, 8192);

    if (is_told(f, buf_str(&n->incomplete)))
        return;
    finding_format(&line, f);
    buf_putc(&line, '\n');
    buf_str_put(&n->incomplete, buf_str(&line));
    if (n->files + n->other < NOTES_PRINTED)
        fwrite(line.p, 1, line.n, stdout);
    if (strcmp(f->kind, "file") == 0 && f->seq < 0)
        n->files++;
    else
        n->other++;
}

static bool
verify_copy(const char *dir, struct notes *n, struct verify *v, struct err *e)
{
    bool ok;

    *v = (struct verify){ .dir = dir, .found = note_finding, .arg = n };
    if ((v->st = store_open(dir, STORE_READ, e)) == NULL)
        return false;
    ok = store_is_current(v->st, e) && verify_run(v, e);
    store_close(v->st);
    return ok;
}

static int
say_verified(const struct notes *n, const struct verify *v)
{
    if (n->files + n->other == 0) {
        printf("All is as the log says: %ld tenants, %ld events, %ld records, "
               "%ld tiles, %ld checkpoints, %ld files.\n",
               (long)v->tenants, (long)v->events, (long)v->rows, (long)v->tiles,
               (long)v->checkpoints, (long)v->files);
        return n->here == 0 ? EXIT_OK : EXIT_WRONG;
    }
    printf("%ld things are wrong.\n", n->files + n->other);
    return EXIT_WRONG;
}

/* What it lacks goes with the copy, whatever becomes of this terminal. */
static bool
write_notes(const char *dir, const struct notes *n, struct err *e)
{
    struct str text = buf_str(&n->incomplete);

    return n->files + n->other == 0 ||
           disk_write(dir, BACKUP_INCOMPLETE, text) ||
           err_set(e, ERR_STORE, NULL, "%s cannot be written (%d)", dir, errno);
}

/* It is put back: it may only be read, and what was erased since comes along. */
static bool
mark_restored(const char *from, const char *dir, struct err *e)
{
    struct writer *w = writer_new(dir, clock_now_ms, e);
    bool ok = w != NULL && writer_run(w, restore_mark_job, NULL, e) &&
              erased_bring(from, dir, e);

    writer_free(w);
    return ok;
}

/* A copy stands whatever is wrong with it, for it may be the last; one that is
 * put back only when no more than bytes of files are. */
static int
check_copy(const struct backup *b, const char *to, bool mark, struct notes *n)
{
    struct err e = { 0 };
    struct verify v;
    int rc;

    if (mark && !mark_restored(b->from, b->to, &e))
        return cmd_fail(&e);
    if (verify_copy(b->to, n, &v, &e)) {
        rc = say_verified(n, &v);
    } else {
        rc = cmd_fail(&e);
        n->other++;
        buf_puts(&n->incomplete, "the check of this copy could not go on\n");
    }
    if (mark && n->other > 0) {
        fprintf(stderr, "anlan: the copy stays in %s\n", b->to);
        return EXIT_WRONG;
    }
    if (!mark && !write_notes(b->to, n, &e))
        return cmd_fail(&e);
    if (!backup_rename(b->to, to, &e))
        return cmd_fail(&e);
    if (!mark && n->files + n->other == 0 &&
        !backup_note(b->from, clock_now_ms(), &e))
        (void)cmd_fail(&e); /* the copy is whole all the same */
    return rc;
}

bool
copy_checked(const struct backup *b, bool mark, int *rc)
{
    struct notes notes = { .files = 0 };
    char tmp[3100], to[3100];
    struct backup half = *b;
    struct err e = { 0 };
    size_t n = strlen(b->to);

    *rc = EXIT_WRONG;
    while (n > 1 && b->to[n - 1] == '/')
        n--;
    if (n + 5 > sizeof(tmp)) {
        fprintf(stderr, "anlan: the name is too long\n");
        return false;
    }
    snprintf(to, sizeof(to), "%.*s", (int)n, b->to);
    snprintf(tmp, sizeof(tmp), "%.*s.tmp", (int)n, b->to);
    backup_clear(tmp);
    half.to = tmp;
    half.told = note_file;
    half.told_here = note_here;
    half.arg = &notes;
    buf_init(&notes.incomplete, NOTES_MAX);
    if (backup_copy(&half, &e)) {
        *rc = check_copy(&half, to, mark, &notes);
        if (half.lock >= 0)
            close(half.lock);
    } else {
        *rc = cmd_fail(&e);
    }
    buf_fini(&notes.incomplete);
    return access(tmp, F_OK) != 0 && access(to, F_OK) == 0;
}

bool
folder_is_free(const char *path)
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
