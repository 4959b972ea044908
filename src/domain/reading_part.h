#ifndef DOMAIN_READING_PART_H
#define DOMAIN_READING_PART_H

/* Inside the ledger reading only. */

#include "base/arena.h"
#include "base/fold.h"
#include "base/time.h"
#include "domain/reading.h"

enum {
    COLUMNS_MAX = 128, /* columns of a ledger that are looked at */
    HEAD_ROWS = 40,    /* the heading stands within these */
    ITEMS_MAX = 200,   /* hazards in one cell */
    SHEETS_MAX = 256,
    DOUBTS_PER_CODE = 200, /* of one kind in one sheet; then silence */
};

/* Words: alternatives in one string, "a|b|c". */
bool rt_has(struct str, const char *words);
bool rt_is(struct str, const char *words);
bool rt_starts(struct str, const char *words);
bool rt_ends(struct str, const char *words);
/* Where the first of them stands, or -1; *len its length. */
ptrdiff_t rt_find(struct str, const char *words, size_t *len);
/* Without white space (any kind) and closing punctuation 。；; at the end. */
struct str rt_trim(struct str);
struct str rt_trim_end(struct str);
bool rt_is_cjk(int32_t cp);
bool rt_has_cjk(struct str);
/* Digits at *at as a number; false when there are none or too many. */
bool rt_number(struct str, size_t *at, int64_t *out);
bool rt_digit(char c);
/* "3", "三", "十二", "二十" -> the number; false when it is none. */
bool rt_any_number(struct str, int64_t *out);

/* Headings: reading_words.c is the dictionary. */
struct heading_word {
    const char *pattern; /* = whole, ^ begins, $ ends, ~ holds */
    enum reading_field field;
    int rank;               /* 1 weak ... 6 certain */
    enum reading_field alt; /* when another column has the field */
};

extern const struct heading_word heading_words[];
extern const size_t n_heading_words;
/* key: fold_key of the heading. NULL: unknown. */
const struct heading_word *heading_find(struct str key);

/* Dates. */
enum date_order { ORDER_UNKNOWN, ORDER_DMY, ORDER_MDY };

struct date_parts {
    int64_t year;    /* 0: not said */
    int month, day;  /* 0: not said */
    bool slashed;    /* a/b/y: month is a, day is b, until ordered */
    bool range;      /* followed by a second date or month */
    bool before;     /* "…前": by that day */
    size_t from, to; /* where it stood in the folded text */
};

/* The first date in folded text. False: none. */
bool date_find(struct str folded, struct date_parts *);
/* The English month at the start of s, 1 to 12, and where it ends; 0: none. */
int month_find(struct str s, size_t *end);
/* A date and nothing else that matters beside it. */
bool date_whole(struct str folded, const struct date_parts *);

/* Money. unit: yuan per unit from the heading, 0 = not said. */
bool money_read(struct str folded, double unit, struct reading_money *);
double money_unit(struct str heading_key);

/* Status and judgement words; texts are folded keys. */
enum reading_status status_of(struct str key);
/* Holds a word for something broken, missing or dangerous. */
bool has_defect(struct str key);
/* A text that says nothing is wrong: 正常, 未发现安全隐患, no issues. */
bool says_normal(struct str key);
/* 合格 / 不合格, pass / fail, √ / ×: 1, -1, or 0 when it is no verdict. */
int verdict_of(struct str key);
bool is_ditto(struct str key);
bool is_blank_mark(struct str key); /* / - — 无 n/a */
enum reading_grade grade_of(struct str key);

/* Splitting; pieces point into the text. Returns how many, at least 1. */
size_t split_hazards(struct str text, struct str *out, size_t max);
size_t split_schools(struct str text, struct str *out, size_t max);
size_t split_rooms(struct str text, struct str *out, size_t max);
/* Points of a checklist's cell: numbered ones, or lines that each end. */
size_t split_points(struct str text, struct str *out, size_t max);
/* "12. TITLE - Comments: text" -> title and text. */
bool split_comment(struct str item, struct str *title, struct str *text);
/* Without "1." "1、" "(1)" "①" at the start. */
struct str cut_numbering(struct str);

/* Context. */
bool looks_like_school(struct str key);
/* The school named in a title line; empty: none. Points into line. */
struct str school_in_title(struct arena *, struct str line);
bool is_section(struct str text, struct str *name);
bool is_footer(struct str key);

/* State of one sheet, kept from the first pass to the second. */
struct kept_row {
    int64_t row;
    size_t n;
    struct str *text;       /* as written, cut at 512 bytes */
    unsigned char *covered; /* 1 from the left, 2 from above */
};

struct column_stats {
    unsigned first_over_12, second_over_12, slashed;
};

struct sheet_state {
    struct reading_sheet pub;
    struct reading_column columns[COLUMNS_MAX];
    enum date_order order[COLUMNS_MAX];
    double unit; /* of the funds column */
    struct kept_row *head;
    size_t n_head, n_rows, n_filled;
    struct column_stats stats[COLUMNS_MAX];
    int at[RF__MAX];          /* column of a field, or -1 */
    int64_t year;             /* in the title, or 0 */
    struct str first_section; /* above the heading */
    struct arena *a;
};

/* Where a doubt points; code and message as in the header. */
struct doubt {
    int64_t row;
    int column;
    const char *code, *msg;
    struct str arg;
};

struct reading {
    struct reading_opts opts;
    struct reading_override *overrides;
    struct sheet_state *sheet[SHEETS_MAX];
    size_t n_sheets;
    struct sheet_state *now;
    bool scanned, failed, stopped;
    int64_t rows_seen;
    struct reading_counts counts;
    struct {
        const char *code;
        int n;
    } told[64];
    /* Second pass: what a ditto mark or a blank below takes from above. */
    struct buf above[COLUMNS_MAX];
    struct buf section, section_school, prefix;
};

bool reading_doubt(struct reading *, const struct sheet_state *, struct doubt);
/* Fills columns, heading rows and the context of the sheet. */
void sheet_decide(struct reading *, struct sheet_state *);
void columns_decide(struct sheet_state *);
void columns_index(struct sheet_state *);
void context_decide(struct reading *, struct sheet_state *);
void context_line(struct reading *, struct sheet_state *, struct str line);

/* A data row on its way to hazards. */
struct line {
    struct reading *r;
    struct sheet_state *s;
    const struct sheet_row *row;
    struct arena *a;
    size_t n;
    struct str *text;   /* trimmed, ditto resolved */
    struct str *folded; /* fold_text of it */
    struct str *key;    /* fold_key of it */
    bool *own;          /* not taken from above */
    struct str kind;    /* category in the heading of the description */
};

bool line_read(struct line *);
/* The cell as it was read; an empty one beyond the end of the row. */
const struct sheet_cell *line_cell(const struct line *, size_t column);
/* Cuts the row into hazards and calls back for each. */
bool hazards_give(struct line *);
/* What all hazards of a row have in common; then what one of them says. */
void fields_read(struct line *, struct reading_row *);
void fields_read_item(struct line *, struct reading_row *, struct str item);
struct reading_date line_date(struct line *, enum reading_field,
                              const struct reading_date *base);
struct str line_text(const struct line *, enum reading_field);
struct str line_key(const struct line *, enum reading_field);
bool line_doubt(const struct line *, enum reading_field, const char *code,
                const char *msg, struct str arg);
/* Day of the parts, with years and order from the sheet. */
struct reading_date date_resolve(struct line *, enum reading_field,
                                 struct date_parts, struct str raw,
                                 const struct reading_date *base);

#endif
