#include "service/install.h"
#include "base/clean.h"
#include "codec/note.h"
#include "service/attached.h"
#include "service/credential.h"
#include "store/stmt.h"

bool
setting_put(struct tx *tx, const char *name, struct str value, struct err *e)
{
    return QRUN(tx->st, SETTING_PUT, e, ARG(str_of(name)), ARG(value));
}

bool
setting_get(struct store *st, const char *name, struct arena *a,
            struct str *value, struct err *e)
{
    *value = STR("");
    return stmt_one(st, &stmts[Q_SETTING_GET], ARGS(ARG(str_of(name))), a,
                    COLS(COL(value)), e) ||
           e->code == ERR_MISSING;
}

bool
install_code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
            !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
            return false;
    return s.n >= 2 && s.n <= 32 && s.p[0] != '-';
}

bool
install_change(struct tx *tx, int64_t tenant, const struct ledger *l,
               int64_t id, const char *verb, int64_t org,
               const struct input *in, size_t n, int64_t *out_id, struct err *e)
{
    struct change c = { .ledger = l,
                        .tenant = tenant,
                        .id = id,
                        .org = org,
                        .verb = str_of(verb),
                        .input = in,
                        .n_inputs = n };

    if (!change_run(tx, &c, e))
        return false;
    *out_id = c.out_id;
    return true;
}

static bool
next_tenant(struct tx *tx, int64_t *id, struct err *e)
{
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    *id = n == 0 ? 1 : list[n - 1].id + 1;
    return true;
}

bool
install_tenant_job(struct tx *tx, void *arg, struct err *e)
{
    struct install_tenant *t = arg;
    struct text2 name;
    struct zone *z;
    char zone[64] = { 0 };

    if (!install_code_ok(t->code))
        return err_set(e, ERR_INVALID, "code",
                       "The code stands in addresses: 2 to 32 of a-z, 0-9, -");
    memcpy(zone, t->zone.p, t->zone.n < 63 ? t->zone.n : 63);
    if ((z = zone_open(zone)) == NULL)
        return err_set(e, ERR_INVALID, "zone",
                       "There is no time zone \"%s\"; an example is "
                       "Asia/Shanghai",
                       zone);
    zone_close(z);
    if (!note_name_ok(t->origin))
        return err_set(e, ERR_INVALID, "origin",
                       "The origin is a name like example.org/anlan, without "
                       "blanks and \"+\"");
    if (!utf8_valid(t->name.en) || !utf8_valid(t->name.zh))
        return err_set(e, ERR_INVALID, "name", "The text is not valid UTF-8.");
    name.en = text_clean_line(tx->arena, t->name.en);
    name.zh = text_clean_line(tx->arena, t->name.zh);
    if (t->id == 0 && !next_tenant(tx, &t->id, e))
        return false;
    if (!QRUN(tx->st, TENANT_ADD, e, ARG(t->id), ARG(t->code), ARG(name.en),
              ARG(name.zh), ARG(t->zone), ARG(STR("CNY")), ARG(t->origin),
              ARG(tx->now)) ||
        !tlog_create(tx->st, t->id, e) ||
        (t->id == 1 &&
         (!credential_none_to_find(tx, e) || !attached_none_to_find(tx, e))))
        return false;
    /* the root belongs to itself: the only record without a node above */
    return install_change(
        tx, t->id, &org_ledger, 0, "add", INT64_MAX,
        (const struct input[]){
            { STR("name_en"), name.en },
            { STR("name_zh"), name.zh },
            { STR("kind"), t->id == 1 ? STR("authority") : STR("district") } },
        3, &t->root, e);
}

bool
install_person_job(struct tx *tx, void *arg, struct err *e)
{
    struct install_person *p = arg;
    const struct choice *role = choice_of(role_choices, p->role);
    int64_t post;

    return install_change(
               tx, p->tenant, &person_ledger, 0, "add", p->org,
               (const struct input[]){
                   { STR("name"), text_clean_line(tx->arena, p->name) },
                   { STR("login"), p->login } },
               2, &p->id, e) &&
           install_change(tx, p->tenant, &post_ledger, 0, "add", p->org,
                          (const struct input[]){
                              { STR("person"),
                                arena_printf(tx->arena, "%ld", (long)p->id) },
                              { STR("role"), str_of(role->key) } },
                          2, &post, e);
}
