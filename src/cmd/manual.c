/* What `anlan man` and `anlan completion` print, from the tables of verbs and of
 * settings. */
#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "cmd/cmd.h"
#include "cmd/settings.h"

/* of both manual pages: when their texts were last gone through */
#define MANUAL_DATE "2026-11-30"

/* Text as roff takes it, in lines of its length: no hyphens from minus signs, no
 * quotes, no dot at the start of a line. */
static void
put_roff(const char *text)
{
    int column = 0;

    for (const char *p = text; *p != '\0'; p++, column++)
        if (*p == '-')
            column += printf("\\-") - 1;
        else if (*p == '"')
            column += printf("\\(dq") - 1;
        else if (*p == '\\')
            column += printf("\\e") - 1;
        else if (*p == ' ' && column > 50 && p[1] != '.' && p[1] != '\'')
            column = -(putchar('\n') == '\n');
        else
            putchar(*p);
}

static void
put_item(const char *head, const char *more, const char *about)
{
    printf(".TP\n.B ");
    put_roff(head);
    printf("\n");
    if (more[0] != '\0') {
        put_roff(more);
        printf("\n.br\n");
    }
    put_roff(about);
    printf("\n");
}

static void
put_manual_head(const char *name, int section, const char *about)
{
    printf(".TH %s %d %s \"anlan %s\"\n.SH NAME\n%s \\- %s\n", name, section,
           MANUAL_DATE, anlan_version, section == 5 ? "anlan.conf" : "anlan",
           about);
}

static void
put_settings_manual(void)
{
    put_manual_head("ANLAN.CONF", 5, "settings of the Anlan server");
    printf(
        ".SH DESCRIPTION\nA line is\n.IR \"name = value\" ;\nlines that "
        "begin with # are comments. Each setting is an option of\n"
        ".BR \"anlan serve\" ,\ntoo, as\n.BI \"\\-\\-name \" value ,\nwhich wins.\nThe log's settings count at once "
        "when the server gets\nSIGHUP, the "
        "others at the next start.\n.SH SETTINGS\n");
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        char preset[128];

        snprintf(preset, sizeof(preset), "preset: %s",
                 s->preset[0] != '\0' ? s->preset : "empty");
        put_item(s->name, preset, s->about);
    }
    printf(".SH SEE ALSO\n.BR anlan (1)\n");
}

/* The manual, from the table above. */
int
cmd_man(int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "conf") != 0)) {
        fprintf(stderr, "usage: anlan man %s\n", verb_find("man")->args);
        return EXIT_MISUSE;
    }
    if (argc == 2) {
        put_settings_manual();
        return EXIT_OK;
    }
    put_manual_head("ANLAN", 1, "the safety office of a school district");
    printf(".SH SYNOPSIS\n.B anlan\n.I verb\n.RI [ options ]\n"
           ".SH DESCRIPTION\nA server on which a school district keeps "
           "hazards,\nwho is responsible, what was promised by when,\nwhat was "
           "done and who checked it, with a log that outsiders can check.\n"
           ".SH VERBS\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        put_item(v->name, v->args, v->about);
    printf(".SH EXIT STATUS\n0 well; 1 something is wrong; 2 misuse.\n"
           ".SH FILES\n"
           ".TP\n.I /etc/anlan/anlan.conf\nsettings of the Debian package's "
           "service\n"
           ".TP\n.I /var/lib/anlan\nits data folder\n"
           ".TP\n.I /var/backups/anlan\na dated copy for each night\n"
           ".SH EXAMPLES\nA new installation, its first link, a token and a "
           "backup:\n.PP\n.nf\n"
           "anlan init \\-\\-data DIR \\-\\-code CODE \\-\\-name NAME "
           "\\-\\-origin ORIGIN\n"
           "anlan user link admin \\-\\-data DIR\n"
           "anlan token add admin timetable \\-\\-scopes read \\-\\-data DIR\n"
           "anlan backup COPY \\-\\-data DIR\n.fi\n"
           ".SH SEE ALSO\n.BR anlan.conf (5)\n");
    return EXIT_OK;
}

/* For bash: verbs, options of each, folders and files. */
int
cmd_completion(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("# bash completion of anlan, made by \"anlan completion\"\n"
           "_anlan()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
           "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        printf("%s ", v->name);
    printf("--help --version\"\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n");
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        printf("\t\t%s) words=\"--help", v->name);
        for (const char *p = strstr(v->args, "--"); p != NULL;
             p = strstr(p + 2, "--")) {
            size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz-");

            if (n > 2)
                printf(" %.*s", (int)n, p);
        }
        if (v->run == cmd_serve)
            for (const struct setting *s = settings_table; s->name != NULL; s++)
                printf(" --%s", s->name);
        printf("\" ;;\n");
    }
    printf(
        "\t\tesac\n\tfi\n"
        "\tcase $cur in\n"
        "\t-*) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\") ;;\n"
        "\t*) if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
        "\telse\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
        "\tfi ;;\n\tesac\n}\ncomplete -o filenames -F _anlan anlan\n");
    return EXIT_OK;
}
