/* Rows of which no event tells, under the key that the folder keeps. */
#include "service/install.h"
#include "service/seal.h"
#include "service/verify_int.h"
#include "store/folder.h"

bool
verify_seal_key(struct checking *c, struct err *e)
{
    char name[SEAL_NAME];
    struct str is;
    struct err why = { 0 };
    bool there = false;

    c->has_row_key = false;
    if (!setting_get(c->st, SEAL_SETTING, c->arena, &is, e))
        return false;
    if (!folder_key_find(c->v->dir, SEAL_FILE, c->row_key, sizeof(c->row_key),
                         &there, &why))
        verify_say(c, spot("key", -1, -1), &why);
    if (there) {
        seal_key_name(c->row_key, name);
        c->has_row_key = str_is(is, name);
        if (!c->has_row_key && is.n > 0 && !c->v->read_only)
            SAY(c, spot("key", -1, -1),
                "row.key is not the key that the database names: the next "
                "start seals sessions and messages anew, and the log says so");
    }
    c->v->seals_wait = !c->has_row_key;
    return true;
}

static void
say_broken(const char *kind, int64_t id, void *arg)
{
    struct checking *c = arg;

    SAY(c, spot(kind, id, -1),
        "it was put in or changed past the program: its seal does not fit");
}

bool
verify_seals(struct checking *c, struct err *e)
{
    return !c->has_row_key ||
           seal_check(c->st, c->tenant->id, c->row_key, say_broken, c, e);
}
