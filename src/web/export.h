#ifndef WEB_EXPORT_H
#define WEB_EXPORT_H

#include "base/err.h"
#include "base/str.h"

/* Where the rows of a list go when they are taken out: one kind of file each.
 * Rows come one by one; memory does not grow with their number. */
struct sink {
    bool (*begin)(struct sink *, const struct str *heads, size_t n,
                  struct err *);
    bool (*row)(struct sink *, const struct str *cells, size_t n, struct err *);
    bool (*end)(struct sink *, struct err *);
    /* A clean JPEG beside the row that comes next; NULL: this kind of file
     * holds none. */
    bool (*picture)(struct sink *, struct str jpeg, unsigned h, struct err *);
    const char *path; /* of the file to write */
    struct str title, subtitle, footer;
    int64_t rows; /* given so far */
    void *own;
};

/* Errors: ERR_BUSY. */
bool sink_csv(struct sink *, struct err *) MUST_USE;
bool sink_xlsx(struct sink *, struct err *) MUST_USE;
/* A4 landscape after GB/T 9704: margins, title, page numbers. Substitutes for
 * 小标宋 and 仿宋 are named in docs/operations/fonts.md. */
bool sink_pdf(struct sink *, struct err *) MUST_USE;

#endif
