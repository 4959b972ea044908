/*
 * textc: put text files into a C table.
 *
 *	textc HEADER 'struct pack packs[]' FILE... >out.c
 *
 * Each row is { name without folder and ending, text }; the last has no name.
 */
#include <stdio.h>
#include <string.h>

static int
put_text(const char *file)
{
    FILE *f = fopen(file, "rb");
    int c;

    if (f == NULL) {
        perror(file);
        return 1;
    }
    fputs("\"", stdout);
    while ((c = fgetc(f)) != EOF) {
        if (c == '\n')
            fputs("\\n\"\n\"", stdout);
        else if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < ' ' || c > '~' || c == '?')
            printf("\\%03o", (unsigned)c);
        else
            putchar(c);
    }
    fputs("\"", stdout);
    return fclose(f) != 0;
}

int
main(int argc, char **argv)
{
    int bad = 0;

    if (argc < 4) {
        fprintf(stderr, "usage: textc HEADER DECLARATION FILE...\n");
        return 2;
    }
    printf("/* made by textc; do not edit */\n#include \"%s\"\n"
           "const %s = {\n",
           argv[1], argv[2]);
    for (int i = 3; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        const char *name = slash != NULL ? slash + 1 : argv[i];

        printf("{ \"%.*s\",\n", (int)strcspn(name, "."), name);
        bad |= put_text(argv[i]);
        puts(" },");
    }
    puts("{ 0, 0 } };");
    return bad | (fflush(stdout) != 0);
}
