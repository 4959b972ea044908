#include <stdlib.h>

#include "html_scan.h"
#include "pages/pages.h"

/* Input: lines, each a value that somebody typed. Pages filled with them have
 * the same tags and attributes as pages filled with "x": a value can be read,
 * and that is all it can do. */
struct fill {
    struct str rest;
    bool tame;
    unsigned bits;
};

static struct str
text(struct fill *f)
{
    struct str s = STR("");

    if (!str_split(&f->rest, '\n', &s))
        s = STR("<");
    f->bits = f->bits * 31 + (unsigned)s.n;
    return f->tame && s.n > 0 ? STR("x") : s;
}

static bool
flag(struct fill *f)
{
    f->bits = f->bits * 1103515245u + 12345u;
    return f->bits >> 16 & 1;
}

static struct url
url(struct fill *f)
{
    bool tame = f->tame;
    struct url u = { STR_INIT("/") };
    struct str s;

    f->tame = false;
    s = text(f);
    f->tame = tame;
    if (!html_url_vet(s, &u) || tame)
        u.s = STR("/");
    else if (u.s.p[0] != '/' && u.s.p[0] != '?' && u.s.p[0] != '#')
        abort();
    return u;
}

static void
fill_row(struct fill *f, struct v_row *r, struct v_cell cells[2])
{
    for (int i = 0; i < 2; i++)
        cells[i] = (struct v_cell){ text(f), text(f) };
    *r = (struct v_row){ .url = url(f),
                         .name = text(f),
                         .state = text(f),
                         .state_key = text(f),
                         .due = text(f),
                         .no = text(f),
                         .overdue = flag(f),
                         .cells = cells,
                         .n_cells = 2 };
}

static void
inputs(struct fill *f, struct v_input in[12], struct v_choice choice[2])
{
    static const char *const kinds[12] = { "line", "text",     "day",
                                           "time", "number",   "money",
                                           "enum", "ref",      "files",
                                           "flag", "password", "search" };

    for (int i = 0; i < 2; i++)
        choice[i] = (struct v_choice){ text(f), text(f), flag(f) };
    for (int i = 0; i < 12; i++)
        in[i] = (struct v_input){ .kind = kinds[i],
                                  .name = text(f),
                                  .label = text(f),
                                  .hint = text(f),
                                  .value = text(f),
                                  .choices = choice,
                                  .n_choices = 2,
                                  .required = flag(f),
                                  .bad = flag(f),
                                  .more = flag(f),
                                  .error = text(f) };
}

static struct v_head
head(struct fill *f, const struct v_link *menu)
{
    return (struct v_head){ .lang = LANG_EN,
                            .lang_tag = "en",
                            .title = text(f),
                            .tenant = text(f),
                            .person = text(f),
                            .menu = menu,
                            .n_menu = 1,
                            .css = url(f),
                            .js = url(f),
                            .here = url(f),
                            .csrf = text(f),
                            .other_lang = text(f),
                            .other_lang_name = text(f),
                            .account = url(f),
                            .inbox = url(f),
                            .flash = text(f) };
}

static void
list(struct fill *f, struct buf *b)
{
    struct v_cell cells[2];
    struct v_choice choice[2];
    struct v_input in[12];
    struct v_row row;
    struct page_list_top top = {
        .lang = LANG_EN, .filters = in, .n_filters = 12, .can_add = true
    };
    struct page_list_view v = { .lang = LANG_EN,
                                .rows = &row,
                                .n_rows = 1,
                                .columns = cells,
                                .n_columns = 2,
                                .has_next = true,
                                .has_first = true,
                                .can_export = true,
                                .can_import = true,
                                .can_sort = true };

    inputs(f, in, choice);
    fill_row(f, &row, cells);
    top.title = text(f);
    top.query = text(f);
    top.add_label = text(f);
    top.filtered = v.filtered = flag(f);
    top.by_due = v.by_due = flag(f);
    top.first = top.add = url(f);
    v.count = text(f);
    v.note = text(f);
    v.next = v.first = v.csv = v.xlsx = url(f);
    v.pdf = v.import = v.newest = v.due_first = url(f);
    part_list_top(b, &top);
    part_list(b, &v);
    part_row(b, &row);
}

