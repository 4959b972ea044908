#include <stdio.h>
#include <stdlib.h>

#include "service/dir.h"
#include "store/stmt.h"

enum { DIR_QUOTA = 256 << 20, DEPTH_MAX = 32, CACHED = 64 };

static bool
same_line(const struct dir *d, int64_t a, int64_t b)
{
    return dir_below(d, a, b) || dir_below(d, b, a);
}

bool
dir_person_of(const struct dir *d, const struct dir_person *p, int64_t org)
{
    if (same_line(d, p->org, org))
        return true;
    for (size_t i = 0; i < d->n_post; i++)
        if (d->post[i].person == p->id && same_line(d, d->post[i].org, org))
            return true;
    return false;
}

struct str
text2_in(struct text2 t, bool zh)
{
    if (zh)
        return t.zh.n > 0 ? t.zh : t.en;
    return t.en.n > 0 ? t.en : t.zh;
}

/* A list that grows in the arena while rows come in. */
#define GROW(d, list, n)                                                       \
    (((n) & ((n)-1)) == 0                                                      \
         ? grow((d)->arena, (void **)&(list), (n), sizeof(*(list)))            \
         : true)

static bool
grow(struct arena *a, void **list, size_t n, size_t size)
{
    size_t room = n == 0 ? 1 : 2 * n;
    void *p = arena_array(a, room, size);

    if (p == NULL)
        return false;
    if (n > 0)
        memcpy(p, *list, n * size);
    *list = p;
    return true;
}

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
add_org(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct org *o = rec;

    if (!GROW(d, d->org, d->n_org))
        return short_of_memory(e);
    d->org[d->n_org++] = (struct dir_org){
        .id = o->r.id,
        .parent = o->parent,
        .kind = o->kind,
        .state = o->r.state,
        .head = o->head,
        .name = o->name,
        .code = o->code,
    };
    if (o->parent == 0 && d->root == 0)
        d->root = o->r.id;
    return true;
}

static bool
add_person(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct person *p = rec;

    if (!GROW(d, d->person, d->n_person))
        return short_of_memory(e);
    d->person[d->n_person++] = (struct dir_person){
        .id = p->r.id,
        .org = p->r.org,
        .state = p->r.state,
        .lang = p->lang,
        .name = p->name,
        .login = p->login,
    };
    return true;
}

static bool
add_post(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct post *p = rec;

    if (p->r.state != 1)
        return true;
    if (!GROW(d, d->post, d->n_post))
        return short_of_memory(e);
    d->post[d->n_post++] = (struct dir_post){
        .id = p->r.id,
        .person = p->person,
        .org = p->r.org,
        .role = p->role,
        .from_on = p->from_on,
        .to_on = p->to_on,
        .title = p->title,
    };
    return true;
}

static bool
add_place(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct place *p = rec;

    if (!GROW(d, d->place, d->n_place))
        return short_of_memory(e);
    d->place[d->n_place++] = (struct dir_place){
        .id = p->r.id,
        .org = p->r.org,
        .parent = p->parent,
        .kind = p->kind,
        .state = p->r.state,
        .name = p->name,
    };
    return true;
}

static bool
add_days(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct calendar *c = rec;
    const bool term = c->kind == CAL_TERM;
    struct off_days *off =
        (struct off_days *)(uintptr_t)(term ? d->rules.term : d->rules.off);
    size_t *n = term ? &d->rules.n_term : &d->rules.n_off;

    if (c->r.state != 1 || c->kind == CAL_KEY)
        return true;
    if (!GROW(d, off, *n))
        return short_of_memory(e);
    off[(*n)++] = (struct off_days){ .from = c->from_on,
                                     .to = c->to_on,
                                     .work = c->kind == CAL_WORKDAY };
    *(term ? &d->rules.term : &d->rules.off) = off;
    return true;
}

static bool
add_rule(void *rec, void *arg, struct err *e)
{
    struct dir *d = arg;
    const struct rule_change *c = rec;
    struct err unknown;

    (void)e;
    if (c->r.state != 1)
        return true;
    if (!rules_override(&d->rules,
                        &(struct rule){ .key = c->rule_key,
                                        .version = c->r.rev,
                                        .value = c->value,
                                        .unit = (enum rule_unit)c->unit,
                                        .source = { STR("the district's own"),
                                                    STR("本学区自定") },
                                        .note = { c->note, c->note } },
                        &unknown))
        return true; /* of a pack that this version does not ship */
    return true;
}

