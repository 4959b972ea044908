#ifndef SERVICE_SAY_H
#define SERVICE_SAY_H

#include <stdarg.h>

#include "base/tr.h"
#include "service/actor.h"

/* A record in few words, for pages, messages and chats alike. */
struct say {
    enum lang lang;
    const struct dir *dir;
    int64_t now; /* ms */
    struct arena *arena;
    struct str base; /* "https://host"; "": no links */
};

/* "due in 3 days", "2 days late"; "" where nothing is due. */
struct str say_due(const struct say *, int64_t due_ms);
/* A text with one number, already in the language. */
struct str say_count(const struct say *, const char *text, int64_t n);
/* A sentence with numbers (%ld) and texts (%.*s, up to 90 bytes each). */
struct str say_text(const struct say *, const char *msgid, ...) PRINTF(2, 3);
struct str say_vtext(const struct say *, const char *msgid, va_list)
    PRINTF(2, 0);
struct str say_org(const struct say *, int64_t id);
/* What people call the record, cut to so many characters; "" where that is
 * not for everybody who reads the record. */
struct str say_title(const struct say *, const struct ledger *, const void *rec,
                     size_t max);
/* "¥1,200.00" */
struct str say_money(const struct say *, int64_t fen);
/* A day as papers write it: 2026年11月20日; in English 2026-11-20. */
struct str say_day_paper(const struct say *, int64_t day);
/* "https://host/t/code/hazard/12"; "" without a base. */
struct str say_link(const struct say *, const struct ledger *, int64_t id);
/* "YH-2026-3 Wet floor · School One · being rectified · 2 days late", at most
 * max characters. */
struct str say_line(const struct say *, const struct ledger *, const void *rec,
                    size_t max);
/* The first max characters, "…" in the place of what was cut. */
struct str say_cut(const struct say *, struct str, size_t max);

#endif
