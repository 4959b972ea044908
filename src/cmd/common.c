#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/account.h"
#include "service/writer.h"

const struct verb *
verb_find(const char *name)
{
    for (const struct verb *v = verbs; v->name != NULL; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

static bool
misuse(const struct verb *v, const char *what, const char *arg)
{
    fprintf(stderr, "anlan %s: %s%s\nusage: anlan %s %s\n", v->name, what, arg,
            v->name, v->args);
    return false;
}

static const struct option *
option_find(const struct option *o, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(o[i].name, name) == 0)
            return &o[i];
    return NULL;
}

bool
options_read(const struct verb *v, int argc, char **argv,
             const struct option *o, size_t n, const char **word,
             size_t *n_words)
{
    size_t room = *n_words;

    *n_words = 0;
    for (int i = 1; i < argc; i++) {
        const struct option *x = option_find(o, n, argv[i]);

        if (x != NULL && x->flag != NULL)
            *x->flag = true;
        else if (x != NULL && i + 1 < argc)
            *x->value = argv[++i];
        else if (x != NULL)
            return misuse(v, "a value is missing after ", argv[i]);
        else if (argv[i][0] == '-')
            return misuse(v, "unknown option ", argv[i]);
        else if (*n_words == room)
            return misuse(v, "too many arguments: ", argv[i]);
        else
            word[(*n_words)++] = argv[i];
    }
    return true;
}

int
cmd_fail(const struct err *e)
{
    char text[1024];

    fprintf(stderr, "anlan: %s%s%s\n", e->field != NULL ? e->field : "",
            e->field != NULL ? ": " : "", err_text(e, text, sizeof(text)));
    return EXIT_WRONG;
}

int
cmd_run_aside(const char *data, bool (*job)(struct tx *, void *, struct err *),
              void *arg)
{
    struct err e = { 0 };
    struct writer *w = writer_new_aside(data, clock_now_ms, &e);
    bool ok = w != NULL && writer_run(w, job, arg, &e);

    writer_free(w);
    return ok ? EXIT_OK : cmd_fail(&e);
}

bool
cmd_account(struct tx *tx, struct str login, struct account *a, struct err *e)
{
    return account_find(tx->st, login, tx->arena, a, e) ||
           (e->code == ERR_MISSING &&
            err_set(e, ERR_MISSING, NULL, "Nobody signs in as \"%.*s\"",
                    STR_ARG(login)));
}
