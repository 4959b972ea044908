/* Laws over the tables of all ledgers: what the compiler cannot check. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/hash.h"
#include "domain/event.h"
#include "domain/hazard.h"
#include "domain/parts.h"

#define EACH(l)                                                                \
    for (size_t i_##l = 0; i_##l < n_ledgers; i_##l++)                         \
        for (const struct ledger *l = ledgers[i_##l]; l != NULL; l = NULL)
#define EACH_FIELD(l, f)                                                       \
    for (const struct field *f = (l)->fields; f < (l)->fields + (l)->n_fields; \
         f++)
#define EACH_STEP(l, s)                                                        \
    for (const struct step *s = (l)->steps; s < (l)->steps + (l)->n_steps; s++)
#define EACH_STATE(l, s)                                                       \
    for (const struct state *s = (l)->states; s < (l)->states + (l)->n_states; \
         s++)

static bool
has_verb(const struct ledger *l, struct str verb)
{
    EACH_STEP(l, s)
    if (str_is(verb, s->verb))
        return true;
    return false;
}

static void
tags_and_names_are_unique(void **state)
{
    (void)state;
    EACH(l)
    {
        assert_ptr_equal(ledger_find(str_of(l->name)), l);
        assert_ptr_equal(ledger_by_tag(l->tag), l);
        assert_in_range(l->n_fields, 1, LEDGER_FIELDS_MAX);
        assert_non_null(l->purpose);
        assert_true(str_starts(str_of(l->keep), STR("keep.")));
        EACH_FIELD(l, f)
        {
            assert_true(f->tag >= 32);
            if (str_in_words(str_of(f->name), "csrf key rev org to what rows "
                                              "comment occurred_at what "
                                              "sign_password done step"))
                fail_msg("%s.%s: forms use this name for themselves", l->name,
                         f->name);
            for (const struct field *g = l->fields; g < f; g++)
                if (g->tag == f->tag || strcmp(g->name, f->name) == 0)
                    fail_msg("%s: %s and %s share a tag or a name", l->name,
                             f->name, g->name);
            for (size_t i = 0; i < n_rec_fields; i++) {
                assert_true(rec_fields[i].tag >= 10 && rec_fields[i].tag < 32);
                if (strcmp(rec_fields[i].name, f->name) == 0)
                    fail_msg("%s.%s is a header's name", l->name, f->name);
            }
        }
    }
}

static void
check_words(const struct ledger *l, const struct field *f, const char *words)
{
    struct str rest = str_of(words), verb;

    while (words != NULL && str_split(&rest, ' ', &verb))
        if (!has_verb(l, verb))
            fail_msg("%s.%s names a step \"%.*s\" that is not", l->name,
                     f->name, STR_ARG(verb));
}

static void
fields_name_steps_that_are(void **state)
{
    (void)state;
    EACH(l)
    EACH_FIELD(l, f)
    {
        check_words(l, f, f->by);
        check_words(l, f, f->needed);
        if (f->see != NULL && ledger_roles(l, f->see) == 0)
            fail_msg("%s.%s: nobody holds \"%s\"", l->name, f->name, f->see);
        if (f->kind == FK_ENUM)
            assert_non_null(f->choices);
        if (f->kind == FK_REF)
            assert_non_null(ledger_find(str_of(f->ref)));
        if (f->see != NULL && (f->flags & F_SEARCH))
            fail_msg("%s.%s is not for everybody and is searched", l->name,
                     f->name);
    }
}

static void
a_step_that_needs_a_field_writes_it_or_another_has(void **state)
{
    (void)state;
    EACH(l)
    EACH_FIELD(l, f)
    if ((f->needed != NULL || (f->flags & F_REQUIRED)) && f->by == NULL)
        fail_msg("%s.%s is needed and no step writes it", l->name, f->name);
}

static void
groups_name_fields_that_are(void **state)
{
    (void)state;
    EACH(l)
    for (size_t i = 0; i < l->n_groups; i++) {
        struct str rest = str_of(l->groups[i].fields), name;

        while (str_split(&rest, ' ', &name))
            if (ledger_field(l, name) == NULL)
                fail_msg("%s: no field \"%.*s\"", l->name, STR_ARG(name));
    }
}

static void
lists_name_fields_that_are(void **state)
{
    (void)state;
    EACH(l)
    {
        const char *const words[] = { l->list,    l->filter, l->count,
                                      l->similar, l->round,  l->round_more,
                                      l->shared };

        for (size_t i = 0; i < N_OF(words); i++) {
            struct str rest = str_of(words[i]), said, name;

            while (str_split(&rest, ' ', &said)) {
                const struct field *f;

                if (said.n == 0 || !str_split(&said, '=', &name))
                    continue;
                f = ledger_field(l, name);
                if (f == NULL)
                    fail_msg("%s: no field \"%.*s\"", l->name, STR_ARG(name));
                else if (i > 0 && i < 4 && f->see != NULL)
                    fail_msg("%s.%s: filtered or counted, yet not for all",
                             l->name, f->name);
                else if (i >= 4 && !step_writes(ledger_create(l), f))
                    fail_msg("%s.%s: asked of a round, yet not written by it",
                             l->name, f->name);
            }
        }
    }
}

static void
steps_have_sources_states_and_roles(void **state)
{
    (void)state;
    EACH(l)
    EACH_STEP(l, s)
    {
        uint64_t known = IN(ST_NONE);

        EACH_STATE(l, st) known |= IN(st->v);
        if (s->source == NULL || *s->source == '\0')
            fail_msg("%s %s: no source", l->name, s->verb);
        if (s->roles == 0)
            fail_msg("%s %s: nobody may take it", l->name, s->verb);
        if ((s->from & ~known) != 0 || s->from == 0)
            fail_msg("%s %s: from a state that is not", l->name, s->verb);
        if (s->to != STAY && s->to != ANY && ledger_state(l, s->to) == NULL)
            fail_msg("%s %s: to a state that is not", l->name, s->verb);
        if (s->to == ANY && !(s->flags & S_QUIET))
            fail_msg("%s %s: only an import names its state", l->name, s->verb);
        for (struct str rest = str_of(s->other != NULL ? s->other : ""), one;
             str_split(&rest, ' ', &one);)
            if (one.n > 0 && ledger_field(l, one) == NULL)
                fail_msg("%s %s: no field \"%.*s\"", l->name, s->verb,
                         STR_ARG(one));
    }
}

static void
what_says_that_a_name_is_not_told_is_read_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_ledgers; i++) {
        struct str rest, name;

        assert_int_equal(ledgers[i]->discreet != NULL,
                         ledgers[i]->discreet_by != NULL);
        if (ledgers[i]->discreet_by == NULL)
            continue;
        rest = str_of(ledgers[i]->discreet_by);
        while (str_split(&rest, ' ', &name))
            assert_non_null(ledger_field(ledgers[i], name));
    }
}

static void
every_state_is_reached_and_open_ones_are_left(void **state)
{
    (void)state;
    EACH(l)
    {
        uint64_t reached = IN(ST_NONE);

        for (size_t round = 0; round <= l->n_states; round++)
            EACH_STEP(l, s)
        if ((s->from & reached) && s->to > 0)
            reached |= IN(s->to);
        EACH_STATE(l, st)
        {
            bool left = false;

            if (!(reached & IN(st->v)))
                fail_msg("%s: nothing leads to \"%s\"", l->name, st->key);
            EACH_STEP(l, s)
            left |= (s->from & IN(st->v)) && s->to > 0 && s->to != st->v;
            if (!left && (st->flags & ST_OPEN))
                fail_msg("%s: nothing leads out of \"%s\"", l->name, st->key);
        }
        EACH_STEP(l, s)
        if (!(s->from & reached))
            fail_msg("%s %s can never be taken", l->name, s->verb);
    }
}

/* ---- the bytes of events ---------------------------------------------------- */

