#ifndef WEB_MEASURE_H
#define WEB_MEASURE_H

#include <stdint.h>

#include "base/buf.h"

/*
 * How long answers take, for /metrics: a histogram with fixed bounds, from the
 * first byte's handler to the answer. Any thread adds.
 */
enum { MEASURE_BOUNDS = 13 };
struct measure {
    int64_t
        below[MEASURE_BOUNDS]; /* atomic: answers in each room of the scale */
    int64_t all, sum_us;       /* atomic */
};

void measure_add(struct measure *, int64_t us);
/* A family of the text format: its HELP and TYPE lines. */
void measure_family(struct buf *, const char *name, const char *type,
                    const char *help);
/* The same with one sample. */
void measure_put(struct buf *, const char *name, const char *type,
                 const char *help, int64_t value);
void measure_histogram(struct buf *, const char *name, const char *help,
                       struct measure *);

#endif
