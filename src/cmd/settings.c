#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/settings.h"

#define AT(m) offsetof(struct settings, m)

/* clang-format off */
const struct setting settings_table[] = {
    /* name              unit          preset       min  max    where */
    { "data",            "",           "data",      0, 0,       AT(data),
      "the data folder" },
    { "database",        "",           "",          0, 0,       AT(database),
      "postgresql://user@host/name, kept in the data folder; empty: its own file" },
    { "address",         "",           "127.0.0.1", 0, 0,       AT(address),
      "the address to listen on; a proxy with TLS stands in front" },
    { "port",            "number",     "8470",      0, 65535,   AT(port),
      "the port; 0 = any free one" },
    { "threads",         "number",     "2",         1, 64,      AT(threads),
      "I/O threads, one for each core" },
    { "connections",     "number",     "4096",      16, 100000, AT(connections),
      "open connections in all" },
    { "per-address",     "number",     "1024",      0, 100000,  AT(per_address),
      "open connections from one address; 0 = no limit, as behind a trusted proxy" },
    { "trusted-proxy",   "",           "",          0, 0,       AT(proxies),
      "addresses of proxies in front, whose X-Forwarded-For says who asks" },
    { "header-seconds",  "seconds",    "10",        1, 600,     AT(header_seconds),
      "longest time for a request's head" },
    { "body-seconds",    "seconds",    "30",        1, 3600,    AT(body_seconds),
      "longest silence inside a body" },
    { "idle-seconds",    "seconds",    "60",        1, 3600,    AT(idle_seconds),
      "longest wait between two requests" },
    { "upload-mb",       "MB",         "40",        1, 60,      AT(upload_mb),
      "most that one form may bring in files" },
    { "public-url",      "",           "",          0, 0,       AT(public_url),
      "the address that QR codes and messages lead to, as https://host" },
    { "secure",          "yes or no",  "no",        0, 1,       AT(secure),
      "yes: cookies go over TLS only; say it when a proxy does TLS" },
    { "log-level",       "",           "info",      0, 0,       AT(log_level),
      "info, warn or error: what is written to standard error from there on" },
    { "log-format",      "",           "text",      0, 0,       AT(log_format),
      "text or json: one object a line, with time, level and text" },
    { "access-log",      "yes or no",  "no",        0, 1,       AT(access_log),
      "yes: a line for each request: method, page, status, time; no address, nobody's name" },
    { "smtp-url",        "",           "",          0, 0,       AT(smtp_url),
      "the mail server, as smtp://host:587 or smtps://host:465; empty: no mail" },
    { "smtp-user",       "",           "",          0, 0,       AT(smtp_user),
      "the name to sign in there with; empty: none" },
    { "smtp-password-file", "",        "",          0, 0,       AT(smtp_password_file),
      "a file whose first line is the password" },
    { "smtp-plain",      "yes or no",  "no",        0, 1,       AT(smtp_plain),
      "yes: without TLS; for a relay in the same house only" },
    { "mail-from",       "",           "",          0, 0,       AT(mail_from),
      "the sender's address" },
    { "mail-per-minute", "mails",      "60",        1, 6000,    AT(mail_per_minute),
      "most mails a minute" },
    { "sms-url",         "",           "",          0, 0,       AT(sms_url),
      "the SMS gateway, with {phone} {text} {key} where they belong; empty: no SMS" },
    { "sms-body",        "",           "",          0, 0,       AT(sms_body),
      "what is posted to it, with the same; beginning with a brace: JSON; empty: GET" },
    { "sms-key-file",    "",           "",          0, 0,       AT(sms_key_file),
      "a file whose first line is {key}" },
    { "sms-ok",          "",           "",          0, 0,       AT(sms_ok),
      "what must stand in its answer; empty: any answer 2xx will do" },
    { "sms-per-minute",  "messages",   "20",        1, 6000,    AT(sms_per_minute),
      "most SMS a minute" },
    { "chat-relay",      "",           "",          0, 0,       AT(chat_relay),
      "http://host:port that stands for the hosts of chat robots; empty: straight" },
    { "ca-file",         "",           "",          0, 0,       AT(ca_file),
      "certificate authorities for messages; empty: those of the system" },
    { "message-seconds", "seconds",    "30",        2, 120,     AT(message_seconds),
      "longest time for sending one message" },
    { "language",        "",           "zh",        0, 0,       AT(language),
      "zh or en: of messages to people who have named no language" },
    { NULL, NULL, NULL, 0, 0, 0, NULL }
};
/* clang-format on */

static const struct setting *
find(struct str name)
{
    for (const struct setting *s = settings_table; s->name != NULL; s++)
        if (str_is(name, s->name))
            return s;
    return NULL;
}

/* Texts live as long as the process, each once however often they are read.
 * NULL: there is no room for more. */
