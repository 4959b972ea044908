#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/contact.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/time.h"
#include "base/version.h"
#include "cmd/cmd.h"
#include "cmd/settings.h"
#include "service/erased.h"
#include "web/address.h"
#include "web/route.h"
#include "web/serve.h"

const char *
serve_image_program(void)
{
    static char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);
    char *name;

    path[n > 0 ? n : 0] = '\0';
    if ((name = strrchr(path, '/')) != NULL) {
        memcpy(name + 1, "anlan-image", 12);
        if (access(path, X_OK) == 0)
            return path;
    }
    if (access(LIBEXEC_DIR "/anlan-image", X_OK) == 0)
        return LIBEXEC_DIR "/anlan-image";
    return NULL;
}

static const char *
image_program(void)
{
    const char *path = serve_image_program();

    if (path == NULL)
        log_line(LOG_WARN, "anlan-image is not there: photographs are kept, "
                           "but not shown small");
    return path;
}

static struct gateways
gateways_of(const struct settings *s)
{
    return (struct gateways){ .public_url = s->public_url,
                              .zh = strcmp(s->language, "en") != 0,
                              .smtp_url = s->smtp_url,
                              .smtp_user = s->smtp_user,
                              .smtp_password_file = s->smtp_password_file,
                              .smtp_plain = s->smtp_plain != 0,
                              .mail_from = s->mail_from,
                              .mail_per_minute = s->mail_per_minute,
                              .sms_url = s->sms_url,
                              .sms_body = s->sms_body,
                              .sms_key_file = s->sms_key_file,
                              .sms_ok = s->sms_ok,
                              .sms_per_minute = s->sms_per_minute,
                              .chat_relay = s->chat_relay,
                              .ca_file = s->ca_file,
                              .seconds = s->message_seconds };
}

/* What would fail at every message is said at the start. */
static bool
gateways_ok(const struct settings *s, struct err *e)
{
    if (s->smtp_url[0] != '\0' &&
        !str_starts(str_of(s->smtp_url), STR("smtp://")) &&
        !str_starts(str_of(s->smtp_url), STR("smtps://")))
        return err_set(e, ERR_INVALID, "smtp-url",
                       "The mail server is named as smtp://host:587 or "
                       "smtps://host:465");
    if (s->smtp_url[0] != '\0' && !mail_address_ok(str_of(s->mail_from)))
        return err_set(e, ERR_INVALID, "mail-from",
                       "Mail needs a sender's address, such as "
                       "anlan@district.example");
    if (s->smtp_password_file[0] != '\0' &&
        access(s->smtp_password_file, R_OK) != 0)
        return err_set(e, ERR_INVALID, "smtp-password-file",
                       "Cannot read the file %s", s->smtp_password_file);
    if (s->sms_key_file[0] != '\0' && access(s->sms_key_file, R_OK) != 0)
        return err_set(e, ERR_INVALID, "sms-key-file",
                       "Cannot read the file %s", s->sms_key_file);
    return true;
}

static bool
log_ok(const struct settings *s, struct err *e)
{
    enum log_level least;

    if (!log_level_of(s->log_level, &least))
        return err_set(e, ERR_INVALID, "log-level",
                       "The log begins at info, warn or error");
    if (strcmp(s->log_format, "text") != 0 &&
        strcmp(s->log_format, "json") != 0)
        return err_set(e, ERR_INVALID, "log-format",
                       "A line of the log is text or json");
    log_set(least, s->log_format[0] == 'j');
    return true;
}

bool
serve_settings_ok(const struct settings *s, struct err *e)
{
    return log_ok(s, e) && gateways_ok(s, e);
}

/* What an operator should know before anybody comes. */
static void
say_at_start(const struct settings *set, uint16_t port)
{
    if (erased_waits(set->data))
        log_line(LOG_WARN,
                 "something that was erased came back with a copy: run "
                 "\"anlan restore --erase-again --data %s\"",
                 set->data);
    log_line(LOG_INFO, "anlan %s", anlan_version);
    log_line(LOG_INFO, "serving on http://%s:%u", set->address, port);
    if (!address_is_outside(str_of(set->public_url)))
        log_line(LOG_WARN,
                 "codes on posters lead to %s: nobody outside this machine "
                 "reaches that. Set public-url (anlan serve --help)",
                 set->public_url[0] != '\0' ? set->public_url
                                            : "this machine itself");
    if (set->secure && set->proxies[0] == '\0')
        log_line(LOG_WARN,
                 "who comes through a proxy counts as one and the same: its "
                 "users lock each other out. Set trusted-proxy (anlan serve "
                 "--help)");
}

/* SIGHUP: what can change while it runs is taken over; the rest waits for the
 * next start, and is named. A file that will not do changes nothing. */
