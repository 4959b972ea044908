#ifndef DOMAIN_SWEEP_H
#define DOMAIN_SWEEP_H

#include "domain/ledger.h"

extern const struct ledger sweep_ledger;

#endif
