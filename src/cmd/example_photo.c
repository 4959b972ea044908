/* Pictures for the example: no real school's photograph is shipped. */
#include <cairo.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/example.h"
#include "codec/hash.h"
#include "store/files.h"

static void
draw(cairo_t *c, bool after)
{
    cairo_set_source_rgb(c, 0.80, 0.85, 0.86);
    cairo_paint(c);
    cairo_set_source_rgb(c, 0.62, 0.60, 0.56);
    cairo_rectangle(c, 0, 330, 640, 150);
    cairo_fill(c);
    cairo_set_line_width(c, 10);
    cairo_set_source_rgb(c, 0.35, 0.38, 0.42);
    for (int i = 0; i < 9; i++) { /* a railing */
        cairo_move_to(c, 60 + i * 65, 340);
        cairo_line_to(c, 60 + i * 65 + (!after && i == 4 ? 38 : 0), 180);
    }
    cairo_move_to(c, 40, 180);
    cairo_line_to(c, after ? 600 : 300, after ? 180 : 186);
    if (!after) {
        cairo_move_to(c, 345, 214);
        cairo_line_to(c, 600, 176);
    }
    cairo_stroke(c);
    cairo_set_source_rgba(c, after ? 0.1 : 0.8, after ? 0.5 : 0.2, 0.2, 0.9);
    cairo_set_line_width(c, 8);
    cairo_arc(c, 325, 200, 70, 0, 6.2832);
    cairo_stroke(c);
    cairo_set_font_size(c, 22);
    cairo_move_to(c, 20, 460);
    cairo_show_text(c, after ? "example picture: after"
                             : "example picture: before");
}

/* Keep what was drawn as an attachment; frees the surface. */
static int64_t
keep(struct tx *tx, const char *dir, int64_t tenant, cairo_surface_t *s)
{
    char tmp[4096];
    unsigned char bytes[256 * 1024];
    struct hash h;
    struct err e = { 0 };
    size_t n = 0;
    FILE *f;
    BUF(hex, 80);

    snprintf(tmp, sizeof(tmp), "%s/example.png", dir);
    cairo_surface_write_to_png(s, tmp);
    cairo_surface_destroy(s);
    if ((f = fopen(tmp, "rb")) != NULL) {
        n = fread(bytes, 1, sizeof(bytes), f);
        fclose(f);
    }
    hash_of(&h, (const struct str[]){ { (const char *)bytes, n } }, 1);
    hex_put(&hex, hash_str(&h));
    struct file_row row = { .id = tx_id(tx),
                            .sha = arena_dup(tx->arena, buf_str(&hex)),
                            .size = (int64_t)n,
                            .type = STR("image/png"),
                            .name = STR("example.png"),
                            .added_at = tx->now };

    if (!files_keep(dir, tenant, tmp, row.sha, &e) ||
        !files_add(tx->st, tenant, &row, &e))
        row.id = 0;
    unlink(tmp);
    return row.id;
}

int64_t
example_photo(struct tx *tx, const char *dir, int64_t tenant, bool after)
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, 640, 480);
    cairo_t *c = cairo_create(s);

    draw(c, after);
    cairo_destroy(c);
    return keep(tx, dir, tenant, s);
}

/* Buildings of the grounds: left, top, width, height. */
static void
draw_plan(cairo_t *c)
{
    static const int box[][4] = {
        { 60, 60, 520, 170 },                          /* teaching block */
        { 660, 60, 280, 240 },                         /* canteen */
        { 60, 330, 520, 300 },                         /* sports ground */
        { 660, 400, 280, 110 }, { 430, 700, 140, 30 }, /* gate */
    };

    cairo_set_source_rgb(c, 0.95, 0.96, 0.95);
    cairo_paint(c);
    cairo_set_line_width(c, 6);
    cairo_set_source_rgb(c, 0.3, 0.36, 0.38);
    cairo_rectangle(c, 20, 20, 960, 710);
    cairo_stroke(c);
    for (size_t i = 0; i < sizeof(box) / sizeof(box[0]); i++) {
        cairo_rectangle(c, box[i][0], box[i][1], box[i][2], box[i][3]);
        cairo_set_source_rgb(c, i == 2 ? 0.80 : 0.88, i == 2 ? 0.90 : 0.88,
                             i == 2 ? 0.80 : 0.84);
        cairo_fill_preserve(c);
        cairo_set_source_rgb(c, 0.3, 0.36, 0.38);
        cairo_stroke(c);
    }
    cairo_set_line_width(c, 3);
    for (int i = 1; i < 5; i++) { /* classrooms */
        cairo_move_to(c, 60 + i * 104, 60);
        cairo_line_to(c, 60 + i * 104, 180);
    }
    cairo_move_to(c, 60, 180);
    cairo_line_to(c, 580, 180);
    cairo_stroke(c);
    cairo_set_font_size(c, 26);
    cairo_move_to(c, 700, 690);
    cairo_show_text(c, "example plan");
}

int64_t
example_plan(struct tx *tx, const char *dir, int64_t tenant)
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1000, 750);
    cairo_t *c = cairo_create(s);

    draw_plan(c);
    cairo_destroy(c);
    return keep(tx, dir, tenant, s);
}
