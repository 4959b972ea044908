#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
check_row(void *ctx, const struct sheet_row *row)
{
    size_t *bytes = ctx;

    for (size_t i = 0; i < row->n; i++) {
        const struct sheet_cell *c = &row->cells[i];

        if (c->text.p == NULL)
            __builtin_trap();
        for (size_t k = 0; k < c->text.n; k++)
            *bytes += (unsigned char)c->text.p[k];
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    struct err e = { 0 };
    struct table *t;
    size_t bytes = 0;

    if (fd < 0)
        return 0;
    if (write(fd, p, n) == (ssize_t)n &&
        (t = table_open_fd(fd, "/tmp", &e)) != NULL) {
        (void)table_each(t, check_row, &bytes, &e);
        table_close(t);
    }
    close(fd);
    return 0;
}
