/* The log's outside: publishing, verifying, proving, rebuilding, copying. */
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/hazard.h"
#include "service/backup.h"
#include "service/install.h"
#include "service/place.h"
#include "service/proof.h"
#include "service/publish.h"
#include "service/rebuild.h"
#include "service/restore.h"
#include "service/scheduler.h"
#include "service/verify.h"
#include "store/files.h"
#include "store/stmt.h"

static int64_t now = INT64_C(1785000000000);

static int64_t
test_clock(void)
{
    return now += 997;
}

static struct world {
    char dir[64];
    struct writer *w;
    int64_t tenant, root, school, manager, principal, teacher, photo;
    int64_t hazard; /* one of them, with a photo */
    char hazard_no[64];
} world;

static void
explain(const struct err *e)
{
    char text[256];

    fail_msg("%s", err_text(e, text, sizeof(text)));
}

static void
must(bool ok, const struct err *e)
{
    if (!ok)
        explain(e);
}

static int
remove_one(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s;
    (void)type;
    (void)f;
    return remove(path);
}

static void
sweep(const char *dir)
{
    if (access(dir, F_OK) == 0)
        place_remove(dir);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- a random life ------------------------------------------------------------ */

static uint64_t seed = 42;

static unsigned
dice(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static bool
add_school(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;

    return install_change(
        tx, w->tenant, &org_ledger, 0, "add", w->root,
        (const struct input[]){
            { STR("name_en"), STR("School One") },
            { STR("kind"), STR("central_primary") },
            { STR("code"), STR("S1") },
            { STR("parent"), arena_printf(tx->arena, "%ld", (long)w->root) } },
        4, &w->school, e);
}

static int64_t
person(struct world *w, const char *login, enum role role)
{
    struct err e = { 0 };
    struct install_person p = { .tenant = w->tenant,
                                .org = w->school,
                                .name = str_of(login),
                                .login = str_of(login),
                                .role = role };

    must(writer_run(w->w, install_person_job, &p, &e), &e);
    return p.id;
}

static const char photo_bytes[] = "not really a photograph";

static bool
add_photo(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    char tmp[128];
    struct hash h;
    BUF(hex, 128);
    struct file_row f = { .size = sizeof(photo_bytes) - 1,
                          .type = STR("image/png"),
                          .name = STR("a.png"),
                          .added_at = tx->now,
                          .added_by = w->teacher };
    FILE *out;

    snprintf(tmp, sizeof(tmp), "%s/upload", w->dir);
    out = fopen(tmp, "we");
    assert_non_null(out);
    fwrite(photo_bytes, 1, sizeof(photo_bytes) - 1, out);
    fclose(out);
    hash_of(&h, &STR("not really a photograph"), 1);
    hex_put(&hex, hash_str(&h));
    f.id = w->photo = tx_id(tx);
    f.sha = buf_str(&hex);
    return files_keep(w->dir, w->tenant, tmp, f.sha, e) &&
           files_add(tx->st, w->tenant, &f, e);
}

static struct change
report(struct world *w, const struct input *in, size_t n)
{
    return (struct change){ .ledger = &hazard_ledger,
                            .tenant = w->tenant,
                            .person = w->teacher,
                            .org = w->school,
                            .verb = STR("report"),
                            .input = in,
                            .n_inputs = n };
}

static bool
step(struct world *w, struct change *c, int64_t who, const char *verb,
     const struct input *in, size_t n)
{
    struct err e = { 0 };

    c->id = c->out_id;
    c->person = who;
    c->verb = str_of(verb);
    c->rev = 0;
    c->input = in;
    c->n_inputs = n;
    return writer_run(w->w, change_job, c, &e);
}

/* One hazard and what becomes of it; how many changes that took. */
static int
live(struct world *w, bool photo)
{
    char text[64], id[32];
    text[0] = 0;
    struct input said[] = { { STR("description"), str_of(text) },
                            { STR("place_text"), STR("食堂") },
                            { STR("photos_before"), str_of(id) } };
    const struct input assign[] = { { STR("measures"), STR("铺防滑垫") },
                                    { STR("responsible_unit"), STR("总务处") },
                                    { STR("deadline"), STR("2026-12-30") } };
    const struct input done[] = { { STR("situation"), STR("垫子已铺好") } };
    struct change c;
    struct err e = { 0 };
    int n = 1;

    snprintf(text, sizeof(text), "地面湿滑 wet floor %u", dice(1000));
    snprintf(id, sizeof(id), "%ld", (long)w->photo);
    said[0].value = str_of(text);
    said[2].value = str_of(id);
    c = report(w, said, photo ? 3 : 2);
    must(writer_run(w->w, change_job, &c, &e), &e);
    if (photo)
        w->hazard = c.out_id;
    if (dice(4) > 0)
        n += step(w, &c, w->manager, "assign", assign, N_OF(assign));
    if (dice(3) > 0)
        n += step(w, &c, w->manager, "submit", done, 1);
    if (dice(3) > 0)
        n += step(w, &c, w->principal, "accept", NULL, 0);
    return n;
}

static int
set_up(void **state)
{
    struct world *w = &world;
    struct install_tenant t = { .code = STR("one"),
                                .name = { STR("One"), STR("一") },
                                .zone = STR("Asia/Shanghai"),
                                .origin = STR("example.org/test") };
    struct err e = { 0 };

    *w = (struct world){ .tenant = 0 };
    snprintf(w->dir, sizeof(w->dir), "/tmp/anlan-log-XXXXXX");
    place_make(w->dir);
    w->w = writer_new(w->dir, test_clock, &e);
    must(w->w != NULL, &e);
    must(writer_run(w->w, install_tenant_job, &t, &e), &e);
    must(writer_run(w->w, logkey_make_job, NULL, &e), &e);
    w->tenant = t.id;
    w->root = t.root;
    must(writer_run(w->w, add_school, w, &e), &e);
    w->manager = person(w, "manager", ROLE_SAFETY_MANAGER);
    w->principal = person(w, "principal", ROLE_PRINCIPAL);
    w->teacher = person(w, "teacher", ROLE_STAFF);
    must(writer_run(w->w, add_photo, w, &e), &e);
    for (int n = 0; n < 200;) {
        n += live(w, n == 0);
        if (dice(10) == 0)
            now += 7 * MS_PER_HOUR;
        if (dice(5) == 0)
            must(scheduler_round(w->w, &e), &e);
    }
    *state = w;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *w = *state;

    writer_free(w->w);
    sweep(w->dir);
    return 0;
}

/* ---- verifying a copy ------------------------------------------------------------ */

struct heard {
    int n;
    bool wanted;
    const char *want;
    struct buf all;
};

/* As JSON a finding says the same, whatever bytes stand in it. */
static void
check_json(const struct finding *f)
{
    const char *what, *kind;
    char words[4096];
    json_error_t why;
    json_t *root;
    BUF(b, 8192);

    finding_json(&b, f);
    root = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        fail_msg("%s: %.*s", why.text, STR_ARG(buf_str(&b)));
    what = json_string_value(json_object_get(root, "what"));
    kind = json_string_value(json_object_get(root, "kind"));
    assert_non_null(what);
    assert_string_equal(what, err_text(f->what, words, sizeof(words)));
    assert_string_equal(kind, f->kind);
    assert_int_equal(json_object_get(root, "id") != NULL, f->id >= 0);
    assert_int_equal(json_object_get(root, "event") != NULL, f->seq >= 0);
    json_decref(root);
}

static void
a_finding_is_json_whatever_stands_in_it(void **state)
{
    struct err e = { 0 };
    const struct finding f = { .tenant = STR("a\"b\\c\n"),
                               .kind = "hazard",
                               .id = 7,
                               .seq = 9,
                               .field = "measures",
                               .what = &e };
    json_t *root;
    BUF(b, 4096);

    (void)state;
    err_set(&e, ERR_STORE, NULL, "\"%s\" \x01 \t", "</script>\\");
    check_json(&f);
    finding_json(&b, &f);
    root = json_loadb(b.p, b.n, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(root, "tenant")),
                        "a\"b\\c\n");
    assert_string_equal(json_string_value(json_object_get(root, "id")), "7");
    assert_string_equal(json_string_value(json_object_get(root, "field")),
                        "measures");
    json_decref(root);
}

static void
hear(const struct finding *f, void *arg)
{
    struct heard *h = arg;
    BUF(b, 4096);

    finding_format(&b, f);
    check_json(f);
    h->n++;
    buf_str_put(&h->all, buf_str(&b));
    buf_putc(&h->all, '\n');
    if (h->want != NULL && str_find(buf_str(&b), str_of(h->want)) >= 0)
        h->wanted = true;
}

static void
listen_to(const char *dir, struct heard *h, struct verify *v)
{
    struct err e = { 0 };

    *v = (struct verify){ .dir = dir, .found = hear, .arg = h };
    buf_init(&h->all, 1 << 20);
    v->st = store_open(dir, STORE_READ, &e);
    must(v->st != NULL, &e);
    must(verify_run(v, &e), &e);
    store_close(v->st);
    assert_int_equal(v->findings, h->n);
}

static void
copy_world(const struct world *w, char dir[64])
{
    struct err e = { 0 };
    struct backup b = { .from = w->dir, .to = dir, .with_key = true };

    snprintf(dir, 64, "%.40s-copy", w->dir);
    sweep(dir);
    must(backup_copy(&b, &e), &e);
    assert_int_equal(b.files, 1);
}

static void
an_untouched_installation_verifies(void **state)
{
    struct world *w = *state;
    struct heard h = { .n = 0 };
    struct verify v;

    listen_to(w->dir, &h, &v); /* the writer is open beside it */
    if (h.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    assert_true(v.events >= 200 && v.rows > 60 && v.tiles >= 1);
    assert_true(v.checkpoints >= 3 && v.files == 1);
    buf_fini(&h.all);
}

static void
every_kind_of_tampering_is_named(void **state)
{
    static const struct {
        const char *what, *sql, *said;
    } t[] = {
        { "a field of a row",
          "UPDATE hazard SET measures = 'x' WHERE rowid = (SELECT min(rowid)"
          " FROM hazard WHERE measures <> '')",
          "field measures differs from the log" },
        { "a row's rev", "UPDATE person SET rev = 9 WHERE login = 'teacher'",
          "field rev differs from the log" },
        { "a row too many",
          "INSERT INTO hazard SELECT * FROM (SELECT * FROM hazard LIMIT 1)"
          " WHERE 0; CREATE TEMP TABLE x AS SELECT * FROM hazard LIMIT 1;"
          "UPDATE x SET id = 77; INSERT INTO hazard SELECT * FROM x",
          "hazard 77: the log knows nothing of this row" },
        { "a row too few",
          "DELETE FROM hazard WHERE rowid = (SELECT max(rowid) FROM hazard)",
          "its row is missing" },
        { "an event's body",
          "UPDATE event SET body = body || x'00' WHERE seq = 12",
          "event 12: it is not what was logged" },
        { "an event's salt",
          "UPDATE event SET salt = zeroblob(32) WHERE seq = 11",
          "event 11: it is not what was logged" },
        { "an event turned blank",
          "UPDATE event SET body = x'', ledger = 0, record_id = 0, rev = 0,"
          " verb = '', actor = 0 WHERE seq = 10",
          "event 10: it is not what was logged" },
        { "an event's commitments",
          "UPDATE event SET commits = zeroblob(64) WHERE seq = 9",
          "event 9: it is not what was logged" },
        { "an event's time", "UPDATE event SET at_ms = at_ms + 1 WHERE seq = 8",
          "event 8: column at_ms differs" },
        { "an event's actor", "UPDATE event SET actor = 5 WHERE seq = 13",
          "event 13: column actor differs" },
        { "an event in the middle", "DELETE FROM event WHERE seq = 14",
          "event 14: it is missing" },
        { "the last events",
          "DELETE FROM event WHERE seq > (SELECT max(seq) - 3 FROM event)",
          "the last events are missing" },
        { "the last events and the head",
          "DELETE FROM event WHERE seq > 100; UPDATE log_head SET size = 101",
          "its end is missing" },
        { "a personal part",
          "DELETE FROM event_part WHERE seq = (SELECT min(seq) FROM"
          " event_part)",
          "its personal part is missing" },
        { "a personal part's words",
          "UPDATE event_part SET body = x'00' WHERE seq = (SELECT min(seq)"
          " FROM event_part)",
          "is not the one that was logged" },
        { "a personal part blanked without a step",
          "UPDATE event_part SET salt = x'', body = x'' WHERE seq ="
          " (SELECT min(seq) FROM event_part)",
          "its personal part is gone, and nobody erased it" },
        { "a tile", "UPDATE tile SET data = zeroblob(8192)",
          "tile 0/0 differs from the events at hash 0" },
        { "a tile away", "DELETE FROM tile", "tile 0/0 is missing" },
        { "a tile too many",
          "INSERT INTO tile SELECT tenant_id, level, 9, data FROM tile LIMIT 1",
          "tile 0/9 belongs to no part" },
        { "a checkpoint's words",
          "UPDATE checkpoint SET note = replace(note, 'test', 'best')",
          "checkpoint" },
        { "a checkpoint's size", "UPDATE checkpoint SET size = size - 1",
          "it is signed for" },
        { "the head's root", "UPDATE log_head SET root = zeroblob(32)",
          "head: its root is not" },
        { "the head's size", "UPDATE log_head SET size = size - 1",
          "head: it counts" },
        { "the head", "DELETE FROM log_head", "the log has no head" },
        { "a counter", "UPDATE counter SET n = n + 1 WHERE dim = 'made'",
          "made=" },
        { "a counter away", "DELETE FROM counter WHERE dim = 'made'",
          "counts 0, the log gives" },
        { "a number", "UPDATE number SET n = n + 5", "stands at" },
        { "a number away", "DELETE FROM number", "stands at 0" },
        { "a number too many", "INSERT INTO number VALUES (1, 1, 1, 2000, 3)",
          "the log gives 0" },
        { "a sign-in name",
          "UPDATE directory SET person_id = 5 WHERE login ="
          " 'teacher'",
          "\"teacher\" does not lead to this person" },
        { "a sign-in name too many",
          "INSERT INTO directory VALUES ('ghost', 1, 5)",
          "\"ghost\" is nobody's" },
        { "a file's row", "DELETE FROM attachment",
          "the log names it, but it is not there" },
        { "a file's hash",
          "UPDATE attachment SET sha256 = replace(sha256, substr(sha256, 1,"
          " 4), '0000')",
          "it was exchanged" },
        { "a file's record", "UPDATE attachment SET record_id = 5",
          "it belongs to record 5" },
        { "rows of nobody", "INSERT INTO directory VALUES ('ghost', 9, 5)",
          "belong to no tenant" },
        { "a run of events", "DELETE FROM event WHERE seq BETWEEN 20 AND 25",
          "the events 20 to 25 are missing" },
        { "an index out of nowhere",
          "UPDATE event SET seq = 100000000 WHERE seq = (SELECT max(seq) FROM"
          " event)",
          "to 99999999 are missing" },
        { "an event's commitments, cut",
          "UPDATE event SET commits = x'00' WHERE seq = 15",
          "event 15: it is malformed" },
        { "an event set back in time",
          "UPDATE event SET at_ms = 1 WHERE seq = 16",
          "event 16: its time lies before" },
        { "an event's words", "UPDATE event SET body = x'' WHERE seq = 12",
          "event 12: its body is missing" },
        { "an event's bytes", "UPDATE event SET body = x'ff' WHERE seq = 12",
          "event 12: " },
        { "an event of another ledger",
          "UPDATE event SET ledger = 99 WHERE seq = 12",
          "event 12: column ledger differs" },
        { "an event whose part stayed behind",
          "DELETE FROM event WHERE seq = (SELECT min(seq) FROM event_part)",
          "a personal part belongs to no event" },
        { "a personal part beyond the end",
          "INSERT INTO event_part SELECT tenant_id, 99999, subject, salt, body,"
          " commitment FROM event_part LIMIT 1",
          "event 99999: a personal part belongs to no event" },
        { "a tile cut short", "UPDATE tile SET data = zeroblob(100)",
          "tile 0/0 has a wrong size" },
        { "a checkpoint given twice",
          "INSERT INTO checkpoint SELECT tenant_id, at_ms + 1, size, note FROM"
          " checkpoint",
          "it is not larger than the one before it" },
        { "the head's time", "UPDATE log_head SET last_ms = last_ms + 1",
          "head: its time is not that of the last event" },
        { "the key", "UPDATE setting SET value = 'x' WHERE name = 'log_key'",
          "no public key" },
    };
    struct world *w = *state;
    char dir[64];

    for (size_t i = 0; i < N_OF(t); i++) {
        struct heard h = { .want = t[i].said };
        struct verify v;

        copy_world(w, dir);
        place_sql(dir, t[i].sql);
        listen_to(dir, &h, &v);
        if (!h.wanted)
            fail_msg("%s: wanted \"%s\", heard:\n%.*s", t[i].what, t[i].said,
                     STR_ARG(buf_str(&h.all)));
        buf_fini(&h.all);
        sweep(dir);
    }
}

static int flip_done;

static int
flip(const char *path, const struct stat *s, int type, struct FTW *f)
{
    FILE *x;

    (void)s;
    (void)f;
    if (type == FTW_F && strstr(path, "/files/") != NULL) {
        x = fopen(path, "r+e");
        assert_non_null(x);
        fputc('N', x);
        fclose(x);
        flip_done++;
    }
    return 0;
}

static void
a_changed_byte_of_an_attachment_is_named(void **state)
{
    struct world *w = *state;
    struct heard h = { .want = "its bytes were changed" };
    struct heard gone = { .want = "its bytes are missing" };
    struct verify v;
    char dir[64], files[96];

    copy_world(w, dir);
    flip_done = 0;
    nftw(dir, flip, 16, FTW_PHYS);
    assert_int_equal(flip_done, 1);
    listen_to(dir, &h, &v);
    assert_true(h.wanted);
    snprintf(files, sizeof(files), "%s/files", dir);
    sweep(files);
    listen_to(dir, &gone, &v);
    assert_true(gone.wanted);
    buf_fini(&h.all);
    buf_fini(&gone.all);
    sweep(dir);
}

/* ---- rebuilding ---------------------------------------------------------------------- */

static void
rebuilding_an_untouched_installation_changes_nothing(void **state)
{
    struct world *w = *state;
    struct rebuild r = { .check = true };
    struct err e = { 0 };

    must(rebuild_run(w->w, &r, &e), &e);
    if (r.n_told > 0)
        fail_msg("%s", r.told[0]);
    assert_true(r.records > 60);
}

static void
rebuilding_repairs_every_projection(void **state)
{
    struct world *w = *state;
    struct rebuild r = { .check = true }, check = { .check = true };
    struct heard h = { .n = 0 };
    struct verify v;
    struct err e = { 0 };
    char dir[64];
    struct writer *x;

    copy_world(w, dir);
    place_sql(dir, "UPDATE hazard SET measures = 'x'; UPDATE counter SET n = 7;"
                   "DELETE FROM number; DELETE FROM directory;"
                   "DELETE FROM person WHERE login = 'teacher';"
                   "INSERT INTO search (search) VALUES ('delete-all')");
    x = writer_new(dir, test_clock, &e);
    must(x != NULL, &e);
    must(rebuild_run(x, &r, &e), &e);
    assert_true(r.n_told >= 5);
    listen_to(dir, &h, &v);
    assert_true(h.n > 5); /* --check took it all back */
    r.check = false;
    must(rebuild_run(x, &r, &e), &e);
    must(rebuild_run(x, &check, &e), &e);
    if (check.n_told > 0)
        fail_msg("%s", check.told[0]);
    writer_free(x);
    buf_fini(&h.all);
    h = (struct heard){ .n = 0 };
    listen_to(dir, &h, &v);
    if (h.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
    sweep(dir);
}

/* ---- bytes that never change --------------------------------------------- */

static void
an_entry_has_the_bytes_it_always_had(void **state)
{
    static const char salt_hex[] =
        "39fee462d907c05fd5d9e50ac3b16a868e30c8b66e78dde691ef46160123e4fa";
    static const char body_hex[] =
        "0101020201200309808080e0edb9fc8e1804067375626d69740501000606f096d4a4"
        "f3670701060b010c11068090bb8ef767121668617a6172642e6163636570745f7769"
        "7468696e40314803e8c2024a14e59eabe5ad90e5b7b2e993bae5a5bd20646f6e654c"
        "06f096d4a4f36763068090bb8ef767641668617a6172642e6163636570745f776974"
        "68696e4031";
    static const char entry_hex[] =
        "01000000000000000100000000000000030000019f9a4a85b8741d2710b689f47dc7"
        "695dbacc6af780f2a4a2cada5f4af3ba7e0c45877cfea90000000000000000000000"
        "000000000000000000000000000000000000000000";
    static const char leaf_hex[] =
        "fa40b677e90e0855d22174cfa642923e9d0caa94165fff0b4b9a06081917556c";
    unsigned char salt[32], body[141], want[TLOG_ENTRY], is[TLOG_ENTRY],
        commits[64] = { 0 };
    struct hash h, leaf;
    struct event ev;
    struct err e = { 0 };

    (void)state;
    assert_true(hex_parse(str_of(salt_hex), salt, sizeof(salt)));
    assert_true(hex_parse(str_of(body_hex), body, sizeof(body)));
    assert_true(hex_parse(str_of(entry_hex), want, sizeof(want)));
    assert_true(hex_parse(str_of(leaf_hex), leaf.b, sizeof(leaf.b)));
    tlog_commit(&h, (struct str){ (const char *)salt, sizeof(salt) },
                (struct str){ (const char *)body, sizeof(body) });
    memcpy(commits, h.b, sizeof(h.b));
    tlog_entry(is, 1, 3, INT64_C(1785000003000), commits);
    assert_memory_equal(is, want, sizeof(is));
    merkle_leaf(&h, (struct str){ (const char *)want, sizeof(want) });
    assert_memory_equal(&h, &leaf, sizeof(h));
    must(
        event_decode((struct str){ (const char *)body, sizeof(body) }, &ev, &e),
        &e);
    assert_true(str_is(ev.verb, "submit"));
    assert_int_equal(ev.rev, 3);
}

/* ---- publishing ----------------------------------------------------------------------- */

static void
checkpoints_are_due_at_four_fixed_hours(void **state)
{
    const int64_t day = INT64_C(20000) * MS_PER_DAY;

    (void)state;
    assert_int_equal(publish_slot(0, day + 1), day);
    assert_int_equal(publish_slot(day, day + 5 * MS_PER_HOUR), 0);
    assert_int_equal(publish_slot(day, day + 6 * MS_PER_HOUR),
                     day + 6 * MS_PER_HOUR);
    assert_int_equal(publish_slot(day, day + 47 * MS_PER_HOUR),
                     day + 42 * MS_PER_HOUR);
    assert_int_equal(publish_slot(day, day - MS_PER_HOUR), 0);
}

static int64_t
newest_slot(struct world *w)
{
    struct err e = { 0 };
    int64_t at, size;
    struct str note;
    ARENA(a, 8192);

    must(stmt_one(writer_store(w->w), &stmts[Q_CHECKPOINT_LAST],
                  ARGS(ARG(w->tenant)), a,
                  COLS(COL(&at), COL(&size), COL(&note)), &e),
         &e);
    return at;
}

/* One hour with a clock a month ahead, and the log goes on by the right one. */
static void
a_clock_that_was_ahead_stops_no_checkpoint(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    int64_t right = now, ahead, before;

    now = right + 30 * MS_PER_DAY;
    must(scheduler_round(w->w, &e), &e);
    ahead = newest_slot(w);
    assert_true(ahead > right + 29 * MS_PER_DAY);
    for (int i = 1; i < 4; i++) {
        now = right + i * 6 * MS_PER_HOUR;
        must(scheduler_round(w->w, &e), &e);
        assert_int_equal(newest_slot(w),
                         now - now % (6 * MS_PER_HOUR)); /* the newest tree */
        must(scheduler_round(w->w, &e), &e);
    }
    /* set back by a minute over the hour: none for the hour before */
    before = newest_slot(w);
    now = before - 60 * MS_PER_SECOND;
    must(scheduler_round(w->w, &e), &e);
    assert_int_equal(newest_slot(w), before);
    /* the wrong future arrives */
    now = ahead + MS_PER_HOUR;
    must(scheduler_round(w->w, &e), &e);
    now = ahead + 7 * MS_PER_HOUR;
    must(scheduler_round(w->w, &e), &e);
    assert_int_equal(newest_slot(w), ahead + 6 * MS_PER_HOUR);
    an_untouched_installation_verifies(state);
}

static void
a_checkpoint_is_padded_even_when_nothing_happened(void **state)
{
    struct world *w = *state;
    int64_t at, size[2];
    struct err e = { 0 };

    for (int i = 0; i < 2; i++) {
        now += PUBLISH_HOURS * MS_PER_HOUR;
        must(writer_run(w->w, publish_job, &w->tenant, &e), &e);
        must(stmt_one(writer_store(w->w), &stmts[Q_CHECKPOINT_LAST],
                      ARGS(ARG(w->tenant)), NULL, COLS(COL(&at), COL(&size[i])),
                      &e),
             &e);
        assert_int_equal(size[i] % PUBLISH_STEP, 0);
        assert_int_equal(at % (PUBLISH_HOURS * MS_PER_HOUR), 0);
    }
    assert_int_equal(size[1] - size[0], PUBLISH_STEP);
}

/* ---- proofs ------------------------------------------------------------------------------ */

static void
a_proof_holds_offline_and_breaks_when_changed(void **state)
{
    struct world *w = *state;
    ARENA(a, 8 << 20);
    struct hazard hz;
    struct note_key key;
    struct loghead *heads;
    struct prover p;
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    struct dir *d;
    struct actor who = { .person = w->principal, .now = now };
    struct str rest, one;
    struct proof_said said;
    BUF(out, 1 << 20);
    int n = 0, opened = 0;

    must(st != NULL, &e);
    d = dir_load(st, w->tenant, &e);
    must(d != NULL, &e);
    who.dir = d;
    must(store_rec_get(st, w->tenant, &hazard_ledger, w->hazard, a, &hz, &e),
         &e);
    must((heads = loghead_open(w->dir, 0, &e)) != NULL, &e);
    must(prover_init(&p, st, heads, &d->tenant, a, &e), &e);
    must(proof_of_record(&p, &who, &hazard_ledger, &hz, &out, &e), &e);
    must(logkey_public(st, a, &key, &e), &e);
    note_key_name(&key, logkey_origin(a, &d->tenant));
    rest = buf_str(&out);
    for (; tlog_proof_next(&rest, &one); n++) {
        must(proof_check(one, &key, a, &said, &e), &e);
        opened += said.opened;
        if (said.opened)
            assert_int_equal(said.event.record, w->hazard);
    }
    assert_int_equal(n, hz.r.rev);
    assert_true(opened > 0);
    for (size_t i = 0; i < one.n; i++) {
        char *at = (char *)(uintptr_t)one.p + i;

        *at ^= 1;
        if (proof_check(one, &key, a, &said, &e))
            fail_msg("byte %zu may be changed", i);
        *at ^= 1;
    }
    prover_fini(&p);
    loghead_close(heads);
    dir_free(d);
    store_close(st);
}

/* The same from the leaves alone, as the definition has it. */
static void
node_of_leaves(struct store *st, int64_t tenant, unsigned level, uint64_t i,
               struct hash *out)
{
    struct hash at[512];
    struct err e = { 0 };
    struct rows r;
    bool more = false;
    size_t n = 0;

    must(rows_open(&r, st, &stmts[Q_EVENT_LEAVES],
                   ARGS(ARG(tenant), ARG((int64_t)(i << level)),
                        ARG((int64_t)((i + 1) << level))),
                   &e),
         &e);
    while (rows_next(&r, &more, &e) && more && n < N_OF(at)) {
        tlog_leaf(&at[n], tenant, rows_i64(&r, 0), rows_i64(&r, 1),
                  (const unsigned char *)rows_str(&r, 2).p);
        n++;
    }
    rows_close(&r);
    assert_int_equal(n, (size_t)1 << level);
    for (; n > 1; n /= 2)
        for (size_t k = 0; k < n / 2; k++)
            merkle_node(&at[k], &at[2 * k], &at[2 * k + 1]);
    *out = at[0];
}

static void
the_reader_gives_the_same_tree_as_the_writer(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);
    struct tlog_reader *r = calloc(1, sizeof(*r));
    struct merkle_source src = { tlog_reader_node, r };
    struct str root;
    struct hash is, slow;
    struct err e = { 0 };
    int64_t size, last;
    ARENA(a, 4096);

    tlog_reader_init(r, st, w->tenant);
    must(stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(w->tenant)), a,
                  COLS(COL(&size), COL(&last), COL(&root)), &e),
         &e);
    assert_true(size > 256);
    must(merkle_root_at(&src, (uint64_t)size, &is, &e), &e);
    assert_true(str_eq(hash_str(&is), root));
    for (unsigned level = 0; level < 9; level++) {
        uint64_t i = ((uint64_t)size >> level) - 1;

        must(tlog_reader_node(r, level, i, &is, &e), &e);
        node_of_leaves(st, w->tenant, level, i, &slow);
        assert_memory_equal(&is, &slow, sizeof(is));
        assert_false(tlog_reader_node(r, level, i + 1, &is, &e));
    }
    free(r);
}

