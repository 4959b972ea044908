#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "html/html.h"
#include "html_scan.h"

/* Input: a file of page templates. The compiler stops at a line of it, or the
 * pages it makes put every value where it can only be read: its output, with
 * a hostile value in each hole, is scanned as a browser would. */
static jmp_buf stopped;

static void __attribute__((noreturn)) stop(void)
{
    longjmp(stopped, 1);
}

#undef stderr
#define stderr  sink
#define exit(x) stop()
#define main    tmplc_main
static FILE *sink;
int tmplc_main(int, char **);
/* clang-format off */
#include "../../tools/tmplc.c"
#include "../../tools/tmplc_html.c"
/* clang-format on */
#undef exit
#undef main
#undef stderr
#define stderr ((FILE *)NULL)

/* Our own C literals: "..." pieces up to ", N". */
static const char *
literal(const char *p, struct buf *out)
{
    size_t before = out->n;

    for (;; p++) {
        if (*p != '"')
            abort();
        for (p++; *p != '"'; p++) {
            if (*p == '\\' && p[1] == 'n') {
                buf_putc(out, '\n');
                p++;
            } else if (*p == '\\' && isdigit((unsigned char)p[1])) {
                buf_putc(out, (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 +
                                     (p[3] - '0')));
                p += 3;
            } else {
                p += *p == '\\';
                if ((unsigned char)*p < ' ')
                    abort(); /* a string that is not closed */
                buf_putc(out, *p);
            }
        }
        for (p++; *p == '\n' || *p == '\t' || *p == ' '; p++)
            ;
        if (*p == ',')
            break;
        p--;
    }
    if (!out->over && strtoul(p + 2, NULL, 10) != out->n - before)
        abort();
    return strchr(p, '\n');
}

static void
hole(const char *escaper, struct buf *out)
{
    static const char evil[] = "\x01\"'> <script>alert(1)</script> onx=y`&";

    if (strncmp(escaper, "HTML_URL", 8) == 0)
        buf_puts(out, "/\x01");
    else if (strncmp(escaper, "HTML_PCT", 8) == 0) {
        html_pct_z(out, evil + 1);
        buf_putc(out, MARK);
    } else
        html_esc_z(out, evil);
}

/* Do what the generated functions do, one after another. */
static void
follow(const char *c, struct buf *out)
{
    while (c != NULL && *c != '\0') {
        if (strncmp(c, "\thtml_raw(o, ", 13) == 0) {
            c = literal(c + 13, out);
        } else if (strncmp(c, "\tHTML_", 6) == 0) {
            hole(c + 1, out);
        } else if (strcmp(c, "}") == 0 || strncmp(c, "}\n", 2) == 0) {
            scan(buf_str(out), NULL); /* a page ends in text */
            buf_clear(out);
        }
        if (c != NULL && (c = strchr(c, '\n')) != NULL)
            c++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct page pg;
    static char *text, *made;
    static size_t n;
    BUF(out, 8 << 20);

    if (sink == NULL && (sink = fopen("/dev/null", "w")) == NULL)
        return 0;
    text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    pg = (struct page){ .line = 1, .file = "fuzz.html" };
    pg.out = open_memstream(&made, &n);
    if (strchr(text, MARK) != NULL || strstr(text, "HTML_") != NULL ||
        strstr(text, "html_raw") != NULL || strstr(text, "\n}") != NULL ||
        pg.out == NULL) {
        if (pg.out != NULL)
            fclose(pg.out);
    } else if (setjmp(stopped) == 0) {
        compile(&pg, text);
        fclose(pg.out);
        follow(made, &out);
    } else {
        fclose(pg.out);
    }
    free(made);
    made = NULL;
    free(text);
    return 0;
}
