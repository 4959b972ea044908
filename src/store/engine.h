#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/store.h"

/* What an engine (sqlite.c) and the rest of store/ offer each other. */

/* Run a script of many statements, with {id} and the like in the engine's
 * words. Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
bool engine_script(struct store *, const char *text, struct err *) MUST_USE;

/* Run the migrations that have not run here, each in its own transaction.
 * Errors: ERR_STORE, also when a newer program has been here. */
bool store_migrate(struct store *, struct err *) MUST_USE;

#endif