/* ---- copies ------------------------------------------------------------------------------ */

static struct str
newest_note(const struct world *w, struct arena *a)
{
    int64_t at, size;
    struct str note = STR("");
    struct err e = { 0 };

    must(stmt_one(writer_store(w->w), &stmts[Q_CHECKPOINT_LAST],
                  ARGS(ARG(w->tenant)), a,
                  COLS(COL(&at), COL(&size), COL(&note)), &e),
         &e);
    return note;
}

static struct writer *
restored(const struct world *w, char dir[64])
{
    struct err e = { 0 };
    struct writer *x;

    copy_world(w, dir);
    x = writer_new(dir, test_clock, &e);
    must(x != NULL && writer_run(x, restore_mark_job, NULL, &e), &e);
    writer_free(x);
    x = writer_new(dir, test_clock, &e);
    must(x != NULL, &e);
    return x;
}

static void
a_restored_installation_waits_for_the_newest_checkpoint(void **state)
{
    struct world *w = *state;
    const struct input in[] = { { STR("description"), STR("x") },
                                { STR("place_text"), STR("y") } };
    struct change c = report(w, in, 2);
    ARENA(a, 64 * 1024);
    struct str note = newest_note(w, a), bad = arena_dup(a, note);
    struct restore_proof p = { &note, 1 }, wrong = { &bad, 1 },
                         none = { &bad, 0 };
    struct loghead *heads;
    struct err e = { 0 };
    char dir[64];
    struct writer *x = restored(w, dir);

    assert_false(writer_run(x, change_job, &c, &e));
    assert_int_equal(e.code, ERR_DENIED);
    must(scheduler_round(x, &e), &e);
    assert_false(writer_run(x, restore_continue_job, &none, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    ((char *)(uintptr_t)bad.p)[0] ^= 1;
    assert_false(writer_run(x, restore_continue_job, &wrong, &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_false(writer_run(x, restore_continue_job, &p, &e));
    assert_int_equal(e.code, ERR_CONFLICT); /* what else was given away? */
    must((heads = loghead_open(dir, 0, &e)) != NULL, &e);
    must(loghead_begin(heads, w->w, &e), &e);
    loghead_close(heads);
    must(writer_run(x, restore_continue_job, &p, &e), &e);
    writer_free(x);
    x = writer_new(dir, test_clock, &e);
    must(x != NULL && writer_run(x, change_job, &c, &e), &e);
    writer_free(x);
    sweep(dir);
}

static void
an_old_copy_goes_on_only_under_a_new_name(void **state)
{
    struct world *w = *state;
    struct heard h = { .n = 0 };
    struct verify v;
    ARENA(a, 64 * 1024);
    struct str note, origin = STR("example.org/second");
    struct restore_proof p = { &note, 1 };
    struct err e = { 0 };
    char dir[64], key[96];
    struct writer *x = restored(w, dir);

    now += PUBLISH_HOURS * MS_PER_HOUR;
    must(writer_run(w->w, publish_job, &w->tenant, &e), &e);
    note = newest_note(w, a); /* of a log that has gone on without it */
    assert_false(writer_run(x, restore_continue_job, &p, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    snprintf(key, sizeof(key), "%s/log.key", dir);
    assert_int_equal(unlink(key), 0);
    must(writer_run(x, restore_new_origin_job, &origin, &e), &e);
    writer_free(x);
    x = writer_new(dir, test_clock, &e);
    must(x != NULL, &e);
    now += PUBLISH_HOURS * MS_PER_HOUR;
    must(scheduler_round(x, &e), &e);
    writer_free(x);
    listen_to(dir, &h, &v);
    if (h.n > 0)
        fail_msg("%.*s", STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
    sweep(dir);
}

static void
nothing_is_copied_over_what_is_there(void **state)
{
    struct world *w = *state;
    struct backup b = { .from = w->dir, .to = w->dir };
    struct err e = { 0 };

    assert_false(backup_copy(&b, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_installation_verifies),
        cmocka_unit_test(every_kind_of_tampering_is_named),
        cmocka_unit_test(a_finding_is_json_whatever_stands_in_it),
        cmocka_unit_test(a_changed_byte_of_an_attachment_is_named),
        cmocka_unit_test(rebuilding_an_untouched_installation_changes_nothing),
        cmocka_unit_test(rebuilding_repairs_every_projection),
        cmocka_unit_test(an_entry_has_the_bytes_it_always_had),
        cmocka_unit_test(checkpoints_are_due_at_four_fixed_hours),
        cmocka_unit_test(a_clock_that_was_ahead_stops_no_checkpoint),
        cmocka_unit_test(a_checkpoint_is_padded_even_when_nothing_happened),
        cmocka_unit_test(a_proof_holds_offline_and_breaks_when_changed),
        cmocka_unit_test(the_reader_gives_the_same_tree_as_the_writer),
        cmocka_unit_test(
            a_restored_installation_waits_for_the_newest_checkpoint),
        cmocka_unit_test(an_old_copy_goes_on_only_under_a_new_name),
        cmocka_unit_test(nothing_is_copied_over_what_is_there),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
