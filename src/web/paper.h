#ifndef WEB_PAPER_H
#define WEB_PAPER_H

#include "base/err.h"
#include "codec/qr.h"

/*
 * A drawn page: an A4 document, or a picture for a chat.  Lengths are points
 * (1/72 inch) on paper and pixels in a picture; y grows downward.  A failure
 * is kept and told by paper_close().  The fonts stand for those of GB/T 9704:
 * docs/operations/running.md names them.
 */
#define PAPER_MM (72.0 / 25.4)
#define A4_SHORT (210 * PAPER_MM)
#define A4_LONG  (297 * PAPER_MM)

struct paper;

/* Errors: ERR_STORE, ERR_FULL, ERR_BUSY. path is whole after paper_close(). */
struct paper *paper_pdf(const char *path, double width, double height,
                        struct err *) MUST_USE;
struct paper *paper_png(const char *path, int width, int height,
                        struct err *) MUST_USE;
/* What a document says of itself to programs: not on its pages. */
void paper_about(struct paper *, struct str title, struct str author);
/* End the page; the next text begins another. */
void paper_next(struct paper *);
/* Write and free. p may be NULL. Errors: ERR_FULL, a full disk and nothing
 * else; ERR_STORE. */
bool paper_close(struct paper *, struct err *) MUST_USE;
/* How many signs that no page can carry the papers of this thread have replaced
 * by U+FFFD since this was asked last. */
size_t paper_replaced(void);

enum paper_font {
    PAPER_SONG_BOLD,
    PAPER_SONG,
    PAPER_HEI,
    PAPER_HEI_BOLD,
    PAPER_KAI
};
enum paper_align { PAPER_LEFT, PAPER_CENTER, PAPER_RIGHT };

struct paper_style {
    enum paper_font font;
    double size;
    enum paper_align align;
    int lines; /* cut to as many, with "…"; 0 = as many as it takes */
};

/* How high the text becomes at that width; and the same, drawn. */
double paper_measure(struct paper *, struct str, const struct paper_style *,
                     double width);
/* How wide it is in one line. */
double paper_width(struct paper *, struct str, const struct paper_style *);
double paper_text(struct paper *, struct str, const struct paper_style *,
                  double x, double y, double width);
void paper_line(struct paper *, double x0, double y0, double x1, double y1);
/* A filled box; rgb: 0xrrggbb. */
void paper_box(struct paper *, double x, double y, double w, double h,
               unsigned rgb);
/* The colour of text and lines from now on; 0 is black. */
void paper_ink(struct paper *, unsigned rgb);
void paper_qr(struct paper *, const struct qr *, double x, double y,
              double side);

/* Families that papers are drawn with and that this machine lacks, with commas
 * between. False: none is lacking. */
bool paper_lacks_fonts(struct buf *) MUST_USE;

#endif
