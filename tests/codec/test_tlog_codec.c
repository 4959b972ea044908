/* Merkle proofs, signed notes, checkpoints and tile names, held against the
 * published vectors in tests/data/tlog. */
#include "unit.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/note.h"
#include "codec/tile.h"

static void
path_to(char *out, size_t cap, const char *rest)
{
    const char *src = getenv("SRCDIR");

    if (snprintf(out, cap, "%s/tests/data/tlog/%s", src != NULL ? src : ".",
                 rest) >= (int)cap)
        fail_msg("%s: too long", rest);
}

static json_t *
load(const char *name)
{
    char path[1024];
    json_error_t at;
    json_t *j;

    path_to(path, sizeof(path), name);
    j = json_load_file(path, JSON_DECODE_ANY, &at);
    if (j == NULL) /* some hold 2^64 - 1 */
        j = json_load_file(path, JSON_DECODE_INT_AS_REAL, &at);
    if (j == NULL)
        fail_msg("%s: %s", path, at.text);
    return j;
}

static struct str
str_at(const json_t *j, const char *key)
{
    return str_of(json_string_value(json_object_get(j, key)));
}

static uint64_t
int_at(const json_t *j, const char *key)
{
    double d = json_number_value(json_object_get(j, key));

    return d < 1e18 ? (uint64_t)d : UINT64_MAX;
}

static struct hash
hex(const json_t *j)
{
    struct hash h;

    assert_true(hex_parse(str_of(json_string_value(j)), h.b, sizeof(h.b)));
    return h;
}

/* False: it is no hash at all. A few vectors stand short words for roots. */
static bool
b64(struct str s, struct hash *h)
{
    memset(h, 0, sizeof(*h));
    return base64_parse(s, h->b, sizeof(h->b)) > 0;
}

static bool
proof_of(const json_t *list, struct merkle_proof *p)
{
    size_t n = json_array_size(list);

    p->n = 0;
    for (size_t i = 0; i < n && i < MERKLE_PROOF_MAX; i++)
        if (!b64(str_of(json_string_value(json_array_get(list, i))),
                 &p->at[p->n++]))
            return false;
    return n <= MERKLE_PROOF_MAX;
}

/* ---- trees ------------------------------------------------------------------ */

struct leaves {
    struct hash at[300];
    size_t n;
};

static bool
load_node(void *arg, unsigned level, uint64_t index, struct hash *out,
          struct err *e)
{
    const struct leaves *t = arg;
    struct hash l, r;

    if (level == 0) {
        assert_true(index < t->n);
        *out = t->at[index];
        return true;
    }
    if (!load_node(arg, level - 1, 2 * index, &l, e) ||
        !load_node(arg, level - 1, 2 * index + 1, &r, e))
        return false;
    merkle_node(out, &l, &r);
    return true;
}

static void
the_reference_tree_has_its_published_roots(void **state)
{
    json_t *j = load("rfc6962-reference-tree.json");
    const json_t *leaf = json_object_get(j, "leaf_inputs_hex");
    const json_t *hash = json_object_get(j, "leaf_hashes_hex");
    const json_t *root = json_object_get(j, "root_hashes_hex");
    struct leaves t = { .n = 0 };
    struct merkle_edge edge = { 0 };
    struct merkle_source src = { load_node, &t };
    struct err e = { 0 };

    (void)state;
    for (size_t i = 0; i <= json_array_size(leaf); i++) {
        struct hash want = hex(json_array_get(root, i)), is;
        unsigned char bytes[64];
        struct str in = str_of(json_string_value(json_array_get(leaf, i)));

        merkle_root(&edge, &is);
        assert_memory_equal(&is, &want, sizeof(is));
        assert_true(merkle_root_at(&src, i, &is, &e));
        assert_memory_equal(&is, &want, sizeof(is));
        if (i == json_array_size(leaf))
            break;
        assert_true(hex_parse(in, bytes, in.n / 2));
        merkle_leaf(&is, (struct str){ (const char *)bytes, in.n / 2 });
        want = hex(json_array_get(hash, i));
        assert_memory_equal(&is, &want, sizeof(is));
        t.at[t.n++] = is;
        merkle_append(&edge, &is);
    }
    json_decref(j);
}

