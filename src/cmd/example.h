#ifndef CMD_EXAMPLE_H
#define CMD_EXAMPLE_H

#include "service/install.h"

#define EXAMPLE_PASSWORD "anlan-example"

/* The example district: White Fun School District (白乐学区). Everything in it
 * is invented; people are placeholders. Dates are relative to tx->now. */
bool example_fill(struct tx *, const struct install_tenant *, const char *dir,
                  struct err *);

/* A drawn picture in place of a photograph, kept as an attachment; its id, or
 * 0 when that failed. */
int64_t example_photo(struct tx *, const char *dir, int64_t tenant, bool after);

#endif
