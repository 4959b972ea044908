#include "domain/ledger.h"

/* One line for each ledger, in the menu's order. */
/* clang-format off */
#define LEDGERS(X) \
    X(hazard)      \
    X(inspection)  \
    X(sweep)       \
    X(risk)        \
    X(notice)      \
    X(report)      \
    X(statistic)   \
    X(blank)       \
    X(programme)   \
    X(checklist)   \
    X(schedule)    \
    X(campaign)    \
    X(minutes)     \
    X(org)         \
    X(person)      \
    X(post)        \
    X(place)       \
    X(calendar)    \
    X(rule)
/* clang-format on */

#define DECLARE(name) extern const struct ledger name##_ledger;
LEDGERS(DECLARE)

#define POINTER(name) &name##_ledger,
const struct ledger *const ledgers[] = { LEDGERS(POINTER) };
const size_t n_ledgers = N_OF(ledgers);
