/* What `anlan init` must be told: asked for on a terminal, named where there is
 * none. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/init_ask.h"
#include "cmd/link.h"
#include "codec/note.h"
#include "service/install.h"

enum { TRIES = 5, ANSWER_MAX = 200 };

static const char code_is[] =
    "stands in every address and QR code, https://HOST/t/CODE: "
    "2 to 32 of a-z, 0-9, -";
static const char name_is[] =
    "what the district is called; --name in English, --name-zh in Chinese, at "
    "least one";
static const char origin_is[] =
    "names the log in every checkpoint that outsiders keep, as "
    "safety.example.org/anlan";

static bool
said(const char *s)
{
    return s != NULL && s[0] != '\0';
}

bool
init_names_whole(const struct init_names *n)
{
    const struct {
        bool there;
        const char *flag, *is;
    } all[] = {
        { said(n->code), "--code", code_is },
        { said(n->name) || said(n->name_zh), "--name", name_is },
        { said(n->origin), "--origin", origin_is },
    };
    size_t missing = 0;

    for (size_t i = 0; i < N_OF(all); i++)
        if (!all[i].there)
            fprintf(stderr, "%s%s",
                    missing++ == 0 ? "anlan init: missing " : ", ",
                    all[i].flag);
    if (missing == 0)
        return true;
    fprintf(stderr, "\nCode and origin are for ever, so nothing of this is "
                    "guessed:\n");
    for (size_t i = 0; i < N_OF(all); i++)
        if (!all[i].there)
            fprintf(stderr, "  %-9s %s\n", all[i].flag, all[i].is);
    fprintf(stderr, "On a terminal it is asked for.\nusage: anlan init %s\n",
            verb_find("init")->args);
    return false;
}

/* ---- on a terminal ----------------------------------------------------------------- */

static bool
code_will_do(struct str s)
{
    return install_code_ok(s);
}

static bool
name_will_do(struct str s)
{
    return utf8_valid(s);
}

static bool
base_will_do(struct str s)
{
    return s.n == 0 || link_base_ok(s);
}

/* One answer into a text that lives as long as the process. */
static bool
ask(const char *question, bool (*will_do)(struct str), char out[ANSWER_MAX],
    const char **answer)
{
    for (int i = 0; i < TRIES && !said(*answer); i++) {
        struct str s;

        printf("%s: ", question);
        fflush(stdout);
        if (fgets(out, ANSWER_MAX, stdin) == NULL)
            return false;
        s = str_trim(str_of(out));
        memmove(out, s.p, s.n);
        out[s.n] = '\0';
        if (will_do(str_of(out))) {
            *answer = out;
            return true;
        }
        printf("  That will not do.\n");
    }
    return said(*answer);
}

static bool
agreed(const struct init_names *n)
{
    char line[ANSWER_MAX];

    printf("\n  addresses   %s/t/%s\n  name        %s%s%s\n  log         %s\n"
           "  time zone   %s\n\n"
           "All but the name and the host is for ever. Make it so? [y/n]: ",
           said(n->public_url) ? n->public_url : "https://HOST", n->code,
           n->name_zh, said(n->name_zh) && said(n->name) ? " / " : "", n->name,
           n->origin, n->zone);
    fflush(stdout);
    return fgets(line, sizeof(line), stdin) != NULL &&
           (line[0] == 'y' || line[0] == 'Y');
}

bool
init_names_ask(struct init_names *n)
{
    static char text[5][ANSWER_MAX];
    bool named = said(n->name) || said(n->name_zh);

    printf("A new installation. Two things are for ever, because addresses, QR "
           "codes and\nthe log carry them:\n"
           "  the code    %s\n  the origin  %s\n\n",
           code_is, origin_is);
    if (!ask("Code of the district", code_will_do, text[0], &n->code))
        return false;
    if (!named && (!ask("Name in Chinese (empty: none)", name_will_do, text[1],
                        &n->name_zh) ||
                   !ask("Name in English (empty: none)", name_will_do, text[2],
                        &n->name) ||
                   (!said(n->name) && !said(n->name_zh))))
        return false;
    if (n->name == NULL)
        n->name = "";
    if (n->name_zh == NULL)
        n->name_zh = "";
    return ask("Origin of its log", note_name_ok, text[3], &n->origin) &&
           ask("Address for people, as https://safety.example.org (empty: this "
               "machine alone, so far)",
               base_will_do, text[4], &n->public_url) &&
           agreed(n);
}
