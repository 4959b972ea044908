/* Fill an installation that `anlan init` made with many districts: the first one
 * through the service layer, the others as copies of it made by the database
 * itself, their ids shifted in time. What is copied is what pages read; its log
 * would not verify, and searches find the first district's words only.
 *	anlan-scale-fill DIR DISTRICTS SCHOOLS HAZARDS	(both of each district) */
#include <stdio.h>
#include <stdlib.h>

#include "domain/hazard.h"
#include "service/above.h"
#include "service/install.h"
#include "store/stmt.h"

enum { CHUNK = 500, PROVINCE = 20, SCHOOLS_MAX = 400 };

struct fill {
    int64_t tenant, root, person, school[SCHOOLS_MAX];
    int64_t districts, schools, hazards, from;
    int64_t at; /* the copy under way: 2, 3, ... */
};

static bool
add_node(struct tx *tx, int64_t tenant, int64_t parent, struct str name,
         const char *kind, struct str code, int64_t *id, struct err *e)
{
    return install_change(
        tx, tenant, &org_ledger, 0, "add", parent,
        (const struct input[]){
            { STR("name_zh"), name },
            { STR("name_en"), name },
            { STR("kind"), str_of(kind) },
            { STR("code"), code },
            { STR("parent"), arena_printf(tx->arena, "%ld", (long)parent) } },
        5, id, e);
}

static bool
begin(struct tx *tx, void *arg, struct err *e)
{
    struct fill *f = arg;
    struct tenant *list;
    struct install_person office = { .name = STR("office"),
                                     .login = STR("office"),
                                     .role = ROLE_DISTRICT_OFFICER };
    const struct dir *d;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e) || n < 2)
        return false;
    f->tenant = list[1].id;
    if ((d = tx_dir(tx, f->tenant, e)) == NULL)
        return false;
    f->root = d->root;
    office.tenant = f->tenant;
    office.org = f->root;
    if (!install_person_job(tx, &office, e))
        return false;
    f->person = office.id;
    for (int64_t i = 0; i < f->schools; i++) {
        struct str name = arena_printf(tx->arena, "第 %ld 小学", (long)i + 1);

        if (!add_node(tx, f->tenant, f->root, name, "central_primary",
                      arena_printf(tx->arena, "S%05ld", (long)i), &f->school[i],
                      e))
            return false;
    }
    return true;
}

static bool
add_hazards(struct tx *tx, void *arg, struct err *e)
{
    struct fill *f = arg;

    for (int64_t i = f->from; i < f->from + CHUNK && i < f->hazards; i++) {
        const struct input in[] = {
            { STR("description"),
              arena_printf(tx->arena, "灭火器压力不足，第 %ld 处", (long)i) },
            { STR("place_text"), STR("教学楼二层东侧") },
        };
        struct change c = { .ledger = &hazard_ledger,
                            .tenant = f->tenant,
                            .person = f->person,
                            .org = f->school[i * 7 % f->schools],
                            .verb = STR("report"),
                            .input = in,
                            .n_inputs = N_OF(in) };

        if (!change_run(tx, &c, e))
            return false;
    }
    return true;
}

/* ---- copies ----------------------------------------------------------------------- */

/* $1 the copy's tenant, $2 the first one's, $3 what is added to ids, $4 what is
 * put behind sign-in names and numbers. */
static void
put_column(struct buf *to, struct buf *from, const char *name,
           const char *suffix, bool is_ref, bool is_name)
{
    buf_printf(to, ", %s%s", name, suffix);
    if (is_ref)
        buf_printf(from, ", CASE WHEN %s > 0 THEN %s + $3 ELSE %s END", name,
                   name, name);
    else if (is_name)
        buf_printf(from, ", CASE WHEN %s = '' THEN '' ELSE %s || $4 END", name,
                   name);
    else
        buf_printf(from, ", %s%s", name, suffix);
}

static void
put_field(struct buf *to, struct buf *from, const struct field *f)
{
    bool is_ref = f->kind == FK_REF || strcmp(f->name, "org") == 0 ||
                  strcmp(f->name, "created_by") == 0 ||
                  strcmp(f->name, "changed_by") == 0;

    if (field_ctype(f) == CT_TEXT2) {
        put_column(to, from, f->name, "_en", false, false);
        put_column(to, from, f->name, "_zh", false, false);
    } else {
        put_column(to, from, f->name, "", is_ref,
                   strcmp(f->name, "login") == 0);
    }
}

static bool
run(struct tx *tx, const struct fill *f, const struct buf *sql, struct err *e)
{
    int64_t shift = -(f->at * 3600 * 1000) << 22;
    char text[24];

    snprintf(text, sizeof(text), "-%ld", (long)f->at);
    return stmt_run(tx->st, stmt_composed(buf_str(sql)),
                    ARGS(ARG(f->at + f->tenant - 1), ARG(f->tenant), ARG(shift),
                         ARG(str_of(text))),
                    NULL, e);
}

static bool
copy_ledger(struct tx *tx, const struct fill *f, const struct ledger *l,
            struct err *e)
{
    BUF(to, 8192);
    BUF(from, 16384);
    BUF(sql, 32768);

    for (size_t i = 0; i < n_rec_fields; i++)
        put_field(&to, &from, &rec_fields[i]);
    for (size_t i = 0; i < l->n_fields; i++)
        put_field(&to, &from, &l->fields[i]);
    buf_printf(&sql, "INSERT INTO %s (tenant_id, id, rev", l->name);
    buf_str_put(&sql, buf_str(&to));
    buf_puts(&sql, ") SELECT $1, id + $3, rev");
    buf_str_put(&sql, buf_str(&from));
    buf_printf(&sql, " FROM %s WHERE tenant_id = $2 AND $4 <> ''", l->name);
    return run(tx, f, &sql, e);
}

