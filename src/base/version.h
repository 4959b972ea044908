#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* "0.2.0": meson.build's, the package's, CHANGELOG's. */
extern const char anlan_version[];

#endif
