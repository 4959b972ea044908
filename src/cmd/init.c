#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/example.h"
#include "service/attached.h"
#include "service/credential.h"
#include "service/install.h"
#include "service/logkey.h"
#include "service/seal.h"
#include "store/stmt.h"

struct init {
    struct install_tenant top, district;
    struct install_person admin;
    struct once_new once;
    const char *data;
    bool example;
};

static bool
already(struct tx *tx, bool *yes, struct err *e)
{
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    *yes = n > 0;
    return true;
}

static bool
init_job(struct tx *tx, void *arg, struct err *e)
{
    struct init *in = arg;
    bool yes;

    if (!already(tx, &yes, e))
        return false;
    if (yes)
        return err_set(e, ERR_CONFLICT, NULL,
                       "There is an installation here already");
    if (!install_tenant_job(tx, &in->top, e) ||
        !install_tenant_job(tx, &in->district, e))
        return false;
    if (!logkey_make_job(tx, NULL, e))
        return false;
    if (in->example)
        return example_fill(tx, &in->district, in->data, e) &&
               example_above(tx, &in->top, &in->district, e);
    in->admin.tenant = in->district.id;
    in->admin.org = in->district.root;
    in->admin.role = ROLE_ADMIN;
    if (!install_person_job(tx, &in->admin, e))
        return false;
    in->once.tenant = in->admin.tenant;
    in->once.person = in->admin.id;
    return once_new_job(tx, &in->once, e);
}

int
cmd_init(int argc, char **argv)
{
    const char *data = "data", *code = "district", *name = "School district",
               *name_zh = "学区", *zone = "Asia/Shanghai",
               *origin = "anlan.example/log", *login = "admin",
               *database = NULL;
    bool example = false;
    const struct option o[] = {
        { "--data", &data, NULL },         { "--code", &code, NULL },
        { "--name", &name, NULL },         { "--name-zh", &name_zh, NULL },
        { "--zone", &zone, NULL },         { "--origin", &origin, NULL },
        { "--login", &login, NULL },       { "--example", NULL, &example },
        { "--database", &database, NULL },
    };
    size_t none = 0;
    struct err e = { 0 };
    struct init in;
    struct writer *w;
    bool ok;

    if (!options_read(verb_find("init"), argc, argv, o, N_OF(o), NULL, &none))
        return EXIT_MISUSE;
    in = (struct init){
        .top = { .id = 1,
                 .code = STR("installation"),
                 .name = { STR("Installation"), STR("本系统") },
                 .zone = str_of(zone),
                 .origin = str_of(origin) },
        .district = { .code = str_of(example ? "whitefun" : code),
                      .name = { str_of(example ? "White Fun School District"
                                               : name),
                                str_of(example ? "白乐学区" : name_zh) },
                      .zone = str_of(zone),
                      .origin = str_of(origin) },
        .admin = { .name = str_of("Administrator"), .login = str_of(login) },
        .data = data,
        .example = example,
    };
    if (mkdir(data, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "anlan init: cannot make %s\n", data);
        return EXIT_WRONG;
    }
    if (database != NULL && !store_point(data, database, &e))
        return cmd_fail(&e);
    if ((w = writer_new(data, clock_now_ms, &e)) == NULL)
        return cmd_fail(&e);
    ok = writer_run(w, init_job, &in, &e);
    writer_free(w);
    if (!ok)
        return cmd_fail(&e);
    if (example)
        printf("The example district stands in %s. Sign in as \"%s\" with the "
               "password \"%s\".\n",
               data, "office", EXAMPLE_PASSWORD);
    else
        printf("Made. Set the password of \"%s\" within %d hours at\n"
               "  http://127.0.0.1:8470/once/%s\n",
               login, ONCE_HOURS, in.once.secret);
    return EXIT_OK;
}

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
    printf("/once/%s\n", f.once.secret);
    return EXIT_OK;
}

int
cmd_migrate(int argc, char **argv)
{
    const char *data = "data";
    const struct option o[] = { { "--data", &data, NULL } };
    size_t none = 0;
    struct err e = { 0 };
    struct writer *w;
    bool ok;

    if (!options_read(verb_find("migrate"), argc, argv, o, N_OF(o), NULL,
                      &none))
        return EXIT_MISUSE;
    if ((w = writer_new(data, clock_now_ms, &e)) == NULL)
        return cmd_fail(&e);
    ok = writer_run(w, logkey_make_job, NULL, &e) &&
         credential_find_all(w, &e) && attached_find_all(w, &e) &&
         seal_all(w, &e);
    writer_free(w);
    return ok ? EXIT_OK : cmd_fail(&e);
}
