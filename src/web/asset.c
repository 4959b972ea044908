#include "web/asset.h"

const struct asset *
asset_find(struct str path)
{
    /* a few dozen: shorter than what a hash would cost to explain */
    for (const struct asset *a = assets; a->name != NULL; a++)
        if (str_is(path, a->path))
            return a;
    return NULL;
}

const char *
asset_path(const char *name)
{
    for (const struct asset *a = assets; a->name != NULL; a++)
        if (strcmp(a->name, name) == 0)
            return a->path;
    return NULL;
}
