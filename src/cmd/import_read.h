#ifndef CMD_IMPORT_READ_H
#define CMD_IMPORT_READ_H

/* anlan import --ledger hazard|checklist --dry-run [--json] FILE
 * argv[0] is "import".  Exit code: 0 read, 1 the file cannot be read, 2 the
 * command line is wrong. */
int cmd_import(int argc, char **argv);

#endif
