#ifndef CMD_EXAMPLE_H
#define CMD_EXAMPLE_H

#include "service/install.h"

#define EXAMPLE_PASSWORD "anlan-example"

/* The example district: White Fun School District (白乐学区). Everything in it
 * is invented; people are placeholders. Dates are relative to tx->now. */
bool example_fill(struct tx *, const struct install_tenant *, struct err *);

#endif