static unsigned seed = 1;

static unsigned
dice(void)
{
    return (seed = seed * 1664525u + 1013904223u) >> 8;
}

static struct str
some_text(struct arena *a, const struct field *f)
{
    static const char *const piece[] = {
        "a",         "门",    "\xf0\x9f\x94\xa5",
        "<script>",  "\"",    "'; --",
        "\xc2\xa0",  "%s%n",  "\\",
        "e\xcc\x81", "&amp;", "\xe2\x80\xae",
        "=1+1",      "A",     "0",
        "李小明",
    };
    BUF(b, 4096);
    size_t n = 1 + dice() % 12;

    buf_puts(&b, "x");
    for (size_t i = 0; i < n && (f->max == 0 || (int64_t)i + 8 < f->max); i++)
        buf_puts(&b, piece[dice() % N_OF(piece)]);
    buf_puts(&b, "y");
    return arena_dup(a, buf_str(&b));
}

static int64_t
some_number(const struct field *f)
{
    size_t n = 0;

    if (f->kind == FK_ENUM) {
        while (f->choices[n].v != 0)
            n++;
        return f->choices[dice() % n].v;
    }
    if (f->kind == FK_FLAG)
        return 1;
    if (f->kind == FK_DAY)
        return 1 + dice() % 30000;
    if (f->kind == FK_TIME)
        return INT64_C(1500000000000) + dice();
    if (f->max > 0)
        return f->min + dice() % (unsigned)(f->max - f->min + 1);
    return 1 + dice();
}

