/* A form that comes back: what was typed, and the files that came with it. */
#include "web/keeping.h"
#include "web/view.h"

enum { KEPT_MAX = 32 };

static struct v_kept
kept_view(struct rq *rq, int64_t id, const struct v_file *f)
{
    return (struct v_kept){ .id = arena_i64(rq->arena, id),
                            .name = f->name,
                            .small = f->small,
                            .w = f->image ? f->w : 0,
                            .h = f->h };
}

const struct v_kept *
view_kept(struct rq *rq, struct str ids, size_t *n)
{
    struct v_kept *k = arena_new_array(rq->arena, struct v_kept, KEPT_MAX);
    struct file_row row;
    struct v_file f;
    struct str one;
    int64_t id;

    *n = 0;
    while (k != NULL && *n < KEPT_MAX && ids.n > 0 &&
           str_split(&ids, ',', &one))
        if (str_i64(one, &id) && view_file(rq, id, &row, &f))
            k[(*n)++] = kept_view(rq, id, &f);
    return k;
}

/* One that is this person's own and still unclaimed; others do not exist. */
static void
add_kept(struct rq *rq, struct v_input *in, int64_t id)
{
    struct v_kept *k = (struct v_kept *)(uintptr_t)in->kept;
    struct file_row row;
    struct v_file f;

    for (size_t i = 0; i < in->n_kept; i++)
        if (str_eq(k[i].id, arena_i64(rq->arena, id)))
            return;
    if (k != NULL && in->n_kept < KEPT_MAX && view_file(rq, id, &row, &f) &&
        row.record == 0 && row.added_by == rq->who.person)
        k[in->n_kept++] = kept_view(rq, id, &f);
}

static bool
was_sent(struct rq *rq, const struct v_input *in, struct str id)
{
    for (size_t i = 0; i < rq->http->n_form; i++)
        if (str_eq(rq->http->form[i].name, in->name) &&
            str_eq(rq->http->form[i].value, id))
            return true;
    return false;
}

/* What the record held and was left ticked; what came with the form that was
 * refused, and with the ones before it. */
static void
kept(struct rq *rq, struct v_input *in)
{
    const struct v_kept *held = in->kept;
    size_t n_held = in->n_kept;
    struct v_kept *k = arena_new_array(rq->arena, struct v_kept, KEPT_MAX);

    in->kept = k;
    in->n_kept = 0;
    for (size_t i = 0; k != NULL && i < n_held; i++)
        if (was_sent(rq, in, held[i].id))
            k[in->n_kept++] = held[i];
    for (size_t i = 0; i < rq->http->n_form; i++) {
        const struct http_param *p = &rq->http->form[i];
        struct str rest = p->value, one;
        int64_t id;

        while (str_eq(p->name, in->name) && str_split(&rest, ',', &one))
            if (str_i64(one, &id))
                add_kept(rq, in, id);
    }
    for (size_t i = 0; rq->kept != NULL && i < rq->kept->n; i++)
        if (rq->kept->file[i].ready &&
            str_eq(rq->kept->file[i].field, in->name))
            add_kept(rq, in, rq->kept->file[i].id);
    in->more = in->more && in->n_kept == 0;
}

void
view_typed_input(struct rq *rq, struct v_input *in)
{
    if (strcmp(in->kind, "files") == 0)
        kept(rq, in);
    if (strcmp(in->kind, "files") == 0 || strcmp(in->kind, "password") == 0 ||
        strcmp(in->kind, "sign") == 0)
        return;
    in->value = rq_form(rq, arena_dup(rq->arena, in->name).p);
    for (size_t i = 0; i < in->n_choices; i++)
        ((struct v_choice *)(uintptr_t)in->choices)[i].on =
            str_eq(in->choices[i].key, in->value);
}

/* What is wrong lies in a field that the form does not ask for. */
static struct str
named(struct rq *rq, const struct err *e, struct str said)
{
    const struct field *f = rq->ledger != NULL && e->field != NULL
                                ? ledger_field(rq->ledger, str_of(e->field))
                                : NULL;

    if (f == NULL)
        return said;
    return arena_printf(rq->arena, "%s%s%.*s", rq_tr(rq, f->label),
                        rq->lang == LANG_ZH ? "：" : ": ", STR_ARG(said));
}

void
view_typed(struct rq *rq, struct v_form *f, const struct err *e)
{
    struct str said = rq_error_text(rq, e);
    bool placed = false;

    f->open = true;
    for (size_t i = 0; i < f->n_inputs; i++) {
        struct v_input *in = &((struct v_input *)(uintptr_t)f->inputs)[i];

        view_typed_input(rq, in);
        if (e->code == ERR_NONE || e->field == NULL ||
            !str_is(in->name, e->field))
            continue;
        in->bad = placed = true;
        in->more = false;
        in->error = said;
    }
    if (e->code == ERR_NONE)
        return;
    f->error = placed ? str_of(rq_tr(rq, N_("Please look at the marked "
                                            "question: nothing was saved yet")))
                      : named(rq, e, said);
}
