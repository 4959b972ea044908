#ifndef CODEC_TABLE_H
#define CODEC_TABLE_H

#include "codec/csv.h"
#include "codec/text.h"
#include "codec/xlsx.h"

/*
 * A spreadsheet file whose kind is told by its bytes, never by its name.
 * Open it, read it as often as needed (two passes over a ledger are normal),
 * close it.
 */
enum table_kind { TABLE_CSV, TABLE_XLSX };

struct table_facts {
    enum table_kind kind;
    enum text_encoding encoding; /* CSV only */
    char separator;              /* CSV only */
    int64_t bytes;               /* size of the file */
    /* Of the last pass, CSV only: */
    uint64_t bad_bytes; /* sequences that mean nothing in that encoding */
    uint64_t nuls;      /* NUL bytes left out */
    uint64_t recovered; /* quotes taken as plain text */
};

struct table;

/* fd: a regular file; duplicated, its position is not used.
 *	tmp_dir	for the temporary file of a large workbook; NULL = /var/tmp
 * NULL with *e set: ERR_TYPE with what the file is and what to do about it,
 * ERR_TOO_LARGE, ERR_STORE, ERR_BUSY. */
struct table *table_open_fd(int fd, const char *tmp_dir, struct err *e);
struct table *table_open(const char *path, const char *tmp_dir, struct err *e);
void table_close(struct table *);

/* Reading it may take so long from now on: without this, as long as somebody
 * waits for a page. */
void table_give_time(struct table *, unsigned seconds);

const struct table_facts *table_facts(const struct table *);

/* Every row to fn, from the first.  True at the end of the file; false with
 * e->code ERR_NONE when fn said stop; else an error. */
bool table_each(struct table *, sheet_row_fn *fn, void *ctx, struct err *e);

/* What the first bytes of a file say it is, when it is no table we read: sets
 * *e (ERR_TYPE) and returns false.  True: worth a try.
 *	more	up to 1 MB from the start, for what lies deeper */
bool table_sniff(struct str more, struct err *e);

#endif
