#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/link.h"
#include "cmd/settings.h"
#include "codec/qr.h"

/* The settings of the folder as serve would read them; false: it would not. */
static bool
settings_of(const char *data, struct settings *set, struct err *e)
{
    char name[] = "serve", option[] = "--data", path[4096];
    char *argv[] = { name, option, path };

    snprintf(path, sizeof(path), "%s", data);
    return settings_read(set, 3, argv, e);
}

static void
base_of(const char *data, char out[1024])
{
    struct settings set;
    struct err e = { 0 };
    size_t n;

    if (!settings_of(data, &set, &e))
        snprintf(out, 1024, "http://127.0.0.1:8470");
    else if (set.public_url[0] != '\0')
        snprintf(out, 1024, "%s", set.public_url);
    else
        snprintf(out, 1024, "http://%s:%ld", set.address, (long)set.port);
    for (n = strlen(out); n > 0 && out[n - 1] == '/';)
        out[--n] = '\0';
}

void
link_print(const char *data, const char *secret)
{
    char base[1024];
    struct qr qr;
    ARENA(a, 64 * 1024);
    BUF(text, 32 * 1024);
    struct str link;

    base_of(data, base);
    link = arena_printf(a, "%s/once/%s", base, secret);
    printf("%.*s\n", STR_ARG(link));
    if (!isatty(STDOUT_FILENO) || !qr_make(a, link, &qr))
        return;
    qr_text(&text, &qr);
    if (!text.over)
        printf("%.*s", STR_ARG(buf_str(&text)));
}

bool
link_base_ok(struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    struct str host = at < 0 ? STR("") : str_cut(url, (size_t)at + 3, url.n);

    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return false;
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == '#' ||
            url.p[i] == '?')
            return false;
    return host.n > 0 && host.p[0] != '/' && host.p[0] != ':';
}

bool
link_base_put(const char *data, const char *url, struct err *e)
{
    struct settings set;
    char path[4096];
    FILE *f;
    bool ok;

    if (!settings_of(data, &set, e))
        return false;
    if (strcmp(set.public_url, url) == 0)
        return true;
    snprintf(path, sizeof(path), "%s/anlan.conf", data);
    if (set.public_url[0] != '\0')
        return err_set(e, ERR_CONFLICT, "public-url",
                       "The settings of this folder say %s: change it there",
                       set.public_url);
    if ((f = fopen(path, "a")) == NULL)
        return err_set(e, ERR_STORE, NULL, "Cannot write %s: %s", path,
                       strerror(errno));
    /* what stands there may lack its last newline */
    ok = fprintf(f, "%spublic-url = %s\n", ftell(f) > 0 ? "\n" : "", url) > 0;
    ok = fclose(f) == 0 && ok;
    return ok || err_set(e, ERR_STORE, NULL, "Cannot write %s: %s", path,
                         strerror(errno));
}
