#ifndef DOMAIN_PROGRAMME_H
#define DOMAIN_PROGRAMME_H

#include "domain/ledger.h"

/* Special rectification programmes 专项整治. product.md C4. */
enum programme_state {
    PR_DRAFT = 1,
    PR_RUNNING = 2,
    PR_CLOSED = 3,
    PR_DROPPED = 4,
};

/* What every school must do. */
struct task {
    int64_t id;
    struct text2 text;
    int64_t checklist;
    int64_t times; /* 0 is 1 */
    int64_t due_on;
};

struct programme {
    struct rec r;
    struct str title;
    int64_t topic, campaign;
    int64_t from_on, to_on;
    struct str basis, requirement;
    struct str tasks;
    struct str report, files;
    int64_t started_on, closed_on;
    struct str figures; /* programme_line_put(); as they stood at .as_of */
    int64_t as_of;
    struct str report_zh;
};

enum { TASK_FIELDS = 4 };
extern const struct field task_fields[TASK_FIELDS];
extern const struct part_kind programme_tasks;
extern const struct ledger programme_ledger;

#endif
