/* Whatever is changed in a database past the program is named by verify, or
 * stands in the list of what nothing can tell, with the reason. */
#include "service/world.h"

#include <stdio.h>
#include <stdlib.h>

#include "service/attached.h"
#include "service/backup.h"
#include "service/delivery.h"
#include "service/logkey.h"
#include "service/look.h"
#include "service/mention.h"
#include "service/place.h"
#include "service/publish.h"
#include "service/seal.h"
#include "service/verify.h"
#include "store/files.h"
#include "store/folder.h"
#include "store/stmt.h"

static struct {
    struct world *w;
    int64_t hazard, before, after;
} t;

/* ---- a life with one of everything ------------------------------------------------ */

static bool
add_photo(struct tx *tx, void *arg, struct err *e)
{
    int64_t *id = arg;
    char tmp[128];
    struct hash h;
    BUF(bytes, 64);
    BUF(hex, 128);
    struct file_row f = { .type = STR("image/png"),
                          .name = STR("a.png"),
                          .added_at = tx->now,
                          .added_by =
                              id == &t.before ? t.w->teacher : t.w->manager };
    FILE *out;

    f.id = *id = tx_id(tx);
    buf_printf(&bytes, "photograph %ld", (long)f.id);
    f.size = (int64_t)bytes.n;
    snprintf(tmp, sizeof(tmp), "%s/upload", t.w->dir);
    assert_non_null(out = fopen(tmp, "we"));
    fwrite(bytes.p, 1, bytes.n, out);
    fclose(out);
    hash_of(&h, (const struct str[]){ buf_str(&bytes) }, 1);
    hex_put(&hex, hash_str(&h));
    f.sha = buf_str(&hex);
    return files_keep(t.w->dir, t.w->tenant, tmp, f.sha, e) &&
           files_add(tx->st, t.w->tenant, &f, e);
}

static void
job(bool (*fn)(struct tx *, void *, struct err *), void *arg)
{
    struct err e = { 0 };

    world_must(writer_run(t.w->w, fn, arg, &e), &e);
}

static void
step(struct change *c, int64_t who, const char *verb, const struct input *in,
     size_t n)
{
    struct err e = { 0 };

    world_now += 1000;
    c->input = in;
    c->n_inputs = n;
    world_must(world_step(t.w, c, who, verb, &e), &e);
}

static void
publish(void)
{
    world_now += PUBLISH_HOURS * MS_PER_HOUR;
    job(publish_job, &t.w->tenant);
}

/* A hazard with photographs and people, erased in between: what came after is as
 * whole as if nothing had been erased. */
static void
live(void)
{
    char id[2][32];
    static const struct input firm[] = { { STR_INIT("contractor"),
                                           STR_INIT("Firm Zquagga") } };
    static const struct input other[] = { { STR_INIT("contractor"),
                                            STR_INIT("Firm Zquokka") } };
    static const struct input why[] = { { STR_INIT("comment"),
                                          STR_INIT("asked for") } };
    struct input said[3] = { wet_floor[0], wet_floor[1] };
    struct input done[2] = { { STR("situation"), STR("mats are there") } };
    struct change c;

    job(add_photo, &t.before);
    job(add_photo, &t.after);
    snprintf(id[0], sizeof(id[0]), "%ld", (long)t.before);
    snprintf(id[1], sizeof(id[1]), "%ld", (long)t.after);
    said[2] = (struct input){ STR("photos_before"), str_of(id[0]) };
    done[1] = (struct input){ STR("photos_after"), str_of(id[1]) };
    c = world_report(t.w, said, 3);
    job(change_job, &c);
    t.hazard = c.out_id;
    step(&c, t.w->manager, "assign", assigned, N_OF(assigned));
    step(&c, t.w->manager, "edit", firm, 1);
    step(&c, 0, "erase", why, 1);
    step(&c, 0, "erase_files", why, 1);
    step(&c, t.w->manager, "edit", other, 1);
    step(&c, t.w->manager, "submit", done, 2);
}

