#ifndef WEB_EXPORT_H
#define WEB_EXPORT_H

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

/* Where the rows of a list go when they are taken out: one kind of file each.
 * Rows come one by one; memory does not grow with their number. */
enum sink_kind {
    SINK_TEXT,
    SINK_NUMBER, /* a count, a year */
    SINK_MONEY,  /* hundredths of the currency's unit */
    SINK_DAY,    /* days since 1970 */
    SINK_TIME,   /* ms since 1970, UTC */
};

/* What one cell holds. A table that reckons is given the value, a page what
 * people read; a value that is not stated is an empty text. */
struct sink_cell {
    struct str text;
    enum sink_kind kind;
    int64_t v; /* of any kind but SINK_TEXT */
};

struct sink {
    bool (*begin)(struct sink *, const struct str *heads, size_t n,
                  struct err *);
    bool (*row)(struct sink *, const struct sink_cell *cells, size_t n,
                struct err *);
    bool (*end)(struct sink *, struct err *);
    /* A clean JPEG beside the row that comes next; NULL: this kind of file
     * holds none. */
    bool (*picture)(struct sink *, struct str jpeg, unsigned h, struct err *);
    const char *path; /* of the file to write */
    struct str title;
    struct str name;   /* of the list: a workbook's sheet; "": it has none, and
                          * its first row is no heading to filter by */
    struct str issuer; /* who gives it out */
    struct str subtitle; /* how it is narrowed, and whose time it states */
    struct str footer;
    const struct zone *zone; /* of its times */
    const struct str
        *least;    /* the widest of each column that may not be broken;
                              * NULL: nothing is known */
    size_t room;   /* columns that it has room for; 0: any number */
    int64_t n_cut; /* cells that it had no room for whole: they end in "…" */
    int64_t rows;  /* given so far */
    int64_t begun_ms;   /* steady_ms() when it began */
    struct buf spoiled; /* names of rows with signs that no file carries */
    size_t n_spoiled;
    void *own;
};

enum { SINK_CELLS = 64 };

/* Give a row; name: what people call the record, such as its number. One that
 * holds signs which no file can carry comes out with U+FFFD in their place, and
 * its name stands in the log and in s->spoiled: it never spoils the others.
 * Errors: as s->row; ERR_BUSY. */
bool sink_row(struct sink *, const struct sink_cell *cells, size_t n,
              struct str name, struct err *) MUST_USE;
/* Write the file and forget the names. Once begun, always called. */
bool sink_end(struct sink *, struct err *) MUST_USE;

/* Errors: ERR_BUSY. */
bool sink_csv(struct sink *, struct err *) MUST_USE;
bool sink_xlsx(struct sink *, struct err *) MUST_USE;
/* A4 landscape after GB/T 9704: margins, title, page numbers. Substitutes for
 * 小标宋 and 仿宋 are named in docs/operations/running.md. A longer one is made beside
 * (web/exports.h), where nobody else waits; there too it ends: memory grows by some
 * hundreds of bytes a row. .row: ERR_TOO_LARGE behind the last row or after that
 * time. */
enum { PDF_ROWS_MAX = 200 * 1000, PDF_DRAW_MS = 30 * 60 * 1000 };
bool sink_pdf(struct sink *, struct err *) MUST_USE;

#endif
