#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include "base/err.h"

/* The settings of a server: one table, from which the file, the options, the
 * manual and `anlan settings` come. An option wins over the file. */
struct settings {
    const char *data, *database, *address, *public_url, *proxies;
    int64_t port, threads, connections, per_address;
    int64_t header_seconds, body_seconds, idle_seconds;
    int64_t upload_mb, secure, access_log;
    const char *log_level, *log_format;
    /* messages */
    const char *language, *ca_file, *chat_relay;
    const char *smtp_url, *smtp_user, *smtp_password_file, *mail_from;
    const char *sms_url, *sms_body, *sms_key_file, *sms_ok;
    int64_t smtp_plain, mail_per_minute, sms_per_minute, message_seconds;
};

struct setting {
    const char *name; /* "--name value", and "name = value" in the file */
    const char *unit; /* "" for text */
    const char *preset;
    int64_t min, max; /* of numbers */
    size_t at;
    const char *about;
};

extern const struct setting settings_table[];

/* Presets, then DATA/anlan.conf or --config FILE, then the options.
 * Errors: ERR_INVALID, with the name, what was given and what may be given. */
bool settings_read(struct settings *, int argc, char **argv,
                   struct err *) MUST_USE;
/* Do both say the same of it? Does it count at once when the settings are read
 * again (SIGHUP)? */
bool setting_is_same(const struct setting *, const struct settings *,
                     const struct settings *);
bool setting_is_live(const struct setting *);
/* Would a server start with them? Sets the log's level and format. Errors:
 * ERR_INVALID, with the name. */
bool serve_settings_ok(const struct settings *, struct err *) MUST_USE;
/* anlan-image, beside this program or where it is installed; NULL: nowhere. */
const char *serve_image_program(void);
/* A file with every setting, its preset and what it means. */
void settings_print(void);

#endif
