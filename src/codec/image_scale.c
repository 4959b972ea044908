/* Making a picture smaller while its rows come in: each pixel of the result is
 * the mean of the area it covers, exact in whole numbers. */
#include <stdlib.h>

#include "codec/image.h"

void
image_fit(unsigned w, unsigned h, unsigned max, unsigned *to_w, unsigned *to_h)
{
    unsigned longest = w > h ? w : h;
    uint64_t half = longest / 2;

    *to_w = w;
    *to_h = h;
    if (longest <= max)
        return;
    *to_w = (unsigned)(((uint64_t)w * max + half) / longest);
    *to_h = (unsigned)(((uint64_t)h * max + half) / longest);
    *to_w += *to_w == 0;
    *to_h += *to_h == 0;
}

bool
image_sink_begin(struct image_sink *s, unsigned w, unsigned h, unsigned max)
{
    *s = (struct image_sink){ .from_w = w, .from_h = h };
    image_fit(w, h, max, &s->w, &s->h);
    s->pixels = malloc((size_t)s->w * s->h * 3);
    s->sum = calloc((size_t)s->w * 3, sizeof(*s->sum));
    s->line = malloc((size_t)s->w * 3 * sizeof(*s->line));
    return s->pixels != NULL && s->sum != NULL && s->line != NULL;
}

void
image_sink_fini(struct image_sink *s)
{
    free(s->pixels);
    free(s->sum);
    free(s->line);
    *s = (struct image_sink){ 0 };
}

/* A source pixel is w wide where one of the result is from_w wide, so it
 * touches at most two of them. */
static void
narrow(struct image_sink *s, const unsigned char *rgb)
{
    uint32_t *to = s->line;
    unsigned left = s->from_w; /* of the result's pixel under way */

    memset(to, 0, (size_t)s->w * 3 * sizeof(*to));
    for (unsigned x = 0; x < s->from_w; x++, rgb += 3) {
        unsigned part = s->w < left ? s->w : left;

        for (int c = 0; c < 3; c++)
            to[c] += part * rgb[c];
        left -= part;
        if (left > 0)
            continue;
        to += 3;
        left = s->from_w;
        part = s->w - part;
        for (int c = 0; part > 0 && c < 3; c++)
            to[c] += part * rgb[c];
        left -= part;
    }
}

static void
add_line(struct image_sink *s, unsigned part)
{
    for (size_t i = 0; i < (size_t)s->w * 3; i++)
        s->sum[i] += (uint64_t)part * s->line[i];
}

static void
finish_line(struct image_sink *s)
{
    uint64_t area = (uint64_t)s->from_w * s->from_h;
    unsigned char *to = s->pixels + (size_t)s->at * s->w * 3;

    for (size_t i = 0; i < (size_t)s->w * 3; i++) {
        to[i] = (unsigned char)((s->sum[i] + area / 2) / area);
        s->sum[i] = 0;
    }
    s->at++;
}

void
image_sink_row(struct image_sink *s, const unsigned char *rgb)
{
    /* how far this row reaches, in units of which a row of the result has
     * from_h */
    uint64_t from = (uint64_t)s->y * s->h, to = from + s->h;
    uint64_t edge = (uint64_t)(s->at + 1) * s->from_h;

    if (s->from_w == 0 || s->y >= s->from_h || s->at >= s->h)
        return;
    s->y++;
    narrow(s, rgb);
    if (to < edge) {
        add_line(s, s->h);
        return;
    }
    add_line(s, (unsigned)(edge - from));
    finish_line(s);
    if (to > edge && s->at < s->h)
        add_line(s, (unsigned)(to - edge));
}

void
image_sink_rgba(struct image_sink *s, const unsigned char *rgba,
                unsigned char *buf)
{
    for (unsigned x = 0; x < s->from_w; x++, rgba += 4)
        for (unsigned c = 0; c < 3; c++)
            buf[3 * x + c] = (unsigned char)((rgba[c] * rgba[3] +
                                              255u * (255u - rgba[3]) + 127u) /
                                             255u);
    image_sink_row(s, buf);
}

void
image_sink_end(struct image_sink *s)
{
    size_t row = (size_t)s->w * 3;

    memset(s->pixels + s->at * row, 255, (s->h - s->at) * row);
    s->at = s->h;
}

/* What each orientation does to find the source of a pixel. */
enum { SWAP = 1, FLIP_X = 2, FLIP_Y = 4 };

bool
image_turn(struct image_sink *s, int orientation)
{
    static const unsigned char ways[9] = {
        [2] = FLIP_X,        [3] = FLIP_X | FLIP_Y,
        [4] = FLIP_Y,        [5] = SWAP,
        [6] = SWAP | FLIP_Y, [7] = SWAP | FLIP_X | FLIP_Y,
        [8] = SWAP | FLIP_X,
    };
    unsigned way = orientation < 2 || orientation > 8 ? 0 : ways[orientation];
    unsigned w = way & SWAP ? s->h : s->w, h = way & SWAP ? s->w : s->h;
    unsigned char *to;

    if (way == 0)
        return true;
    if ((to = malloc((size_t)w * h * 3)) == NULL)
        return false;
    for (unsigned y = 0; y < h; y++)
        for (unsigned x = 0; x < w; x++) {
            unsigned fx = way & SWAP ? y : x, fy = way & SWAP ? x : y;

            fx = way & FLIP_X ? s->w - 1 - fx : fx;
            fy = way & FLIP_Y ? s->h - 1 - fy : fy;
            memcpy(to + ((size_t)y * w + x) * 3,
                   s->pixels + ((size_t)fy * s->w + fx) * 3, 3);
        }
    free(s->pixels);
    s->pixels = to;
    s->w = w;
    s->h = h;
    return true;
}
