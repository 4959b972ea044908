#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xlsx_fill.h"
#include "sheet_file.h"
#include "web/blank_sheet.h"

/* Input: a workbook, or the XML of its one sheet. It is read as a blank and filled; what comes out is a
 * workbook again that holds what was written. */
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whatever could be read before can be read when it is filled. */
static void
look_again(const char *path)
{
    struct blank_book book = { .n = 0 };
    struct err e = { 0 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ARENA(a, 24 << 20);

    if (fd < 0 || (!blank_read(fd, STR(""), a, &book, &e) &&
                   e.code != ERR_BUSY && e.code != ERR_TOO_LARGE))
        abort();
    close(fd);
}

static void
fill(int fd, const uint8_t *p, size_t n, bool readable)
{
    const uint32_t row = 1 + p[n - 1] % 40, col = p[n / 2] % 30;
    struct fill_cell cells[] = {
        { row, col, STR("Q<&\"七 "), false, 0 },
        { row, col + 1, STR("31415926"), true, 0 },
        { row + 1, col, STR("-0.5"), true, 0 },
        { 300, 2, STR(""), false, n > 1 ? p[1] % 3 : 0 },
    };
    struct fill_report r = { 0 };
    struct err e = { 0 };
    char path[64];

    snprintf(path, sizeof(path), "/dev/shm/anlan-fuzz-fill-%d", (int)getpid());
    if (xlsx_fill(fd, NULL, cells, N_OF(cells), &r, &e) &&
        xlsx_fill(fd, path, cells, N_OF(cells), &r, &e)) {
        if (r.written > N_OF(cells))
            abort();
        if (readable)
            look_again(path);
    } else if (e.code == ERR_NONE || e.msg == NULL)
        abort(); /* refused without a word */
    unlink(path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct blank_book book = { .n = 0 }, again = { .n = 0 };
    struct err e = { 0 };
    struct str map;
    bool readable;
    char *xml;
    int fd;
    ARENA(a, 24 << 20);

    if (n == 0 || (xml = malloc(n + 1)) == NULL)
        return 0;
    memcpy(xml, p, n);
    xml[n] = '\0';
    fd = n > 1 && memcmp(p, "PK", 2) == 0 ? file_of(p, n) : workbook_of(xml);
    free(xml);
    readable = blank_read(fd, STR(""), a, &book, &e);
    for (size_t i = 0; readable && i < book.n; i++)
        book.sheet[i]->guessed = false;
    if (readable && blank_map(&book, a, &map, &e) &&
        blank_read(fd, map, a, &again, &e))
        for (size_t i = 0; i < book.n; i++)
            if (again.n != book.n || again.sheet[i]->n != book.sheet[i]->n)
                abort(); /* what was saved is another blank */
    fill(fd, p, n, readable);
    close(fd);
    return 0;
}
