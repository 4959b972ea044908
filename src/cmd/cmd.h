#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Exit codes of every verb. */
enum { EXIT_OK = 0, EXIT_WRONG = 1, EXIT_MISUSE = 2 };

/* One verb: `anlan NAME ...`. main.c's table is also the manual's source. */
struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *args;  /* "[--port N] --data DIR" */
    const char *about; /* one line */
    bool as_owner; /* writes into --data: root does it as that folder's owner,
                        * or a service could not read what was written */
};

extern const struct verb verbs[];

int cmd_serve(int, char **), cmd_init(int, char **), cmd_routes(int, char **),
    cmd_user(int, char **), cmd_token(int, char **), cmd_migrate(int, char **),
    cmd_man(int, char **), cmd_completion(int, char **),
    cmd_doctor(int, char **), cmd_settings(int, char **),
    cmd_verify(int, char **), cmd_rebuild(int, char **),
    cmd_backup(int, char **), cmd_restore(int, char **), cmd_copy(int, char **),
    cmd_district(int, char **);

/* Options are "--name value" or a bare "--name"; the rest are words.
 * Misuse prints what is wrong and the verb's line. */
struct option {
    const char *name;   /* "--data" */
    const char **value; /* with a value; or */
    bool *flag;         /* without */
};
bool options_read(const struct verb *, int argc, char **argv,
                  const struct option *, size_t n, const char **word,
                  size_t *n_words);
const struct verb *verb_find(const char *name);
/* Check an installation and print what is wrong; an exit code. */
struct verify_ask {
    const char *data;
    const char *vkey;              /* or NULL */
    const char *const *checkpoint; /* files that were kept outside */
    size_t n_checkpoints;          /* at most CHECKPOINTS_MAX */
    bool json;
};
int verify_print(const struct verify_ask *, struct err *);
/* Files of checkpoints as words of the command line. */
enum { CHECKPOINTS_MAX = 32 };
struct checkpoint_files {
    struct buf file[CHECKPOINTS_MAX];
    struct str note[CHECKPOINTS_MAX];
    size_t n;
};
/* Also what was read of it so far is freed by checkpoints_fini(). */
bool checkpoints_read(struct checkpoint_files *, const char *const *path,
                      size_t n, struct err *) MUST_USE;
void checkpoints_fini(struct checkpoint_files *);
/* A whole file; the caller calls buf_fini(). Errors: ERR_INVALID. */
bool file_read(const char *path, size_t max, struct buf *, struct err *);
/* The person who signs in under that name. Errors: ERR_MISSING, naming it. */
struct account;
struct tx;
bool cmd_account(struct tx *, struct str login, struct account *,
                 struct err *) MUST_USE;
/* Print an error's words; gives EXIT_WRONG. */
int cmd_fail(const struct err *);
/* Run a job on a data folder, beside a running server too; an exit code. */
int cmd_run_aside(const char *data,
                  bool (*job)(struct tx *, void *arg, struct err *), void *arg);

#endif
