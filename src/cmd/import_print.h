#ifndef CMD_IMPORT_PRINT_H
#define CMD_IMPORT_PRINT_H

#include <stdio.h>

#include "domain/reading.h"

/* A JSON string. */
void import_print_json(FILE *, struct str);

/* Prints a reading as it comes: JSON, or lines for people. Doubts wait in a
 * temporary file, since they are told between the rows. */
struct import_print {
    FILE *out, *doubts;
    bool json;
    int64_t rows, n_doubts;
};

bool import_print_begin(struct import_print *);
bool import_print_row(void *print, const struct reading_row *);
bool import_print_doubt(void *print, const struct reading_doubt *);
/* False: something could not be written. */
bool import_print_end(struct import_print *);

#endif
