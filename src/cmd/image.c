/* anlan-image: a picture on standard input, two clean copies of it on standard
 * output (codec/picture.h). It first locks itself in: from then on it can
 * read, write, calculate and end, nothing else. */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libheif/heif.h>

#include "codec/image.h"

enum {
    CPU_SECONDS = 15,
    MEMORY_MAX = 768 << 20,
    INPUT_MAX = 64 << 20,
};

static bool
limit(int what, rlim_t most)
{
    const struct rlimit l = { most, most };

    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

static bool
limits(void)
{
    return limit(RLIMIT_AS, MEMORY_MAX) && limit(RLIMIT_CPU, CPU_SECONDS) &&
           limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 3) &&
           limit(RLIMIT_CORE, 0) && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

/* What memory and threads need; the arguments are of no use to anybody. */
static bool
allow_plain(scmp_filter_ctx f)
{
    static const int plain[] = {
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(brk),
        SCMP_SYS(madvise),
        SCMP_SYS(futex),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(set_robust_list),
        SCMP_SYS(rseq),
        SCMP_SYS(sched_yield),
        SCMP_SYS(getrandom),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(gettid),
        SCMP_SYS(getpid),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(rt_sigaction),
    };

    for (size_t i = 0; i < N_OF(plain); i++)
        if (seccomp_rule_add(f, SCMP_ACT_ALLOW, plain[i], 0) != 0)
            return false;
    return true;
}

/* Asked by libraries that can go on without an answer. */
static bool
deny_softly(scmp_filter_ctx f)
{
    static const struct {
        int call, error;
    } soft[] = {
        { SCMP_SYS(clone3), ENOSYS }, { SCMP_SYS(openat), EACCES },
        { SCMP_SYS(open), EACCES },   { SCMP_SYS(newfstatat), EACCES },
        { SCMP_SYS(fstat), EACCES },  { SCMP_SYS(ioctl), ENOTTY },
        { SCMP_SYS(lseek), ESPIPE },  { SCMP_SYS(prlimit64), EPERM },
        { SCMP_SYS(sysinfo), EPERM }, { SCMP_SYS(readlink), EACCES },
        { SCMP_SYS(access), EACCES },
    };

    for (size_t i = 0; i < N_OF(soft); i++)
        if (seccomp_rule_add(f, SCMP_ACT_ERRNO((uint32_t)soft[i].error),
                             soft[i].call, 0) != 0)
            return false;
    return true;
}

/* Memory that is nobody's file and never code; threads, not processes. */
static bool
allow_checked(scmp_filter_ctx f)
{
    const uint64_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;

    return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, STDIN_FILENO)) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, STDOUT_FILENO)) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS,
                                    MAP_ANONYMOUS)) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) == 0;
}

static bool
lock_in(void)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = f != NULL && allow_plain(f) && deny_softly(f) &&
              allow_checked(f) && seccomp_load(f) == 0;

    if (f != NULL)
        seccomp_release(f);
    return ok;
}

static bool
write_all(const void *p, size_t n)
{
    const char *at = p;

    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, at, n);

        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

static struct str
read_all(void)
{
    char *p = mmap(NULL, INPUT_MAX, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t n = 0;
    ssize_t got;

    if (p == MAP_FAILED)
        return STR("");
    while (n < INPUT_MAX &&
           (got = read(STDIN_FILENO, p + n, INPUT_MAX - n)) > 0)
        n += (size_t)got;
    return (struct str){ p, n };
}

static bool
answer(enum picture_fault fault, const struct picture_copy *copy)
{
    unsigned char head[PICTURE_HEAD], of[PICTURE_COPY_HEAD];

    picture_head_put(head, fault);
    if (!write_all(head, sizeof(head)))
        return false;
    if (fault != PICTURE_OK && fault != PICTURE_CUT)
        return true;
    for (int i = 0; i < PICTURE_COPIES; i++) {
        picture_copy_put(of, &copy[i]);
        if (!write_all(of, sizeof(of)) ||
            !write_all(copy[i].jpeg.p, copy[i].jpeg.n))
            return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct picture_copy copy[PICTURE_COPIES];

    if (argc > 1) {
        fprintf(stderr,
                "%s makes clean small copies of a picture on standard "
                "input; the server starts it\n",
                argv[0]);
        return 2;
    }
    /* whatever a library looks up, it looks up now */
    heif_init(NULL);
    if (!limits() || !lock_in())
        return answer(PICTURE_CAGE, NULL) ? 0 : 1;
    _exit(answer(image_copies(read_all(), copy), copy) ? 0 : 1);
}