/* The world's district lies eight hours east. */
static int64_t
zone_today(void)
{
    return (world_now - 10 * 60 * MS_PER_SECOND + 8 * MS_PER_HOUR) / MS_PER_DAY;
}

static void
looked(int64_t day, int times)
{
    struct look look = { .tenant = t.w->tenant,
                         .person = t.w->teacher,
                         .by = t.w->manager,
                         .day = day,
                         .how = LOOK_RECORD };

    while (times-- > 0)
        job(look_job, &look);
}

/* A session, the key of a request, notices and messages. */
static bool
beside_job(struct tx *tx, void *arg, struct err *e)
{
    const struct world *w = arg;

    return seal_add(tx, SEAL_REQUEST, &stmts[Q_IDEM_ADD],
                    ARGS(ARG(w->tenant), ARG(w->teacher), ARG(STR("key")),
                         ARG(t.hazard), ARG((int64_t)1), BLOB(STR("digest")),
                         ARG(tx->now)),
                    e) &&
           seal_add(tx, SEAL_NOTICE, &stmts[Q_OUT_ADD],
                    ARGS(ARG(w->tenant), ARG(tx_id(tx)), ARG(tx->now),
                         ARG(w->teacher), ARG((int64_t)hazard_ledger.tag),
                         ARG(t.hazard), ARG(STR("late")), ARG((int64_t)0),
                         ARG((int64_t)0), ARG(STR("old@example.org"))),
                    e) &&
           delivery_put(tx,
                        &(struct item){ .tenant = w->tenant,
                                        .person = w->teacher,
                                        .channel = CHANNEL_MAIL,
                                        .at = tx->now,
                                        .address = STR("old@example.org") },
                        e);
}

static void
write_beside(void)
{
    struct session_new s = { .tenant = t.w->tenant, .person = t.w->teacher };
    struct err e = { 0 };

    job(session_add_job, &s);
    job(beside_job, t.w);
    world_must(seal_all(t.w->w, &e), &e);
}

static int
set_up(void **state)
{
    struct look_days days;
    int rc = world_set_up(state);

    t.w = *state;
    days = (struct look_days){ .tenant = t.w->tenant };
    job(logkey_make_job, NULL);
    publish();
    live();
    publish();
    publish();
    for (int i = 0; i < 70; i++) {
        struct change c = world_report(t.w, wet_floor, N_OF(wet_floor));

        job(change_job, &c);
        if (i % 2 == 0)
            step(&c, t.w->manager, "assign", assigned, N_OF(assigned));
    }
    publish();
    looked(zone_today(), 3);
    looked(zone_today() - 1, 2);
    looked(zone_today() - 4, 1);
    job(look_commit_job, &days);
    write_beside();
    return rc;
}

/* ---- hearing ---------------------------------------------------------------------- */

/* The key of seals is in no copy; here the copy stands for the folder itself. */
static void
take_key(const char *dir)
{
    struct err e = { 0 };
    unsigned char key[SEAL_KEY];

    world_must(folder_key(t.w->dir, SEAL_FILE, key, sizeof(key), &e), &e);
    world_must(folder_replace(dir, SEAL_FILE,
                              (struct str){ (const char *)key, sizeof(key) },
                              &e),
               &e);
}

/* What verify says of a copy in which that ran. */
static void
tampered(const char *sql, struct world_heard *h)
{
    struct err e = { 0 };
    char dir[64];
    struct backup b = { .from = t.w->dir, .to = dir, .with_key = true };

    snprintf(dir, sizeof(dir), "%.40s-copy", t.w->dir);
    world_must(backup_copy(&b, &e), &e);
    take_key(dir);
    if (sql != NULL)
        place_sql(dir, sql);
    world_listen(&(struct verify){ .dir = dir }, h);
    world_wipe(dir);
}

struct way {
    const char *what, *sql, *said;
};

