/* anlan district: further districts in an installation. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/link.h"
#include "service/install.h"
#include "store/stmt.h"

struct adding {
    struct install_tenant t;
    struct install_person admin;
    struct once_new once;
};

/* The log of a new one bears the installation's name, as the others' do. */
static bool
add_job(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    if (n == 0)
        return err_set(e, ERR_MISSING, NULL,
                       "There is no installation here: run \"anlan init\"");
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].code, a->t.code))
            return err_set(e, ERR_CONFLICT, "code",
                           "There is a district \"%.*s\" here already",
                           STR_ARG(a->t.code));
    a->t.origin = list[0].origin;
    if (a->t.zone.n == 0)
        a->t.zone = list[0].zone;
    if (!install_tenant_job(tx, &a->t, e))
        return false;
    a->admin.tenant = a->t.id;
    a->admin.org = a->t.root;
    if (!install_person_job(tx, &a->admin, e))
        return false;
    a->once.tenant = a->t.id;
    a->once.person = a->admin.id;
    return once_new_job(tx, &a->once, e);
}

static int
list_districts(const char *data)
{
    struct err e = { 0 };
    struct store *st = store_open(data, STORE_READ, &e);
    struct tenant *list;
    size_t n = 0;
    ARENA(a, 1 << 20);
    bool ok = st != NULL && tenants_read(st, a, &list, &n, &e);

    for (size_t i = 0; ok && i < n; i++)
        printf("%.*s  %.*s  %.*s\n", STR_ARG(list[i].code),
               STR_ARG(list[i].name.zh), STR_ARG(list[i].name.en));
    store_close(st);
    return ok ? EXIT_OK : cmd_fail(&e);
}

int
cmd_district(int argc, char **argv)
{
    const char *data = "data", *name = NULL, *name_zh = NULL, *zone = "",
               *login = NULL, *word[2];
    const struct option o[] = {
        { "--data", &data, NULL },       { "--name", &name, NULL },
        { "--name-zh", &name_zh, NULL }, { "--zone", &zone, NULL },
        { "--login", &login, NULL },
    };
    const struct verb *v = verb_find("district");
    size_t n = N_OF(word);
    struct err e = { 0 };
    struct adding a;
    struct writer *w;
    bool ok;

    if (!options_read(v, argc, argv, o, N_OF(o), word, &n))
        return EXIT_MISUSE;
    if (n == 1 && strcmp(word[0], "list") == 0)
        return list_districts(data);
    if (n != 2 || strcmp(word[0], "add") != 0 || login == NULL ||
        (name == NULL && name_zh == NULL)) {
        fprintf(stderr, "usage: anlan district %s\n", v->args);
        return EXIT_MISUSE;
    }
    a = (struct adding){
        .t = { .code = str_of(word[1]),
               .name = { str_of(name != NULL ? name : name_zh),
                         str_of(name_zh != NULL ? name_zh : name) },
               .zone = str_of(zone) },
        .admin = { .name = STR("Administrator"),
                   .login = str_of(login),
                   .role = ROLE_ADMIN },
    };
    w = writer_new(data, clock_now_ms, &e);
    ok = w != NULL && writer_run(w, add_job, &a, &e);
    writer_free(w);
    if (!ok)
        return cmd_fail(&e);
    printf("Made. Set the password of \"%s\" within %d hours at\n  ", login,
           ONCE_HOURS);
    link_print(data, a.once.secret);
    printf("Servers that run know the district once they are started again.\n");
    return EXIT_OK;
}