static void
every_proof_that_is_made_verifies_and_a_changed_one_does_not(void **state)
{
    struct leaves t = { .n = 0 };
    struct merkle_source src = { load_node, &t };
    struct merkle_proof p;
    struct err e = { 0 };

    (void)state;
    while (t.n < 131) {
        char c = (char)t.n;

        merkle_leaf(&t.at[t.n++], (struct str){ &c, 1 });
    }
    for (uint64_t size = 1; size <= t.n; size++) {
        struct hash root, old;

        assert_true(merkle_root_at(&src, size, &root, &e));
        for (uint64_t i = 0; i < size; i++) {
            assert_true(merkle_include(&src, i, size, &p, &e));
            assert_true(merkle_included(&t.at[i], i, size, &p, &root));
            assert_false(merkle_included(&t.at[i], i + 1, size, &p, &root));
            assert_true(merkle_extend(&src, i + 1, size, &p, &e));
            assert_true(merkle_root_at(&src, i + 1, &old, &e));
            assert_true(merkle_extended(&old, i + 1, &root, size, &p));
            old.b[3] ^= 1;
            assert_false(merkle_extended(&old, i + 1, &root, size, &p));
        }
    }
    assert_false(merkle_include(&src, 5, 5, &p, &e));
    assert_false(merkle_extend(&src, 0, 5, &p, &e));
    assert_false(merkle_extend(&src, 6, 5, &p, &e));
}

static bool
inclusion_holds(const json_t *j)
{
    struct hash root, leaf;
    struct merkle_proof p;

    return b64(str_at(j, "root"), &root) && b64(str_at(j, "leafHash"), &leaf) &&
           proof_of(json_object_get(j, "proof"), &p) &&
           merkle_included(&leaf, int_at(j, "leafIdx"), int_at(j, "treeSize"),
                           &p, &root);
}

static bool
consistency_holds(const json_t *j)
{
    struct hash r1, r2;
    struct merkle_proof p;

    return b64(str_at(j, "root1"), &r1) && b64(str_at(j, "root2"), &r2) &&
           proof_of(json_object_get(j, "proof"), &p) &&
           merkle_extended(&r1, int_at(j, "size1"), &r2, int_at(j, "size2"),
                           &p);
}

/* Every file below one folder; how many there were. */
static int
each_vector(const char *folder, bool (*holds)(const json_t *))
{
    char path[1024], name[400];
    int n = 0;
    DIR *d;

    path_to(path, sizeof(path), folder);
    assert_non_null(d = opendir(path));
    for (struct dirent *x; (x = readdir(d)) != NULL;) {
        json_t *j;

        if (x->d_name[0] == '.')
            continue;
        if (snprintf(name, sizeof(name), "%s/%s", folder, x->d_name) >=
            (int)sizeof(name))
            fail_msg("%s: too long", x->d_name);
        if (x->d_type == DT_DIR) {
            n += each_vector(name, holds);
            continue;
        }
        j = load(name);
        if (holds(j) == json_is_true(json_object_get(j, "wantErr")))
            fail_msg("%s: the wrong answer", name);
        json_decref(j);
        n++;
    }
    closedir(d);
    return n;
}

static void
inclusion_proofs_are_judged_as_the_vectors_say(void **state)
{
    (void)state;
    assert_in_range(each_vector("testdata/inclusion", inclusion_holds), 90,
                    200);
}

static void
consistency_proofs_are_judged_as_the_vectors_say(void **state)
{
    (void)state;
    assert_in_range(each_vector("testdata/consistency", consistency_holds), 80,
                    200);
}

static void
answers_of_a_large_log_verify(void **state)
{
    json_t *sth = load("argon2020/sth.json"),
           *proof = load("argon2020/proof.json"),
           *con = load("argon2020/consistency.json"),
           *all = load("argon2020/entries.json");
    const json_t *first = json_array_get(json_object_get(all, "entries"), 0);
    struct str in = str_at(first, "leaf_input");
    unsigned char *bytes = malloc(in.n);
    struct hash root, leaf, old;
    struct merkle_proof p;
    uint64_t size = int_at(sth, "tree_size");
    ptrdiff_t n;

    (void)state;
    assert_true(b64(str_at(sth, "sha256_root_hash"), &root));
    assert_true((n = base64_parse(in, bytes, in.n)) > 0);
    merkle_leaf(&leaf, (struct str){ (const char *)bytes, (size_t)n });
    assert_true(proof_of(json_object_get(proof, "audit_path"), &p));
    assert_true(merkle_included(&leaf, 10000, size, &p, &root));
    assert_true(proof_of(json_object_get(con, "consistency"), &p));
    assert_true(b64(STR("AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ="), &old));
    assert_true(merkle_extended(&old, 3654490, &root, size, &p));
    assert_false(merkle_extended(&old, 3654491, &root, size, &p));
    free(bytes);
    json_decref(sth);
    json_decref(proof);
    json_decref(con);
    json_decref(all);
}

