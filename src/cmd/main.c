/* anlan: the safety office of a school district. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/import_read.h"
#include "cmd/settings.h"

/* clang-format off */
const struct verb verbs[] = {
    { "serve",   cmd_serve,   "[--config FILE] [--data DIR] [--port N] [--secure] [--NAME VALUE ...]",
      "serve the pages and the API" },
    { "init",    cmd_init,    "[--data DIR] --code CODE --name NAME [--name-zh NAME] --origin NAME [--public-url URL] [--zone ZONE] [--login NAME] [--database URL] | --example [--data DIR] [--database URL]",
      "make a new installation; what is for ever, code and origin, is asked for on a terminal and never guessed" },
    { "import",  cmd_import,  "--ledger hazard --dry-run [--json] [--heading ROW] [--column N=FIELD] FILE",
      "show what an old ledger would become" },
    { "district", cmd_district, "add CODE --name NAME [--name-zh NAME] --login ADMIN [--zone ZONE] [--data DIR] | list [--data DIR]",
      "a further district in the same installation" },
    { "user",    cmd_user,    "link LOGIN [--data DIR] | add LOGIN DISTRICT ROLE [--data DIR]",
      "give somebody a one-time link to set a password" },
    { "token",   cmd_token,   "add LOGIN NAME [--scopes \"read write\"] [--days N] [--post ID] | list TENANT | revoke TENANT ID [--data DIR]",
      "bearer tokens for programs" },
    { "migrate", cmd_migrate, "[--data DIR]",
      "bring the database to this version" },
    { "verify",  cmd_verify,  "[--data DIR] [--json] [--vkey KEY] [--checkpoint FILE [FILE ...]] | --proof FILE --vkey KEY",
      "check everything against the log, or a proof from it" },
    { "rebuild", cmd_rebuild, "[--data DIR] [--check]",
      "make rows, counters, search and names again from the log" },
    { "backup",  cmd_backup,  "DIR [--data DIR] [--with-key] [--keep DAYS]",
      "copy a running installation and check the copy" },
    { "restore", cmd_restore, "FROM --data DIR | --continue --checkpoint FILE [FILE ...] --data DIR | --new-origin NAME --data DIR | --erase-again --data DIR",
      "put a copy back, and take it into use again" },
    { "copy",    cmd_copy,    "--from sqlite:DIR --to postgresql://URL | --from postgresql://URL --to sqlite:DIR",
      "move the database of a data folder to another engine" },
    { "routes",  cmd_routes,  "",
      "print every address and who may use it" },
    { "settings", cmd_settings, "",
      "print every setting of serve, as a file to edit" },
    { "man",     cmd_man,     "",
      "print the manual page" },
    { NULL, NULL, NULL, NULL }
};
/* clang-format on */

static int
help(FILE *to)
{
    fprintf(to, "Anlan, the safety office of a school district.\n\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        fprintf(to, "  anlan %-8s %s\n", v->name, v->about);
    fprintf(to, "\nanlan VERB --help tells more. Exit: 0 well, 1 something is "
                "wrong, 2 misuse.\n");
    return to == stdout ? EXIT_OK : EXIT_MISUSE;
}

/* The manual, from the table above. */
int
cmd_man(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf(".TH ANLAN 1\n.SH NAME\nanlan \\- the safety office of a school "
           "district\n.SH SYNOPSIS\n.B anlan\n.I VERB\n[options]\n"
           ".SH VERBS\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        printf(".TP\n.B %s %s\n%s\n", v->name, v->args, v->about);
    printf(".SH SETTINGS\n");
    for (const struct setting *s = settings_table; s->name != NULL; s++)
        printf(".TP\n.B %s\n%s (preset: %s)\n", s->name, s->about, s->preset);
    printf(".SH EXIT STATUS\n0 well; 1 something is wrong; 2 misuse.\n"
           ".SH FILES\n.TP\n/var/lib/anlan\nthe data folder of the Debian "
           "package\n");
    return EXIT_OK;
}

int
main(int argc, char **argv)
{
    const struct verb *v;

    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout);
    if ((v = verb_find(argv[1])) == NULL) {
        fprintf(stderr, "anlan: no verb \"%s\"\n", argv[1]);
        return help(stderr);
    }
    if (argc > 2 && strcmp(argv[2], "--help") == 0 && v->run != cmd_import) {
        printf("%s\n\nusage: anlan %s %s\n", v->about, v->name, v->args);
        return EXIT_OK;
    }
    if (argc > 2 && v->args[0] == '\0') {
        fprintf(stderr, "usage: anlan %s\n", v->name);
        return EXIT_MISUSE;
    }
    return v->run(argc - 1, argv + 1);
}
