#include <strings.h>

#include "web/form.h"

static bool
is_boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL);
}

bool
multipart_init(struct multipart *m, struct str boundary,
               const struct multipart_events *on, void *arg)
{
    m->on = on;
    m->arg = arg;
    m->state = MP_BAD;
    if (boundary.n == 0 || boundary.n > MULTIPART_BOUNDARY_MAX ||
        boundary.p[boundary.n - 1] == ' ')
        return false;
    for (size_t i = 0; i < boundary.n; i++)
        if (!is_boundary_char(boundary.p[i]))
            return false;
    memcpy(m->delim, "\r\n--", 4);
    memcpy(m->delim + 4, boundary.p, boundary.n);
    m->n_delim = boundary.n + 4;
    m->matched = 2; /* the first delimiter may stand at the very beginning */
    m->n_head = 0;
    m->state = MP_PREAMBLE;
    return true;
}

bool
multipart_ended(const struct multipart *m)
{
    return m->state == MP_END;
}

static bool
give(struct multipart *m, const char *p, size_t n)
{
    return m->state != MP_DATA || n == 0 || m->on->data(m->arg, p, n);
}

/* Data up to the next delimiter. CR stands only at a delimiter's beginning,
 * so after a mismatch only the byte at hand can begin another.
 * Returns the bytes used; *bad when an event refused. */
static size_t
scan_data(struct multipart *m, const char *p, size_t n, bool *bad)
{
    size_t i = 0, run;
    const char *cr;

    while (i < n) {
        if (m->matched == 0) {
            cr = memchr(p + i, '\r', n - i);
            run = cr != NULL ? (size_t)(cr - p) - i : n - i;
            *bad = !give(m, p + i, run);
            i += run;
            if (*bad || i == n)
                return i;
        }
        if (p[i] == m->delim[m->matched]) {
            i++;
            if (++m->matched < m->n_delim)
                continue;
            *bad = m->state == MP_DATA && !m->on->end(m->arg);
            m->matched = 0;
            m->n_head = 0;
            m->state = MP_AFTER;
            return i;
        }
        run = m->matched;
        m->matched = 0;
        if ((*bad = !give(m, m->delim, run)))
            return i;
    }
    return i;
}

/* Behind a delimiter: "--" closes the form; blanks and CR LF begin a part. */
static bool
step_after(struct multipart *m, char c)
{
    if (m->n_head == 1 && m->head[0] == '-') {
        m->state = c == '-' ? MP_END : MP_BAD;
        return c == '-';
    }
    if (m->n_head == 1 && m->head[0] == '\r') {
        m->state = c == '\n' ? MP_HEAD : MP_BAD;
        m->n_head = 0;
        return c == '\n';
    }
    if (c == '-' || c == '\r') {
        m->head[0] = c;
        m->n_head = 1;
        return true;
    }
    return c == ' ' || c == '\t';
}

static bool
line_name(struct str line, const char *name, struct str *value)
{
    size_t n = strlen(name);

    if (line.n <= n || strncasecmp(line.p, name, n) != 0 || line.p[n] != ':')
        return false;
    *value = str_trim(str_cut(line, n + 1, line.n));
    return true;
}

/* filename="" is a file field left empty; filename absent is a text. */
static bool
has_filename(struct str disposition)
{
    ptrdiff_t at;

    for (struct str s = disposition;;) {
        if ((at = str_find(s, STR("filename="))) < 0)
            return false;
        if (at > 0 && strchr("; \t", s.p[at - 1]) != NULL)
            return true;
        s = str_cut(s, (size_t)at + 1, s.n);
    }
}

static bool
part_begin(struct multipart *m)
{
    struct str rest = { m->head, m->n_head }, line, value;
    struct part_head head = { 0 };
    bool form_data = false;

    head.type = STR("");
    while (str_split(&rest, '\n', &line)) {
        if (line_name(line, "Content-Disposition", &value)) {
            form_data = form_type_is(value, "form-data");
            head.name = form_header_param(value, "name");
            head.filename = form_header_param(value, "filename");
            head.is_file = has_filename(value);
        } else if (line_name(line, "Content-Type", &value))
            head.type = value;
    }
    m->n_head = 0;
    m->state = MP_DATA;
    return form_data && m->on->begin(m->arg, &head);
}

static bool
step_head(struct multipart *m, char c)
{
    if (m->n_head == sizeof(m->head) || c == '\0')
        return false;
    m->head[m->n_head++] = c;
    if (c != '\n')
        return true;
    if (m->n_head == 1 || m->head[m->n_head - 2] != '\r')
        return false; /* a bare newline */
    if (m->n_head == 2 ||
        (m->n_head >= 4 && memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4) == 0))
        return part_begin(m);
    return true;
}

bool
multipart_feed(struct multipart *m, const char *p, size_t n)
{
    bool bad = m->state == MP_BAD;

    for (size_t i = 0; i < n && !bad;) {
        switch (m->state) {
        case MP_PREAMBLE:
        case MP_DATA:
            i += scan_data(m, p + i, n - i, &bad);
            break;
        case MP_AFTER:
            bad = !step_after(m, p[i++]);
            break;
        case MP_HEAD:
            bad = !step_head(m, p[i++]);
            break;
        case MP_END: /* an epilogue is ignored */
            return true;
        case MP_BAD:
            bad = true;
            break;
        }
    }
    if (bad)
        m->state = MP_BAD;
    return !bad;
}
