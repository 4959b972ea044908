/* Event bytes, base64 and hex, civil days: what a damaged database or a
 * stranger's file may hold. */
#include "base/time.h"
#include "codec/hash.h"
#include "domain/event.h"
#include "domain/hazard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    if (base64_parse(s, out, sizeof(out)) < 0)
        (void)hex_parse(s, out, size / 2 < sizeof(out) ? size / 2 : 0);
    if (day_parse(s, &day))
        day_format(&b, day);
    for (size_t i = 0; i < hazard_ledger.n_fields; i++)
        if (field_parse(&hazard_ledger.fields[i], s, &h, &e))
            (void)!field_check(&hazard_ledger.fields[i], &h, &e);
    return 0;
}
