#include <stdlib.h>

#include "codec/xlsx_part.h"

enum {
    PIECE = 32 * 1024,
    TOKEN_MAX = 4 * 1024 * 1024, /* one tag with its attributes */
    DEPTH_MAX = 200,
};

static const char *
local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

const char *
xml_attr(const char **attr, const char *name)
{
    const char *found = NULL;

    for (size_t i = 0; attr[i] != NULL; i += 2) {
        if (strcmp(attr[i], name) == 0)
            return attr[i + 1];
        if (strcmp(local(attr[i]), name) == 0)
            found = attr[i + 1];
    }
    return found;
}

void
xml_stop(struct xml *x)
{
    x->stopped = true;
    XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *ctx, const char *name, const char **attr)
{
    struct xml *x = ctx;

    if (x->stopped)
        return;
    if (++x->depth > DEPTH_MAX) {
        err_set(x->e, ERR_TYPE, NULL,
                "the workbook is damaged: its parts are nested too deeply");
        xml_stop(x);
        return;
    }
    if (x->start != NULL)
        x->start(x, local(name), attr);
}

static void XMLCALL
on_end(void *ctx, const char *name)
{
    struct xml *x = ctx;

    if (x->stopped)
        return;
    x->depth--;
    if (x->end != NULL)
        x->end(x, local(name));
}

static void XMLCALL
on_text(void *ctx, const char *p, int n)
{
    struct xml *x = ctx;

    if (!x->stopped && x->text != NULL)
        x->text(x, (struct str){ p, (size_t)n });
}

static void XMLCALL
on_doctype(void *ctx, const char *name, const char *sysid, const char *pubid,
           int internal)
{
    struct xml *x = ctx;

    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    err_set(x->e, ERR_TYPE, NULL,
            "the workbook holds XML entities, which no spreadsheet program "
            "writes; it is refused. Open it in Excel or WPS and save it anew");
    xml_stop(x);
}

static bool
damaged(struct xml *x, const char *part, struct err *e)
{
    enum XML_Error why = XML_GetErrorCode(x->parser);

    if (why == XML_ERROR_NO_MEMORY)
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    return err_set(e, ERR_TYPE, NULL,
                   "the workbook is damaged: %s, line %ld (%s). Open it in "
                   "Excel or WPS and save it anew",
                   part, (long)XML_GetCurrentLineNumber(x->parser),
                   XML_ErrorString(why));
}

static bool
pump(zip_file_t *f, struct xml *x, const char *part, struct err *e)
{
    int64_t total = 0;

    for (;;) {
        void *room = XML_GetBuffer(x->parser, PIECE);
        zip_int64_t n;

        if (room == NULL)
            return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        n = zip_fread(f, room, PIECE);
        if (n < 0)
            return err_set(e, ERR_TYPE, NULL,
                           "the file is damaged or was cut short while it was "
                           "copied (%s); copy it again, or open it in Excel "
                           "or WPS and save it anew",
                           part);
        if ((total += n) > XLSX_PART_MAX)
            return err_set(e, ERR_TOO_LARGE, NULL,
                           "the workbook unpacks to more than a ledger can "
                           "need; split it into smaller files");
        if (XML_ParseBuffer(x->parser, (int)n, n == 0) == XML_STATUS_ERROR)
            return x->stopped ? false : damaged(x, part, e);
        if (n == 0)
            return true;
        if (total - XML_GetCurrentByteIndex(x->parser) > TOKEN_MAX)
            return err_set(e, ERR_TYPE, NULL,
                           "the workbook is damaged: a tag in %s does not end",
                           part);
    }
}

bool
xml_part(zip_t *z, const char *part, struct xml *x, struct err *e)
{
    zip_file_t *f = zip_fopen(z, part, ZIP_FL_NOCASE);
    bool ok;

    if (f == NULL) {
        int why = zip_error_code_zip(zip_get_error(z));

        if (why == ZIP_ER_NOPASSWD)
            return err_set(e, ERR_TYPE, NULL,
                           "the file is protected by a password; open it in "
                           "Excel or WPS, remove the password and save it");
        return err_set(e, ERR_TYPE, NULL,
                       "the workbook is damaged: %s cannot be read. Open it "
                       "in Excel or WPS and save it anew",
                       part);
    }
    x->e = e;
    x->depth = 0;
    x->stopped = false;
    if ((x->parser = XML_ParserCreate(NULL)) == NULL) {
        zip_fclose(f);
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    ok = pump(f, x, part, e);
    XML_ParserFree(x->parser);
    x->parser = NULL;
    zip_fclose(f);
    return ok;
}

bool
zip_has(zip_t *z, const char *part)
{
    return zip_name_locate(z, part, ZIP_FL_NOCASE) >= 0;
}

bool
zip_bounds(zip_t *z, struct err *e)
{
    zip_int64_t n = zip_get_num_entries(z, 0);
    uint64_t total = 0;

    if (n > XLSX_ENTRIES_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the file holds %ld parts; a workbook has at most %d",
                       (long)n, XLSX_ENTRIES_MAX);
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t st;

        if (zip_stat_index(z, (zip_uint64_t)i, 0, &st) != 0)
            continue;
        if (st.size > XLSX_PART_MAX ||
            (total += st.size) > 2 * (uint64_t)XLSX_PART_MAX ||
            (st.size > XLSX_RATIO_FROM &&
             st.size / (st.comp_size + 1) > XLSX_RATIO_MAX))
            return err_set(e, ERR_TOO_LARGE, NULL,
                           "the file unpacks to far more than its size, like "
                           "a file made to do harm; it is refused. If it is "
                           "a real ledger, split it into smaller files");
    }
    return true;
}