/* ---- notes ------------------------------------------------------------------- */

static void
public_keys_are_judged_as_the_vectors_say(void **state)
{
    json_t *all = load("vkey-vectors.json"), *j;
    size_t i;

    (void)state;
    json_array_foreach(all, i, j)
    {
        struct note_key k;
        struct err e = { 0 };
        BUF(b, 1024);

        if (vkey_parse(str_at(j, "vkey"), &k, &e) !=
            json_is_true(json_object_get(j, "valid")))
            fail_msg("%s", str_at(j, "vkey").p);
        if (e.code != ERR_NONE)
            continue;
        vkey_format(&b, &k);
        assert_true(str_eq(buf_str(&b), str_at(j, "vkey")));
    }
    json_decref(all);
}

static void
notes_are_judged_as_the_vectors_say(void **state)
{
    json_t *all = load("signed-note-vectors.json"), *j;
    size_t i;

    (void)state;
    json_array_foreach(all, i, j)
    {
        const json_t *keys = json_object_get(j, "vkeys");
        struct note_key k[4];
        struct err e = { 0 };
        struct str in = str_at(j, "note_b64"), text;
        unsigned char *raw = malloc(in.n + 1);
        ptrdiff_t n = base64_parse(in, raw, in.n);

        assert_true(n >= 0);
        for (size_t m = 0; m < json_array_size(keys); m++)
            assert_true(vkey_parse(
                str_of(json_string_value(json_array_get(keys, m))), &k[m], &e));
        if (note_open((struct str){ (const char *)raw, (size_t)n }, k,
                      json_array_size(keys), &text,
                      &e) != json_is_true(json_object_get(j, "valid")))
            fail_msg("%s", str_at(j, "name").p);
        free(raw);
    }
    json_decref(all);
}

static void
a_signed_checkpoint_opens_and_a_changed_byte_closes_it(void **state)
{
    struct note_signer s, again;
    struct checkpoint c = { .origin = STR("example.org/log/one"), .size = 64 },
                      is;
    struct err e = { 0 };
    BUF(text, 1024);
    BUF(note, 4096);
    BUF(key, 1024);

    (void)state;
    signer_make(&s, c.origin);
    signer_format(&key, &s);
    assert_true(signer_parse(buf_str(&key), &again, &e));
    assert_memory_equal(s.secret, again.secret, sizeof(s.secret));
    memset(&c.root, 7, sizeof(c.root));
    checkpoint_format(&text, &c);
    note_sign(&note, &again, buf_str(&text));
    assert_true(checkpoint_open(buf_str(&note), &s.key, &is, &e));
    assert_int_equal(is.size, 64);
    assert_memory_equal(&is.root, &c.root, sizeof(is.root));
    for (size_t i = 0; i < note.n; i++) {
        note.p[i] ^= 1;
        assert_false(checkpoint_open(buf_str(&note), &s.key, &is, &e));
        note.p[i] ^= 1;
    }
    note_key_name(&again.key, STR("example.org/log/two"));
    assert_false(checkpoint_open(buf_str(&note), &again.key, &is, &e));
}

