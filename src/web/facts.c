/* What is known of a record, in groups under small headings. */
#include "service/erased.h"
#include "web/view.h"

static struct str
size_words(struct rq *rq, int64_t n)
{
    if (n < 1024 * 1024)
        return arena_printf(rq->arena, "%ld kB", (long)((n + 1023) / 1024));
    return arena_printf(rq->arena, "%ld.%ld MB", (long)(n >> 20),
                        (long)((n & 0xfffff) * 10 >> 20));
}

/* What people call a file may name people. */
struct str
file_name(struct rq *rq, const struct file_row *row)
{
    return row->name.n > 0 && actor_names(&rq->who, 0)
               ? row->name
               : str_of(rq_tr(rq, N_("file")));
}

bool
view_file_row(struct rq *rq, int64_t id, struct file_row *row, struct err *e)
{
    if (!files_get(rq->st, rq->who.dir->tenant.id, id, rq->arena, row, e))
        return false;
    if (erased_has(rq->app->erased, row->record))
        row->type = STR("erased");
    return true;
}

bool
view_file(struct rq *rq, int64_t id, struct file_row *row, struct v_file *v)
{
    const struct app *app = rq->app;
    int64_t tenant = rq->who.dir->tenant.id;
    enum picture_state state = PICTURE_NONE;
    unsigned w = 160, h = 120; /* until it has been made */
    struct err ignored;
    struct url u;

    if (!view_file_row(rq, id, row, &ignored) || str_is(row->type, "erased"))
        return false;
    if (pictures_takes(row->type))
        state = picture_state(app->data_dir, tenant, row->sha, &w, &h);
    u = view_url(rq, "/t/%.*s/file/%ld", STR_ARG(rq->who.dir->tenant.code),
                 (long)id);
    *v = (struct v_file){
        .url = u,
        .small = view_url(rq, "%.*s/small", STR_ARG(u.s)),
        .large = view_url(rq, "%.*s/large", STR_ARG(u.s)),
        .name = file_name(rq, row),
        .original =
            arena_printf(rq->arena, "%s (%.*s)", rq_tr(rq, N_("Original")),
                         STR_ARG(size_words(rq, row->size))),
        .image = state == PICTURE_READY ||
                 (state == PICTURE_UNKNOWN && app->pictures.program != NULL),
        .w = w,
        .h = h,
    };
    return true;
}

const struct v_file *
view_files(struct rq *rq, struct str ids, size_t *n)
{
    struct v_file *f = arena_new_array(rq->arena, struct v_file, 16);
    struct file_row row;
    struct str one;
    int64_t id;

    *n = 0;
    while (f != NULL && *n < 16 && ids.n > 0 && str_split(&ids, ',', &one))
        *n += str_i64(one, &id) && view_file(rq, id, &row, &f[*n]);
    return f;
}

/* A link to what one may not open says only that there is something. */
static void
link_to(struct rq *rq, const struct ledger *l, int64_t id, struct v_fact *v)
{
    void *rec = arena_alloc(rq->arena, l->size);
    const struct rec *r = rec;
    struct err e;

    v->value = str_of(rq_tr(rq, N_("(not open to you)")));
    if (rec == NULL ||
        !store_rec_get(rq->st, rq->who.dir->tenant.id, l, id, rq->arena, rec,
                       &e) ||
        !actor_reads(&rq->who, l, rec))
        return;
    v->value = r->no.n > 0
                   ? arena_printf(rq->arena, "%.*s %.*s", STR_ARG(r->no),
                                  STR_ARG(view_name(rq, l, rec)))
                   : view_name(rq, l, rec);
    v->link = true;
    v->url = view_path(rq, l, id);
}

static struct v_fact
fact(struct rq *rq, const struct field *f, const void *rec)
{
    struct v_fact v = { .label = str_of(rq_tr(rq, f->label)),
                        .value = view_value(rq, f, rec),
                        .wide = f->kind == FK_TEXT };
    const struct ledger *to =
        f->kind == FK_REF ? ledger_find(str_of(f->ref)) : NULL;

    if (f->kind == FK_FILES)
        v.files = view_files(rq, *field_str(f, rec), &v.n_files);
    if (to != NULL && !(to->flags & L_DIR))
        link_to(rq, to, *field_i64(f, rec), &v);
    return v;
}

/* 0: the first group; else 1 + its index. */
static size_t
group_of(const struct ledger *l, const struct field *f)
{
    for (size_t i = 0; i < l->n_groups; i++)
        if (str_in_words(str_of(f->name), l->groups[i].fields))
            return i + 1;
    return 0;
}

static bool
shows(struct rq *rq, const struct field *f, const void *rec)
{
    return !field_empty(f, rec) && f->kind != FK_PARTS &&
           !(f->flags & (F_NAME | F_MACHINE | F_APART)) &&
           actor_sees(&rq->who, rq->ledger, rec, f);
}

void
view_facts(struct rq *rq, const void *rec, struct page_record_view *v)
{
    const struct ledger *l = rq->ledger;
    size_t all = l->n_fields + 1;
    struct v_fact *f = arena_new_array(rq->arena, struct v_fact, 2 * all), *p;
    struct v_facts *g =
        arena_new_array(rq->arena, struct v_facts, l->n_groups + 1);

    if (f == NULL || g == NULL)
        return;
    p = f + all;
    v->photos = p;
    v->groups = g;
    for (size_t k = 0; k <= l->n_groups; k++) {
        struct v_facts *now = &g[v->n_groups];

        *now = (struct v_facts){ .facts = f };
        if (k == 0)
            f[now->n++] = fact(rq, &rec_fields[0], rec);
        else
            now->heading = str_of(rq_tr(rq, l->groups[k - 1].heading));
        for (size_t i = 0; i < l->n_fields; i++) {
            const struct field *x = &l->fields[i];

            if (group_of(l, x) != k || !shows(rq, x, rec))
                continue;
            if (x->kind == FK_FILES && k == 0)
                p[v->n_photos++] = fact(rq, x, rec);
            else
                f[now->n++] = fact(rq, x, rec);
        }
        f += now->n;
        v->n_groups += now->n > 0;
    }
}

const struct v_fact *
view_photos(struct rq *rq, const struct ledger *l, const void *rec, size_t *n)
{
    struct v_fact *v = arena_new_array(rq->arena, struct v_fact, l->n_fields);

    *n = 0;
    for (size_t i = 0; v != NULL && i < l->n_fields; i++)
        if (l->fields[i].kind == FK_FILES && !field_empty(&l->fields[i], rec) &&
            actor_sees(&rq->who, l, rec, &l->fields[i]))
            v[(*n)++] = fact(rq, &l->fields[i], rec);
    return v;
}
