#ifndef SERVICE_LEDGER_READ_H
#define SERVICE_LEDGER_READ_H

#include "codec/table.h"
#include "domain/reading.h"

/* Reads an old ledger from a file in two passes; see domain/reading.h.
 *	fd	a regular file
 *	tmp_dir	for the temporary file of a large workbook, or NULL
 *	mapped	called between the passes with what the first one learnt, where
 *		reading_column_set may still change it; may be NULL; false stops
 *	counts	out, may be NULL
 * True: the whole file was read.  False with e->code ERR_NONE: a callback said
 * stop; else ERR_TYPE, ERR_TOO_LARGE, ERR_STORE, ERR_BUSY with a message that
 * says what to do. */
struct ledger_read_job {
    int fd;
    const char *tmp_dir;
    const struct reading_opts *opts;
    bool (*mapped)(void *ctx, struct reading *, const struct table_facts *);
    struct reading_counts *counts;
    unsigned seconds; /* it may take so long; 0: as long as somebody waits */
};

bool ledger_read(const struct ledger_read_job *, struct err *);

#endif