static void
each_is_named(const struct way *way, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct world_heard h = { .want = way[i].said };

        tampered(way[i].sql, &h);
        if (!h.wanted)
            fail_msg("%s: wanted \"%s\", heard:\n%.*s", way[i].what,
                     way[i].said, STR_ARG(buf_str(&h.all)));
        buf_fini(&h.all);
    }
}

static void
what_nobody_touched_is_whole(void **state)
{
    struct world_heard h = { .want = NULL };

    (void)state;
    tampered(NULL, &h);
    if (h.all.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
}

/* ---- the file ----------------------------------------------------------------------- */

#define ONE "(SELECT min(id) FROM hazard)"

static void
a_value_of_another_type_is_named(void **state)
{
    static const struct way ways[] = {
        { "a state that is no whole number",
          "UPDATE hazard SET state = state + 0.5 WHERE id = " ONE,
          "no value of its column's type: state is real" },
        { "a school as text", "UPDATE hazard SET org = org || 'x'",
          "org is text" },
        { "a day as text", "UPDATE hazard SET due_at = 'soon' WHERE id = " ONE,
          "due_at is text" },
        { "words as bytes",
          "UPDATE hazard SET description = CAST(description AS BLOB)"
          " WHERE id = " ONE,
          "description is blob" },
        { "two at once",
          "UPDATE hazard SET org = org || 'x', state = 1.5 WHERE id = " ONE,
          "org is text state is real" },
        { "a post's school", "UPDATE post SET org = org || 'x'",
          ": no value of its column's type: org is text" },
        { "a person's state", "UPDATE person SET state = 1.5",
          "state is real" },
        { "a file's record",
          "UPDATE attachment SET record_id = record_id || ''"
          " || 'x'",
          "record_id is text" },
        { "a file's type", "UPDATE attachment SET type = CAST(type AS BLOB)",
          "type is blob" },
        { "a number", "UPDATE hazard SET no = CAST(no AS BLOB) WHERE id = " ONE,
          "no is blob" },
        { "a step", "UPDATE event SET verb = CAST(verb AS BLOB) WHERE seq = 9",
          "event 9: no value of its column's type: verb is blob" },
        { "who", "UPDATE event SET actor = actor || 'x' WHERE seq = 9",
          "actor is text" },
        { "a count", "UPDATE counter SET n = n + 0.5", "counter: no value" },
        { "an hour", "UPDATE checkpoint SET at_ms = at_ms || 'x'",
          "at_ms is text" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
a_foreign_schema_is_named(void **state)
{
    static const struct way ways[] = {
        { "a trigger",
          "CREATE TRIGGER t AFTER UPDATE ON hazard BEGIN DELETE FROM event;"
          " END",
          "its schema has what no Anlan made: trigger CREATE TRIGGER t" },
        { "an index away", "DROP INDEX hazard_by_due",
          "its schema lacks: index CREATE INDEX hazard_by_due" },
        { "a unique index away", "DROP INDEX token_by_hash",
          "its schema lacks: index CREATE UNIQUE INDEX token_by_hash" },
        { "an index too many", "CREATE INDEX x ON hazard (state)",
          "no Anlan made: index CREATE INDEX x" },
        { "a table", "CREATE TABLE ghost (a)", "no Anlan made: table ghost" },
        { "a view", "CREATE VIEW ghost AS SELECT 1",
          "no Anlan made: view ghost" },
        { "a column", "ALTER TABLE hazard ADD COLUMN ghost TEXT",
          "no Anlan made: column hazard.ghost" },
        { "a table away", "DROP TABLE bucket",
          "its schema lacks: table bucket" },
        { "a constraint away",
          "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql ="
          " replace(sql, 'code TEXT NOT NULL', 'code TEXT NOT  NULL CHECK"
          " (1)') WHERE name = 'tenant'; PRAGMA writable_schema = RESET",
          "its schema lacks: text of table tenant of tenant" },
        { "a table of rows by number",
          "ALTER TABLE bucket RENAME TO was; CREATE TABLE bucket (tenant_id"
          " BIGINT NOT NULL, channel BIGINT NOT NULL, n INTEGER NOT NULL, at_ms"
          " BIGINT NOT NULL, PRIMARY KEY (tenant_id, channel, n)); DROP TABLE"
          " was",
          "its schema lacks: table bucket WITHOUT ROWID" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

/* The row is there, and no index leads to it. */
#define OUT_OF_INDEXES                                                         \
    "CREATE TEMP TABLE x AS SELECT * FROM hazard WHERE id = " ONE ";"          \
    "DELETE FROM hazard WHERE id = " ONE ";"                                   \
    "CREATE TEMP TABLE kept AS SELECT * FROM sqlite_master WHERE type ="       \
    " 'index' AND tbl_name = 'hazard' AND sql NOT NULL;"                       \
    "PRAGMA writable_schema = ON;"                                             \
    "DELETE FROM sqlite_master WHERE name IN (SELECT name FROM kept);"         \
    "PRAGMA writable_schema = RESET;"                                          \
    "INSERT INTO hazard SELECT * FROM x;"                                      \
    "PRAGMA writable_schema = ON;"                                             \
    "INSERT INTO sqlite_master SELECT * FROM kept;"                            \
    "PRAGMA writable_schema = RESET"

static void
an_index_that_lost_a_row_is_named(void **state)
{
    static const struct way ways[] = {
        { "entries of a row", OUT_OF_INDEXES,
          "missing from index hazard_by_due" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
the_index_of_words_is_held_against_the_rows(void **state)
{
    static const struct way ways[] = {
        { "emptied", "INSERT INTO search (search) VALUES ('delete-all')",
          "the index of words does not say what its row says" },
        { "one record too many",
          "INSERT INTO search (rowid, words) VALUES (77, 't2l10xghost')",
          "search 77: the index of words knows a record that is not there" },
        { "another word",
          "INSERT INTO search (rowid, words) SELECT " ONE ", 't2l10xghost'",
          "the index of words does not say what its row says" },
        { "lengths", "UPDATE search_docsize SET sz = x'7f' WHERE id = " ONE,
          "the index of words does not say what its row says" },
        { "lengths away", "DELETE FROM search_docsize WHERE id = " ONE,
          "the index of words does not say what its row says" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

/* ---- the log ------------------------------------------------------------------------ */

static void
what_came_after_an_erasure_must_be_whole(void **state)
{
    static const struct way ways[] = {
        { "a part after an erasure",
          "UPDATE event_part SET salt = x'', body = x'' WHERE seq ="
          " (SELECT max(seq) FROM event_part WHERE subject = (SELECT record_id"
          " FROM event WHERE verb = 'erase'))",
          "its personal part is gone, and nobody erased it" },
        { "a photograph after an erasure",
          "UPDATE attachment SET type = 'erased', name = ''",
          "it is marked as erased, and nobody erased it" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
what_a_row_says_of_a_file_stands_in_the_log(void **state)
{
    static const char *const changed[] = {
        "name = 'b.png'",          "type = 'text/html'", "size = size + 1",
        "added_at = added_at - 1", "added_by = 5",       "salt = ''",
        "salt = 'f' || salt",
    };

    (void)state;
    for (size_t i = 0; i < N_OF(changed); i++) {
        char sql[128];
        struct way way = { changed[i], sql,
                           "or who added it when, is not what was logged" };

        snprintf(sql, sizeof(sql),
                 "UPDATE attachment SET %s WHERE type <>"
                 " 'erased'",
                 changed[i]);
        each_is_named(&way, 1);
    }
}

/* Events hold it for ever. */
static void
a_commitment_has_the_bytes_it_always_had(void **state)
{
    const struct file_row f = { .id = 1,
                                .size = 4,
                                .added_at = 5,
                                .added_by = 6,
                                .type = STR("image/png"),
                                .name = STR("a.png"),
                                .salt =
                                    STR("000102030405060708090a0b0c0d0e0f") };
    struct hash h;
    BUF(hex, 128);

    (void)state;
    files_print(&f, &h);
    hex_put(&hex, hash_str(&h));
    assert_true(str_is(
        buf_str(&hex),
        "0fc368734219e27d033f988913fd931b3910382c682ca7d8cfa86af61680cc8e"));
}

/* A file that was there before events told of its row, and one whose name a step
 * has taken away: both are known by what was said last. */
static void
a_row_is_as_the_newest_event_says(void **state)
{
    static const struct input why[] = { { STR_INIT("comment"),
                                          STR_INIT("asked for") } };
    struct mention_erase m = { .words = STR("a.png") };
    struct err e = { 0 };
    char id[32];
    struct input said[3] = { wet_floor[0], wet_floor[1] };
    struct change c;
    struct world_heard h = { .want = NULL };
    int64_t photo;

    (void)state;
    job(add_photo, &t.before);
    photo = t.before;
    snprintf(id, sizeof(id), "%ld", (long)photo);
    said[2] = (struct input){ STR("photos_before"), str_of(id) };
    c = world_report(t.w, said, 3);
    job(change_job, &c);
    m.c = c;
    m.c.id = c.out_id;
    m.c.person = 0;
    m.c.input = m.c.asked = why;
    m.c.n_inputs = 1;
    job(mention_erase_job, &m);
    job(add_photo, &t.before);
    place_sql(t.w->dir, "UPDATE attachment SET salt = '' WHERE record_id = 0;"
                        "DELETE FROM setting WHERE name = 'attachments'");
    world_must(attached_find_all(t.w->w, &e), &e);
    tampered(NULL, &h);
    if (h.all.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
    each_is_named(
        (const struct way[]){
            { "a name that was there before",
              "UPDATE attachment SET name = 'b.png' WHERE record_id = 0",
              "is not what was logged" },
            { "the name that was taken away",
              "UPDATE attachment SET name = 'a.png' WHERE name = 'file.png'",
              "is not what was logged" } },
        2);
}

static void
every_checkpoint_is_known(void **state)
{
    static const struct way ways[] = {
        { "the oldest away",
          "DELETE FROM checkpoint WHERE size = (SELECT min(size) FROM"
          " checkpoint)",
          "checkpoint 64: it is missing: the blank entries before it say" },
        { "the newest away",
          "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM"
          " checkpoint)",
          "it is missing: the blank entries before it say" },
        { "all away", "DELETE FROM checkpoint",
          "it is missing: the blank entries before it say" },
        { "one of two in a row",
          "DELETE FROM checkpoint WHERE size = (SELECT min(size) FROM"
          " checkpoint WHERE size > 128)",
          "it is missing: the blank entries before it say" },
        { "an hour earlier", "UPDATE checkpoint SET at_ms = at_ms - 3600000",
          "its hour is not that of the blank entries before it" },
        { "a month later",
          "UPDATE checkpoint SET at_ms = at_ms + 30 * 86400000",
          "its hour is not that of the blank entries before it" },
        { "somebody's blank entry",
          "UPDATE event SET actor = 5 WHERE verb = '' AND record_id = 0",
          "it is blank, and yet somebody's" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
what_follows_from_the_log_is_held_against_it(void **state)
{
    static const struct way ways[] = {
        { "a district's name", "UPDATE tenant SET name_zh = 'x'",
          "field name differs from the log" },
        { "its currency", "UPDATE tenant SET currency = 'EUR'",
          "field currency differs from what the program writes" },
        { "its beginning", "UPDATE tenant SET created_at = created_at + 1",
          "field created_at differs from the log" },
        { "what older programs look for",
          "DELETE FROM setting WHERE name LIKE '%newer%'",
          "_newer_than_the_settings\" is missing" },
        { "what it says",
          "UPDATE setting SET value = 'x' WHERE name LIKE '%newer%'",
          "is none that the program writes, or not so" },
        { "a setting of nobody", "INSERT INTO setting VALUES ('ghost', '1')",
          "\"ghost\" is none that the program writes" },
        { "read only, in other words",
          "INSERT INTO setting VALUES ('read_only', 'x')",
          "\"read_only\" is none that the program writes, or not so" },
        { "figures of no district", "INSERT INTO above VALUES (1, 99, 1, 5, 5)",
          "figure 1 is of no district" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
rows_beside_the_log_are_sealed(void **state)
{
#define BROKEN ": it was put in or changed past the program"
    static const struct way ways[] = {
        { "a session put in",
          "INSERT INTO session SELECT 'ghost', tenant_id, person_id,"
          " created_at, until, csrf, used_at, seal FROM session",
          BROKEN },
        { "another one's session",
          "UPDATE session SET person_id = person_id + 1", BROKEN },
        { "a longer session", "UPDATE session SET until = until + 1", BROKEN },
        { "a form's key", "UPDATE session SET csrf = 'x'", BROKEN },
        { "without a seal", "UPDATE session SET seal = ''", BROKEN },
        { "a request redirected",
          "UPDATE idempotency SET record_id = record_id + 1", BROKEN },
        { "another request", "UPDATE idempotency SET digest = x'00'", BROKEN },
        { "a notice to another",
          "UPDATE outbox SET person_id = person_id + 1 WHERE kind = 'late'",
          BROKEN },
        { "a notice of something else",
          "UPDATE outbox SET record_id = 5 WHERE kind = 'late'", BROKEN },
        { "a notice put in",
          "INSERT INTO outbox SELECT 77, tenant_id, at_ms, person_id, ledger,"
          " record_id, kind, actor, 0, address, seal FROM outbox LIMIT 1",
          "outbox 77" BROKEN },
        { "another address",
          "UPDATE outbox SET address = 'x@example.org' WHERE address <> ''",
          BROKEN },
        { "a message to another",
          "UPDATE delivery SET person_id = person_id + 1", BROKEN },
        { "another channel", "UPDATE delivery SET channel = 9", BROKEN },
        { "a message elsewhere",
          "UPDATE delivery SET address = 'x@example.org'", BROKEN },
        { "an address hidden", "UPDATE outbox SET address = ''", BROKEN },
        { "a notice seen", "UPDATE outbox SET seen_at = 5", BROKEN },
        { "a message said to be sent",
          "UPDATE delivery SET state = 2, next_at = 0", BROKEN },
        { "when it was sent", "UPDATE delivery SET done_at = 5", BROKEN },
        { "how often it was tried", "UPDATE delivery SET tries = 5", BROKEN },
        { "what the other side said", "UPDATE delivery SET answer = 'ok'",
          BROKEN },
        { "a session used", "UPDATE session SET used_at = 5", BROKEN },
        { "another key",
          "UPDATE setting SET value = 'x' WHERE name = 'row_key'",
          "row.key is not the key that the database names" },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static void
who_looked_stands_under_the_log(void **state)
{
#define OTHER "who looked at whom on that day is not what was logged"
    static const struct way ways[] = {
        { "a look removed",
          "DELETE FROM look WHERE day = (SELECT min(day) FROM look)", OTHER },
        { "another looked",
          "UPDATE look SET by_id = by_id + 1 WHERE day = (SELECT min(day) FROM"
          " look)",
          OTHER },
        { "less often",
          "UPDATE look SET n = n - 1 WHERE day = (SELECT max(day) - 1 FROM"
          " look)",
          OTHER },
        { "on another day", "UPDATE look SET day = day - 1", OTHER },
        { "on a day without any",
          "INSERT INTO look SELECT tenant_id, person_id, min(day) + 1, by_id,"
          " how, n, last_at FROM look",
          OTHER },
        { "long ago",
          "INSERT INTO look SELECT tenant_id, person_id, min(day) - 40, by_id,"
          " how, n, last_at FROM look",
          OTHER },
    };

    (void)state;
    each_is_named(ways, N_OF(ways));
}

static int64_t
sealed_events(void)
{
    struct err e = { 0 };
    int64_t n = -1;

    world_must(stmt_one(writer_store(t.w->w),
                        stmt_composed(STR("SELECT CAST(COUNT(*) AS BIGINT) FROM"
                                          " event WHERE verb = 'rows-sealed'")),
                        NULL, 0, NULL, COLS(COL(&n)), &e),
               &e);
    return n;
}

/* Of before, or of another key: all fit afterwards, and the log says how many. */
static void
sealing_anew_is_told_in_the_log(void **state)
{
    struct world_heard h = { .want = NULL };
    struct err e = { 0 };
    int64_t before = sealed_events();

    (void)state;
    world_must(seal_all(t.w->w, &e), &e);
    assert_int_equal(sealed_events(), before); /* nothing to do */
    place_sql(t.w->dir,
              "UPDATE outbox SET seal = ''; UPDATE session SET seal = '';"
              "UPDATE idempotency SET seal = 'x';"
              "DELETE FROM setting WHERE name = 'row_key'");
    world_must(seal_all(t.w->w, &e), &e);
    assert_int_equal(sealed_events(), before + 1);
    tampered(NULL, &h);
    if (h.all.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
}

/* Every way in which the program itself changes such rows. */
static bool
change_all_job(struct tx *tx, void *arg, struct err *e)
{
    const int64_t tenant = t.w->tenant, zero = 0, far = INT64_MAX - 1,
                  mail = CHANNEL_MAIL, dead = DLV_DEAD;
    int64_t id = 0, n, *least = arg;
    struct str hash;

    *least = INT64_MAX;
#define CHANGES(way, ...)                                                      \
    if (!seal_change(tx, way, ARGS(__VA_ARGS__), &n, e))                       \
        return false;                                                          \
    *least = n < *least ? n : *least
    if (!stmt_one(tx->st,
                  stmt_composed(STR("SELECT d.id, s.hash FROM delivery d, "
                                    "session s WHERE d.urgent = 0")),
                  NULL, 0, tx->arena, COLS(COL(&id), COL(&hash)), e))
        return false;
    CHANGES(SEAL_USED, ARG(hash), ARG(far), ARG(far));
    CHANGES(SEAL_ADDRESS_GONE, ARG(tenant), ARG(zero), ARG(far));
    CHANGES(SEAL_SEEN, ARG(tenant), ARG(t.w->teacher), ARG(far), ARG(tx->now));
    CHANGES(SEAL_MOVE, ARG(tenant), ARG(t.w->teacher), ARG(tx->now));
    CHANGES(SEAL_TRY, ARG(tenant), ARG(id), ARG(far), ARG(far));
    CHANGES(SEAL_UNTRY, ARG(tenant), ARG(id), ARG(tx->now));
    CHANGES(SEAL_END, ARG(tenant), ARG(id), ARG(dead), ARG(zero), ARG(tx->now),
            ARG(STR("refused")), ARG(STR("550")));
    CHANGES(SEAL_AGAIN, ARG(tenant), ARG(id), ARG(tx->now));
    CHANGES(SEAL_STOP, ARG(tenant), ARG(mail), ARG(tx->now), ARG(STR("off")));
#undef CHANGES
    return true;
}

static void
what_the_program_changes_is_sealed_anew(void **state)
{
    struct world_heard h = { .want = NULL };
    int64_t least;

    (void)state;
    job(change_all_job, &least);
    assert_true(least > 0); /* each had a row to change */
    tampered(NULL, &h);
    if (h.all.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
}

/* A message that somebody else wrote does not become true by being sent. */
static void
what_was_forged_before_stays_named(void **state)
{
    struct world_heard h = { .want = "delivery" };
    int64_t least;

    (void)state;
    place_sql(t.w->dir, "DELETE FROM idempotency; DELETE FROM outbox WHERE kind"
                        " = 'late'");
    write_beside();
    place_sql(t.w->dir, "UPDATE delivery SET made_at = made_at + 1;"
                        "UPDATE outbox SET address = 'x@example.org'"
                        " WHERE kind = 'late'");
    job(change_all_job, &least);
    tampered(NULL, &h);
    assert_true(h.wanted);
    buf_fini(&h.all);
    h = (struct world_heard){ .want = "outbox" };
    tampered(NULL, &h);
    assert_true(h.wanted);
    buf_fini(&h.all);
    place_sql(t.w->dir, "DELETE FROM outbox WHERE kind = 'late';"
                        "DELETE FROM delivery");
}

/* Whatever changes such a row is known to seal_change, or writes the seal. */
static void
no_statement_changes_rows_past_their_seals(void **state)
{
    static const char *const tables[] = { "session", "idempotency", "outbox",
                                          "delivery" };
    size_t ways = 0;

    (void)state;
    for (size_t q = 0; q < Q__MAX; q++)
        for (size_t i = 0; i < N_OF(tables); i++) {
            char change[40];
            struct str sql = str_of(stmts[q].sql);

            snprintf(change, sizeof(change), "UPDATE %s SET ", tables[i]);
            if (!str_starts(sql, str_of(change)))
                continue;
            ways += seal_is_way(&stmts[q]);
            if (!seal_is_way(&stmts[q]) && strstr(sql.p, "SET seal = ") == NULL)
                fail_msg("%s", stmts[q].sql);
        }
    assert_int_equal(ways, SEAL_WAY__MAX);
}

/* ---- what nothing can tell ------------------------------------------------------------ */

/* Should one of these be named one day, it moves up. */
static void
what_cannot_be_told_is_listed(void **state)
{
    static const struct way ways[] = {
        { "figures for those above", "INSERT INTO above VALUES (1, 1, 1, 5, 5)",
          "made anew every ten minutes; of the time between nothing is kept" },
        { "a session removed", "DELETE FROM session",
          "it may have ended, or been over" },
        { "a notice removed", "DELETE FROM outbox",
          "it may have been kept long enough; the record's own events stay" },
        { "a message removed", "DELETE FROM delivery", "the same" },
        { "a request removed", "DELETE FROM idempotency", "the same" },
        { "a look of today",
          "UPDATE look SET n = 9 WHERE day = (SELECT max(day) FROM look)",
          "the day has not ended: an event tells of it then" },
        { "which pages are new", "UPDATE version SET n = n + 1",
          "a number that only has to differ from the last" },
        { "marked as restored",
          "INSERT INTO setting VALUES ('read_only', 'restored')",
          "no log tells of a copy; verify prints it as a fact" },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(ways); i++) {
        struct world_heard h = { .want = NULL };

        tampered(ways[i].sql, &h);
        if (h.all.n > 0)
            fail_msg("%s is named now: %.*s", ways[i].what,
                     STR_ARG(buf_str(&h.all)));
        buf_fini(&h.all);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_touched_is_whole),
        cmocka_unit_test(a_value_of_another_type_is_named),
        cmocka_unit_test(a_foreign_schema_is_named),
        cmocka_unit_test(an_index_that_lost_a_row_is_named),
        cmocka_unit_test(the_index_of_words_is_held_against_the_rows),
        cmocka_unit_test(what_came_after_an_erasure_must_be_whole),
        cmocka_unit_test(what_a_row_says_of_a_file_stands_in_the_log),
        cmocka_unit_test(a_commitment_has_the_bytes_it_always_had),
        cmocka_unit_test(a_row_is_as_the_newest_event_says),
        cmocka_unit_test(every_checkpoint_is_known),
        cmocka_unit_test(what_follows_from_the_log_is_held_against_it),
        cmocka_unit_test(rows_beside_the_log_are_sealed),
        cmocka_unit_test(who_looked_stands_under_the_log),
        cmocka_unit_test(sealing_anew_is_told_in_the_log),
        cmocka_unit_test(what_the_program_changes_is_sealed_anew),
        cmocka_unit_test(what_was_forged_before_stays_named),
        cmocka_unit_test(no_statement_changes_rows_past_their_seals),
        cmocka_unit_test(what_cannot_be_told_is_listed),
    };

    if (place_elsewhere()) /* its own server watches over types and files */
        return 0;
    return cmocka_run_group_tests(tests, set_up, world_tear_down);
}
