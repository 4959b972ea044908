/* Which dated copies go, whatever the clock says. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/time.h"
#include "service/backup.h"
#include "service/backups.h"

static char folder[] = "/tmp/anlan-backups-XXXXXX";
static const int64_t now = 1796000000000;

static void
add(int64_t ms, const char *tail, bool whole)
{
    char name[BACKUPS_NAME], path[128], why[192];
    FILE *f;

    backups_name(ms, name);
    snprintf(path, sizeof(path), "%s/%s%s", folder, name, tail);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(why, sizeof(why), "%s/%s", path,
             whole ? "anlan.db" : BACKUP_INCOMPLETE);
    f = fopen(why, "w");
    assert_non_null(f);
    fclose(f);
}

static bool
is_there(int64_t ms)
{
    char name[BACKUPS_NAME], path[128];

    backups_name(ms, name);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static int
entries(void)
{
    DIR *d = opendir(folder);
    const struct dirent *f;
    int n = 0;

    assert_non_null(d);
    while ((f = readdir(d)) != NULL)
        n += f->d_name[0] != '.';
    closedir(d);
    return n;
}

static void
count(const char *name, void *arg)
{
    int *n = arg;

    assert_int_equal(strlen(name), 18);
    (*n)++;
}

static int
expire(int64_t at, int64_t days)
{
    struct err e;
    int n = 0;

    assert_true(backups_expire(folder, (struct backups_age){ at, days }, count,
                               &n, &e));
    return n;
}

/* One copy a day, the newest of them now. */
static void
daily(int days)
{
    assert_true(disk_remove(folder));
    assert_int_equal(mkdir(folder, 0700), 0);
    for (int i = 0; i < days; i++)
        add(now - i * MS_PER_DAY, "", true);
}

static void
a_copy_goes_when_it_is_older_than_its_days(void **state)
{
    (void)state;
    daily(12);
    assert_int_equal(expire(now, 10), 2);
    assert_true(is_there(now - 9 * MS_PER_DAY));
    assert_false(is_there(now - 10 * MS_PER_DAY));
    assert_int_equal(expire(now, 10), 0);
}

static void
three_whole_copies_stay_however_old(void **state)
{
    (void)state;
    daily(0);
    for (int i = 0; i < 6; i++)
        add(now - (100 + i) * MS_PER_DAY, "", i != 1 && i != 2);
    assert_int_equal(expire(now, 10), 1);
    assert_true(is_there(now - 104 * MS_PER_DAY));
    assert_false(is_there(now - 105 * MS_PER_DAY));
}

static void
the_newest_stays_though_it_is_not_whole(void **state)
{
    (void)state;
    daily(0);
    add(now - 50 * MS_PER_DAY, "", false);
    for (int i = 60; i < 66; i++)
        add(now - i * MS_PER_DAY, "", true);
    assert_int_equal(expire(now, 10), 3);
    assert_true(is_there(now - 50 * MS_PER_DAY));
    assert_true(is_there(now - 62 * MS_PER_DAY));
}

static void
a_clock_that_is_ahead_takes_nothing_along(void **state)
{
    const int64_t ahead = now + 365 * MS_PER_DAY;

    (void)state;
    daily(90);
    add(ahead, "", true); /* the run itself */
    assert_int_equal(expire(ahead, 90), 7);
    assert_true(is_there(now - 82 * MS_PER_DAY));
    /* the clock is right again */
    add(now + MS_PER_DAY, "", true);
    assert_int_equal(expire(now + MS_PER_DAY, 90), 0);
    assert_true(is_there(ahead) && is_there(now));
}

static void
halves_go_at_the_next_start(void **state)
{
    (void)state;
    daily(1);
    add(now - 2 * MS_PER_DAY, ".tmp", true);
    add(now - MS_PER_HOUR, ".tmp", true);
    assert_int_equal(expire(now, 10), 0);
    assert_int_equal(entries(), 3);
    backups_clear(folder);
    assert_int_equal(entries(), 1);
    assert_true(is_there(now));
}

static int
end(void **state)
{
    (void)state;
    return disk_remove(folder) ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_goes_when_it_is_older_than_its_days),
        cmocka_unit_test(three_whole_copies_stay_however_old),
        cmocka_unit_test(the_newest_stays_though_it_is_not_whole),
        cmocka_unit_test(a_clock_that_is_ahead_takes_nothing_along),
        cmocka_unit_test(halves_go_at_the_next_start),
    };

    if (mkdtemp(folder) == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, end);
}