static bool
copy_rest(struct tx *tx, const struct fill *f, struct err *e)
{
    static const char *const all[] = {
        "INSERT INTO event (tenant_id, seq, at_ms, ledger, record_id, rev,"
        " verb, actor, salt, body, commits) SELECT $1, seq, at_ms, ledger,"
        " CASE WHEN record_id > 0 THEN record_id + $3 ELSE record_id END, rev,"
        " verb, actor, salt, body, commits FROM event WHERE tenant_id = $2"
        " AND $4 <> ''",
        "INSERT INTO tile (tenant_id, level, n, data) SELECT $1, level, n,"
        " data FROM tile WHERE tenant_id = $2 AND $3 < 0 AND $4 <> ''",
        "INSERT INTO log_head (tenant_id, size, last_ms, root) SELECT $1, size,"
        " last_ms, root FROM log_head WHERE tenant_id = $2 AND $3 < 0"
        " AND $4 <> ''",
        "INSERT INTO counter (tenant_id, ledger, org_id, dim, v, n) SELECT $1,"
        " ledger, org_id + $3, dim, v, n FROM counter WHERE tenant_id = $2"
        " AND $4 <> ''",
        "INSERT INTO directory (login, tenant_id, person_id) SELECT login ||"
        " $4, $1, person_id + $3 FROM directory WHERE tenant_id = $2",
    };
    BUF(sql, 4096);

    for (size_t i = 0; i < N_OF(all); i++) {
        buf_clear(&sql);
        buf_puts(&sql, all[i]);
        if (!run(tx, f, &sql, e))
            return false;
    }
    return true;
}

static bool
copy_one(struct tx *tx, void *arg, struct err *e)
{
    struct fill *f = arg;
    struct str code = arena_printf(tx->arena, "d%05ld", (long)f->at);

    if (!QRUN(tx->st, TENANT_ADD, e, ARG(f->at + f->tenant - 1), ARG(code),
              ARG(code), ARG(code), ARG(STR("Asia/Shanghai")), ARG(STR("CNY")),
              ARG(STR("bench")), ARG(tx->now)))
        return false;
    for (size_t i = 0; i < n_ledgers; i++)
        if (!copy_ledger(tx, f, ledgers[i], e))
            return false;
    return copy_rest(tx, f, e);
}

/* ---- who stands above ------------------------------------------------------------------ */

static bool
add_above(struct tx *tx, void *arg, struct err *e)
{
    const struct fill *f = arg;
    const struct dir *d = tx_dir(tx, TENANT_ABOVE, e);
    struct install_person p = { .tenant = TENANT_ABOVE,
                                .role = ROLE_AUDITOR,
                                .name = STR("nation"),
                                .login = STR("nation") };
    int64_t root, province = 0, id;

    if (d == NULL)
        return false;
    p.org = root = d->root;
    if (!install_person_job(tx, &p, e))
        return false;
    for (int64_t i = 0; i < f->districts; i++) {
        struct str code = i == 0
                              ? STR("district")
                              : arena_printf(tx->arena, "d%05ld", (long)i + 1);

        if (i % PROVINCE == 0 &&
            !add_node(tx, TENANT_ABOVE, root,
                      arena_printf(tx->arena, "Province %ld",
                                   (long)(i / PROVINCE) + 1),
                      "authority", STR(""), &province, e))
            return false;
        if (!add_node(tx, TENANT_ABOVE, province, code, "district", code, &id,
                      e))
            return false;
        if (i == 0) {
            p.org = province;
            p.name = p.login = STR("province");
            if (!install_person_job(tx, &p, e))
                return false;
        }
    }
    return true;
}

static bool
fill_all(struct writer *w, struct fill *f, struct err *e)
{
    int64_t began, tenant;

    if (!writer_run(w, begin, f, e))
        return false;
    for (f->from = 0; f->from < f->hazards; f->from += CHUNK)
        if (!writer_run(w, add_hazards, f, e))
            return false;
    began = clock_now_ms();
    for (f->at = 2; f->at <= f->districts; f->at++)
        if (!writer_run(w, copy_one, f, e))
            return false;
    printf("copied in %ld s\n", (long)(clock_now_ms() - began) / 1000);
    if (!writer_run(w, add_above, f, e))
        return false;
    began = clock_now_ms();
    for (tenant = f->tenant; tenant < f->tenant + f->districts; tenant++)
        if (!writer_run(w, above_job, &tenant, e))
            return false;
    printf("counted %ld districts in %ld ms\n", (long)f->districts,
           (long)(clock_now_ms() - began));
    return true;
}

int
main(int argc, char **argv)
{
    struct fill f = { .tenant = 0 };
    struct err e = { 0 };
    struct writer *w;
    char text[256];
    bool ok;

    if (argc != 5 || !str_i64(str_of(argv[2]), &f.districts) ||
        !str_i64(str_of(argv[3]), &f.schools) || f.schools > SCHOOLS_MAX ||
        !str_i64(str_of(argv[4]), &f.hazards))
        return 2;
    w = writer_new(argv[1], clock_now_ms, &e);
    ok = w != NULL && fill_all(w, &f, &e);
    if (!ok)
        fprintf(stderr, "anlan-scale-fill: %s\n",
                err_text(&e, text, sizeof(text)));
    writer_free(w);
    return ok ? 0 : 1;
}
