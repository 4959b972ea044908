#ifndef DOMAIN_READING_CHECKLIST_H
#define DOMAIN_READING_CHECKLIST_H

#include "base/arena.h"
#include "base/sheet.h"
#include "domain/checklist.h"

/*
 * From the rows of a spreadsheet to the items of a checklist, and back: pure,
 * no I/O.  Two shapes are read: a school's own form (title lines, a heading,
 * sections as rows or merged cells, several points in a cell, tick boxes as
 * text), and the form that checklist_write makes.
 *
 *	struct checklist_reading *r = checklist_reading_new(arena);
 *	table_each(t, checklist_reading_row, r, e);
 *	const struct checklist_read *c = checklist_reading_end(r);
 *
 * A checklist is small: its rows are kept in the arena until the end. What is
 * not understood is told as a doubt; nothing is left out silently.
 */
struct checklist_head {
    struct text2 title, source;
    struct str topic;     /* a key of check_topic_choices, or empty */
    struct str frequency; /* a key of check_frequency_choices, or empty */
};

/* Where an item stands in the file. */
struct check_source {
    struct str sheet;
    int64_t row;
    int64_t no;             /* its number in the file; 0: none */
    struct text2 main, sub; /* the section, and what divides it */
    struct str photo;       /* name of its guidance photograph, or empty */
};

struct checklist_doubt {
    struct str sheet;
    int64_t row;      /* 0: the whole sheet or file */
    int column;       /* from 0; -1: none */
    const char *code; /* stable: "when-unknown" */
    const char *msg;  /* N_(): English text with at most one %s */
    struct str arg;   /* for that %s */
};

struct checklist_read {
    struct checklist_head head;
    struct str frequency_words; /* as the title has it */
    bool own_form;              /* what checklist_write makes */
    const struct check_item *items;
    const struct check_source *from; /* of each item */
    size_t n_items;
    const struct checklist_doubt *doubts;
    size_t n_doubts;
    struct err problem; /* what check_items_check says; ERR_NONE: nothing */
};

struct checklist_reading;

/* NULL without memory. Everything lives in the arena. */
struct checklist_reading *checklist_reading_new(struct arena *);
/* A sheet_row_fn whose ctx is the reading. */
bool checklist_reading_row(void *reading, const struct sheet_row *);
/* Doubts about the bytes of a CSV file, which only its reader can have. */
void checklist_reading_bytes(struct checklist_reading *, uint64_t unread,
                             uint64_t quotes);
/* After the last row. NULL: memory ran out. */
const struct checklist_read *checklist_reading_end(struct checklist_reading *);

/* The columns of our own form, in order. */
enum { CHECKLIST_COLUMNS = 18 };
extern const char *const checklist_columns[CHECKLIST_COLUMNS];

/* The rows of our own form, one call for each: title and source, the heading,
 * the items.  Reading them gives the same items; guidance photographs are
 * files of the server: only their names, one for each item or NULL, are
 * written, and read as checklist_read.from.  False: fn said stop, or no
 * memory. */
typedef bool checklist_row_fn(void *ctx, const struct str *cells, size_t n);
bool checklist_write(const struct checklist_head *, const struct check_item *,
                     size_t n, const struct str *photos, struct arena *,
                     checklist_row_fn *, void *ctx);

#endif
