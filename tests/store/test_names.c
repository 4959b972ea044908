/* Photographs and uploads outlive a power cut at every call that keeps them,
 * also where only what POSIX promises has reached the disk. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "codec/hash.h"
#include "store/drop_names.h"
#include "store/files.h"

static char top[] = "/tmp/anlan-names-XXXXXX";
static char data[64], tmp[96];

static void
fresh(void)
{
    names_cut_at(0);
    assert_true(disk_remove(data));
    assert_int_equal(mkdir(data, 0700), 0);
    snprintf(tmp, sizeof(tmp), "%s/tmp", data);
    assert_int_equal(mkdir(tmp, 0700), 0);
    names_begin(data);
}

static struct str
name_of(struct str bytes)
{
    static char room[4][128]; /* what was given stays for three calls more */
    static unsigned turn;
    struct buf hex = { .p = room[turn % 4], .cap = 128, .max = 128 };

    turn++;
    hash_hex(&hex, bytes);
    return buf_str(&hex);
}

static void
write_file(const char *path, struct str bytes)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    close(fd);
}

/* True: it was acknowledged. */
static bool
upload(struct str bytes)
{
    char path[128];
    struct err e;
    bool ok;

    snprintf(path, sizeof(path), "%s/upload", tmp);
    (void)mkdir(tmp, 0700);
    write_file(path, bytes);
    ok = files_keep(data, 7, path, name_of(bytes), &e);
    (void)unlink(path);
    return ok;
}

static bool
is_there(struct str bytes)
{
    struct err e;
    int fd = files_open(data, 7, name_of(bytes), &e);
    bool good = fd >= 0 && files_match(fd, name_of(bytes));

    if (fd >= 0)
        close(fd);
    return good;
}

static void
what_was_acknowledged_is_there_after_a_power_cut(void **state)
{
    const struct str photo = STR("a photograph of a leak");
    int n = 0, kept = 0;
    bool ok;

    (void)state;
    do {
        fresh();
        names_cut_at(++n);
        ok = upload(photo);
        names_restore();
        kept += is_there(photo);
        if (ok)
            assert_true(is_there(photo));
        /* the telephone sends it again, and the power goes once more */
        names_cut_at(0);
        assert_true(upload(photo));
        names_restore();
        assert_true(is_there(photo));
    } while (!ok);
    assert_true(n > 6);
    assert_true(kept > 0 && kept < n);
}

/* The process was killed, the machine goes on, and then the power is cut. */
static void
bytes_that_lie_there_from_a_killed_run_are_synced_before_they_count(
    void **state)
{
    const struct str photo = STR("sent twice");
    bool ok;
    int n = 0;

    (void)state;
    do {
        fresh();
        names_cut_at(++n);
        ok = upload(photo);
        names_cut_at(0);
        assert_true(upload(photo));
        names_restore();
        assert_true(is_there(photo));
    } while (!ok);
}

static void
a_good_upload_heals_what_lies_there_rotten(void **state)
{
    const struct str photo = STR("a photograph");
    static const char *const bad[] = { "", "a photogra", "a photogRaph",
                                       "a photograph and more" };
    struct file_row row = { .size = (int64_t)photo.n };
    struct err e;
    char path[256];
    int fd;

    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        fresh();
        assert_true(upload(photo));
        row.sha = name_of(photo);
        snprintf(path, sizeof(path), "%s/files/7/%.2s/%.*s", data, row.sha.p,
                 STR_ARG(row.sha));
        write_file(path, str_of(bad[i]));
        assert_false(is_there(photo));
        fd = files_open_whole(data, 7, &row, &e);
        assert_int_equal(fd >= 0, strlen(bad[i]) == photo.n);
        if (fd >= 0)
            close(fd);
        else
            assert_int_equal(e.code, ERR_MISSING);
        assert_true(upload(photo));
        assert_true(is_there(photo));
        names_restore();
        assert_true(is_there(photo));
    }
}

static void
a_small_file_is_the_old_one_or_the_new_one(void **state)
{
    char path[128], piece[64];
    bool ok;
    int n = 0;

    (void)state;
    snprintf(path, sizeof(path), "%s/list", data);
    do {
        struct str is;
        int fd;

        fresh();
        write_file(path, STR("the old list"));
        names_begin(data);
        names_cut_at(++n);
        ok = disk_write(data, "list", STR("the new list"));
        names_restore();
        assert_true((fd = open(path, O_RDONLY)) >= 0);
        is = (struct str){ piece, (size_t)read(fd, piece, sizeof(piece)) };
        close(fd);
        assert_true(str_is(is, "the new list") ||
                    (!ok && str_is(is, "the old list")));
    } while (!ok);
}

static int
end(void **state)
{
    (void)state;
    names_cut_at(0);
    return disk_remove(top) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_is_there_after_a_power_cut),
        cmocka_unit_test(
            bytes_that_lie_there_from_a_killed_run_are_synced_before_they_count),
        cmocka_unit_test(a_good_upload_heals_what_lies_there_rotten),
        cmocka_unit_test(a_small_file_is_the_old_one_or_the_new_one),
    };

    if (mkdtemp(top) == NULL)
        return 1;
    snprintf(data, sizeof(data), "%s/data", top);
    return cmocka_run_group_tests(tests, NULL, end);
}
