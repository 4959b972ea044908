#ifndef DOMAIN_READING_H
#define DOMAIN_READING_H

#include "base/err.h"
#include "base/sheet.h"

/*
 * From the rows of an old hazard ledger to hazards: pure, no I/O.
 *
 * The same rows are given twice.  The first pass finds the heading, what each
 * column is, the order of day and month, the school and the day in the title,
 * a deadline in a footer.  The second calls back once per hazard.  Memory does
 * not grow with the number of rows.
 *
 *	struct reading *rd = reading_new(&(struct reading_opts){ ... });
 *	table_each(t, reading_scan_row, rd, e);
 *	reading_scan_end(rd);      -- the columns may be shown and changed here
 *	table_each(t, reading_read_row, rd, e);
 *	reading_free(rd);
 *
 * What is not understood stays as the words of the file, and every doubt is
 * reported.  Nothing is guessed silently.
 */

/* What a column holds. The first group is what a hazard gets. */
enum reading_field {
    RF_NONE, /* unknown: kept in the raw cells only */
    RF_SCHOOL,
    RF_PLACE,
    RF_DESCRIPTION,
    RF_CATEGORY,
    RF_GRADE,
    RF_MEASURES,
    RF_RESPONSIBLE,
    RF_FUNDS,
    RF_DEADLINE,
    RF_FOUND_ON,
    RF_STATUS,
    RF_COMPLETED_ON,
    RF_PLAN,
    /* helpers of the reading */
    RF_SEQ,        /* running number */
    RF_REMARK,     /* may hold a status or a measure */
    RF_CHECK_ITEM, /* what was to be checked */
    RF_RESULT,     /* what the check found: in words, or passed/failed */
    RF_YES,        /* a tick here: as it should be */
    RF_NO,         /* a tick here: not as it should be */
    RF_REFERENCE,  /* document number, perhaps with its date */
    RF_IGNORE,     /* known, and of no use: photo, phone, signature */
    RF__MAX
};

/* Stable English key ("found_on"); label: N_() text for people. */
const char *reading_field_key(enum reading_field);
const char *reading_field_label(enum reading_field);
/* RF_NONE when there is no such key. */
enum reading_field reading_field_of(struct str key);

/* A day, or the words of the file that are no full day. */
struct reading_date {
    bool has_day;
    int64_t day;    /* since 1970-01-01, when has_day */
    struct str raw; /* empty: the file does not say */
};

struct reading_money {
    bool has_fen;
    bool approx;    /* 约, a range (its upper end), about */
    int64_t fen;    /* a hundredth of a yuan, when has_fen */
    struct str raw; /* empty: the file does not say */
};

enum reading_status {
    RS_NONE, /* the file does not say, or not in words we know */
    RS_RECTIFIED,
    RS_IN_PROGRESS,
    RS_OPEN,
    RS_NO_ACTION, /* looked at, nothing to be done */
};

/* "rectified", "in_progress", "open", "no_action"; NULL for RS_NONE. */
const char *reading_status_key(enum reading_status);

enum reading_grade { RG_NONE, RG_GENERAL, RG_MAJOR };

/* One hazard. Texts live as long as the callback; empty = not said. */
struct reading_row {
    struct {
        struct str sheet;
        int sheet_no;
        int64_t row;  /* from 1 */
        int item, of; /* the item-th of `of` hazards in that row, from 1 */
        bool hidden;  /* the row is hidden in the file */
    } src;
    struct str school, place, description, category;
    struct str grade_raw; /* "重大", "C级" */
    enum reading_grade grade;
    struct str measures, responsible, plan;
    struct reading_money funds; /* of the whole row when src.of > 1 */
    struct reading_date deadline, found_on, completed_on;
    enum reading_status status;
    struct str status_raw;
    /* The cells of the source row as they stand, with their headings. */
    const struct str *raw, *headings;
    size_t n_raw;
};

/* A doubt: shown beside the row before anything is imported. */
struct reading_doubt {
    struct str sheet;
    int64_t row;      /* 0: the whole sheet or file */
    int column;       /* from 0; -1: none */
    const char *code; /* stable: "date-no-year" */
    const char *msg;  /* N_(): English text with at most one %s */
    struct str arg;   /* for that %s */
};

/* Of one kind in one sheet at most 200 doubts are told, unless .every_doubt;
 * the counts hold all.
 * False stops the reading: table_each then returns false, ERR_NONE. */
typedef bool reading_row_fn(void *ctx, const struct reading_row *);
typedef bool reading_doubt_fn(void *ctx, const struct reading_doubt *);
/* rows: given to this pass so far, of all sheets; every 512 rows. */
typedef bool reading_progress_fn(void *ctx, int64_t rows);

/* What a person decided about a column. */
struct reading_override {
    int sheet_no; /* -1: every sheet */
    int column;   /* from 0 */
    enum reading_field field;
};

struct reading_opts {
    reading_row_fn *on_row;
    reading_doubt_fn *on_doubt;       /* may be NULL */
    reading_progress_fn *on_progress; /* may be NULL */
    void *ctx;
    const struct reading_override *overrides; /* copied */
    size_t n_overrides;
    /* Row of the heading in every sheet when a person set it; 0: find it. */
    int64_t heading_row;
    bool every_doubt;
};

/* What the first pass learnt of a sheet. */
struct reading_column {
    struct str heading; /* as written; of two rows: "above / below" */
    enum reading_field field;
};

struct reading_sheet {
    struct str name;
    int sheet_no;
    bool has_heading; /* false: nothing is read from this sheet */
    int64_t heading_first, heading_last; /* rows, from 1 */
    const struct reading_column *columns;
    size_t n_columns;
    struct str school;            /* in the title, or empty */
    struct reading_date found_on; /* in the title or a note */
    struct reading_date deadline; /* in a note or footer, for all rows */
};

struct reading;

/* NULL without memory. */
struct reading *reading_new(const struct reading_opts *);
void reading_free(struct reading *);

/* First pass; a sheet_row_fn whose ctx is the struct reading. */
bool reading_scan_row(void *reading, const struct sheet_row *);
/* Between the passes. False: a callback said stop, or memory ran out. */
bool reading_scan_end(struct reading *);
size_t reading_sheet_count(const struct reading *);
const struct reading_sheet *reading_sheet_at(const struct reading *, size_t);
/* Change what a column is, after the first pass. */
void reading_column_set(struct reading *, size_t sheet, size_t column,
                        enum reading_field);
/* Second pass, likewise a sheet_row_fn; the rows must be the same. */
bool reading_read_row(void *reading, const struct sheet_row *);

/* True when memory ran out and the reading is not whole. */
bool reading_failed(const struct reading *);
/* Data rows seen, hazards given, doubts reported in the second pass. */
struct reading_counts {
    int64_t rows, hazards, doubts, normal, skipped;
};
struct reading_counts reading_counts(const struct reading *);

#endif
