/* anlan doctor: is this installation as it should be, and what is to be done? */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/time.h"
#include "base/version.h"
#include "cmd/cmd.h"
#include "cmd/settings.h"
#include "service/backup.h"
#include "service/erased.h"
#include "service/install.h"
#include "service/seal.h"
#include "store/stmt.h"
#include "web/address.h"
#include "web/json.h"
#include "web/paper.h"

enum { ROOM_WANTED_MB = 500, BACKUP_DAYS = 2, BEHIND_MS = 5000 };

struct doctor {
    struct settings set;
    bool json;
    long said, wrong;
};

/* One thing that was looked at. do_this: what helps; NULL: it is well. */
static void say(struct doctor *, const char *name, const char *do_this,
                const char *fmt, ...) PRINTF(4, 5);

static void
say(struct doctor *d, const char *name, const char *do_this, const char *fmt,
    ...)
{
    char is[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(is, sizeof(is), fmt, ap);
    va_end(ap);
    d->wrong += do_this != NULL;
    if (d->json) {
        BUF(out, 4096);

        buf_printf(&out, "%s\n{\"name\":\"%s\",\"ok\":%s,\"is\":",
                   d->said > 0 ? "," : "", name,
                   do_this == NULL ? "true" : "false");
        json_str(&out, str_of(is));
        if (do_this != NULL) {
            buf_puts(&out, ",\"do\":");
            json_str(&out, str_of(do_this));
        }
        buf_putc(&out, '}');
        fwrite(out.p, 1, out.n, stdout);
    } else if (do_this == NULL) {
        printf("well   %-10s %s\n", name, is);
    } else {
        printf("WRONG  %-10s %s\n       %-10s %s\n", name, is, "", do_this);
    }
    d->said++;
}

static void
say_error(struct doctor *d, const char *name, const char *do_this,
          const struct err *e)
{
    char text[512];

    say(d, name, do_this, "%s%s%s", e->field != NULL ? e->field : "",
        e->field != NULL ? ": " : "", err_text(e, text, sizeof(text)));
}

/* ---- the folder ------------------------------------------------------------------- */

static bool
look_at_folder(struct doctor *d)
{
    struct stat st;
    struct statvfs room;
    const struct passwd *who;
    long mb;

    if (stat(d->set.data, &st) != 0 || !S_ISDIR(st.st_mode)) {
        say(d, "folder",
            "name the data folder with --data, or make one with "
            "\"anlan init\"",
            "%s is not there", d->set.data);
        return false;
    }
    who = getpwuid(st.st_uid);
    if ((st.st_mode & 077) != 0)
        say(d, "folder",
            "chmod 0700 the folder: it holds keys and personal "
            "data",
            "%s can be entered by others (mode %04o)", d->set.data,
            (unsigned)st.st_mode & 07777);
    else
        say(d, "folder", NULL, "%s, of user %s", d->set.data,
            who != NULL ? who->pw_name : "?");
    if (statvfs(d->set.data, &room) == 0) {
        mb = (long)((uint64_t)room.f_bavail * room.f_frsize >> 20);
        say(d, "room",
            mb < ROOM_WANTED_MB ? "make room on this disk: without "
                                  "any nothing can be saved"
                                : NULL,
            "%ld MB are free", mb);
    }
    return true;
}

/* Keys lie beside the database, for their owner alone. */
static void
look_at_keys(struct doctor *d)
{
    static const char *const names[] = { "log.key", SEAL_FILE };

    for (size_t i = 0; i < N_OF(names); i++) {
        char path[4200];
        struct stat st;

        snprintf(path, sizeof(path), "%.4000s/%s", d->set.data, names[i]);
        if (stat(path, &st) != 0)
            say(d, names[i],
                "start the server once; if there was one before, "
                "put the old file back",
                "is not there");
        else if ((st.st_mode & 077) != 0)
            say(d, names[i], "chmod 0600 the file", "can be read by others");
        else
            say(d, names[i], NULL, "is there, for its owner alone");
    }
}

static void
look_at_backup(struct doctor *d)
{
    int64_t at = backup_last(d->set.data), now = clock_now_ms();
    long days = (long)((now - at) / MS_PER_DAY);

    if (at == 0)
        say(d, "backup",
            "anlan backup FOLDER --keep 90, every night (with the "
            "package: systemctl enable --now anlan-backup.timer)",
            "no whole one was made");
    else
        say(d, "backup",
            days > BACKUP_DAYS ? "look why the nightly one does "
                                 "not come: journalctl -u anlan-backup"
                               : NULL,
            "the newest whole one is %ld days old", days);
    if (erased_waits(d->set.data))
        say(d, "erased", "anlan restore --erase-again --data DIR",
            "something that was erased came back with a copy");
}

/* ---- the database ------------------------------------------------------------------- */

static bool
look_at_clock(struct doctor *d, struct store *st, const struct tenant *list,
              size_t n, struct err *e)
{
    int64_t size, ms, last = 0, behind;

    for (size_t i = 0; i < n; i++) {
        if (!stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(list[i].id)), NULL,
                      COLS(COL(&size), COL(&ms)), e))
            return false;
        last = ms > last ? ms : last;
    }
    behind = last - clock_now_ms();
    say(d, "clock",
        behind > BEHIND_MS ? "set the clock by NTP; entries "
                             "bear the log's last time until it has passed"
                           : NULL,
        behind > BEHIND_MS ? "it lies %ld s behind the log's newest entry"
                           : "not behind the log",
        (long)(behind / MS_PER_SECOND));
    return true;
}