static void
reload(struct settings *now, int argc, char **argv, struct server *s)
{
    struct settings next;
    struct err e = { 0 };
    char text[512];

    if (!settings_read(&next, argc, argv, &e) || !log_ok(&next, &e)) {
        log_line(LOG_ERROR, "the settings stay as they were: %s%s%s",
                 e.field != NULL ? e.field : "", e.field != NULL ? ": " : "",
                 err_text(&e, text, sizeof(text)));
        return;
    }
    server_access_log(s, next.access_log != 0);
    for (const struct setting *i = settings_table; i->name != NULL; i++)
        if (!setting_is_same(i, now, &next) && !setting_is_live(i))
            log_line(LOG_WARN,
                     "%s is new in the settings: it counts from the "
                     "next start on",
                     i->name);
    now->access_log = next.access_log;
    now->log_level = next.log_level;
    now->log_format = next.log_format;
    log_line(LOG_INFO, "the settings were read again");
}

/* Until a signal says that it is over. The watchdog hears of us as long as
 * a restart would not help. */
static void
serve_on(struct server *s, struct settings *set, int argc, char **argv,
         const sigset_t *wanted)
{
    const int64_t every = notify_every_ms();
    const struct timespec wait = { every / 1000, every % 1000 * 1000000 };

    notify_tell("READY=1\nSTATUS=serving on http://%s:%u", set->address,
                server_port(s));
    for (;;) {
        int sig = sigtimedwait(wanted, NULL, every > 0 ? &wait : NULL);

        if (sig == SIGINT || sig == SIGTERM)
            break;
        if (sig == SIGHUP) {
            notify_tell("RELOADING=1\nMONOTONIC_USEC=%" PRId64, steady_us());
            reload(set, argc, argv, s);
            notify_tell("READY=1");
        } else if (every > 0 && !server_is_stuck(s))
            notify_tell("WATCHDOG=1");
    }
    log_line(LOG_INFO, "stopping");
    notify_tell("STOPPING=1");
}

int
cmd_serve(int argc, char **argv)
{
    struct settings set;
    struct err e = { 0 };
    struct server *s;
    char text[512];
    sigset_t wanted;

    if (!settings_read(&set, argc, argv, &e) || !serve_settings_ok(&set, &e)) {
        fprintf(stderr, "anlan serve: %s%s%s\nusage: anlan serve %s\n",
                e.field != NULL ? e.field : "", e.field != NULL ? ": " : "",
                err_text(&e, text, sizeof(text)), verb_find("serve")->args);
        return EXIT_MISUSE;
    }
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (set.database[0] != '\0' &&
        ((mkdir(set.data, 0700) != 0 && errno != EEXIST) ||
         !store_point(set.data, set.database, &e)))
        return cmd_fail(&e);
    s = server_start(
        &(struct serve_config){ .data_dir = set.data,
                                .address = set.address,
                                .port = (uint16_t)set.port,
                                .threads = (unsigned)set.threads,
                                .connections = (unsigned)set.connections,
                                .per_address = set.proxies[0] != '\0'
                                                   ? 0 /* all come from there */
                                                   : (unsigned)set.per_address,
                                .proxies = set.proxies,
                                .header_seconds = (unsigned)set.header_seconds,
                                .body_seconds = (unsigned)set.body_seconds,
                                .idle_seconds = (unsigned)set.idle_seconds,
                                .upload_max = set.upload_mb << 20,
                                .image_program = image_program(),
                                .insecure = set.secure == 0,
                                .access_log = set.access_log != 0,
                                .gateways = gateways_of(&set),
                                .public_url = set.public_url },
        clock_now_ms, &e);
    if (s == NULL)
        return cmd_fail(&e);
    say_at_start(&set, server_port(s));
    serve_on(s, &set, argc, argv, &wanted);
    server_stop(s);
    return EXIT_OK;
}

static void
print_roles(uint64_t roles)
{
    for (const struct choice *c = role_choices; c->v != 0; c++)
        if (roles >> c->v & 1)
            printf(" %s", c->key);
    if (roles >> ROLE_CREATOR & 1)
        printf(" (creator)");
    if (roles >> ROLE_ANSWERS & 1)
        printf(" (responsible)");
    if (roles >> ROLE_REPORTER & 1)
        printf(" (reporter)");
    putchar('\n');
}

/* Role by route, and role by step: a golden file watches it. */
int
cmd_routes(int argc, char **argv)
{
    static const char *const need[] = { "", "anybody", "signed in",
                                        "signed in at the district",
                                        "anybody, as the public" };
    static const char *const method[] = { "GET", "HEAD",  "POST",
                                          "PUT", "PATCH", "DELETE" };

    (void)argc;
    (void)argv;
    for (size_t i = 0; i < n_routes; i++)
        printf("%-5s %-42s %s%s\n", method[routes[i].method], routes[i].path,
               need[routes[i].need],
               routes[i].flags & RT_CSRF ? ", form key" : "");
    for (size_t i = 0; i < n_ledgers; i++) {
        const struct ledger *l = ledgers[i];

        for (size_t k = 0; k < l->n_rights; k++) {
            printf("%s %s:", l->name, l->rights[k].verb);
            print_roles(l->rights[k].roles);
        }
        for (size_t k = 0; k < l->n_steps; k++) {
            printf("%s %s:", l->name, l->steps[k].verb);
            print_roles(l->steps[k].roles);
        }
    }
    return EXIT_OK;
}

int
cmd_settings(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    settings_print();
    return EXIT_OK;
}
