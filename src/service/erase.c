#include "service/erase.h"

#include <stdio.h>

#include "domain/org.h"
#include "domain/parts.h"
#include "service/install.h"
#include "store/stmt.h"

/* Set while the index of words holds bytes that it was told to forget. */
#define INDEX_FORGETS "search_forgets"

static const struct step fields_step = {
    .verb = "erase",
    .label = N_("Erase personal data"),
    .from = ~IN(ST_NONE),
    .to = STAY,
    .roles = R_SETUP,
    .flags = S_COMMENT | S_DANGER,
    .source = "N14",
    .then = N_("Names and contacts are gone from record, history and search; "
               "the log still verifies. Copies in older backups go when those "
               "expire"),
};

static const struct step files_step = {
    .verb = "erase_files",
    .label = N_("Erase photographs and files"),
    .from = ~IN(ST_NONE),
    .to = STAY,
    .roles = R_SETUP,
    .flags = S_COMMENT | S_DANGER,
    .source = "N14",
    .then = N_("They are gone for everybody; the record and its history stay"),
};

static const struct step words_step = {
    .verb = "erase_words",
    .label = N_("Take words out"),
    .from = ~IN(ST_NONE),
    .to = STAY,
    .roles = R_SETUP,
    .flags = S_COMMENT | S_DANGER,
    .source = "N14",
    .then = N_("Dots stand in their place in record, history and search; the "
               "log still verifies"),
};

static bool
is_erased(const struct step *s, const struct field *f)
{
    return s == &fields_step  ? (f->flags & F_PERSONAL) != 0
           : s == &files_step ? field_has_files(f)
                              : false;
}

const struct step *
erase_step(const struct ledger *l, struct str verb)
{
    const struct step *s = str_is(verb, words_step.verb)    ? &words_step
                           : str_is(verb, fields_step.verb) ? &fields_step
                           : str_is(verb, files_step.verb)  ? &files_step
                                                            : NULL;

    if (s == &words_step)
        return s; /* every step has a comment, which is free */
    for (size_t i = 0; s != NULL && i < l->n_fields; i++)
        if (is_erased(s, &l->fields[i]))
            return s;
    return NULL;
}

bool
erase_fits(const struct ledger *l, const struct step *s, const void *rec)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (is_erased(s, &l->fields[i]) && !field_empty(&l->fields[i], rec))
            return true;
    for (size_t i = 0; i < n_rec_fields; i++)
        if (is_erased(s, &rec_fields[i]) && !field_empty(&rec_fields[i], rec))
            return true;
    return false;
}

bool
erase_check(const struct ledger *l, const struct step *s, const void *rec,
            struct err *e)
{
    return s == &words_step || l != &person_ledger ||
           ((const struct rec *)rec)->state != 1 ||
           err_set(e, ERR_CONFLICT, NULL,
                   "This person still works here: enter that the person has "
                   "left, then erase");
}

static void
blank(const struct field *f, void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        *field_i64(f, rec) = 0;
        break;
    case CT_STR:
        *field_str(f, rec) = STR("");
        break;
    case CT_TEXT2:
        *field_text2(f, rec) = (struct text2){ STR(""), STR("") };
        break;
    }
}

void
erase_apply(const struct ledger *l, const struct step *s, void *rec)
{
    if (s != &fields_step)
        return;
    for (size_t i = 0; i < l->n_fields; i++)
        if (is_erased(s, &l->fields[i]))
            blank(&l->fields[i], rec);
    for (size_t i = 0; i < n_rec_fields; i++)
        if (is_erased(s, &rec_fields[i]))
            blank(&rec_fields[i], rec);
}

bool
erase_after(struct tx *tx, const struct step *s, int64_t tenant, int64_t record,
            struct err *e)
{
    if (!setting_put(tx, INDEX_FORGETS, arena_i64(tx->arena, tx_id(tx)), e))
        return false;
    if (s == &words_step)
        return true; /* done before: see service/mention.h */
    return s == &fields_step
               ? QRUN(tx->st, EVENT_PART_ERASE, e, ARG(tenant), ARG(record),
                      BLOB(STR("")))
               : QRUN(tx->st, FILE_ERASE, e, ARG(tenant), ARG(record));
}

/* ---- the index of words ----------------------------------------------------- */

struct tidying {
    char asked[24]; /* by which erasure; "" = none yet */
    bool more;
};

static bool
tidy_job(struct tx *tx, void *arg, struct err *e)
{
    struct tidying *t = arg;
    struct str asked;
    bool begin;

    t->more = false;
    if (!setting_get(tx->st, INDEX_FORGETS, tx->arena, &asked, e))
        return false;
    if (asked.n == 0)
        return true;
    begin = !str_is(asked, t->asked);
    snprintf(t->asked, sizeof(t->asked), "%.*s", STR_ARG(asked));
    return store_search_tidy(tx->st, begin, &t->more, e) &&
           (t->more || QRUN(tx->st, SETTING_DEL, e, ARG(STR(INDEX_FORGETS))));
}

bool
erase_from_index(struct writer *w, struct err *e)
{
    struct tidying t = { .more = true };
    bool ok = true;

    for (int i = 0; ok && t.more && i < TIDY_STEPS && !writer_hurries(w); i++)
        ok = writer_run(w, tidy_job, &t, e);
    return ok;
}
