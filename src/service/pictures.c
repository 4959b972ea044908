#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "codec/hash.h"
#include "service/pictures.h"
#include "store/files.h"

enum { DEADLINE_MS = 30000 };

bool
pictures_takes(struct str type)
{
    return str_is(type, "image/jpeg") || str_is(type, "image/png") ||
           str_is(type, "image/webp") || str_is(type, "image/heic");
}

/* Nothing of the server goes along: no descriptor, no environment. */
static bool
start(const char *program, int in, int out, pid_t *pid)
{
    char *argv[] = { (char *)(uintptr_t) "anlan-image", NULL },
         *env[] = { NULL };
    posix_spawn_file_actions_t act;
    posix_spawnattr_t attr;
    sigset_t none, pipe;
    bool ok;

    if (posix_spawn_file_actions_init(&act) != 0)
        return false;
    if (posix_spawnattr_init(&attr) != 0) {
        posix_spawn_file_actions_destroy(&act);
        return false;
    }
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ok = posix_spawn_file_actions_adddup2(&act, in, STDIN_FILENO) == 0 &&
         posix_spawn_file_actions_adddup2(&act, out, STDOUT_FILENO) == 0 &&
         posix_spawn_file_actions_addopen(&act, STDERR_FILENO, "/dev/null",
                                          O_WRONLY, 0) == 0 &&
         posix_spawn_file_actions_addclosefrom_np(&act, 3) == 0 &&
         posix_spawnattr_setsigmask(&attr, &none) == 0 &&
         posix_spawnattr_setsigdefault(&attr, &pipe) == 0 &&
         posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF) == 0 &&
         posix_spawn(pid, program, &act, &attr, argv, env) == 0;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&act);
    return ok;
}

/* Read to the end or to the ceiling. False: the time is over. */
static bool
read_answer(int fd, int64_t end, struct buf *b)
{
    int64_t left;
    char piece[64 * 1024];
    ssize_t n = 1;

    while (n > 0 && !b->over) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        if ((left = end - steady_ms()) <= 0)
            return false;
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        n = read(fd, piece, sizeof(piece));
        if (n > 0)
            buf_put(b, piece, (size_t)n);
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    return true;
}

/* Run the program once. *in_time: it came to an end by itself. */
static bool
run(const struct pictures *p, int in, struct buf *answer, bool *in_time)
{
    int64_t end =
        steady_ms() + (p->deadline_ms > 0 ? p->deadline_ms : DEADLINE_MS);
    int out[2], status;
    pid_t pid;

    if (pipe2(out, O_CLOEXEC) != 0)
        return false;
    if (!start(p->program, in, out[1], &pid)) {
        close(out[0]);
        close(out[1]);
        return false;
    }
    close(out[1]);
    *in_time = read_answer(out[0], end, answer);
    close(out[0]);
    kill(pid, SIGKILL); /* it has said all that it has to say */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return true;
}

/* Given nothing, it says so: then it works, and a picture that it dies over is
 * at fault, not this machine. */
static bool
works(const struct pictures *p)
{
    struct picture_copy copy[PICTURE_COPIES];
    enum picture_fault fault = PICTURE_CAGE;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool in_time = false, ok;
    BUF(answer, PICTURE_ANSWER_MAX);

    ok = nothing >= 0 && run(p, nothing, &answer, &in_time) && in_time &&
         picture_parse(buf_str(&answer), &fault, copy) && fault == PICTURE_KIND;
    if (nothing >= 0)
        close(nothing);
    return ok;
}

/* It died over the picture, or made something up; or it cannot work here. */
static bool
no_answer(const struct pictures *p, enum picture_fault *fault, struct err *e)
{
    if (*fault != PICTURE_CAGE && works(p)) {
        *fault = PICTURE_BROKEN;
        return true;
    }
    log_line(LOG_WARN, "anlan-image does not work here: photographs are kept, "
                       "but not shown");
    return err_set(e, ERR_BUSY, NULL, "A photograph cannot be read now");
}

bool
pictures_make(const struct pictures *p, int64_t tenant, struct str sha, int fd,
              bool whole, enum picture_fault *fault, struct err *e)
{
    struct picture_copy copy[PICTURE_COPIES];
    bool in_time = false;
    BUF(answer, PICTURE_ANSWER_MAX);

    *fault = PICTURE_BROKEN;
    if (p->program == NULL || !run(p, fd, &answer, &in_time))
        return err_set(e, ERR_BUSY, NULL, "A photograph cannot be read now");
    if (!in_time) {
        *fault = PICTURE_PIXELS;
        return err_set(e, ERR_BUSY, NULL,
                       "A photograph takes too long to read");
    }
    if (answer.over || !picture_parse(buf_str(&answer), fault, copy) ||
        *fault == PICTURE_CAGE)
        return no_answer(p, fault, e);
    if (*fault != PICTURE_OK && (*fault != PICTURE_CUT || whole))
        return true;
    return picture_keep(p->data_dir, tenant, sha, copy, e);
}

bool
pictures_look(const struct pictures *p, int64_t tenant, struct str sha,
              struct err *e)
{
    enum picture_fault fault;
    unsigned w, h;
    int fd;
    bool ok;

    if (picture_state(p->data_dir, tenant, sha, &w, &h) != PICTURE_UNKNOWN)
        return true;
    if (p->program == NULL ||
        (fd = files_open(p->data_dir, tenant, sha, e)) < 0)
        return p->program == NULL ? err_set(e, ERR_BUSY, NULL,
                                            "A photograph cannot be read now")
                                  : false;
    ok = pictures_make(p, tenant, sha, fd, false, &fault, e);
    close(fd);
    if (ok && fault != PICTURE_OK && fault != PICTURE_CUT)
        picture_mark(p->data_dir, tenant, sha);
    return ok;
}

/* All of the large copy, into memory of the caller's. */
static bool
read_copy(const struct pictures *p, int64_t tenant, struct str sha,
          struct buf *out)
{
    char piece[64 * 1024];
    int64_t size;
    int fd = picture_open(p->data_dir, tenant, sha, PICTURE_LARGE, &size);
    ssize_t n = 0;

    if (fd < 0)
        return false;
    while ((n = read(fd, piece, sizeof(piece))) > 0)
        buf_put(out, piece, (size_t)n);
    close(fd);
    return n == 0 && !out->over && (int64_t)out->n == size;
}

static bool
write_over(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    size_t done = 0;

    while (fd >= 0 && done < bytes.n) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);

        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return fd >= 0 && close(fd) == 0 && done == bytes.n;
}

bool
pictures_replace(const struct pictures *p, int64_t tenant, struct str sha,
                 const char *path, char new_sha[65], int64_t *size,
                 struct err *e)
{
    BUF(copy, PICTURE_COPY_MAX);
    BUF(hex, 128);
    struct hash h;

    if (!read_copy(p, tenant, sha, &copy))
        return err_set(e, ERR_STORE, NULL, "A file could not be kept (%d)",
                       errno);
    if (!write_over(path, buf_str(&copy)))
        return err_set(e, err_disk(errno), NULL,
                       "A file could not be kept (%d)", errno);
    hash_of(&h, (const struct str[]){ buf_str(&copy) }, 1);
    hex_put(&hex, hash_str(&h));
    if (hex.n != 64)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    memcpy(new_sha, hex.p, 65);
    *size = (int64_t)copy.n;
    picture_drop(p->data_dir, tenant, sha);
    return true;
}
