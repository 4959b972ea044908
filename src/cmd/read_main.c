#include "cmd/import_read.h"

/* The reader alone, for its tests and benchmarks. */
int
main(int argc, char **argv)
{
    return cmd_import(argc, argv);
}