static void fill(struct arena *a, const struct field *f, void *rec);

/* A few child rows, each with every field. */
static struct str
some_parts(struct arena *a, const struct part_kind *k)
{
    char *part = arena_alloc(a, 3 * k->size);

    for (size_t i = 0; i < 3; i++) {
        *(int64_t *)(void *)(part + i * k->size) = (int64_t)i + 1;
        for (size_t j = 0; j < k->n_fields; j++)
            fill(a, &k->fields[j], part + i * k->size);
    }
    return parts_write(k, part, 3, a);
}

static void
fill(struct arena *a, const struct field *f, void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        *field_i64(f, rec) = some_number(f);
        break;
    case CT_STR:
        *field_str(f, rec) = f->kind == FK_FILES   ? STR("12,34")
                             : f->kind == FK_PARTS ? some_parts(a, f->parts)
                                                   : some_text(a, f);
        break;
    case CT_TEXT2:
        *field_text2(f, rec) = (struct text2){ some_text(a, f), STR("") };
        field_text2(f, rec)->zh = some_text(a, f);
        break;
    }
}

static void
every_field_survives_form_and_event(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++)
        EACH(l)
        {
            ARENA(a, 4 << 20);
            void *rec = arena_alloc(a, l->size),
                 *form = arena_alloc(a, l->size),
                 *back = arena_alloc(a, l->size);
            struct event ev = {
                .ledger = l->tag, .record = 7, .verb = STR("edit"), .rev = 2
            };
            BUF(body, 1 << 20);
            BUF(part, 1 << 20);
            struct err e = { 0 };

            EACH_FIELD(l, f) fill(a, f, rec);
            EACH_FIELD(l, f)
            for (int zh = 0; zh < (field_ctype(f) == CT_TEXT2 ? 2 : 1); zh++) {
                BUF(text, 1 << 16);

                field_format(f, rec, zh, &text);
                if (field_ctype(f) == CT_TEXT2
                        ? !field_parse2(f, arena_dup(a, buf_str(&text)), zh,
                                        form, &e)
                        : !field_parse(f, arena_dup(a, buf_str(&text)), form,
                                       &e))
                    fail_msg("%s.%s: \"%s\" is not taken back", l->name,
                             f->name, text.p);
            }
            event_encode(l, &ev, NULL, rec, &body, &part);
            assert_true(event_apply(l, buf_str(&body), back, a, &e));
            if (part.n > 0)
                assert_true(event_apply(l, buf_str(&part), back, a, &e));
            EACH_FIELD(l, f)
            {
                if (!field_equal(f, rec, form))
                    fail_msg("%s.%s does not survive a form", l->name, f->name);
                if (!field_equal(f, rec, back))
                    fail_msg("%s.%s does not survive an event", l->name,
                             f->name);
                if ((f->flags & F_PERSONAL) && part.n == 0)
                    fail_msg("%s.%s is personal and cannot be erased", l->name,
                             f->name);
            }
        }
}

