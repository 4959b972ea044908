#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/example.h"
#include "cmd/init_ask.h"
#include "cmd/link.h"
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

/* Is there an installation in the folder? Nothing is made for the asking. */
static bool
is_installed(const char *data)
{
    struct err ignored;
    struct store *st = store_open(data, STORE_READ, &ignored);
    struct tenant *list;
    size_t n = 0;
    ARENA(a, 1 << 20);
    bool ok = st != NULL && tenants_read(st, a, &list, &n, &ignored);

    store_close(st);
    return ok && n > 0;
}

static bool
make(struct init *in, const char *database, const char *public_url,
     struct err *e)
{
    struct writer *w;
    bool ok;

    if (mkdir(in->data, 0700) != 0 && errno != EEXIST)
        return err_set(e, ERR_STORE, NULL, "Cannot make %s: %s", in->data,
                       strerror(errno));
    if (public_url[0] != '\0' && !link_base_put(in->data, public_url, e))
        return false;
    if (database != NULL && !store_point(in->data, database, e))
        return false;
    if ((w = writer_new(in->data, clock_now_ms, e)) == NULL)
        return false;
    ok = writer_run(w, init_job, in, e);
    writer_free(w);
    return ok;
}

static void
tell(const struct init *in)
{
    if (in->example) {
        printf("The example district stands in %s. Sign in as \"%s\" with the "
               "password \"%s\".\n",
               in->data, "office", EXAMPLE_PASSWORD);
        return;
    }
    printf("Made. Start the server:\n  anlan serve --data %s\nThen set the "
           "password of \"%.*s\" within %d hours at\n  ",
           in->data, STR_ARG(in->admin.login), ONCE_HOURS);
    link_print(in->data, in->once.secret);
}

/* One name stands for both languages where the other was not said. */
static struct text2
both(const char *en, const char *zh)
{
    const bool has_en = en != NULL && en[0] != '\0',
               has_zh = zh != NULL && zh[0] != '\0';

    return (struct text2){ str_of(has_en ? en : zh), str_of(has_zh ? zh : en) };
}

static bool
names_given(struct init_names *n, bool example)
{
    if (example) {
        n->code = "whitefun";
        n->name = "White Fun School District";
        n->name_zh = "白乐学区";
        n->origin = "anlan.example/log";
    }
    if (!example && isatty(STDIN_FILENO) &&
        (n->code == NULL || n->origin == NULL ||
         (n->name == NULL && n->name_zh == NULL)) &&
        !init_names_ask(n)) {
        fprintf(stderr, "anlan init: nothing was made\n");
        return false;
    }
    if (!init_names_whole(n))
        return false;
    if (n->public_url[0] == '\0' || link_base_ok(str_of(n->public_url)))
        return true;
    fprintf(stderr, "anlan init: --public-url is an address such as "
                    "https://safety.example.org\n");
    return false;
}

int
cmd_init(int argc, char **argv)
{
    struct init_names n = { .public_url = "", .zone = "Asia/Shanghai" };
    const char *data = "data", *login = "admin", *database = NULL;
    bool example = false;
    const struct option o[] = {
        { "--data", &data, NULL },
        { "--code", &n.code, NULL },
        { "--name", &n.name, NULL },
        { "--name-zh", &n.name_zh, NULL },
        { "--zone", &n.zone, NULL },
        { "--origin", &n.origin, NULL },
        { "--login", &login, NULL },
        { "--public-url", &n.public_url, NULL },
        { "--example", NULL, &example },
        { "--database", &database, NULL },
    };
    size_t none = 0;
    struct err e = { 0 };
    struct init in;

    if (!options_read(verb_find("init"), argc, argv, o, N_OF(o), NULL, &none))
        return EXIT_MISUSE;
    if (is_installed(data)) {
        err_set(&e, ERR_CONFLICT, NULL,
                "There is an installation here already");
        return cmd_fail(&e);
    }
    if (!names_given(&n, example))
        return EXIT_MISUSE;
    in = (struct init){
        .top = { .id = 1,
                 .code = STR("installation"),
                 .name = { STR("Installation"), STR("本系统") },
                 .zone = str_of(n.zone),
                 .origin = str_of(n.origin) },
        .district = { .code = str_of(n.code),
                      .name = both(n.name, n.name_zh),
                      .zone = str_of(n.zone),
                      .origin = str_of(n.origin) },
        .admin = { .name = str_of("Administrator"), .login = str_of(login) },
        .data = data,
        .example = example,
    };
    if (!make(&in, database, n.public_url, &e))
        return cmd_fail(&e);
    tell(&in);
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
