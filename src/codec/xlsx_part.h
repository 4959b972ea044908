#ifndef CODEC_XLSX_PART_H
#define CODEC_XLSX_PART_H

/* Inside the XLSX reader only. */

#include <expat.h>
#include <zip.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sheet.h"
#include "codec/xlsx.h"

/*
 * What one file may cost, whatever its archive claims: bytes that were really
 * inflated, in all passes together, and time.
 */
struct xlsx_budget {
    int64_t inflated, most;
    int64_t end_ms; /* of the monotonic clock */
};
void budget_init(struct xlsx_budget *, int fd, unsigned seconds);
/* Errors: ERR_TOO_LARGE, it is spent. */
bool budget_spend(struct xlsx_budget *, int64_t bytes, struct err *) MUST_USE;

struct package {
    zip_t *zip;
    struct xlsx_budget *budget;
};

/* Refuse packages that are too large or packed too well to be a ledger, or have
 * two parts of one name. */
bool zip_bounds(struct package *, struct err *) MUST_USE;
/* Refuse files whose parts have one size in front of them and another one in
 * the list at the end. */
bool zip_honest(int fd, struct err *) MUST_USE;
bool zip_has(struct package *, const char *part);

/* One part, piece by piece: the only way to its bytes. */
struct part_reader {
    zip_file_t *file;
    struct xlsx_budget *budget;
    const char *name;
    int64_t claimed, total; /* claimed: -1, the archive does not say */
};
/* Errors: ERR_TYPE. Closed by the caller, also after an error. */
bool part_open(struct part_reader *, struct package *, const char *part,
               struct err *) MUST_USE;
/* *n = 0: its end. Errors: ERR_TYPE (damaged, or another size than claimed),
 * ERR_TOO_LARGE (the budget is spent). */
bool part_read(struct part_reader *, void *room, size_t cap, size_t *n,
               struct err *) MUST_USE;
void part_close(struct part_reader *);

/* Reads one part of the package through expat. The handlers see names
 * without their prefix, and may end the reading with xml_stop. */
struct xml {
    XML_Parser parser;
    void (*start)(struct xml *, const char *name, const char **attr);
    void (*end)(struct xml *, const char *name);
    void (*text)(struct xml *, struct str);
    void *ctx;
    struct err *e;
    bool stopped; /* by a handler; *e tells why, or is ERR_NONE */
    int depth;
};

void xml_stop(struct xml *);
const char *xml_attr(const char **attr, const char *name); /* NULL: none */
/* True at the end of the part.  False: *e is set, or a handler stopped. */
bool xml_part(struct package *, const char *part, struct xml *, struct err *);

/* The shared texts. */
struct strings;
struct strings *strings_new(const char *tmp_dir, struct err *);
void strings_free(struct strings *);
bool strings_read(struct strings *, struct package *, const char *part,
                  struct err *);
/* Append text no. i to out; nothing when there is no such text. */
bool strings_get(struct strings *, uint64_t i, struct buf *out, struct err *);
/* "_x000D_" in a stored text is a carriage return, and so on: in place. */
void strings_unescape(struct buf *, size_t from);

/* What the workbook says. */
struct merges;

struct book_sheet {
    struct str name;
    char *part, *rid;
    bool hidden;
    struct merges *merges; /* read with the first pass, kept for the next */
};

struct book {
    struct arena *a;
    struct book_sheet *sheets;
    size_t n, cap;
    char *shared, *styles; /* parts, or NULL */
    bool from_1904;
    bool *is_date; /* by cell style */
    size_t n_styles, cap_styles;
};

bool book_read(struct book *, struct package *, struct err *);
/* Whether a number format shows a date: built-in id, or its code. */
bool format_is_date(long id, const char *code);

/* The rows of one sheet. */
struct sheet_job {
    struct package *zip;
    struct book *book;
    struct strings *strings;
    size_t no;
    sheet_row_fn *fn;
    void *ctx;
};

bool sheet_read(const struct sheet_job *, struct err *);

/* Merged ranges of a sheet, sorted by their first row. */
struct merge {
    uint32_t row1, row2;
    uint16_t col1, col2;
};

struct merges {
    struct merge *m;
    size_t n, cap;
};

/* NULL with *e set when the part cannot be read. */
struct merges *merges_read(struct package *, const char *part, struct err *);
void merges_free(struct merges *); /* NULL is fine */
/* "B12" -> column from 0, row from 1; false when it is no such reference. */
bool ref_parse(const char *, uint32_t *col, uint32_t *row, const char **end);

/* For filling: a part as it is, unpacked; UTF-8 alone. */
bool zip_raw(struct package *, const char *part, struct buf *out, struct err *);
/* Values into the cells of one sheet; they are sorted, one for each cell, and
 * none lies inside a merged range. */
struct fill_cell;
struct fill_report;
struct sheet_fill {
    struct package *zip;
    const char *part;
    struct str name; /* for messages; "" = it is the only one */
    struct buf *out; /* the sheet, filled; NULL: it is only looked at */
    const struct fill_cell *cell;
    size_t n;
    struct fill_report *report;
};
bool sheet_fill(const struct sheet_fill *, struct err *);
/* The workbook part, raw, with fullCalcOnLoad; and what stands
 * between "<" at that place and the local name. */
bool xlsx_recalc(struct package *, const char *part, struct str raw,
                 struct buf *out, struct err *);
struct str xml_prefix_at(struct str raw, size_t at);

#endif