/* Bytes of one more event in a record's life. */
static struct str
one_event(const struct ledger *l, const void *before, const void *after,
          struct arena *a)
{
    const struct event ev = { .ledger = l->tag, .record = 7, .rev = 1 };
    BUF(body, 4 << 20);
    BUF(part, 4 << 20);

    event_encode(l, &ev, before, after, &body, &part);
    assert_false(body.over);
    return arena_dup(a, buf_str(&body));
}

/* What a record is to be without those words. */
static void
without(const struct ledger *l, const struct field *f, struct str words,
        void *rec, struct arena *a)
{
    struct str *side[2] = { NULL, NULL };
    size_t n = 0;

    if (!event_is_free(l, f))
        return;
    if (field_ctype(f) == CT_STR) {
        side[0] = field_str(f, rec);
    } else {
        side[0] = &field_text2(f, rec)->en;
        side[1] = &field_text2(f, rec)->zh;
    }
    for (int i = 0; i < 2 && side[i] != NULL; i++) {
        BUF(rest, 4 << 20);

        event_text_without(f, *side[i], words, &rest, &n);
        *side[i] = arena_dup(a, buf_str(&rest));
    }
}

/* Rows in another order, one less, one more, and what was there changed. */
static void
shuffle(struct arena *a, const struct field *f, void *rec)
{
    struct str old = *field_str(f, rec), kept = STR(""), one;
    BUF(b, 4 << 20);

    if (f->kind != FK_PARTS || old.n == 0 || dice() % 2)
        return;
    (void)!str_split(&old, '\x1e', &kept);
    (void)!str_split(&old, '\x1e', &one); /* gone */
    buf_str_put(&b, old);
    buf_printf(&b, "%d\x1f", 9 + (int)(dice() % 3));
    buf_str_put(&b,
                str_cut(one, (size_t)str_find(one, STR("\x1f")) + 1, one.n));
    buf_putc(&b, '\x1e');
    buf_str_put(&b, kept);
    buf_putc(&b, '\x1e');
    *field_str(f, rec) = arena_dup(a, buf_str(&b));
}

/* Taken out of every event and of the record, the words are nowhere, and the
 * events still tell the record as it is now. */
static void
words_taken_out_of_all_events_are_out_of_the_record(void **state)
{
    enum { EVENTS = 5 };
    const struct str words = STR("李小明");

    (void)state;
    for (int round = 0; round < 40; round++)
        EACH(l)
        {
            ARENA(a, 16 << 20);
            void *now = arena_alloc(a, l->size),
                 *then = arena_alloc(a, l->size),
                 *told = arena_alloc(a, l->size);
            struct str event[EVENTS + 1];
            struct err e = { 0 };
            size_t n;

            for (size_t i = 0; i < EVENTS; i++) {
                memcpy(then, now, l->size);
                EACH_FIELD(l, f)
                if (dice() % 3 == 0)
                    fill(a, f, now);
                else
                    shuffle(a, f, now);
                event[i] = one_event(l, then, now, a);
            }
            memcpy(then, now, l->size);
            EACH_FIELD(l, f) without(l, f, words, now, a);
            event[EVENTS] = one_event(l, then, now, a);
            for (size_t i = 0; i <= EVENTS; i++) {
                BUF(left, 4 << 20);

                assert_true(event_without(l, event[i], words, &left, &n, &e));
                if (n == 0)
                    assert_true(str_eq(buf_str(&left), event[i]));
                event[i] = arena_dup(a, buf_str(&left));
                assert_true(event_apply(l, event[i], told, a, &e));
            }
            EACH_FIELD(l, f)
            if (!(f->flags & F_PERSONAL) && !field_equal(f, now, told))
                fail_msg("%s.%s is not what its events tell", l->name, f->name);
            EACH_FIELD(l, f)
            if (event_is_free(l, f) && field_ctype(f) == CT_STR)
                assert_int_equal(str_find(*field_str(f, told), words), -1);
        }
}

