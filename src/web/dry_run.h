#ifndef WEB_DRY_RUN_H
#define WEB_DRY_RUN_H

#include "pages/pages.h"
#include "service/import.h"
#include "service/ledger_read.h"
#include "web/app.h"

enum { DRY_ROWS = 100, DRY_DOUBTS = 60, DRY_COLUMNS = 64 };

/* A dry run: what is kept of it for the page. */
struct dry {
    struct rq *rq;
    const struct import_row *row;
    int fd;
    struct reading_override over[256];
    size_t n_over;
    /* out */
    int64_t spent_ms;
    struct v_table_row *rows;
    size_t n_rows;
    int64_t total, doubtful;
    int64_t clean; /* rows without a doubt */
    struct v_cell *doubts;
    size_t n_doubts;
    struct str heading[DRY_COLUMNS];
    enum reading_field field[DRY_COLUMNS];
    size_t n_columns;
    struct str head; /* the headings as one text: the key of a mapping */
    struct reading_counts counts;
    bool chosen; /* the columns are a person's choice, not only found */
    /* its own */
    struct reading *reading;
    struct actor who;    /* with the directory of the worker */
    int64_t doubt_row;   /* the last doubt was about it */
    struct str stranger; /* the last name of no school here */
};

/* Read the file and fill what the page shows; the caller gives room for
 * DRY_ROWS rows and DRY_DOUBTS doubts. A worker_fn.
 * Errors: ERR_MISSING the file is gone; those of ledger_read(). */
bool dry_run(void *dry, struct err *) MUST_USE;

#endif
