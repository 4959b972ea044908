#include "web/measure.h"

#include <inttypes.h>

/* What a person feels lies between 1 ms and 10 s. */
static const struct {
    int64_t us;
    const char *le;
} bounds[MEASURE_BOUNDS] = {
    { 500, "0.0005" },  { 1000, "0.001" }, { 2500, "0.0025" },
    { 5000, "0.005" },  { 10000, "0.01" }, { 25000, "0.025" },
    { 50000, "0.05" },  { 100000, "0.1" }, { 250000, "0.25" },
    { 500000, "0.5" },  { 1000000, "1" },  { 2500000, "2.5" },
    { 10000000, "10" },
};

void
measure_add(struct measure *m, int64_t us)
{
    for (size_t i = 0; i < MEASURE_BOUNDS; i++)
        if (us <= bounds[i].us) {
            __atomic_add_fetch(&m->below[i], 1, __ATOMIC_RELAXED);
            break;
        }
    __atomic_add_fetch(&m->sum_us, us, __ATOMIC_RELAXED);
    __atomic_add_fetch(&m->all, 1, __ATOMIC_RELAXED);
}

void
measure_family(struct buf *b, const char *name, const char *type,
               const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
measure_put(struct buf *b, const char *name, const char *type, const char *help,
            int64_t value)
{
    measure_family(b, name, type, help);
    buf_printf(b, "%s %" PRId64 "\n", name, value);
}

void
measure_histogram(struct buf *b, const char *name, const char *help,
                  struct measure *m)
{
    int64_t all = __atomic_load_n(&m->all, __ATOMIC_RELAXED), n = 0,
            us = __atomic_load_n(&m->sum_us, __ATOMIC_RELAXED);

    measure_family(b, name, "histogram", help);
    for (size_t i = 0; i < MEASURE_BOUNDS; i++) {
        n += __atomic_load_n(&m->below[i], __ATOMIC_RELAXED);
        /* what came in between is counted the next time */
        buf_printf(b, "%s_bucket{le=\"%s\"} %" PRId64 "\n", name, bounds[i].le,
                   n < all ? n : all);
    }
    buf_printf(b,
               "%s_bucket{le=\"+Inf\"} %" PRId64 "\n%s_sum %" PRId64
               ".%06" PRId64 "\n%s_count %" PRId64 "\n",
               name, all, name, us / 1000000, us % 1000000, name, all);
}