static int
by_person(const void *a, const void *b)
{
    const struct dir_post *x = a, *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Number the tree below one node; a loop in it ends at DEPTH_MAX. */
static void
walk(struct dir *d, struct dir_org *at, int depth, int64_t *count, size_t *n)
{
    at->depth = depth;
    at->pre = ++*count;
    if (*n < d->n_org)
        d->tree[(*n)++] = at;
    for (size_t i = 0; i < d->n_org && depth < DEPTH_MAX; i++)
        if (d->org[i].parent == at->id && d->org[i].pre == 0)
            walk(d, &d->org[i], depth + 1, count, n);
    at->post = *count;
}

static bool
make_tree(struct dir *d, struct err *e)
{
    int64_t count = 0;
    size_t n = 0;

    d->tree = arena_new_array(d->arena, const struct dir_org *, d->n_org + 1);
    if (d->tree == NULL)
        return short_of_memory(e);
    for (size_t i = 0; i < d->n_org; i++)
        if (d->org[i].parent == 0)
            walk(d, &d->org[i], 0, &count, &n);
    return true;
}

bool
tenants_read(struct store *st, struct arena *a, struct tenant **out, size_t *n,
             struct err *e)
{
    struct rows r;
    bool ok, more = false;
    struct tenant *list = NULL;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_TENANT_EACH], NULL, 0, e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct tenant t;

        rows_get(&r, COLS(COL(&t.id), COL(&t.code), COL(&t.name.en),
                          COL(&t.name.zh), COL(&t.first_name.en),
                          COL(&t.first_name.zh), COL(&t.zone), COL(&t.currency),
                          COL(&t.origin), COL(&t.created_at)));
        if ((*n & (*n - 1)) == 0 &&
            !grow(a, (void **)&list, *n, sizeof(*list))) {
            ok = short_of_memory(e);
            break;
        }
        list[(*n)++] = t;
    }
    rows_close(&r);
    *out = list;
    return ok;
}

