/* anlan user: a link for somebody, a person at the top of a district. */
#include <stdio.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/link.h"
#include "service/install.h"
#include "store/stmt.h"

/* ---- where nobody is who could enter them --------------------------------------------- */

struct person_add {
    struct str tenant, name, login, role;
    struct once_new once;
};

static bool
person_job(struct tx *tx, void *arg, struct err *e)
{
    struct person_add *a = arg;
    const struct choice *role = choice_find(role_choices, a->role);
    struct install_person p = { .name = a->name, .login = a->login };
    const struct dir *d;
    struct tenant *list;
    size_t n;

    if (role == NULL)
        return err_set(e, ERR_INVALID, "role", "There is no such role");
    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].code, a->tenant))
            p.tenant = list[i].id;
    if (p.tenant == 0)
        return err_set(e, ERR_MISSING, NULL, "There is no such district");
    if ((d = tx_dir(tx, p.tenant, e)) == NULL)
        return false;
    p.org = d->root;
    p.role = (enum role)role->v;
    if (!install_person_job(tx, &p, e))
        return false;
    a->once.tenant = p.tenant;
    a->once.person = p.id;
    return once_new_job(tx, &a->once, e);
}

static int
user_add(const char *data, const char *login, const char *tenant,
         const char *role)
{
    struct person_add a = { .tenant = str_of(tenant),
                            .name = str_of(login),
                            .login = str_of(login),
                            .role = str_of(role) };
    struct err e = { 0 };
    struct writer *w = writer_new(data, clock_now_ms, &e);
    bool ok = w != NULL && writer_run(w, person_job, &a, &e);

    writer_free(w);
    if (!ok)
        return cmd_fail(&e);
    link_print(data, a.once.secret);
    return EXIT_OK;
}

/* ---- a link ------------------------------------------------------------------------- */

struct find {
    struct str login;
    struct once_new once;
};

static bool
link_job(struct tx *tx, void *arg, struct err *e)
{
    struct find *f = arg;
    struct account a;

    if (!cmd_account(tx, f->login, &a, e))
        return false;
    f->once = (struct once_new){ .tenant = a.tenant, .person = a.person };
    return once_new_job(tx, &f->once, e);
}

int
cmd_user(int argc, char **argv)
{
    const char *data = "data", *word[4];
    const struct option o[] = { { "--data", &data, NULL } };
    size_t n = N_OF(word);
    struct find f;

    if (!options_read(verb_find("user"), argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (n == 4 && str_is(str_of(word[0]), "add"))
        return user_add(data, word[1], word[2], word[3]);
    if (n != 2 || !str_is(str_of(word[0]), "link")) {
        fprintf(stderr, "usage: anlan user %s\n", verb_find("user")->args);
        return EXIT_MISUSE;
    }
    f.login = str_of(word[1]);
    if (cmd_run_aside(data, link_job, &f) != EXIT_OK)
        return EXIT_WRONG;
    link_print(data, f.once.secret);
    return EXIT_OK;
}