static void
checkpoints_are_read_strictly(void **state)
{
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    static const struct {
        const char *text;
        bool ok;
    } t[] = {
        { "a\n0\n" ROOT "\n", true },
        { "a\n20\n" ROOT "\n", true },
        { "a\n20\n" ROOT "\nmore\n", true },
        { "a\n20\n" ROOT "\n\n", false },
        { "a\n20\n" ROOT, false },
        { "a\n020\n" ROOT "\n", false },
        { "a\n-0\n" ROOT "\n", false },
        { "a\n+2\n" ROOT "\n", false },
        { "a\n\n" ROOT "\n", false },
        { "\n20\n" ROOT "\n", false },
        { "a\n99999999999999999999\n" ROOT "\n", false },
        { "a\n20\nAAAA\n", false },
        { "a\n20\n", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        struct checkpoint c;
        struct err e = { 0 };

        if (checkpoint_parse(str_of(t[i].text), &c, &e) != t[i].ok)
            fail_msg("row %zu", i);
    }
}

/* ---- tiles ------------------------------------------------------------------- */

static void
tile_names_go_both_ways(void **state)
{
    json_t *j = load("tile-path-vectors.json"), *row;
    static const char *const bad[] = {
        "",        "0",           "0/",         "0/1",         "0/0001",
        "00/001",  "8/001",       "0/x000/001", "0/001/",      "0/001.p/0",
        "0/001.p", "0/001.p/256", "0/001.p/08", "0/-01",       "0/x01/001",
        "a/001",   "0/x001",      "0//001",     "0/001.p/1/2",
    };
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(j, "paths"), i, row)
    {
        /* the first two parts are "tile" and the height, which is fixed */
        struct str s = str_of(json_string_value(json_array_get(row, 0))), x;
        struct tile_path t;
        BUF(name, 256);
        BUF(back, 256);

        assert_true(str_split(&s, '/', &x) && str_split(&s, '/', &x));
        if (str_starts(s, STR("data")))
            buf_puts(&name, "entries"), s = str_cut(s, 4, s.n);
        buf_str_put(&name, s);
        if (json_array_size(row) == 2) {
            assert_false(tile_path_parse(buf_str(&name), &t));
            continue;
        }
        assert_true(tile_path_parse(buf_str(&name), &t));
        assert_int_equal(t.n, json_integer_value(json_array_get(row, 3)));
        tile_path_format(&back, &t);
        assert_true(str_eq(buf_str(&back), buf_str(&name)));
    }
    for (i = 0; i < N_OF(bad); i++) {
        struct tile_path t;

        if (tile_path_parse(str_of(bad[i]), &t))
            fail_msg("\"%s\" is taken", bad[i]);
    }
    json_decref(j);
}

static void
a_tree_of_70000_has_the_tiles_the_specification_names(void **state)
{
    static const struct {
        unsigned level;
        uint64_t n;
        unsigned width;
    } t[] = { { 0, 272, 256 }, { 0, 273, 112 }, { 0, 274, 0 }, { 1, 0, 256 },
              { 1, 1, 17 },    { 2, 0, 1 },     { 3, 0, 0 } };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++)
        assert_int_equal(
            tile_width(&(struct tile_path){ .level = t[i].level, .n = t[i].n },
                       70000),
            t[i].width);
}

static void
a_proof_survives_being_written_down(void **state)
{
    struct tlog_proof p = { .extra = STR("AAAA"),
                            .index = 12,
                            .checkpoint = STR("o\n13\nx\n\n- sig\n") },
                      q;
    struct err e = { 0 };
    struct str rest, one;
    int n = 0;
    BUF(b, 8192);

    (void)state;
    p.path.n = 3;
    memset(p.path.at, 9, sizeof(p.path.at));
    tlog_proof_format(&b, &p);
    tlog_proof_format(&b, &p);
    rest = buf_str(&b);
    for (; tlog_proof_next(&rest, &one); n++) {
        assert_true(tlog_proof_parse(one, &q, &e));
        assert_int_equal(q.index, 12);
        assert_int_equal(q.path.n, 3);
        assert_true(str_eq(q.extra, p.extra));
        assert_true(str_eq(q.checkpoint, p.checkpoint));
    }
    assert_int_equal(n, 2);
    assert_false(
        tlog_proof_parse(STR("c2sp.org/tlog-proof@v1\nindex 01\n\n"), &q, &e));
    assert_false(
        tlog_proof_parse(STR("c2sp.org/tlog-proof@v1\nindex 1\n"), &q, &e));
    assert_false(tlog_proof_parse(STR(""), &q, &e));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_tree_has_its_published_roots),
        cmocka_unit_test(
            every_proof_that_is_made_verifies_and_a_changed_one_does_not),
        cmocka_unit_test(inclusion_proofs_are_judged_as_the_vectors_say),
        cmocka_unit_test(consistency_proofs_are_judged_as_the_vectors_say),
        cmocka_unit_test(answers_of_a_large_log_verify),
        cmocka_unit_test(public_keys_are_judged_as_the_vectors_say),
        cmocka_unit_test(notes_are_judged_as_the_vectors_say),
        cmocka_unit_test(
            a_signed_checkpoint_opens_and_a_changed_byte_closes_it),
        cmocka_unit_test(checkpoints_are_read_strictly),
        cmocka_unit_test(tile_names_go_both_ways),
        cmocka_unit_test(a_tree_of_70000_has_the_tiles_the_specification_names),
        cmocka_unit_test(a_proof_survives_being_written_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