static const char *
kept(struct str s)
{
    static char pool[32 * 1024];
    static size_t used;
    char *p = pool + used;

    for (const char *q = pool; q < p; q += strlen(q) + 1)
        if (str_is(s, q))
            return q;
    if (s.n >= sizeof(pool) - used)
        return NULL;
    memcpy(p, s.p, s.n);
    used += s.n + 1;
    return p;
}

static bool
set(struct settings *out, const struct setting *s, struct str value,
    struct err *e)
{
    int64_t v;

    if (s->unit[0] == '\0') {
        const char *text = kept(value);

        if (text == NULL)
            return err_set(e, ERR_TOO_LARGE, s->name,
                           "The settings are too long");
        *(const char **)((char *)out + s->at) = text;
        return true;
    }
    if (str_is(value, "yes") || str_is(value, "no"))
        v = str_is(value, "yes");
    else if (!str_i64(value, &v) || v < s->min || v > s->max)
        return err_set(e, ERR_INVALID, s->name,
                       "\"%.*s\" will not do: %ld to %ld is possible",
                       STR_ARG(value), (long)s->min, (long)s->max);
    *(int64_t *)((char *)out + s->at) = v;
    return true;
}

bool
setting_is_same(const struct setting *s, const struct settings *a,
                const struct settings *b)
{
    const char *x = (const char *)a + s->at, *y = (const char *)b + s->at;

    return s->unit[0] == '\0'
               ? strcmp(*(const char *const *)(const void *)x,
                        *(const char *const *)(const void *)y) == 0
               : *(const int64_t *)(const void *)x ==
                     *(const int64_t *)(const void *)y;
}

bool
setting_is_live(const struct setting *s)
{
    return s->at == AT(log_level) || s->at == AT(log_format) ||
           s->at == AT(access_log);
}

static bool
read_line(struct settings *out, struct str line, struct err *e)
{
    ptrdiff_t eq = str_find(line, STR("="));
    const struct setting *s;

    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (eq < 0 || (s = find(str_trim(str_cut(line, 0, (size_t)eq)))) == NULL)
        return err_set(e, ERR_INVALID, NULL,
                       "Unknown line in the settings file: %.*s",
                       STR_ARG(line));
    return set(out, s, str_trim(str_cut(line, (size_t)eq + 1, line.n)), e);
}

/* A file that was named must be there; the usual one may be missing. */
static bool
read_file(struct settings *out, const char *path, bool named, struct err *e)
{
    char line[1024];
    FILE *f = fopen(path, "r");
    bool ok = true;

    if (f == NULL)
        return !named || err_set(e, ERR_INVALID, NULL,
                                 "Cannot read the settings file %s", path);
    while (ok && fgets(line, sizeof(line), f) != NULL)
        ok = read_line(out, str_of(line), e);
    fclose(f);
    return ok;
}

/* An option's value; NULL when argv has none of that name. */
static const char *
option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
            return argv[i + 1];
    return NULL;
}

static bool
read_options(struct settings *out, int argc, char **argv, struct err *e)
{
    for (int i = 1; i < argc && argv[i] != NULL; i++) {
        const struct setting *s;
        const char *name = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;

        if (strncmp(name, "--", 2) != 0 ||
            ((s = find(str_of(name + 2))) == NULL &&
             strcmp(name, "--config") != 0))
            return err_set(e, ERR_INVALID, NULL, "Unknown option %s", name);
        if (s != NULL && s->max == 1 && (value == NULL || value[0] == '-')) {
            if (!set(out, s, STR("yes"), e))
                return false;
            continue;
        }
        if (value == NULL)
            return err_set(e, ERR_INVALID, NULL, "A value is missing after %s",
                           name);
        if (s != NULL && !set(out, s, str_of(value), e))
            return false;
        i++;
    }
    return true;
}

bool
settings_read(struct settings *out, int argc, char **argv, struct err *e)
{
    const char *config = option(argc, argv, "config");
    const char *data = option(argc, argv, "data");
    char path[4096];

    for (const struct setting *s = settings_table; s->name != NULL; s++)
        if (!set(out, s, str_of(s->preset), e))
            return false;
    snprintf(path, sizeof(path), "%s/anlan.conf",
             data != NULL ? data : settings_table[0].preset);
    return read_file(out, config != NULL ? config : path, config != NULL, e) &&
           read_options(out, argc, argv, e);
}

void
settings_print(void)
{
    printf("# Settings of anlan serve. Put this file into the data folder as\n"
           "# anlan.conf, or name it with --config. An option --name value "
           "wins.\n");
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        printf("\n# %s", s->about);
        if (s->unit[0] != '\0')
            printf(" (%s, %ld to %ld)", s->unit, (long)s->min, (long)s->max);
        printf("\n#%s = %s\n", s->name, s->preset);
    }
}
