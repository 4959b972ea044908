/* anlan: the safety office of a school district. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

/* clang-format off */
const struct verb verbs[] = {
    { "serve",   cmd_serve,   "[--data DIR] [--address A] [--port N] [--threads N] [--secure]",
      "serve the pages and the API" },
    { "init",    cmd_init,    "[--data DIR] [--example] [--code CODE] [--name NAME] [--name-zh NAME] [--zone ZONE] [--origin NAME] [--login NAME]",
      "make a new installation" },
    { "user",    cmd_user,    "link LOGIN [--data DIR]",
      "give somebody a one-time link to set a password" },
    { "token",   cmd_token,   "add LOGIN NAME [--scopes \"read write\"] [--days N] | list TENANT | revoke TENANT ID [--data DIR]",
      "bearer tokens for programs" },
    { "migrate", cmd_migrate, "[--data DIR]",
      "bring the database to this version" },
    { "verify",  cmd_verify,  "[--data DIR] [--json] [--vkey KEY] | --proof FILE --vkey KEY",
      "check everything against the log, or a proof from it" },
    { "rebuild", cmd_rebuild, "[--data DIR] [--check]",
      "make rows, counters, search and names again from the log" },
    { "backup",  cmd_backup,  "DIR [--data DIR] [--with-key]",
      "copy a running installation and check the copy" },
    { "restore", cmd_restore, "FROM --data DIR | --continue --checkpoint FILE [FILE ...] --data DIR | --new-origin NAME --data DIR",
      "put a copy back, and take it into use again" },
    { "routes",  cmd_routes,  "",
      "print every address and who may use it" },
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
    if (argc > 2 && strcmp(argv[2], "--help") == 0) {
        printf("%s\n\nusage: anlan %s %s\n", v->about, v->name, v->args);
        return EXIT_OK;
    }
    return v->run(argc - 1, argv + 1);
}
