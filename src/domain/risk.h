#ifndef DOMAIN_RISK_H
#define DOMAIN_RISK_H

#include "domain/ledger.h"

/* Key parts (risk points): what could happen where, how grave, who controls it.
 * Graded by LEC or by a matrix; the bands are rule rows, and the record keeps
 * the names of those it was graded with. product.md C6; rules.md 3. */
enum { RK_IDENTIFIED = 1, RK_CONTROLLED = 2, RK_REMOVED = 3 };

enum risk_method { RISK_LEC = 1, RISK_LS = 2 };

/* Red, orange, yellow, blue; slight is shown blue, too. */
enum risk_grade {
    RISK_MAJOR = 1,
    RISK_LARGER = 2,
    RISK_GENERAL = 3,
    RISK_LOW = 4,
    RISK_SLIGHT = 5,
};

struct risk {
    struct rec r;
    struct str title;
    int64_t place;
    struct str place_text;
    int64_t type;
    struct str harm;
    int64_t method;
    int64_t lec_l, lec_e; /* tenths of what the table says */
    int64_t lec_c;
    int64_t ls_l, ls_s;
    struct str score; /* as a decimal number */
    int64_t grade;
    struct str graded_by; /* names of rule rows, blanks between */
    struct str engineering, management, training, personal, emergency;
    int64_t responsible, patrol, residual;
    int64_t hazard;
    int64_t identified_on;
    int64_t
        plan; /* the place whose floor plan x and y are on; 0: the school's */
    int64_t x, y; /* thousandths of the picture's width, from its upper left */
    struct str files, note;
};

enum { RISK_GRADES = 6, RISK_X_MAX = 1000, RISK_Y_MAX = 3000 };
extern const struct choice risk_grade_choices[RISK_GRADES];
extern const struct ledger risk_ledger;

/* D of LEC, or R of the matrix, in hundredths; 0: an input is missing. */
int64_t risk_score(const struct risk *);
/* Bands are half-open: who reaches a band's number is in it. The stricter
 * reading where sources disagree. */
enum risk_grade risk_grade_of(const struct rules *, enum risk_method,
                              int64_t score);
/* "red", "orange", "yellow", "blue"; "" for no grade. */
const char *risk_colour(int64_t grade);

#endif
