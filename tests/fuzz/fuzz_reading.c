#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "service/ledger_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
check_row(void *ctx, const struct reading_row *h)
{
    size_t *bytes = ctx;
    const struct str texts[] = { h->school,    h->place,        h->description,
                                 h->category,  h->measures,     h->responsible,
                                 h->funds.raw, h->deadline.raw, h->found_on.raw,
                                 h->status_raw };

    for (size_t i = 0; i < N_OF(texts); i++) {
        for (size_t k = 0; k < texts[i].n; k++)
            *bytes += (unsigned char)texts[i].p[k];
    }
    if (h->src.item < 1 || h->src.item > h->src.of || h->src.row < 1)
        __builtin_trap();
    return true;
}

static bool
check_doubt(void *ctx, const struct reading_doubt *d)
{
    (void)ctx;
    if (d->code == NULL || d->msg == NULL)
        __builtin_trap();
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    size_t bytes = 0;
    struct reading_opts opts = { .on_row = check_row,
                                 .on_doubt = check_doubt,
                                 .ctx = &bytes };
    struct ledger_read_job job = { .fd = memfd_create("fuzz", MFD_CLOEXEC),
                                   .tmp_dir = "/tmp",
                                   .opts = &opts };
    struct err e;

    if (job.fd < 0)
        return 0;
    if (write(job.fd, p, n) == (ssize_t)n)
        (void)ledger_read(&job, &e);
    close(job.fd);
    return 0;
}
