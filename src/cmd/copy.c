/* anlan copy: the database of a data folder, from one engine to another. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/move.h"

struct telling {
    char table[64];
    bool live; /* somebody watches */
};

static void
tell(const char *table, int64_t rows, void *arg)
{
    struct telling *t = arg;

    if (strcmp(t->table, table) != 0 && t->table[0] != '\0' && t->live)
        printf("\n");
    snprintf(t->table, sizeof(t->table), "%s", table);
    if (t->live)
        printf("\r%-14s %10ld rows", table, (long)rows);
    fflush(stdout);
}

static void
print_found(const struct finding *f, void *arg)
{
    BUF(b, 8192);

    (void)arg;
    finding_format(&b, f);
    printf("%.*s\n", (int)b.n, b.p);
}

static const char *
folder_of(const char *end)
{
    return strncmp(end, "sqlite:", 7) == 0 && end[7] != '\0' ? end + 7 : NULL;
}

int
cmd_copy(int argc, char **argv)
{
    const char *from = "", *to = "";
    const struct option o[] = { { "--from", &from, NULL },
                                { "--to", &to, NULL } };
    const struct verb *v = verb_find("copy");
    struct telling t = { .live = isatty(STDOUT_FILENO) };
    struct move m = {
        .progress = tell, .found = print_found, .arg = &t, .clock = clock_now_ms
    };
    struct err e = { 0 };
    size_t none = 0;

    if (!options_read(v, argc, argv, o, N_OF(o), NULL, &none))
        return EXIT_MISUSE;
    m.dir = folder_of(from) != NULL ? folder_of(from) : folder_of(to);
    m.url = folder_of(from) != NULL ? to : NULL;
    if (m.dir == NULL || (folder_of(from) != NULL) == (folder_of(to) != NULL)) {
        fprintf(stderr, "usage: anlan copy %s\n", v->args);
        return EXIT_MISUSE;
    }
    if (m.url == NULL && !store_point(m.dir, from, &e))
        return cmd_fail(&e); /* not where the folder's database is */
    if (!move_run(&m, &e))
        return cmd_fail(&e);
    printf("%sMoved and checked: %s has its database %s now.\n",
           t.live ? "\n" : "", m.dir, m.url != NULL ? "there" : "in a file");
    return EXIT_OK;
}
