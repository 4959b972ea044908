/* anlan: the safety office of a school district. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/version.h"
#include "cmd/cmd.h"
#include "cmd/import_read.h"
#include "cmd/settings.h"

/* clang-format off */
const struct verb verbs[] = {
    { "serve",   cmd_serve,   "[--config FILE] [--data DIR] [--port N] [--secure] [--NAME VALUE ...]",
      "serve the pages and the API", false },
    { "init",    cmd_init,    "[--data DIR] --code CODE --name NAME [--name-zh NAME] --origin NAME [--public-url URL] [--zone ZONE] [--login NAME] [--database URL] | --example [--data DIR] [--database URL]",
      "make a new installation; what is for ever, code and origin, is asked for on a terminal and never guessed", true },
    { "import",  cmd_import,  "--ledger hazard --dry-run [--json] [--heading ROW] [--column N=FIELD] FILE",
      "show what an old ledger would become", false },
    { "district", cmd_district, "add CODE --name NAME [--name-zh NAME] --login ADMIN [--zone ZONE] [--data DIR] | list [--data DIR]",
      "a further district in the same installation", true },
    { "user",    cmd_user,    "link LOGIN [--data DIR] | add LOGIN DISTRICT ROLE [--data DIR]",
      "give somebody a one-time link to set a password", true },
    { "token",   cmd_token,   "add LOGIN NAME [--scopes \"read write\"] [--days N] [--post ID] | list TENANT | revoke TENANT ID [--data DIR]",
      "bearer tokens for programs", true },
    { "migrate", cmd_migrate, "[--data DIR]",
      "bring the database to this version", true },
    { "verify",  cmd_verify,  "[--data DIR] [--json] [--vkey KEY] [--checkpoint FILE [FILE ...]] | --proof FILE --vkey KEY",
      "check everything against the log, or a proof from it", false },
    { "rebuild", cmd_rebuild, "[--data DIR] [--check]",
      "make rows, counters, search and names again from the log", true },
    { "backup",  cmd_backup,  "DIR [--data DIR] [--with-key] [--keep DAYS]",
      "copy a running installation and check the copy", false },
    { "restore", cmd_restore, "FROM --data DIR | --continue --checkpoint FILE [FILE ...] --data DIR | --new-origin NAME --data DIR | --erase-again --data DIR",
      "put a copy back, and take it into use again", false },
    { "copy",    cmd_copy,    "--from sqlite:DIR --to postgresql://URL | --from postgresql://URL --to sqlite:DIR",
      "move the database of a data folder to another engine", false },
    { "doctor",  cmd_doctor,  "[--config FILE] [--data DIR] [--json]",
      "look whether an installation is as it should be, and say what to do", false },
    { "routes",  cmd_routes,  "",
      "print every address and who may use it", false },
    { "settings", cmd_settings, "",
      "print every setting of serve, as a file to edit", false },
    { "man",     cmd_man,     "[conf]",
      "print the manual page, or that of the settings", false },
    { "completion", cmd_completion, "",
      "print what bash completes verbs and options with", false },
    { NULL, NULL, NULL, NULL, false }
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

/* Root leaves nothing behind in a folder of another user that this user cannot
 * read: it goes on as the folder's owner. */
static bool
go_on_as_owner(int argc, char **argv)
{
    const char *data = "data";
    const struct passwd *p;
    struct stat st;

    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--data") == 0)
            data = argv[i + 1];
    if (geteuid() != 0 || stat(data, &st) != 0 || st.st_uid == 0)
        return true;
    p = getpwuid(st.st_uid);
    if ((p != NULL ? initgroups(p->pw_name, st.st_gid) : setgroups(0, NULL)) ==
            0 &&
        setgid(st.st_gid) == 0 && setuid(st.st_uid) == 0)
        return true;
    fprintf(stderr,
            "anlan: %s belongs to another user: run this as that user\n", data);
    return false;
}

static bool
asks_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int
run_verb(const struct verb *v, int argc, char **argv)
{
    if (argc > 2 && asks_help(argv[2]) && v->run != cmd_import) {
        printf("%s\n\nusage: anlan %s %s\n", v->about, v->name, v->args);
        return EXIT_OK;
    }
    if (argc > 2 && v->args[0] == '\0') {
        fprintf(stderr, "usage: anlan %s\n", v->name);
        return EXIT_MISUSE;
    }
    if (v->as_owner && !go_on_as_owner(argc, argv))
        return EXIT_WRONG;
    return v->run(argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
    const struct verb *v;

    if (argc < 2)
        return help(stderr);
    if (asks_help(argv[1]) || strcmp(argv[1], "help") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("anlan %s\n", anlan_version);
        return EXIT_OK;
    }
    if ((v = verb_find(argv[1])) != NULL)
        return run_verb(v, argc, argv);
    fprintf(stderr, "anlan: no verb \"%s\"\n", argv[1]);
    return help(stderr);
}