static void
record(struct fill *f, struct buf *b)
{
    struct v_link menu = { text(f), url(f), flag(f), 3 };
    struct v_head h = head(f, &menu);
    struct v_choice choice[2];
    struct v_input in[12];
    struct v_cell cells[2];
    struct v_row row;
    struct v_file files[2] = { { .url = url(f),
                                 .name = text(f),
                                 .original = text(f),
                                 .image = true,
                                 .small = url(f),
                                 .large = url(f) },
                               { .url = url(f), .name = text(f) } };
    struct v_fact facts[3] = {
        { .label = text(f), .value = text(f), .wide = flag(f) },
        { .label = text(f), .value = text(f), .url = url(f), .link = true },
        { .label = text(f), .files = files, .n_files = 2 },
    };
    struct v_facts group = { text(f), facts, 3 };
    struct v_delta delta = { text(f), text(f), text(f) };
    struct v_event event = { .when = text(f),
                             .who = text(f),
                             .what = text(f),
                             .comment = text(f),
                             .entered = text(f),
                             .deltas = &delta,
                             .n_deltas = 1,
                             .seq = 4,
                             .url = url(f),
                             .picture = url(f),
                             .fresh = flag(f) };
    struct v_part part = { .id = text(f),
                           .no = text(f),
                           .heading = text(f),
                           .text = text(f),
                           .meta = text(f),
                           .verdict = text(f),
                           .verdict_key = text(f),
                           .comment = text(f),
                           .files = files,
                           .n_files = 2,
                           .url = url(f),
                           .link = flag(f),
                           .link_label = text(f) };
    struct v_form form = { .lang = LANG_EN,
                           .id = text(f),
                           .action = url(f),
                           .csrf = text(f),
                           .key = text(f),
                           .rev = text(f),
                           .label = text(f),
                           .then = text(f),
                           .error = text(f),
                           .inputs = in,
                           .n_inputs = 12,
                           .multipart = flag(f),
                           .danger = flag(f),
                           .more = flag(f) };
    struct page_record_view v = { .lang = LANG_EN,
                                  .head = &h,
                                  .name = text(f),
                                  .no = text(f),
                                  .state = text(f),
                                  .state_key = text(f),
                                  .due = text(f),
                                  .origin = text(f),
                                  .groups = &group,
                                  .n_groups = 1,
                                  .photos = facts,
                                  .n_photos = 3,
                                  .forms = &form,
                                  .n_forms = 1,
                                  .events = &event,
                                  .n_events = 1,
                                  .parts = { { .lang = LANG_EN,
                                               .title = text(f),
                                               .list = &part,
                                               .n = 1,
                                               .may = flag(f),
                                               .edit = url(f) } },
                                  .n_parts = 1,
                                  .ways = &menu,
                                  .n_ways = 1,
                                  .similar = &row,
                                  .n_similar = 1,
                                  .list = url(f),
                                  .proof = url(f),
                                  .raw = text(f),
                                  .conflict = text(f),
                                  .waiting = text(f) };

    inputs(f, in, choice);
    fill_row(f, &row, cells);
    page_record(b, &v);
}

static void
doors(struct fill *f, struct buf *b)
{
    struct v_link menu = { text(f), url(f), flag(f), 0 };
    struct v_head h = head(f, &menu);
    struct v_choice who = { text(f), text(f), flag(f) };
    struct page_signin_view in = { .lang = LANG_EN,
                                   .head = &h,
                                   .login = text(f),
                                   .error = text(f),
                                   .to = text(f),
                                   .people = &who,
                                   .n_people = 1,
                                   .password = text(f) };
    struct page_error_view e = { .lang = LANG_EN,
                                 .head = &h,
                                 .text = text(f),
                                 .code = "denied",
                                 .home = url(f) };
    struct page_log_view log = { .lang = LANG_EN,
                                 .head = &h,
                                 .origin = text(f),
                                 .key = text(f),
                                 .note = text(f),
                                 .checkpoint = url(f) };

    page_signin(b, &in);
    page_error(b, &e);
    page_log(b, &log);
}

static void
pages(struct str input, bool tame, struct buf *skeleton)
{
    struct fill f = { .rest = input, .tame = tame };
    BUF(b, 4 << 20);

    list(&f, &b);
    record(&f, &b);
    doors(&f, &b);
    if (!b.over)
        scan(buf_str(&b), skeleton);
    else
        buf_clear(skeleton);
}

/* A URL part, after "/search?q=": nothing but what RFC 3986 lets stand. */
static void
url_part(struct str s)
{
    BUF(b, 1 << 20);

    html_pct(&b, s);
    for (size_t i = 0; i < b.n; i++)
        if (!isalnum((unsigned char)b.p[i]) && strchr("-._~%", b.p[i]) == NULL)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = { (const char *)data, size };
    BUF(hostile, 1 << 20);
    BUF(tame, 1 << 20);

    /* marks are the scanner's own; in values they say nothing */
    if (memchr(data, MARK, size) != NULL || size > 20000)
        return 0;
    pages(input, false, &hostile);
    pages(input, true, &tame);
    if (hostile.n > 0 && !str_eq(buf_str(&hostile), buf_str(&tame))) {
        fprintf(stderr, "a value changed the page\n");
        abort();
    }
    url_part(input);
    return 0;
}
