#include "store/roots.h"

struct root_slot *
roots_slot(struct roots *r, int64_t tenant, unsigned level, uint64_t n)
{
    uint64_t h = (uint64_t)tenant * UINT64_C(0x9e3779b97f4a7c15) + n +
                 (uint64_t)level * UINT64_C(0x632be59bd9b4e019);

    return &r->at[h % ROOTS_MAX];
}
