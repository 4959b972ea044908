#ifndef SERVICE_REPORT_H
#define SERVICE_REPORT_H

#include "service/change.h"
#include "store/files.h"

/*
 * Reports by the public.  The code on the receipt is 128 random bits that the
 * form brought along; only its hash is stored, and whoever holds the code is
 * the reporter.  Nothing else says who it was: no address, no device.
 */
enum { RECEIPT_BYTES = 16, RECEIPT_TEXT = 32 };

/* 26 letters and digits in groups, "7K3M-...": no I, L, O, U. */
struct str receipt_text(struct arena *,
                        const unsigned char code[RECEIPT_BYTES]);
/* As people type it: any case, blanks and dashes anywhere, O for 0.
 * False: it cannot be a code. */
bool receipt_read(struct str typed, unsigned char code[RECEIPT_BYTES]);

struct report_new {
    int64_t tenant, org, place;
    struct str description, place_text, who, contact;
    unsigned char code[RECEIPT_BYTES];
    struct file_row *file; /* photographs that were kept */
    size_t n_files;
    int64_t hazard; /* out */
};

/* A job: the hazard and, beside it, who may follow it. The same code twice is
 * the same report. Errors: those of change_run(). */
bool report_job(struct tx *, void *report_new, struct err *) MUST_USE;

struct receipt {
    int64_t tenant, report, hazard;
};

/* Errors: ERR_MISSING, no report has this receipt. */
bool receipt_find(struct store *, const unsigned char code[RECEIPT_BYTES],
                  struct receipt *, struct err *) MUST_USE;

#endif
