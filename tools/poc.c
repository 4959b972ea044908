/*
 * poc: compile a message catalogue into a C table.
 *
 *	poc zh_CN.po OUT.c
 *
 * Entries that are fuzzy, obsolete or without text are left out, so that the
 * English text appears. Of a plural entry the first form is taken: Chinese
 * has no other. msgctxt is refused.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tr_table.h"

enum part { PART_NONE, PART_ID, PART_PLURAL, PART_TEXT, PART_OTHER };

struct entry {
    char *id, *text; /* decoded */
    bool fuzzy;
};

struct po {
    const char *file;
    unsigned line;
    enum part part;
    struct entry now;
    struct entry *all;
    size_t n, cap;
};

static void __attribute__((noreturn)) fail(const struct po *po, const char *why)
{
    fprintf(stderr, "%s:%u: error: %s\n", po->file, po->line, why);
    exit(1);
}

static int
unescape(const struct po *po, char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '"':
    case '\\':
        return c;
    default:
        fail(po, "unknown escape");
    }
}

/* Append the quoted text at p to *to. */
static void
add_quoted(const struct po *po, const char *p, char **to)
{
    size_t n = *to != NULL ? strlen(*to) : 0;
    char *t = realloc(*to, n + strlen(p) + 1);

    if (t == NULL)
        abort();
    *to = t;
    if (*p++ != '"')
        fail(po, "want a quoted text");
    for (; *p != '"'; p++) {
        if (*p == '\0')
            fail(po, "the text does not end");
        t[n++] = *p != '\\' ? *p : (char)unescape(po, *++p);
    }
    t[n] = '\0';
    if (p[1] != '\0')
        fail(po, "something stands behind the text");
}

/* The entry is complete: keep it when it has something to say. */
static void
entry_end(struct po *po)
{
    struct entry *e = &po->now;

    if (e->id != NULL && e->id[0] != '\0' && !e->fuzzy && e->text != NULL &&
        e->text[0] != '\0') {
        if (po->n == po->cap) {
            po->cap = po->cap * 2 + 64;
            po->all = realloc(po->all, po->cap * sizeof(*po->all));
            if (po->all == NULL)
                abort();
        }
        po->all[po->n++] = *e;
    } else {
        free(e->id);
        free(e->text);
    }
    *e = (struct entry){ 0 };
    po->part = PART_NONE;
}

static const char *
after(const char *p, const char *head)
{
    size_t n = strlen(head);

    return strncmp(p, head, n) == 0 ? p + n : NULL;
}

static void
comment(struct po *po, const char *p)
{
    if (po->part != PART_NONE)
        entry_end(po);
    if (p[1] == ',' && strstr(p, "fuzzy") != NULL)
        po->now.fuzzy = true;
}

static void
line(struct po *po, const char *p)
{
    const char *q;

    if (*p == '#') {
        comment(po, p);
        return;
    }
    if (*p == '\0')
        return;
    if (*p == '"')
        q = p;
    else if ((q = after(p, "msgid ")) != NULL) {
        if (po->part != PART_NONE)
            entry_end(po);
        po->part = PART_ID;
    } else if ((q = after(p, "msgid_plural ")) != NULL)
        po->part = PART_PLURAL;
    else if ((q = after(p, "msgstr ")) != NULL ||
             (q = after(p, "msgstr[0] ")) != NULL)
        po->part = PART_TEXT;
    else if (after(p, "msgstr[") != NULL)
        fail(po, "Chinese has one plural form");
    else
        fail(po, "not understood");
    if (po->part == PART_ID)
        add_quoted(po, q, &po->now.id);
    else if (po->part == PART_TEXT)
        add_quoted(po, q, &po->now.text);
    else if (po->part == PART_NONE)
        fail(po, "a text without msgid");
}

static void
read_po(struct po *po)
{
    FILE *f = fopen(po->file, "rb");
    char *buf = NULL;
    size_t cap = 0;
    ssize_t n;

    if (f == NULL) {
        perror(po->file);
        exit(1);
    }
    while ((n = getline(&buf, &cap, f)) >= 0) {
        po->line++;
        while (n > 0 && strchr(" \t\r\n", buf[n - 1]) != NULL)
            buf[--n] = '\0';
        line(po, buf);
    }
    entry_end(po);
    free(buf);
    fclose(f);
}

static void
put_literal(FILE *out, const char *z)
{
    fputc('"', out);
    for (; *z != '\0'; z++) {
        unsigned char c = (unsigned char)*z;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ' || c == '?' || c == 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void
write_table(struct po *po, FILE *out)
{
    uint32_t slots = 16, at;
    struct entry **slot;

    while (slots < po->n * 2)
        slots *= 2;
    if ((slot = calloc(slots, sizeof(struct entry *))) == NULL)
        abort();
    for (size_t i = 0; i < po->n; i++) {
        at = tr_hash(po->all[i].id, strlen(po->all[i].id));
        for (; slot[at & (slots - 1)] != NULL; at++)
            if (strcmp(slot[at & (slots - 1)]->id, po->all[i].id) == 0) {
                fprintf(stderr, "%s: error: twice: \"%s\"\n", po->file,
                        po->all[i].id);
                exit(1);
            }
        slot[at & (slots - 1)] = &po->all[i];
    }
    fprintf(out,
            "/* made by poc; do not edit */\n#include \"base/tr_table.h\"\n"
            "const uint32_t tr_zh_mask = %uu;\n"
            "const struct tr_entry tr_zh[] = {\n",
            slots - 1);
    for (at = 0; at < slots; at++) {
        if (slot[at] == NULL) {
            fputs("{ 0, 0 },\n", out);
            continue;
        }
        fputs("{ ", out);
        put_literal(out, slot[at]->id);
        fputs(", ", out);
        put_literal(out, slot[at]->text);
        fputs(" },\n", out);
    }
    fputs("};\n", out);
    free(slot);
}

int
main(int argc, char **argv)
{
    struct po po = { 0 };
    FILE *out;

    if (argc != 3) {
        fprintf(stderr, "usage: poc FILE.po OUT.c\n");
        return 2;
    }
    po.file = argv[1];
    read_po(&po);
    if ((out = fopen(argv[2], "wb")) == NULL) {
        perror(argv[2]);
        return 1;
    }
    write_table(&po, out);
    for (size_t i = 0; i < po.n; i++) {
        free(po.all[i].id);
        free(po.all[i].text);
    }
    free(po.all);
    return fclose(out) == 0 ? 0 : 1;
}
