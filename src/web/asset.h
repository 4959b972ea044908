#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include <stddef.h>

#include "base/str.h"

/*
 * What stands in assets/, embedded by tools/embed. The path holds the hash of
 * the content, so that it may be kept for ever by whoever fetched it.
 */
struct asset {
    const char *name; /* "app.css" */
    const char *path; /* "/static/app-3f9a0c21de.css" */
    const char *type; /* "text/css; charset=utf-8" */
    const unsigned char *data;
    size_t size;
    const unsigned char *gz; /* NULL when it would save nothing */
    size_t gz_size;
};

/* Sorted by path; ends with a name of NULL. */
extern const struct asset assets[];

/* The asset at that path, or NULL. */
const struct asset *asset_find(struct str path);
/* Where the asset of that name is served, or NULL when there is none. */
const char *asset_path(const char *name);

#endif
