/* anlan token: bearer tokens of programs. */
#include <stdio.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "service/install.h"
#include "service/token.h"
#include "store/stmt.h"

struct finding {
    struct str login;
    struct token_new token;
};

static bool
token_job(struct tx *tx, void *arg, struct err *e)
{
    struct finding *f = arg;
    struct account a;

    if (!cmd_account(tx, f->login, &a, e))
        return false;
    f->token.tenant = a.tenant;
    f->token.person = a.person;
    if (f->token.until != 0)
        f->token.until += tx->now;
    return token_add_job(tx, &f->token, e);
}

static bool
print_tokens(struct store *st, int64_t tenant, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, &stmts[Q_TOKEN_EACH], ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 2), scopes = rows_str(&r, 3);
        BUF(until, 64);

        time_format_utc(&until, rows_i64(&r, 5));
        printf("%ld  person %ld  %.*s  \"%.*s\"  until %s%s\n",
               (long)rows_i64(&r, 0), (long)rows_i64(&r, 1), STR_ARG(name),
               STR_ARG(scopes),
               rows_i64(&r, 5) != 0 ? until.p : "it is revoked",
               rows_i64(&r, 6) != 0 ? "  revoked" : "");
    }
    rows_close(&r);
    return ok;
}

/* token list TENANT (id 0), token revoke TENANT ID */
static int
tokens_of(const char *data, const char *code, int64_t id)
{
    struct err e = { 0 };
    struct store *st = store_open(data, STORE_READ, &e);
    struct token_end r = { .id = id };
    struct tenant *list;
    size_t n = 0;
    bool ok;
    ARENA(a, 1 << 20);

    ok = st != NULL && tenants_read(st, a, &list, &n, &e);
    for (size_t i = 0; i < n; i++)
        if (str_is(list[i].code, code))
            r.tenant = list[i].id;
    if (ok && r.tenant == 0)
        ok = err_set(&e, ERR_MISSING, NULL, "There is no such district");
    if (ok && id == 0)
        ok = print_tokens(st, r.tenant, &e);
    store_close(st);
    if (!ok)
        return cmd_fail(&e);
    if (id == 0)
        return EXIT_OK;
    return cmd_run_aside(data, token_end_job, &r);
}

static int
add(const char *data, struct finding *f)
{
    struct err e = { 0 };

    if (!token_scope_check(f->token.scopes, &e)) {
        cmd_fail(&e);
        return EXIT_MISUSE;
    }
    if (cmd_run_aside(data, token_job, f) != EXIT_OK)
        return EXIT_WRONG;
    printf("%s\n", f->token.text);
    return EXIT_OK;
}

int
cmd_token(int argc, char **argv)
{
    const char *data = "data", *scopes = "read", *days = "365", *post = "0",
               *word[3];
    const struct option o[] = { { "--data", &data, NULL },
                                { "--scopes", &scopes, NULL },
                                { "--post", &post, NULL },
                                { "--days", &days, NULL } };
    size_t n = N_OF(word);
    int64_t d, by_post, id;
    struct finding f;

    if (!options_read(verb_find("token"), argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (n == 2 && str_is(str_of(word[0]), "list"))
        return tokens_of(data, word[1], 0);
    if (n == 3 && str_is(str_of(word[0]), "revoke") &&
        str_i64(str_of(word[2]), &id) && id > 0)
        return tokens_of(data, word[1], id);
    if (n != 3 || !str_is(str_of(word[0]), "add") ||
        !str_i64(str_of(days), &d) || d < 0 || d > 3650 ||
        !str_i64(str_of(post), &by_post)) {
        fprintf(stderr, "usage: anlan token %s\n", verb_find("token")->args);
        return EXIT_MISUSE;
    }
    f = (struct finding){ .login = str_of(word[1]),
                          .token = { .name = str_of(word[2]),
                                     .kind =
                                         by_post != 0 ? TOKEN_TOOL : TOKEN_OWN,
                                     .post = by_post,
                                     .scopes = str_of(scopes),
                                     .until = d * MS_PER_DAY } };
    return add(data, &f);
}
