#ifndef DOMAIN_READING_CHECKLIST_PART_H
#define DOMAIN_READING_CHECKLIST_PART_H

/* Inside the reading of checklists only. */

#include "domain/reading_checklist.h"
#include "domain/reading_part.h"

enum {
    CL_ROWS_MAX = 3000,
    CL_COLUMNS_MAX = 64,
    CL_CELL_MAX = 4000,             /* bytes of a cell that are kept */
    CL_BYTES_MAX = 4 * 1024 * 1024, /* in all cells */
    CL_DOUBTS_MAX = 400,            /* then one says that there are more */
    CL_POINTS_MAX = 60,             /* in one cell */
};

/* What a column of a school's own form holds. */
enum cl_role {
    CR_NONE,
    CR_NO,
    CR_SECTION,
    CR_EITHER, /* 检查项目: a section where another column has the items */
    CR_ITEM,
    CR_STANDARD,
    CR_CODE,
    CR_WEIGHT,
    CR_ANSWER, /* to be filled in; its tick boxes say how */
    CR_OTHER,
};

struct cl_row {
    struct str sheet;
    int sheet_no;
    int64_t row;
    size_t n;
    struct str *text;       /* trimmed */
    unsigned char *covered; /* 1 from the left, 2 from above */
    bool hidden;
};

struct checklist_reading {
    struct arena *a;
    struct cl_row *row;
    size_t n_rows, cap_rows, bytes;
    bool too_many_rows;
    struct check_item *item;
    struct check_source *from;
    size_t n_items;
    struct checklist_doubt *doubt;
    size_t n_doubts;
    struct checklist_read out;
};

bool cl_row_blank(const struct cl_row *);
struct str cl_cell(const struct cl_row *, size_t column);
/* The same, but empty where the cell only repeats the one to its left. */
struct str cl_own(const struct cl_row *, size_t column);
/* The same, but also empty where it repeats the one above. */
struct str cl_new(const struct cl_row *, size_t column);

/* row == NULL: the whole file. */
void cl_doubt(struct checklist_reading *, const struct cl_row *row, int column,
              struct checklist_doubt);
/* NULL: there are too many, which has been told. */
struct check_item *cl_item(struct checklist_reading *, const struct cl_row *);

/* The side of a text that its letters say. */
struct text2 cl_text2(struct str);

/* The heading of our own form within these rows, or n. */
size_t cl_own_heading(const struct cl_row *, size_t n);
void cl_own_read(struct checklist_reading *, size_t heading);

/* One list of a school's own form, while it is read. */
struct cl_form {
    struct checklist_reading *r;
    const struct cl_row *row; /* of this sheet */
    size_t n_rows, heading;
    enum cl_role role[CL_COLUMNS_MAX];
    size_t n_columns, offset; /* offset: of the first column */
    int no, item, item2, section[2], standard, standard2, code, weight;
    bool digits;      /* some rows are numbered 1, 2, 3 */
    bool dotted;      /* some are numbered 1.1, 1.2 */
    bool asks;        /* most items are questions */
    bool shouts;      /* a few lines are all in capitals */
    struct str boxes; /* in the heading of an answer */
    struct str head;  /* the section row above */
    struct str value[2];
    bool told_boxes;
};
/* Reads the heading row and decides what each column holds; the second does
 * only that, for a sheet without a heading. .item < 0: there is no list. */
void cl_form_heading(struct cl_form *);
void cl_form_columns(struct cl_form *);
/* "1.2": a number below another. */
bool cl_is_dotted(struct str);
bool cl_in_capitals(struct str);

/* A sheet of a school's own form. */
enum cl_role cl_role_of(struct arena *, struct str heading, bool *tick_box);
size_t cl_heading(struct arena *, const struct cl_row *, size_t n);
void cl_foreign_sheet(struct checklist_reading *, const struct cl_row *,
                      size_t n);
void cl_title(struct checklist_reading *, const struct cl_row *, size_t n);
/* A word for how often, and its key; empty: none. */
struct str cl_frequency(struct arena *, struct str title, struct str *words);
/* "□有 □无" as "有;无"; empty: no tick boxes. *pass: they only say whether it
 * is in order. */
struct str cl_boxes(struct arena *, struct str, bool *pass, bool *marked);
/* A line below the table: who checked, when, notes. */
bool cl_is_footer(struct arena *, struct str text);

#endif
