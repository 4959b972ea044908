#ifndef TESTS_SHEET_FILE_H
#define TESTS_SHEET_FILE_H

/* Files for the tests of the table readers, in unlinked temporary files. */

#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "base/buf.h"
#include "codec/table.h"

static inline int
file_of(const void *p, size_t n)
{
    char path[] = "/tmp/anlan-test-XXXXXX";
    int fd = mkstemp(path);

    unlink(path);
    if (write(fd, p, n) != (ssize_t)n)
        abort();
    return fd;
}

static inline int
file_of_text(const char *z)
{
    return file_of(z, strlen(z));
}

struct part {
    const char *name, *text;
};

/* A ZIP of these parts, the last one without a name. */
static inline int
zip_of(const struct part *parts)
{
    char path[] = "/tmp/anlan-test-XXXXXX";
    int fd = mkstemp(path), why;
    zip_t *z;

    close(fd);
    z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    if (z == NULL)
        abort();
    for (; parts->name != NULL; parts++) {
        zip_source_t *s =
            zip_source_buffer(z, parts->text, strlen(parts->text), 0);

        if (zip_file_add(z, parts->name, s, ZIP_FL_OVERWRITE) < 0)
            abort();
    }
    if (zip_close(z) != 0)
        abort();
    fd = open(path, O_RDWR);
    unlink(path);
    return fd;
}

#define WORKBOOK                                                               \
    "<workbook><sheets><sheet name='表一' sheetId='1' r:id='rId1' "          \
    "xmlns:r='urn:r'/></sheets></workbook>"
#define RELS                                                                   \
    "<Relationships><Relationship Id='rId1' Type='x/worksheet' "               \
    "Target='worksheets/sheet1.xml'/><Relationship Id='rId2' "                 \
    "Type='x/sharedStrings' Target='sharedStrings.xml'/><Relationship "        \
    "Id='rId3' Type='x/styles' Target='styles.xml'/></Relationships>"
#define STYLES                                                                 \
    "<styleSheet><numFmts><numFmt numFmtId='180' "                             \
    "formatCode='yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;'/>"       \
    "<numFmt numFmtId='181' formatCode='[Red]0.00&quot;d&quot;'/></numFmts>"   \
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='180'/>"       \
    "<xf numFmtId='181'/></cellXfs></styleSheet>"
#define SHARED                                                                     \
    "<sst><si><t>序号</t></si><si><r><t>存在</t></r><r><t>问题</t></r><rPh>" \
    "<t>zz</t></rPh></si><si><t>a_x000D_b&amp;</t></si></sst>"

/* A workbook of one sheet with these rows (XML inside <worksheet>). */
static inline int
workbook_of(const char *sheet)
{
    struct part parts[] = {
        { "xl/workbook.xml", WORKBOOK },
        { "xl/_rels/workbook.xml.rels", RELS },
        { "xl/styles.xml", STYLES },
        { "xl/sharedStrings.xml", SHARED },
        { "xl/worksheets/sheet1.xml", sheet },
        { NULL, NULL },
    };

    return zip_of(parts);
}

/* All rows as text: cells parted by |, rows by newline; a number as =n, a
 * day as @text, a covered cell in (). */
static inline bool
dump_row(void *ctx, const struct sheet_row *row)
{
    struct buf *b = ctx;

    for (size_t i = 0; i < row->n; i++) {
        const struct sheet_cell *c = &row->cells[i];
        bool covered = c->merged && !c->first_of_merge;

        if (i > 0)
            buf_putc(b, '|');
        if (covered)
            buf_putc(b, '(');
        if (c->kind == CELL_NUMBER)
            buf_putc(b, '=');
        if (c->kind == CELL_DAY)
            buf_putc(b, '@');
        buf_str_put(b, c->text);
        if (covered)
            buf_putc(b, ')');
    }
    buf_putc(b, '\n');
    return true;
}

/* The dump of a file, or its error in words. Closes fd. */
static inline const char *
dump_file(int fd, struct buf *b)
{
    static char text[512];
    struct err e = { 0 };
    struct table *t = table_open_fd(fd, NULL, &e);
    bool ok = t != NULL && table_each(t, dump_row, b, &e);

    close(fd);
    table_close(t);
    if (!ok)
        return err_text(&e, text, sizeof(text));
    buf_putc(b, '\0');
    return b->p;
}

#endif