static void
personal_fields_stand_in_the_erasable_part_only(void **state)
{
    (void)state;
    EACH(l)
    EACH_FIELD(l, f)
    if ((f->flags & F_PERSONAL) && field_ctype(f) == CT_STR) {
        ARENA(a, 1 << 20);
        void *rec = arena_alloc(a, l->size);
        struct event ev = { .ledger = l->tag, .record = 7, .rev = 1 };
        BUF(body, 1 << 16);
        BUF(part, 1 << 16);

        *field_str(f, rec) = STR("Zhang the secret");
        event_encode(l, &ev, NULL, rec, &body, &part);
        assert_int_equal(str_find(buf_str(&body), STR("secret")), -1);
        assert_true(str_find(buf_str(&part), STR("secret")) >= 0);
    }
}

/* The bytes of a change of today, and for ever. */
static void
old_events_never_alter(void **state)
{
    struct hazard h = {
        .r = { .id = 77,
               .rev = 1,
               .org = 5,
               .state = HZ_REPORTED,
               .created_at = INT64_C(1785000000000),
               .created_by = 9,
               .no = STR("S1-YH-2026-0001") },
        .description = STR("食堂门口地面湿滑"),
        .place_text = STR("食堂"),
    };
    const struct event ev = { .ledger = 16,
                              .record = 77,
                              .verb = STR("report"),
                              .actor = 9,
                              .at_ms = INT64_C(1785000000000),
                              .rev = 1,
                              .comment = STR("seen at noon") };
    struct hazard back = { 0 };
    struct event got;
    struct err e = { 0 };
    char path[512], line[4096] = "";
    BUF(body, 4096);
    BUF(part, 4096);
    BUF(hex, 8192);
    FILE *f;

    (void)state;
    event_encode(&hazard_ledger, &ev, NULL, &h, &body, &part);
    hex_put(&hex, buf_str(&body));
    snprintf(path, sizeof(path), "%s/tests/golden/event-v1.hex",
             getenv("SRCDIR"));
    if (getenv("GOLDEN") != NULL) {
        assert_non_null(f = fopen(path, "w"));
        fprintf(f, "%s\n", hex.p);
        fclose(f);
    }
    assert_non_null(f = fopen(path, "r"));
    assert_non_null(fgets(line, sizeof(line), f));
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(hex.p, line);
    assert_true(event_decode(buf_str(&body), &got, &e));
    assert_int_equal(got.record, 77);
    assert_true(str_is(got.comment, "seen at noon"));
    assert_true(event_apply(&hazard_ledger, buf_str(&body), &back, NULL, &e));
    assert_true(str_eq(back.description, h.description));
    assert_true(str_eq(back.r.no, h.r.no));
    assert_int_equal(back.r.state, HZ_REPORTED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_names_are_unique),
        cmocka_unit_test(fields_name_steps_that_are),
        cmocka_unit_test(a_step_that_needs_a_field_writes_it_or_another_has),
        cmocka_unit_test(groups_name_fields_that_are),
        cmocka_unit_test(lists_name_fields_that_are),
        cmocka_unit_test(steps_have_sources_states_and_roles),
        cmocka_unit_test(what_says_that_a_name_is_not_told_is_read_with_it),
        cmocka_unit_test(every_state_is_reached_and_open_ones_are_left),
        cmocka_unit_test(every_field_survives_form_and_event),
        cmocka_unit_test(words_taken_out_of_all_events_are_out_of_the_record),
        cmocka_unit_test(personal_fields_stand_in_the_erasable_part_only),
        cmocka_unit_test(old_events_never_alter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