static bool
look_inside(struct doctor *d, struct store *st, struct arena *a, struct err *e)
{
    struct tenant *list;
    struct str restored;
    size_t n;

    if (!store_is_current(st, e) || !tenants_read(st, a, &list, &n, e) ||
        !setting_get(st, "read_only", a, &restored, e))
        return false;
    say(d, "database", n > 1 ? NULL : "anlan init", "%s; districts: %zu",
        store_is_shared(st) ? "PostgreSQL" : "a file of its own",
        n > 0 ? n - 1 : 0);
    if (restored.n > 0)
        say(d, "restored",
            "anlan restore --continue --checkpoint FILE --data "
            "DIR, or --new-origin",
            "it was put back from a copy and can only "
            "be read");
    for (size_t i = 0; i < n; i++) {
        char name[64];
        struct zone *z;

        snprintf(name, sizeof(name), "%.*s", STR_ARG(list[i].zone));
        if ((z = zone_open(name)) == NULL)
            say(d, "zone", "install the package tzdata",
                "%s, of district %.*s, is not known here", name,
                STR_ARG(list[i].code));
        zone_close(z);
    }
    return look_at_clock(d, st, list, n, e);
}

static void
look_at_database(struct doctor *d)
{
    struct err e = { 0 };
    struct store *st = store_open(d->set.data, STORE_READ, &e);
    ARENA(a, 1 << 20);

    if (st == NULL || !look_inside(d, st, a, &e))
        say_error(d, "database",
                  "run \"anlan migrate\" after an update; see "
                  "\"anlan verify\" for damage, \"anlan init\" for a new one",
                  &e);
    store_close(st);
}

/* ---- the service ---------------------------------------------------------------------- */

static void
look_at_service(struct doctor *d)
{
    const struct settings *s = &d->set;
    struct err e = { 0 };
    BUF(lack, 512);

    if (serve_settings_ok(s, &e))
        say(d, "settings", NULL, "can be used");
    else
        say_error(d, "settings", "mend that line of anlan.conf", &e);
    if (!address_is_outside(str_of(s->public_url)))
        say(d, "address",
            "set public-url to the address that people use, as "
            "https://host",
            "codes on posters and messages lead to %s",
            s->public_url[0] != '\0' ? s->public_url : "this machine itself");
    else
        say(d, "address", NULL, "%s", s->public_url);
    if (str_starts(str_of(s->public_url), STR("https://")) &&
        s->proxies[0] == '\0')
        say(d, "proxy", "set trusted-proxy to the proxy's address",
            "whoever comes through it counts as one and the same");
    say(d, "mail", NULL, "%s",
        s->smtp_url[0] != '\0' ? s->smtp_url
                               : "none: people look at their board (smtp-url)");
    say(d, "pictures",
        serve_image_program() != NULL
            ? NULL
            : "install "
              "anlan-image beside anlan: photographs cannot be shown",
        "%s",
        serve_image_program() != NULL ? serve_image_program()
                                      : "no anlan-image");
    if (paper_lacks_fonts(&lack))
        say(d, "fonts", "install fonts-noto-cjk and fonts-arphic-ukai",
            "papers lack %.*s", STR_ARG(buf_str(&lack)));
    else
        say(d, "fonts", NULL, "all that papers want");
}

int
cmd_doctor(int argc, char **argv)
{
    struct doctor d = { .json = false };
    struct err e = { 0 };
    char *args[64];
    int n = 0;

    for (int i = 0; i < argc && n < (int)N_OF(args); i++)
        if (strcmp(argv[i], "--json") == 0)
            d.json = true;
        else
            args[n++] = argv[i];
    if (!settings_read(&d.set, n, args, &e)) {
        char text[512];

        fprintf(stderr, "anlan doctor: %s%s%s\nusage: anlan doctor %s\n",
                e.field != NULL ? e.field : "", e.field != NULL ? ": " : "",
                err_text(&e, text, sizeof(text)), verb_find("doctor")->args);
        return EXIT_MISUSE;
    }
    if (d.json)
        printf("{\"version\":\"%s\",\"looked\":[", anlan_version);
    if (look_at_folder(&d)) {
        look_at_database(&d);
        look_at_keys(&d);
        look_at_backup(&d);
    }
    look_at_service(&d);
    if (d.json)
        printf("],\n\"wrong\":%ld}\n", d.wrong);
    else
        printf("%ld things looked at, %ld wrong (anlan %s)\n", d.said, d.wrong,
               anlan_version);
    return d.wrong > 0 ? EXIT_WRONG : EXIT_OK;
}