static bool
read_tenant(struct store *st, struct dir *d, int64_t tenant, struct err *e)
{
    struct tenant *list;
    size_t n;
    char zone[64];

    if (!tenants_read(st, d->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (list[i].id == tenant) {
            d->tenant = list[i];
            snprintf(zone, sizeof(zone), "%.*s", STR_ARG(list[i].zone));
            d->rules.zone = zone_open(zone);
            return true;
        }
    return err_set(e, ERR_MISSING, NULL, "There is no such district");
}

static bool
read_version(struct store *st, int64_t tenant, int64_t *v, struct err *e)
{
    *v = 0;
    return stmt_one(st, &stmts[Q_VERSION_GET],
                    ARGS(ARG(tenant), ARG((int64_t)0), ARG((int64_t)0)), NULL,
                    COLS(COL(v)), e) ||
           e->code == ERR_MISSING;
}

static bool
read_ledgers(struct store *st, struct dir *d, struct err *e)
{
    const struct {
        const struct ledger *l;
        store_rec_fn *add;
    } all[] = { { &org_ledger, add_org },       { &person_ledger, add_person },
                { &post_ledger, add_post },     { &place_ledger, add_place },
                { &calendar_ledger, add_days }, { &rule_ledger, add_rule } };

    for (size_t i = 0; i < N_OF(all); i++)
        if (!store_rec_each(st, d->tenant.id, all[i].l, d->arena, all[i].add, d,
                            e))
            return false;
    return true;
}

struct dir *
dir_load(struct store *st, int64_t tenant, struct err *e)
{
    struct dir *d = calloc(1, sizeof(*d));

    if (d == NULL || (d->arena = arena_new(DIR_QUOTA)) == NULL) {
        free(d);
        short_of_memory(e);
        return NULL;
    }
    if (read_version(st, tenant, &d->version, e) &&
        read_tenant(st, d, tenant, e) &&
        rules_load_packs(&d->rules, d->arena, e) && read_ledgers(st, d, e) &&
        make_tree(d, e) && (!arena_failed(d->arena) || short_of_memory(e))) {
        if (d->n_post > 0)
            qsort(d->post, d->n_post, sizeof(*d->post), by_person);
        return d;
    }
    dir_free(d);
    return NULL;
}

void
dir_free(struct dir *d)
{
    if (d == NULL)
        return;
    zone_close((struct zone *)(uintptr_t)d->rules.zone);
    arena_free(d->arena);
    free(d);
}

struct dir_cache {
    struct dir *at[CACHED];
    bool fresh[CACHED]; /* read since dir_cache_mark() */
    unsigned next;
};

struct dir_cache *
dir_cache_new(void)
{
    return calloc(1, sizeof(struct dir_cache));
}

void
dir_cache_free(struct dir_cache *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < CACHED; i++)
        dir_free(c->at[i]);
    free(c);
}

void
dir_cache_mark(struct dir_cache *c)
{
    memset(c->fresh, 0, sizeof(c->fresh));
}

void
dir_cache_undo(struct dir_cache *c)
{
    for (size_t i = 0; i < CACHED; i++)
        if (c->fresh[i]) {
            dir_free(c->at[i]);
            c->at[i] = NULL;
        }
}

const struct dir *
dir_get(struct dir_cache *c, struct store *st, int64_t tenant, struct err *e)
{
    struct dir **slot = NULL;
    int64_t version;

    if (!read_version(st, tenant, &version, e))
        return NULL;
    for (size_t i = 0; i < CACHED && slot == NULL; i++)
        if (c->at[i] != NULL && c->at[i]->tenant.id == tenant)
            slot = &c->at[i];
    if (slot == NULL)
        slot = &c->at[c->next++ % CACHED];
    if (*slot != NULL && (*slot)->tenant.id == tenant &&
        (*slot)->version == version)
        return *slot;
    dir_free(*slot);
    c->fresh[slot - c->at] = true;
    return *slot = dir_load(st, tenant, e);
}

/* The element of a list sorted by a leading int64_t id. */
static const void *
by_id(const void *list, size_t n, size_t size, int64_t id)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const void *p = (const char *)list + mid * size;
        int64_t at = *(const int64_t *)p;

        if (at == id)
            return p;
        if (at < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

const struct dir_org *
dir_org(const struct dir *d, int64_t id)
{
    return by_id(d->org, d->n_org, sizeof(*d->org), id);
}

const struct dir_person *
dir_person(const struct dir *d, int64_t id)
{
    return by_id(d->person, d->n_person, sizeof(*d->person), id);
}

const struct dir_place *
dir_place(const struct dir *d, int64_t id)
{
    return by_id(d->place, d->n_place, sizeof(*d->place), id);
}

bool
dir_in_force(const struct dir_post *p, int64_t today)
{
    return (p->from_on == 0 || p->from_on <= today) &&
           (p->to_on == 0 || p->to_on >= today);
}

bool
dir_below(const struct dir *d, int64_t node, int64_t top)
{
    const struct dir_org *n = dir_org(d, node), *t = dir_org(d, top);

    return n != NULL && t != NULL && t->pre <= n->pre && n->post <= t->post;
}

int64_t
dir_school(const struct dir *d, int64_t node)
{
    const struct dir_org *o = dir_org(d, node);

    for (int i = 0; o != NULL && i < DEPTH_MAX; i++) {
        if (o->kind != ORG_DEPARTMENT)
            return o->id;
        o = dir_org(d, o->parent);
    }
    return node;
}

bool
dir_place_of(const struct dir *d, const struct dir_place *p, int64_t org)
{
    int64_t school = dir_school(d, org);
    const struct dir_org *o = dir_org(d, school);

    return o != NULL && dir_is_school(o) ? dir_school(d, p->org) == school
                                         : dir_below(d, p->org, org);
}

bool
dir_is_school(const struct dir_org *o)
{
    return o->state == 1 && o->kind != ORG_DISTRICT &&
           o->kind != ORG_DEPARTMENT && o->kind != ORG_AUTHORITY;
}
