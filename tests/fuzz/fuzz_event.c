#include <stdlib.h>

/* Event bytes, base64 and hex, civil days: what a damaged database or a
 * stranger's file may hold. */
#include "base/time.h"
#include "codec/hash.h"
#include "domain/event.h"
#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/parts.h"
#include "domain/recur.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Child rows and rules of recurrence, as a stranger writes them. */
static void
rows(struct str s)
{
    ARENA(a, 16 << 20);
    const struct field *f = ledger_field(&inspection_ledger, STR("answers"));
    struct inspection i = { 0 };
    struct recur r;
    struct civil left[4];
    struct err e;
    struct str after, id;
    struct field_files files;

    if (parts_check(f, s, &e) && !parts_apply(STR(""), s, a, &after, &e))
        abort();
    (void)!event_apply(&inspection_ledger, s, &i, a, &e);
    i.answers = s;
    field_files_of(f, &i, &files);
    while (field_files_next(&files, &id))
        ;
    if (recur_parse(s, &r, &e)) {
        (void)recur_next(&r, 20000, 20100);
        (void)recur_left_out(&r, 20000, 20000, 20365, left, N_OF(left));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    struct event ev;
    struct hazard h = { 0 };
    struct err e;
    unsigned char out[4096];
    int64_t day;
    BUF(b, 1 << 20);

    if (event_decode(s, &ev, &e) &&
        event_apply(&hazard_ledger, s, &h, NULL, &e))
        for (size_t i = 0; i < hazard_ledger.n_fields; i++)
            field_format(&hazard_ledger.fields[i], &h, false, &b);
    rows(s);
    if (base64_parse(s, out, sizeof(out)) < 0)
        (void)hex_parse(s, out, size / 2 < sizeof(out) ? size / 2 : 0);
    if (day_parse(s, &day))
        day_format(&b, day);
    for (size_t i = 0; i < hazard_ledger.n_fields; i++)
        if (field_parse(&hazard_ledger.fields[i], s, &h, &e))
            (void)!field_check(&hazard_ledger.fields[i], &h, &e);
    return 0;
}
