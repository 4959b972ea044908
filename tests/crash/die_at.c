/* Kill the process when a file has got its final name: DIE_AT is the end of that
 * name, and it happens only while the file DIE_WHEN is there. For heads.py. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int rename(const char *from, const char *to);

int
rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    const char *at = getenv("DIE_AT"), *when = getenv("DIE_WHEN");
    size_t n = at != NULL ? strlen(at) : 0;
    int rc;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "rename");
    rc = real(from, to);
    if (n > 0 && when != NULL && strlen(to) >= n &&
        strcmp(to + strlen(to) - n, at) == 0 && access(when, F_OK) == 0)
        kill(getpid(), SIGKILL);
    return rc;
}
