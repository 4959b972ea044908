#ifndef DOMAIN_SIMPLE_H
#define DOMAIN_SIMPLE_H

#include "domain/ledger.h"

/* The life of a record that is only kept up to date: in force until ended. */
enum simple_state { SS_ACTIVE = 1, SS_ENDED = 2 };

#define SIMPLE_STATES                                                          \
    {                                                                          \
        { SS_ACTIVE, "active", N_("in force"), N_("in force"), ST_OPEN },      \
            { SS_ENDED, "ended", N_("no longer in force"),                     \
              N_("no longer in force"), ST_END },                              \
    }

/* added: what the step that makes a record is called. */
#define SIMPLE_STEPS(who, added)                                               \
    { .verb = "add",                                                           \
      .label = (added),                                                        \
      .from = IN(ST_NONE),                                                     \
      .to = SS_ACTIVE,                                                         \
      .roles = (who),                                                          \
      .flags = S_MAIN,                                                         \
      .source = "D1" },                                                        \
        { .verb = "edit",                                                      \
          .label = N_("Change"),                                               \
          .from = IN(SS_ACTIVE),                                               \
          .to = STAY,                                                          \
          .roles = (who),                                                      \
          .flags = S_MAIN,                                                     \
          .source = "D1" },                                                    \
        { .verb = "end",                                                       \
          .label = N_("End"),                                                  \
          .from = IN(SS_ACTIVE),                                               \
          .to = SS_ENDED,                                                      \
          .roles = (who),                                                      \
          .flags = S_DANGER,                                                   \
          .source = "D1" },                                                    \
        { .verb = "resume",                                                    \
          .label = N_("Put in force again"),                                   \
          .from = IN(SS_ENDED),                                                \
          .to = SS_ACTIVE,                                                     \
          .roles = (who),                                                      \
          .source = "D1" },                                                    \
    {                                                                          \
        .verb = "import", .label = N_("Bring over"), .from = IN(ST_NONE),      \
        .to = ANY, .roles = (who), .flags = S_QUIET, .source = "B11"           \
    }

#endif
