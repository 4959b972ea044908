#ifndef CMD_EXAMPLE_H
#define CMD_EXAMPLE_H

#include "service/install.h"

#define EXAMPLE_PASSWORD "anlan-example"

/* The example district: White Fun School District (白乐学区). Everything in it
 * is invented; people are placeholders. Dates are relative to tx->now. */
bool example_fill(struct tx *, const struct install_tenant *, const char *dir,
                  struct err *);

/* Who stands above it: a county's bureau, in the installation's own tenant. */
bool example_above(struct tx *, const struct install_tenant *top,
                   const struct install_tenant *district, struct err *);

/* One change of one record, `ago` days before now, by somebody. */
struct act {
    int record; /* 1, 2, ...: which of the story's records */
    int ago;
    const char *who, *verb;
    const char *in[32];      /* name, value pairs; @N = day N days from now,
                         * !before and !after = a drawn photograph,
                         * #NAME = the place called so, &N = record N,
                         * ~LOGIN = the person; org, CODE = at that school */
    const struct ledger *of; /* NULL: a hazard */
};

/* Risk points of all four colours; told after the hazards. */
enum { EXAMPLE_RECORDS = 64 };
extern const struct act risk_story[];
extern const size_t n_risk_story;

/* A drawn floor plan, kept likewise. */
int64_t example_plan(struct tx *, const char *dir, int64_t tenant);
/* A drawn picture in place of a photograph, kept as an attachment; its id, or
 * 0 when that failed. */
int64_t example_photo(struct tx *, const char *dir, int64_t tenant, bool after);

#endif
