#include "cmd/import_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/import_checklist.h"
#include "cmd/import_print.h"
#include "service/ledger_read.h"

enum { RUN_SECONDS = 3600 };

static const char help[] =
    "usage: anlan import --ledger hazard|checklist --dry-run [--json] FILE\n"
    "\n"
    "Reads an old hazard ledger or a checklist (.xlsx, or .csv in UTF-8, GB18030\n"
    "or UTF-16) and shows what would be imported, with every doubt. Changes\n"
    "nothing.\n"
    "\n"
    "  --ledger KIND    hazard or checklist\n"
    "  --dry-run        only show (required)\n"
    "  --json           {\"rows\":[...],\"doubts\":[...]}; of a checklist\n"
    "                   {\"title\":...,\"items\":[...],\"doubts\":[...]}\n"
    "For a hazard ledger only:\n"
    "  --heading ROW    the row of the heading, when it is not found\n"
    "  --column N=FIELD what column N (from 1) holds: school, place,\n"
    "                   description, category, grade, measures, responsible,\n"
    "                   funds, deadline, found_on, status, completed_on, plan,\n"
    "                   ignore; may be given again\n"
    "  --help           this text\n"
    "\n"
    "Exit code: 0 read, 1 the file cannot be read, 2 the command is wrong.\n";

enum { OVERRIDES_MAX = 128 };

struct args {
    const char *file;
    bool json, dry, help, hazard, checklist;
    int64_t heading;
    struct reading_override column[OVERRIDES_MAX];
    size_t n_columns;
};

static bool
add_column(struct args *a, struct str s)
{
    ptrdiff_t eq = str_find(s, STR("="));
    enum reading_field f;
    int64_t n;

    if (eq <= 0 || !str_i64(str_cut(s, 0, (size_t)eq), &n) || n < 1 ||
        n > 16384 || a->n_columns == OVERRIDES_MAX)
        return false;
    f = reading_field_of(str_cut(s, (size_t)eq + 1, s.n));
    if (f == RF_NONE)
        return false;
    a->column[a->n_columns++] = (struct reading_override){ -1, (int)n - 1, f };
    return true;
}

/* An option with a value: --ledger, --heading, --column. */
static bool
parse_value(struct args *a, struct str name, struct str value)
{
    if (str_is(name, "--ledger")) {
        a->hazard = str_is(value, "hazard");
        a->checklist = str_is(value, "checklist");
    } else if (str_is(name, "--heading"))
        return str_i64(value, &a->heading) && a->heading >= 1;
    else if (str_is(name, "--column"))
        return add_column(a, value);
    else
        return false;
    return true;
}

static bool
parse_flag(struct args *a, struct str name)
{
    if (str_is(name, "--help") || str_is(name, "-h"))
        a->help = true;
    else if (str_is(name, "--json"))
        a->json = true;
    else if (str_is(name, "--dry-run"))
        a->dry = true;
    else
        return false;
    return true;
}

static bool
parse(int argc, char **argv, struct args *a)
{
    for (int i = 1; i < argc; i++) {
        struct str s = str_of(argv[i]);

        if (parse_flag(a, s))
            continue;
        if (s.n > 0 && s.p[0] == '-') {
            if (i + 1 == argc || !parse_value(a, s, str_of(argv[++i])))
                return false;
        } else if (a->file != NULL) {
            return false;
        } else {
            a->file = argv[i];
        }
    }
    return a->help ||
           (a->file != NULL && a->dry && (a->hazard || a->checklist));
}

static int
complain(const char *file, const struct err *e)
{
    char text[512];

    fprintf(stderr, "anlan import: %s: %s\n", file,
            err_text(e, text, sizeof(text)));
    return 1;
}

static int
run(const struct args *a, int fd)
{
    struct import_print print = { .out = stdout, .json = a->json };
    struct reading_opts opts = {
        .on_row = import_print_row,
        .on_doubt = import_print_doubt,
        .ctx = &print,
        .overrides = a->column,
        .n_overrides = a->n_columns,
        .heading_row = a->heading,
    };
    struct ledger_read_job job = { .fd = fd,
                                   .seconds = RUN_SECONDS,
                                   .tmp_dir = getenv("TMPDIR"),
                                   .opts = &opts };
    struct err e = { 0 };
    bool ok, written;

    if (!import_print_begin(&print)) {
        fprintf(stderr, "anlan import: no temporary file: %s\n",
                strerror(errno));
        return 1;
    }
    ok = ledger_read(&job, &e);
    written = import_print_end(&print);
    if (!ok && e.code != ERR_NONE)
        return complain(a->file, &e);
    if (!ok || !written) {
        fputs("anlan import: the output cannot be written\n", stderr);
        return 1;
    }
    return 0;
}

int
cmd_import(int argc, char **argv)
{
    struct args a = { 0 };
    int fd, rc;

    if (!parse(argc, argv, &a)) {
        fputs(help, stderr);
        return 2;
    }
    if (a.help) {
        fputs(help, stdout);
        return 0;
    }
    if ((fd = open(a.file, O_RDONLY | O_CLOEXEC)) < 0) {
        fprintf(stderr, "anlan import: %s: %s\n", a.file, strerror(errno));
        return 1;
    }
    rc = a.checklist ? import_checklist(a.file, fd, a.json) : run(&a, fd);
    close(fd);
    return rc;
}
