#include "domain/token_scope.h"

struct word {
    struct str ledger, verb;
};

/* The next word, with the three that stand alone written out. */
static bool
next_word(struct str *rest, struct word *out)
{
    struct str one;
    ptrdiff_t colon;

    do {
        if (!str_split(rest, ' ', &one))
            return false;
    } while (one.n == 0);
    colon = str_find(one, STR(":"));
    if (colon >= 0)
        *out = (struct word){ str_cut(one, 0, (size_t)colon),
                              str_cut(one, (size_t)colon + 1, one.n) };
    else if (str_is(one, "write"))
        *out = (struct word){ STR("*"), STR("*") };
    else
        *out = (struct word){ STR("*"), one };
    return true;
}

static bool
is_step(const struct ledger *l, struct str verb)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if (str_is(verb, l->steps[i].verb))
            return true;
    return false;
}

static bool
is_plain(struct str verb)
{
    return str_in_words(verb, "read export import files sign");
}

static bool
is_step_somewhere(const struct ledger *l, struct str verb)
{
    if (l != NULL)
        return is_step(l, verb);
    for (size_t i = 0; i < n_ledgers; i++)
        if (is_step(ledgers[i], verb))
            return true;
    /* of every ledger, though none lists them: service/erase.h */
    return str_in_words(verb, "erase erase_files erase_words");
}

static bool
covers(const struct word *w, struct str verb)
{
    return str_is(w->verb, "*") ? !str_is(verb, "sign") : str_eq(w->verb, verb);
}

static struct str
known_verb(const struct ledger *l, const char *verb)
{
    struct str v = str_of(verb);

    return is_plain(v) || is_step_somewhere(l, v) || is_step_somewhere(NULL, v)
               ? v
               : STR("read");
}

bool
token_scope_has(struct str words, const struct ledger *l, const char *verb)
{
    struct str v = known_verb(l, verb);
    struct word w;

    while (next_word(&words, &w))
        if (covers(&w, v) &&
            (str_is(w.ledger, "*") || (l != NULL && str_is(w.ledger, l->name))))
            return true;
    return false;
}

bool
token_scope_somewhere(struct str words, const char *verb)
{
    struct word w;

    while (next_word(&words, &w))
        if (covers(&w, str_of(verb)))
            return true;
    return false;
}

bool
token_scope_writes(struct str words)
{
    struct word w;

    while (next_word(&words, &w))
        if (!str_in_words(w.verb, "read export"))
            return true;
    return false;
}

bool
token_scope_check(struct str words, struct err *e)
{
    struct word w;
    bool any = false;

    for (; next_word(&words, &w); any = true) {
        const struct ledger *l = ledger_find(w.ledger);

        if ((l == NULL && !str_is(w.ledger, "*")) ||
            !(str_is(w.verb, "*") || is_plain(w.verb) ||
              is_step_somewhere(l, w.verb)))
            return err_set(e, ERR_INVALID, "scopes",
                           "\"%.*s:%.*s\" is no scope: write LEDGER:VERB, as "
                           "hazard:read or *:files, or read, write, sign",
                           STR_ARG(w.ledger), STR_ARG(w.verb));
    }
    return any || err_set(e, ERR_INVALID, "scopes",
                          "Say what the token may do, as \"read\"");
}
