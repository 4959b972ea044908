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
pump(struct part_reader *r, struct xml *x, const char *part, struct err *e)
{
    for (;;) {
        void *room = XML_GetBuffer(x->parser, PIECE);
        size_t n;

        if (room == NULL)
            return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
        if (!part_read(r, room, PIECE, &n, e))
            return false;
        if (XML_ParseBuffer(x->parser, (int)n, n == 0) == XML_STATUS_ERROR)
            return x->stopped ? false : damaged(x, part, e);
        if (n == 0)
            return true;
        if (r->total - XML_GetCurrentByteIndex(x->parser) > TOKEN_MAX)
            return err_set(e, ERR_TYPE, NULL,
                           "the workbook is damaged: a tag in %s does not end",
                           part);
    }
}

bool
xml_part(struct package *z, const char *part, struct xml *x, struct err *e)
{
    struct part_reader r;
    bool ok;

    if (!part_open(&r, z, part, e))
        return false;
    x->e = e;
    x->depth = 0;
    x->stopped = false;
    if ((x->parser = XML_ParserCreate(NULL)) == NULL) {
        part_close(&r);
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    ok = pump(&r, x, part, e);
    XML_ParserFree(x->parser);
    x->parser = NULL;
    part_close(&r);
    return ok;
}
