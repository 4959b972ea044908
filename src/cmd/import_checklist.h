#ifndef CMD_IMPORT_CHECKLIST_H
#define CMD_IMPORT_CHECKLIST_H

#include <stdbool.h>

/* Show what would be imported from the file of a checklist; exit code. */
int import_checklist(const char *file, int fd, bool json);

#endif
