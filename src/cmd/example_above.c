/* Above the example district: a county and its bureau. */
#include "cmd/example.h"
#include "service/above.h"
#include "service/account.h"

static bool
add_node(struct tx *tx, int64_t parent, const char *en, const char *zh,
         const char *kind, struct str code, int64_t *id, struct err *e)
{
    const struct input in[] = {
        { STR("name_en"), str_of(en) },
        { STR("name_zh"), str_of(zh) },
        { STR("kind"), str_of(kind) },
        { STR("code"), code },
        { STR("parent"), arena_printf(tx->arena, "%ld", (long)parent) },
    };

    return install_change(tx, TENANT_ABOVE, &org_ledger, 0, "add", parent, in,
                          N_OF(in), id, e);
}

bool
example_above(struct tx *tx, const struct install_tenant *top,
              const struct install_tenant *district, struct err *e)
{
    struct install_person p = { .tenant = TENANT_ABOVE,
                                .name = STR("县教育局"),
                                .login = STR("bureau"),
                                .role = ROLE_AUDITOR };
    struct password_set set = { .tenant = TENANT_ABOVE };
    char hash[128];
    int64_t county, node, tenant = district->id;

    if (!account_hash(STR(EXAMPLE_PASSWORD), hash, e))
        return false;
    set.hash = hash;
    if (!add_node(tx, top->root, "White Fun County", "白乐县", "authority",
                  STR("county"), &county, e) ||
        !add_node(tx, county, "White Fun School District", "白乐学区",
                  "district", district->code, &node, e))
        return false;
    p.org = county;
    if (!install_person_job(tx, &p, e))
        return false;
    set.person = p.id;
    return password_set_job(tx, &set, e) && above_job(tx, &tenant, e);
}
