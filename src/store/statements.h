/* Every enumerated statement: Q(NAME, "text"), and W of those that walk over
 * what may be very many rows. Included with both defined. */
/* clang-format off */

/* transactions */
Q(BEGIN_READ, "BEGIN")
Q(BEGIN_WRITE, "BEGIN IMMEDIATE")
Q(COMMIT, "COMMIT")
Q(SAVE, "SAVEPOINT job")
Q(RELEASE, "RELEASE job")

/* settings and tenants: the only statements without a tenant */
Q(SETTING_GET, "SELECT value FROM setting WHERE name = $1")
Q(SETTING_PUT, "INSERT INTO setting (name, value) VALUES ($1, $2)"
  " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
Q(MIGRATIONS_SETTINGS, "SELECT name FROM setting WHERE value = 'done'")
Q(MIGRATION_TABLE, "SELECT CAST(COUNT(*) AS BIGINT) FROM sqlite_master"
  " WHERE type = 'table' AND name = 'migration'")
Q(MIGRATIONS, "SELECT name, sha256 FROM migration")
Q(MIGRATION_ADD, "INSERT INTO migration (name, sha256, at_ms)"
  " VALUES ($1, $2, $3)")
Q(TENANT_ADD, "INSERT INTO tenant (id, code, name_en, name_zh, zone, currency,"
  " origin, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
Q(SETTINGS, "SELECT name, value FROM setting ORDER BY name")
/* the name of today is its root node's; its own row keeps the first one */
Q(TENANT_EACH, "SELECT t.id, t.code, COALESCE(o.name_en, t.name_en),"
  " COALESCE(o.name_zh, t.name_zh), t.name_en, t.name_zh, t.zone, t.currency,"
  " t.origin, t.created_at FROM tenant t LEFT JOIN org o ON o.id ="
  " (SELECT MIN(r.id) FROM org r WHERE r.tenant_id = t.id AND r.parent = 0)"
  " ORDER BY t.id")
Q(DIRECTORY_GET, "SELECT tenant_id, person_id FROM directory WHERE login = $1")
Q(DIRECTORY_PUT, "INSERT INTO directory (login, tenant_id, person_id)"
  " VALUES ($1, $2, $3) ON CONFLICT (login) DO UPDATE SET"
  " tenant_id = excluded.tenant_id, person_id = excluded.person_id")
Q(DIRECTORY_DEL, "DELETE FROM directory WHERE tenant_id = $1 AND person_id = $2")

/* the log */
Q(HEAD_GET, "SELECT size, last_ms, root FROM log_head WHERE tenant_id = $1")
/* the same; others who change the tenant wait until the transaction ends */
Q(HEAD_LOCK, "SELECT size, last_ms, root FROM log_head WHERE tenant_id = $1")
Q(HEAD_ADD, "INSERT INTO log_head (tenant_id, size, last_ms, root)"
  " VALUES ($1, 0, 0, $2)")
Q(HEAD_PUT, "UPDATE log_head SET size = $2, last_ms = $3, root = $4"
  " WHERE tenant_id = $1")
Q(EVENT_ADD, "INSERT INTO event (tenant_id, seq, at_ms, ledger, record_id, rev,"
  " verb, actor, salt, body, commits)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
Q(EVENT_PART_ADD, "INSERT INTO event_part (tenant_id, seq, subject, salt, body,"
  " commitment) VALUES ($1, $2, $3, $4, $5, $6)")
/* what a part held is gone, what was logged of it stays */
Q(EVENT_PART_ERASE, "UPDATE event_part SET salt = $3, body = $3"
  " WHERE tenant_id = $1 AND subject = $2")
Q(EVENT_ERASED, "SELECT seq FROM event WHERE tenant_id = $1 AND seq IN"
  " (SELECT seq FROM event WHERE tenant_id = $1 AND record_id = $2)"
  " AND verb = $3 ORDER BY seq DESC LIMIT 1")
W(EVENT_ERASURES, "SELECT at_ms, ledger, record_id, verb FROM event"
  " WHERE tenant_id = $1 AND verb IN ('erase', 'erase_files', 'erase_words')"
  " ORDER BY seq")
Q(EVENT_ERASED_SINCE, "SELECT COUNT(*) FROM event WHERE tenant_id = $1"
  " AND seq IN (SELECT seq FROM event WHERE tenant_id = $1 AND record_id = $2)"
  " AND verb = $3 AND at_ms >= $4")
/* all of one record, and those of a kind, the newest first */
Q(EVENT_BODIES, "SELECT seq, body FROM event WHERE tenant_id = $1 AND seq IN"
  " (SELECT seq FROM event WHERE tenant_id = $1 AND record_id = $2)"
  " ORDER BY seq")
Q(EVENT_BODIES_BY, "SELECT seq, body FROM event WHERE tenant_id = $1 AND seq IN"
  " (SELECT seq FROM event WHERE tenant_id = $1 AND record_id = $2)"
  " AND verb = $3 ORDER BY seq DESC")
/* with what is told of people: of one record, and of all */
Q(EVENT_TOLD, "SELECT e.seq, e.body, p.body FROM event e LEFT JOIN event_part p"
  " ON p.tenant_id = e.tenant_id AND p.seq = e.seq WHERE e.tenant_id = $1"
  " AND e.seq IN (SELECT seq FROM event WHERE tenant_id = $1"
  " AND record_id = $2) ORDER BY e.seq")
W(EVENT_TOLD_ALL, "SELECT e.ledger, e.record_id, e.body, p.body FROM event e"
  " LEFT JOIN event_part p ON p.tenant_id = e.tenant_id AND p.seq = e.seq"
  " WHERE e.tenant_id = $1 ORDER BY e.seq")
/* what is left of an event out of which words were taken; its salt goes, for
 * what was logged is to be found again by nobody */
Q(EVENT_RETELL, "UPDATE event SET salt = $4, body = $3"
  " WHERE tenant_id = $1 AND seq = $2")
Q(FILE_NAMES, "SELECT id, name FROM attachment WHERE tenant_id = $1"
  " AND record_id = $2")
W(FILE_NAMES_ALL, "SELECT e.ledger, a.record_id, a.name FROM attachment a"
  " JOIN event e ON e.tenant_id = a.tenant_id AND e.record_id = a.record_id"
  " AND e.rev = 1 WHERE a.tenant_id = $1 AND a.record_id > 0 ORDER BY a.id")
Q(FILE_RENAME, "UPDATE attachment SET name = $3 WHERE tenant_id = $1"
  " AND id = $2")
Q(EVENT_PARTS, "SELECT subject, salt, body, commitment FROM event_part"
  " WHERE tenant_id = $1 AND seq = $2 ORDER BY subject")
Q(EVENT_LEAVES, "SELECT seq, at_ms, commits FROM event"
  " WHERE tenant_id = $1 AND seq >= $2 AND seq < $3 ORDER BY seq")
/* by record in two steps: in one, SQLite walks the whole log by its key and
 * leaves event_by_record aside */
Q(EVENT_OF, "SELECT seq, at_ms, ledger, record_id, salt, body, commits"
  " FROM event WHERE tenant_id = $1 AND seq IN (SELECT seq FROM event"
  " WHERE tenant_id = $1 AND record_id = $2) ORDER BY seq LIMIT 1000")
Q(EVENT_AFTER, "SELECT seq, at_ms, ledger, record_id, rev, verb, actor"
  " FROM event WHERE tenant_id = $1 AND seq > $2 AND record_id > 0"
  " ORDER BY seq LIMIT $3")
Q(EVENT_FIRST, "SELECT at_ms, salt, body FROM event WHERE tenant_id = $1"
  " AND seq = 0")
W(EVENT_ALL, "SELECT seq, at_ms, ledger, record_id, rev, verb, actor, salt,"
  " body, commits FROM event WHERE tenant_id = $1 ORDER BY seq")
Q(EVENT_ORIGINS, "SELECT body FROM event WHERE tenant_id = $1"
  " AND record_id = 0 AND verb = 'new-origin' ORDER BY seq")
W(EVENT_BY_RECORD, "SELECT record_id, seq, body, commits FROM event"
  " WHERE tenant_id = $1 AND record_id > 0 ORDER BY record_id, seq")
W(EVENT_PART_ALL, "SELECT seq, subject, salt, body, commitment FROM event_part"
  " WHERE tenant_id = $1 ORDER BY seq, subject")
Q(TILE_NAMES, "SELECT level, n FROM tile WHERE tenant_id = $1"
  " ORDER BY level, n")
Q(COUNT_ALL, "SELECT ledger, org_id, dim, v, n FROM counter"
  " WHERE tenant_id = $1 AND n <> 0 ORDER BY ledger, dim, org_id, v")
Q(COUNT_WIPE, "DELETE FROM counter WHERE tenant_id = $1")
Q(NUMBER_ALL, "SELECT org_id, ledger, year, n FROM number"
  " WHERE tenant_id = $1 ORDER BY org_id, ledger, year")
Q(NUMBER_WIPE, "DELETE FROM number WHERE tenant_id = $1")
Q(NUMBER_PUT, "INSERT INTO number (tenant_id, org_id, ledger, year, n)"
  " VALUES ($1, $2, $3, $4, $5)")
Q(DIRECTORY_ALL, "SELECT login, person_id FROM directory WHERE tenant_id = $1"
  " ORDER BY login")
Q(DIRECTORY_WIPE, "DELETE FROM directory WHERE tenant_id = $1")
Q(SEARCH_WIPE, "INSERT INTO search (search) VALUES ('delete-all')")
Q(SETTING_DEL, "DELETE FROM setting WHERE name = $1")
Q(TENANT_ORIGIN, "UPDATE tenant SET origin = $2 WHERE id = $1")
Q(TILE_ADD, "INSERT INTO tile (tenant_id, level, n, data)"
  " VALUES ($1, $2, $3, $4)")
Q(TILE_GET, "SELECT data FROM tile WHERE tenant_id = $1 AND level = $2"
  " AND n = $3")
Q(CHECKPOINT_ADD, "INSERT INTO checkpoint (tenant_id, at_ms, size, note)"
  " VALUES ($1, $2, $3, $4)")
Q(CHECKPOINT_LAST, "SELECT at_ms, size, note FROM checkpoint"
  " WHERE tenant_id = $1 ORDER BY size DESC LIMIT 1")
Q(CHECKPOINT_BEFORE, "SELECT at_ms FROM checkpoint"
  " WHERE tenant_id = $1 AND at_ms <= $2 ORDER BY at_ms DESC LIMIT 1")
Q(CHECKPOINT_EACH, "SELECT at_ms, size, note FROM checkpoint"
  " WHERE tenant_id = $1 ORDER BY size, at_ms")

/* counters, numbers, versions */
Q(COUNT_ADD, "INSERT INTO counter (tenant_id, ledger, org_id, dim, v, n)"
  " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, ledger, dim, org_id, v)"
  " DO UPDATE SET n = counter.n + excluded.n")
Q(COUNT_EACH, "SELECT org_id, v, n FROM counter WHERE tenant_id = $1"
  " AND ledger = $2 AND dim = $3 ORDER BY org_id, v")
Q(COUNT_SUM, "SELECT v, CAST(SUM(n) AS BIGINT) FROM counter"
  " WHERE tenant_id = $1 AND ledger = $2 AND dim = $3 GROUP BY v")
Q(ABOVE_PUT, "INSERT INTO above (tenant_id, district, what, n, as_of)"
  " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, district, what)"
  " DO UPDATE SET n = excluded.n, as_of = excluded.as_of")
Q(ABOVE_EACH, "SELECT district, what, n, as_of FROM above"
  " WHERE tenant_id = $1 ORDER BY district, what")
/* what no counting made */
Q(ABOVE_ODD, "SELECT district, what FROM above WHERE tenant_id = $1"
  " AND (what < 0 OR what >= $2 OR n < 0 OR NOT EXISTS (SELECT 1 FROM tenant"
  " WHERE tenant.id = above.district)) ORDER BY district, what")
Q(NUMBER_NEXT, "INSERT INTO number (tenant_id, org_id, ledger, year, n)"
  " VALUES ($1, $2, $3, $4, 1) ON CONFLICT (tenant_id, org_id, ledger, year)"
  " DO UPDATE SET n = number.n + 1 RETURNING n")
Q(VERSION_BUMP, "INSERT INTO version (tenant_id, ledger, org_id, n)"
  " VALUES ($1, $2, $3, 1) ON CONFLICT (tenant_id, ledger, org_id)"
  " DO UPDATE SET n = version.n + 1")
Q(VERSION_GET, "SELECT n FROM version WHERE tenant_id = $1 AND ledger = $2"
  " AND org_id = $3")

/* people's secrets, sessions, tokens */
Q(SECRET_GET, "SELECT hash, changed_at, once, once_until FROM secret"
  " WHERE tenant_id = $1 AND person_id = $2")
/* who could sign in and never set a password; person_by_new */
Q(SECRET_NEVER, "SELECT p.id FROM person p WHERE p.tenant_id = $1 AND p.state = 1"
  " AND p.login <> '' AND NOT EXISTS (SELECT 1 FROM secret s WHERE"
  " s.tenant_id = p.tenant_id AND s.person_id = p.id AND s.hash <> '')"
  " ORDER BY p.id LIMIT $2")
Q(SECRET_PUT, "INSERT INTO secret (tenant_id, person_id, hash, changed_at,"
  " once, once_until) VALUES ($1, $2, $3, $4, $5, $6)"
  " ON CONFLICT (tenant_id, person_id) DO UPDATE SET hash = excluded.hash,"
  " changed_at = excluded.changed_at, once = excluded.once,"
  " once_until = excluded.once_until")
Q(SECRET_ONCE, "SELECT tenant_id, person_id, once_until FROM secret"
  " WHERE once = $1")
Q(SESSION_ADD, "INSERT INTO session (hash, tenant_id, person_id, created_at,"
  " until, csrf, used_at, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
/* rows with seals, see service/seal.h: all, some behind one, another seal. Their
 * columns in the order in which they are sealed, the seal, and the key of a row;
 * a statement that changes such rows gives them back. */
#define SEALED_SESSION                                                         \
    " hash, tenant_id, person_id, created_at, until, csrf, used_at, seal,"     \
    " person_id, hash"
#define SEALED_REQUEST                                                         \
    " tenant_id, person_id, key, record_id, rev, digest, at_ms, seal,"         \
    " person_id, key"
#define SEALED_NOTICE                                                          \
    " tenant_id, id, at_ms, person_id, ledger, record_id, kind, actor,"        \
    " seen_at, address, seal, id"
#define SEALED_DELIVERY                                                        \
    " tenant_id, id, channel, person_id, urgent, state, next_at, tries,"       \
    " made_at, tried_at, done_at, reason, answer, address, seal, id"
W(SESSION_ALL, "SELECT" SEALED_SESSION " FROM session WHERE tenant_id = $1")
Q(SESSION_SLICE, "SELECT" SEALED_SESSION " FROM session WHERE tenant_id = $1"
  " AND (person_id, hash) > ($2, $3) ORDER BY person_id, hash LIMIT $4")
Q(SESSION_SEAL, "UPDATE session SET seal = $4 WHERE tenant_id = $1"
  " AND person_id = $2 AND hash = $3")
Q(SESSION_ONE, "SELECT" SEALED_SESSION " FROM session WHERE hash = $1")
W(IDEM_ALL, "SELECT" SEALED_REQUEST " FROM idempotency WHERE tenant_id = $1")
Q(IDEM_SLICE, "SELECT" SEALED_REQUEST " FROM idempotency WHERE tenant_id = $1"
  " AND (person_id, key) > ($2, $3) ORDER BY person_id, key LIMIT $4")
Q(IDEM_SEAL, "UPDATE idempotency SET seal = $4 WHERE tenant_id = $1"
  " AND person_id = $2 AND key = $3")
W(OUT_ALL, "SELECT" SEALED_NOTICE " FROM outbox WHERE tenant_id = $1")
Q(OUT_SLICE, "SELECT" SEALED_NOTICE " FROM outbox WHERE tenant_id = $1"
  " AND id > $2 ORDER BY id LIMIT $3")
Q(OUT_SEAL, "UPDATE outbox SET seal = $3 WHERE tenant_id = $1 AND id = $2")
Q(OUT_UNSEEN, "SELECT" SEALED_NOTICE " FROM outbox WHERE tenant_id = $1"
  " AND person_id = $2 AND id <= $3 AND seen_at = 0")
Q(OUT_ADDRESSED, "SELECT" SEALED_NOTICE " FROM outbox WHERE tenant_id = $1"
  " AND id > $2 AND id <= $3 AND address <> ''")
W(DELIVERY_ALL, "SELECT" SEALED_DELIVERY " FROM delivery WHERE tenant_id = $1")
Q(DELIVERY_SLICE, "SELECT" SEALED_DELIVERY " FROM delivery WHERE tenant_id = $1"
  " AND id > $2 ORDER BY id LIMIT $3")
Q(DELIVERY_SEAL, "UPDATE delivery SET seal = $3 WHERE tenant_id = $1"
  " AND id = $2")
Q(DELIVERY_ONE, "SELECT" SEALED_DELIVERY " FROM delivery"
  " WHERE tenant_id = $1 AND id = $2")
Q(DELIVERY_PERSONS, "SELECT" SEALED_DELIVERY " FROM delivery"
  " WHERE tenant_id = $1 AND person_id = $2 AND urgent = 0 AND state = 1"
  " AND tries = 0 AND next_at > 0")
Q(DELIVERY_CHANNELS, "SELECT" SEALED_DELIVERY " FROM delivery"
  " WHERE tenant_id = $1 AND channel = $2 AND next_at > 0")
Q(SESSION_GET, "SELECT tenant_id, person_id, until, csrf, created_at, used_at"
  " FROM session WHERE hash = $1")
Q(SESSION_USED, "UPDATE session SET used_at = $2 WHERE hash = $1"
  " AND used_at < $3 RETURNING" SEALED_SESSION)
Q(SESSION_DEL, "DELETE FROM session WHERE hash = $1")
Q(SESSION_DEL_ALL, "DELETE FROM session WHERE tenant_id = $1"
  " AND person_id = $2")
/* these and all *_PURGE: at most so many rows, the last argument */
Q(SESSION_PURGE, "DELETE FROM session WHERE hash IN (SELECT hash FROM session"
  " WHERE until < $1 LIMIT $2)")
Q(TOKEN_ADD, "INSERT INTO token (tenant_id, id, hash, person_id, name, scopes,"
  " created_at, until, revoked_at, kind, post_id, used_at)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, 0)")
Q(TOKEN_GET, "SELECT tenant_id, id, person_id, scopes, until, revoked_at, kind,"
  " post_id, used_at FROM token WHERE hash = $1")
Q(NOTICE_BY_CODE, "SELECT id FROM notice WHERE tenant_id = $1 AND code = $2"
  " AND code <> ''")
/* shared devices */
Q(DEVICE_ADD, "INSERT INTO device (tenant_id, id, hash, org_id, name, made_by,"
  " made_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)")
Q(DEVICE_END, "UPDATE device SET revoked_at = $3 WHERE tenant_id = $1"
  " AND id = $2")
Q(DEVICE_GET, "SELECT tenant_id, id, org_id, name, made_at FROM device"
  " WHERE hash = $1 AND revoked_at = 0")
Q(DEVICE_EACH, "SELECT id, org_id, name, made_at FROM device"
  " WHERE tenant_id = $1 AND revoked_at = 0 ORDER BY id")
Q(PIN_PUT, "INSERT INTO pin (tenant_id, person_id, hash, changed_at)"
  " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, person_id) DO UPDATE SET"
  " hash = excluded.hash, changed_at = excluded.changed_at")
Q(PIN_DEL, "DELETE FROM pin WHERE tenant_id = $1 AND person_id = $2")
Q(PIN_GET, "SELECT hash FROM pin WHERE tenant_id = $1 AND person_id = $2")
Q(PIN_EACH, "SELECT person_id FROM pin WHERE tenant_id = $1 ORDER BY person_id")
Q(RECEIPT_GET, "SELECT tenant_id, id, hazard FROM report WHERE receipt = $1")
Q(TOKEN_EACH, "SELECT id, person_id, name, scopes, created_at, until,"
  " revoked_at, kind, post_id, used_at FROM token WHERE tenant_id = $1"
  " ORDER BY id")
Q(TOKEN_REVOKE, "UPDATE token SET revoked_at = $3 WHERE tenant_id = $1"
  " AND id = $2 AND revoked_at = 0")
Q(TOKEN_OF, "SELECT id, person_id, name, scopes, created_at, until,"
  " revoked_at, kind, post_id, used_at FROM token WHERE tenant_id = $1"
  " AND person_id = $2 AND revoked_at = 0 AND (until = 0 OR until > $3)"
  " ORDER BY id DESC LIMIT $4")
Q(TOKEN_OWN, "SELECT id FROM token WHERE tenant_id = $1 AND person_id = $2"
  " AND kind = 1 AND revoked_at = 0 ORDER BY id")
Q(TOKEN_USED, "UPDATE token SET used_at = $3 WHERE tenant_id = $1 AND id = $2"
  " AND used_at < $4")

/* rows that hold secrets, whole; and all of them behind one: id, person, until,
 * scopes */
Q(CRED_SECRET, "SELECT hash, changed_at, once, once_until FROM secret"
  " WHERE tenant_id = $1 AND person_id = $2")
Q(CRED_SECRETS, "SELECT person_id, person_id, once_until, '' FROM secret"
  " WHERE tenant_id = $1 AND person_id > $2 ORDER BY person_id LIMIT $3")
Q(CRED_TOKEN, "SELECT hash, person_id, name, scopes, created_at, until,"
  " revoked_at, kind, post_id FROM token WHERE tenant_id = $1 AND id = $2")
Q(CRED_TOKENS, "SELECT id, person_id, until, scopes FROM token"
  " WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3")
Q(CRED_PIN, "SELECT hash, changed_at FROM pin WHERE tenant_id = $1"
  " AND person_id = $2")
Q(CRED_PINS, "SELECT person_id, person_id, CAST(0 AS BIGINT), '' FROM pin"
  " WHERE tenant_id = $1 AND person_id > $2 ORDER BY person_id LIMIT $3")
Q(CRED_DEVICE, "SELECT hash, org_id, name, made_by, made_at, revoked_at"
  " FROM device WHERE tenant_id = $1 AND id = $2")
Q(CRED_DEVICES, "SELECT id, made_by, CAST(0 AS BIGINT), '' FROM device"
  " WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3")
Q(CRED_ROBOT, "SELECT org_id, kind, name, url, secret, lang, kinds, state,"
  " changed_at, changed_by FROM channel WHERE tenant_id = $1 AND id = $2")
Q(CRED_ROBOTS, "SELECT id, changed_by, CAST(0 AS BIGINT), '' FROM channel"
  " WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3")

/* idempotency, attachments, messages */
Q(IDEM_GET, "SELECT record_id, rev, digest FROM idempotency"
  " WHERE tenant_id = $1 AND person_id = $2 AND key = $3")
Q(IDEM_SINCE, "SELECT record_id, rev FROM idempotency"
  " WHERE tenant_id = $1 AND person_id = $2 AND key = $3 AND at_ms >= $4")
Q(IDEM_SET, "INSERT INTO idempotency (tenant_id, person_id, key, record_id,"
  " rev, digest, at_ms, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
  " ON CONFLICT (tenant_id, person_id, key) DO UPDATE SET"
  " record_id = excluded.record_id, rev = excluded.rev,"
  " digest = excluded.digest, at_ms = excluded.at_ms, seal = excluded.seal")
Q(IDEM_ADD, "INSERT INTO idempotency (tenant_id, person_id, key, record_id,"
  " rev, digest, at_ms, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
Q(IDEM_PURGE, "DELETE FROM idempotency WHERE tenant_id = $1"
  " AND (person_id, key) IN (SELECT person_id, key FROM idempotency"
  " WHERE tenant_id = $1 AND at_ms < $2 ORDER BY at_ms LIMIT $3)")
Q(FILE_ADD, "INSERT INTO attachment (id, tenant_id, sha256, size, type, name,"
  " added_at, added_by, record_id, salt)"
  " VALUES ($2, $1, $3, $4, $5, $6, $7, $8, 0, $9)")
Q(FILE_GET, "SELECT sha256, size, type, name, added_at, added_by, record_id,"
  " salt FROM attachment WHERE tenant_id = $1 AND id = $2")
Q(FILE_SALT, "UPDATE attachment SET salt = $3 WHERE tenant_id = $1"
  " AND id = $2")
/* rows that no event commits to yet */
Q(FILE_BARE, "SELECT id FROM attachment WHERE tenant_id = $1 AND salt = ''"
  " AND type <> 'erased' ORDER BY id LIMIT $2")
Q(FILE_BARE_COUNT, "SELECT COUNT(*) FROM attachment WHERE tenant_id = $1"
  " AND salt = '' AND type <> 'erased'")
Q(FILE_CLAIM, "UPDATE attachment SET record_id = $3 WHERE tenant_id = $1"
  " AND id = $2 AND (record_id = $3 OR (record_id = 0"
  " AND (added_by = $4 OR added_by = 0)))")
Q(FILE_UNCLAIMED, "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT),"
  " COALESCE(MIN(added_at), 0) FROM attachment WHERE tenant_id = $1"
  " AND record_id = 0 AND added_by = $2")
Q(FILE_PURGE, "DELETE FROM attachment WHERE tenant_id = $1 AND id IN ("
  "SELECT id FROM attachment a WHERE tenant_id = $1 AND record_id = 0"
  " AND added_at < $2 AND NOT EXISTS (SELECT 1 FROM draft d"
  " WHERE d.tenant_id = $1 AND d.person_id = a.added_by) LIMIT $3)")
Q(FILE_ERASE, "UPDATE attachment SET type = 'erased', name = '', salt = ''"
  " WHERE tenant_id = $1 AND record_id = $2")
Q(FILE_FORGET, "DELETE FROM attachment WHERE tenant_id = $1 AND id = $2"
  " AND record_id = 0")
Q(FILE_NAMED, "SELECT id FROM attachment WHERE tenant_id = $1"
  " AND sha256 = $2 AND type <> 'erased' LIMIT 1")
Q(FILE_EACH, "SELECT id, sha256, size, record_id, added_at FROM attachment"
  " WHERE tenant_id = $1 AND id > $2 AND type <> 'erased'"
  " ORDER BY id LIMIT 500")
/* address: another one than the person's own, else "" */
Q(OUT_ADD, "INSERT INTO outbox (id, tenant_id, at_ms, person_id, ledger,"
  " record_id, kind, actor, seen_at, address, seal)"
  " VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
Q(OUT_ADDRESS_GONE, "UPDATE outbox SET address = '' WHERE tenant_id = $1"
  " AND id > $2 AND id <= $3 AND address <> '' RETURNING" SEALED_NOTICE)
/* By outbox_by_person, from an id of the day before on. */
Q(OUT_AGAIN, "DELETE FROM outbox WHERE tenant_id = $1 AND person_id = $2"
  " AND id > $3 AND ledger = $4 AND record_id = $5 AND kind = $6"
  " AND seen_at = 0")
Q(OUT_OF, "SELECT id, at_ms, ledger, record_id, kind, actor, seen_at"
  " FROM outbox WHERE tenant_id = $1 AND person_id = $2 AND id < $3"
  " AND address = '' ORDER BY id DESC LIMIT $4")
Q(OUT_SEEN, "UPDATE outbox SET seen_at = $4 WHERE tenant_id = $1"
  " AND person_id = $2 AND id <= $3 AND seen_at = 0 RETURNING" SEALED_NOTICE)
Q(LOOK_ADD, "INSERT INTO look (tenant_id, person_id, day, by_id, how, n,"
  " last_at) VALUES ($1, $2, $3, $4, $5, 1, $6)"
  " ON CONFLICT (tenant_id, person_id, day, by_id, how)"
  " DO UPDATE SET n = look.n + 1, last_at = excluded.last_at")
Q(LOOK_OF, "SELECT day, by_id, how, n, last_at FROM look WHERE tenant_id = $1"
  " AND person_id = $2 ORDER BY day DESC, by_id DESC, how DESC LIMIT $3")
/* the next day that is over and has looks, behind one */
Q(LOOK_DAY, "SELECT day FROM look WHERE tenant_id = $1 AND day > $2"
  " AND day < $3 ORDER BY day LIMIT 1")
W(LOOK_DAYS, "SELECT person_id, day, by_id, how, n, last_at FROM look"
  " WHERE tenant_id = $1 AND day > $2 AND day <= $3"
  " ORDER BY day, person_id, by_id, how")
Q(LOOK_PURGE, "DELETE FROM look WHERE tenant_id = $1"
  " AND (person_id, day, by_id, how) IN (SELECT person_id, day, by_id, how"
  " FROM look WHERE tenant_id = $1 AND day < $2 ORDER BY day LIMIT $3)")
/* by outbox_by_new: the oldest have the lowest ids */
Q(OUT_PURGE, "DELETE FROM outbox WHERE tenant_id = $1 AND at_ms < $2"
  " AND id IN (SELECT id FROM outbox WHERE tenant_id = $1 ORDER BY id"
  " LIMIT $3)")

/* statements */
Q(STATISTIC_SIGNED, "SELECT id FROM statistic WHERE tenant_id = $1"
  " AND year = $2 AND quarter = $3 AND org = $4 AND state = $5"
  " ORDER BY id DESC LIMIT 1")
/* messages: planning */
Q(OUT_NEWEST, "SELECT COALESCE(MAX(id), 0) FROM outbox WHERE tenant_id = $1")
Q(OUT_SINCE, "SELECT id, person_id, ledger, record_id, kind, address FROM outbox"
  " WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3")
Q(MESSAGE_HEAD_GET, "SELECT outbox_upto, reminded_on FROM message_head"
  " WHERE tenant_id = $1")
Q(MESSAGE_HEAD_PUT, "INSERT INTO message_head (tenant_id, outbox_upto,"
  " reminded_on) VALUES ($1, $2, $3) ON CONFLICT (tenant_id) DO UPDATE SET"
  " outbox_upto = excluded.outbox_upto, reminded_on = excluded.reminded_on")
Q(DELIVERY_OPEN, "SELECT id FROM delivery WHERE tenant_id = $1"
  " AND person_id = $2 AND channel = $3 AND urgent = $4 AND state = 1"
  " AND tries = 0 AND next_at > $5 AND address = $6 ORDER BY id DESC LIMIT 1")
Q(DELIVERY_ADD, "INSERT INTO delivery (id, tenant_id, channel, person_id,"
  " urgent, state, next_at, tries, made_at, tried_at, done_at, reason, answer,"
  " address, seal)"
  " VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
Q(ITEM_ADD, "INSERT INTO delivery_item (tenant_id, delivery_id, kind, ledger,"
  " record_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6)"
  " ON CONFLICT (tenant_id, delivery_id, kind, ledger, record_id) DO NOTHING")
Q(ITEM_EACH, "SELECT kind, ledger, record_id FROM delivery_item"
  " WHERE tenant_id = $1 AND delivery_id = $2"
  " ORDER BY kind, ledger, record_id LIMIT $3")
Q(ITEM_PURGE, "DELETE FROM delivery_item WHERE tenant_id = $1"
  " AND delivery_id = $2")

/* messages: sending */
Q(DELIVERY_COUNT, "SELECT COUNT(*) FROM delivery WHERE tenant_id = $1"
  " AND state = $2")
Q(DELIVERY_DUE, "SELECT id, person_id, tries FROM delivery"
  " WHERE tenant_id = $1 AND channel = $2 AND urgent = $3 AND next_at > 0"
  " AND next_at <= $4 ORDER BY next_at LIMIT 1")
Q(DELIVERY_TRY, "UPDATE delivery SET tries = tries + 1, tried_at = $3,"
  " next_at = $4 WHERE tenant_id = $1 AND id = $2 AND next_at > 0"
  " AND next_at <= $3 RETURNING" SEALED_DELIVERY)
Q(DELIVERY_END, "UPDATE delivery SET state = $3, next_at = $4, done_at = $5,"
  " reason = $6, answer = $7,"
  " address = CASE WHEN CAST($4 AS BIGINT) = 0 THEN '' ELSE address END"
  " WHERE tenant_id = $1 AND id = $2 RETURNING" SEALED_DELIVERY)
Q(DELIVERY_UNTRY, "UPDATE delivery SET tries = tries - 1, next_at = $3"
  " WHERE tenant_id = $1 AND id = $2 AND tries > 0 RETURNING" SEALED_DELIVERY)
Q(DELIVERY_AGAIN, "UPDATE delivery SET state = 1, next_at = $3, tries = 0,"
  " reason = '', answer = '' WHERE tenant_id = $1 AND id = $2 AND state = 4"
  " RETURNING" SEALED_DELIVERY)
Q(DELIVERY_DEL, "DELETE FROM delivery WHERE tenant_id = $1 AND id = $2")
Q(DELIVERY_ADDRESS, "SELECT address FROM delivery WHERE tenant_id = $1"
  " AND id = $2")
Q(DELIVERY_GET, "SELECT channel, person_id, urgent, state, next_at, tries,"
  " made_at, tried_at, done_at, reason, answer FROM delivery"
  " WHERE tenant_id = $1 AND id = $2")
Q(DELIVERY_NEW, "SELECT id, channel, person_id, urgent, state, next_at, tries,"
  " made_at, tried_at, done_at, reason, answer FROM delivery"
  " WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
Q(DELIVERY_OF, "SELECT id, channel, person_id, urgent, state, next_at, tries,"
  " made_at, tried_at, done_at, reason, answer FROM delivery"
  " WHERE tenant_id = $1 AND person_id = $2 ORDER BY id DESC LIMIT $3")
Q(DELIVERY_IN, "SELECT id, channel, person_id, urgent, state, next_at, tries,"
  " made_at, tried_at, done_at, reason, answer FROM delivery"
  " WHERE tenant_id = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4")
Q(DELIVERY_MOVE, "UPDATE delivery SET next_at = $3 WHERE tenant_id = $1"
  " AND person_id = $2 AND urgent = 0 AND state = 1 AND tries = 0"
  " AND next_at > 0 RETURNING" SEALED_DELIVERY)
Q(DELIVERY_STOP, "UPDATE delivery SET state = 4, next_at = 0, done_at = $3,"
  " reason = $4 WHERE tenant_id = $1 AND channel = $2 AND next_at > 0"
  " RETURNING" SEALED_DELIVERY)
/* the items of as many deliveries as go next */
Q(DELIVERY_ITEMS_PURGE, "DELETE FROM delivery_item WHERE tenant_id = $1"
  " AND delivery_id IN (SELECT id FROM delivery WHERE tenant_id = $1"
  " AND id < $2 AND next_at = 0 ORDER BY id LIMIT $3)")
Q(DELIVERY_PURGE, "DELETE FROM delivery WHERE tenant_id = $1 AND id IN ("
  "SELECT id FROM delivery WHERE tenant_id = $1 AND id < $2 AND next_at = 0"
  " ORDER BY id LIMIT $3)")
Q(BUCKET_GET, "SELECT at_ms FROM bucket WHERE tenant_id = $1"
  " AND channel = $2 AND n = $3")
Q(BUCKET_PUT, "INSERT INTO bucket (tenant_id, channel, n, at_ms)"
  " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, channel, n)"
  " DO UPDATE SET at_ms = excluded.at_ms")

/* messages: channels and what people chose */
Q(CHANNEL_EACH, "SELECT id, org_id, kind, name, lang, kinds, state FROM channel"
  " WHERE tenant_id = $1 ORDER BY id")
Q(CHANNEL_GET, "SELECT org_id, kind, name, url, secret, lang, kinds, state"
  " FROM channel WHERE tenant_id = $1 AND id = $2")
Q(CHANNEL_WITH, "SELECT id FROM channel WHERE tenant_id = $1 AND url = $2")
Q(CHANNEL_PUT, "INSERT INTO channel (tenant_id, id, org_id, kind, name, url,"
  " secret, lang, kinds, state, changed_at, changed_by)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
  " ON CONFLICT (tenant_id, id) DO UPDATE SET org_id = excluded.org_id,"
  " kind = excluded.kind, name = excluded.name, url = excluded.url,"
  " secret = excluded.secret, lang = excluded.lang, kinds = excluded.kinds,"
  " state = excluded.state, changed_at = excluded.changed_at,"
  " changed_by = excluded.changed_by")
Q(WISH_GET, "SELECT digest_at, quiet_from, quiet_until, off, sms FROM wish"
  " WHERE tenant_id = $1 AND person_id = $2")
Q(WISH_PUT, "INSERT INTO wish (tenant_id, person_id, digest_at, quiet_from,"
  " quiet_until, off, sms, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
  " ON CONFLICT (tenant_id, person_id) DO UPDATE SET"
  " digest_at = excluded.digest_at, quiet_from = excluded.quiet_from,"
  " quiet_until = excluded.quiet_until, off = excluded.off,"
  " sms = excluded.sms, changed_at = excluded.changed_at")

/* bringing old ledgers over */
Q(IMPORT_ADD, "INSERT INTO import (tenant_id, id, org_id, person_id, ledger,"
  " name, path, mapping, state, done, skipped, total, at_ms, message)"
  " VALUES ($1, $2, $3, $4, $5, $6, $7, '', 1, 0, 0, 0, $8, '')")
Q(IMPORT_GET, "SELECT org_id, person_id, ledger, name, path, mapping, state,"
  " done, skipped, total, at_ms, message FROM import"
  " WHERE tenant_id = $1 AND id = $2")
Q(IMPORT_PUT, "UPDATE import SET mapping = $3, state = $4, done = $5,"
  " skipped = $6, total = $7, message = $8 WHERE tenant_id = $1 AND id = $2")
Q(IMPORT_STEP, "UPDATE import SET state = 2, done = $3, skipped = $4,"
  " total = $5 WHERE tenant_id = $1 AND id = $2 AND state <> 4")
Q(IMPORT_STOP, "UPDATE import SET state = 4"
  " WHERE tenant_id = $1 AND id = $2 AND state = 2")
Q(IMPORT_SEEN, "INSERT INTO import_seen (tenant_id, org_id, ident, record_id)"
  " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, org_id, ident) DO NOTHING")
Q(MAPPING_GET, "SELECT columns FROM mapping WHERE tenant_id = $1"
  " AND org_id = $2 AND head = $3")
Q(MAPPING_PUT, "INSERT INTO mapping (tenant_id, org_id, head, columns)"
  " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, org_id, head)"
  " DO UPDATE SET columns = excluded.columns")

/* several servers on one database */
Q(MARK_ADD, "INSERT INTO mark (tenant_id, server, n) VALUES ($1, $2, 0)"
  " ON CONFLICT (tenant_id, server) DO NOTHING")
Q(MARK_PUT, "UPDATE mark SET n = $3 WHERE tenant_id = $1 AND server = $2")
Q(MARK_LOCK, "SELECT n FROM mark WHERE tenant_id = $1 AND server = $2")
Q(LEASE_LOCK, "SELECT holder, beat, fence FROM lease WHERE name = $1")
Q(LEASE_HELD, "SELECT fence FROM lease WHERE name = $1 AND holder = $2")
Q(LEASE_ADD, "INSERT INTO lease (name, holder, beat, fence)"
  " VALUES ($1, $2, $3, 1) ON CONFLICT (name) DO NOTHING")
Q(LEASE_PUT, "UPDATE lease SET holder = $2, beat = $3, fence = $4"
  " WHERE name = $1")
Q(LEASE_NUMBERS, "SELECT name, holder, beat FROM lease WHERE holder <> $1"
  " AND name LIKE 'server/%'")
Q(LEASE_BEAT, "UPDATE lease SET beat = CASE WHEN beat < $3 THEN $3"
  " ELSE beat + 1 END WHERE name = $1 AND holder = $2")
Q(LEASE_TAKE, "UPDATE lease SET holder = $2, fence = fence + 1"
  " WHERE name = $1 AND holder = $3 AND beat = $4")
Q(LEASE_DEL, "DELETE FROM lease WHERE name = $1 AND holder = $2")

Q(FAILURE_PUT, "INSERT INTO failure (tenant_id, k, server, since, n, every_ms,"
  " at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)"
  " ON CONFLICT (tenant_id, k, server) DO UPDATE SET since = excluded.since,"
  " n = excluded.n, every_ms = excluded.every_ms, at_ms = excluded.at_ms")
Q(FAILURE_NEW, "SELECT k, server, since, n, every_ms FROM failure"
  " WHERE tenant_id = $1 AND at_ms > $3 AND server <> $2"
  " ORDER BY at_ms DESC LIMIT 4096")
Q(FAILURE_PURGE, "DELETE FROM failure WHERE tenant_id = $1"
  " AND (k, server) IN (SELECT k, server FROM failure WHERE tenant_id = $1"
  " AND at_ms < $2 ORDER BY at_ms LIMIT $3)")

Q(NETWORK_PUT, "INSERT INTO known_network (tenant_id, network, person, org,"
  " at_ms) VALUES ($1, $2, $3, $4, $5)"
  " ON CONFLICT (tenant_id, network, person) DO UPDATE SET org = excluded.org,"
  " at_ms = excluded.at_ms")
Q(NETWORK_PEOPLE, "SELECT COUNT(*) FROM known_network WHERE tenant_id = $1"
  " AND network = $2 AND at_ms > $3 GROUP BY org ORDER BY COUNT(*) DESC LIMIT 1")
Q(NETWORK_PURGE, "DELETE FROM known_network WHERE tenant_id = $1 AND at_ms < $2")

/* search: the per-engine file makes the table */
Q(SEARCH_FORGET, "INSERT INTO search (search, rowid, words)"
  " VALUES ('delete', $2, $3)")
Q(SEARCH_ADD, "INSERT INTO search (rowid, words) VALUES ($2, $3)")
/* forms that are not sent in yet: outside the log */
Q(DRAFT_GET, "SELECT changed_at, person_id, body FROM draft"
  " WHERE tenant_id = $1 AND record_id = $2 AND person_id = $3")
Q(DRAFT_PUT, "INSERT INTO draft (tenant_id, record_id, person_id, changed_at,"
  " body) VALUES ($1, $2, $3, $4, $5)"
  " ON CONFLICT (tenant_id, record_id, person_id) DO UPDATE SET"
  " changed_at = excluded.changed_at, body = excluded.body")
Q(DRAFT_DEL, "DELETE FROM draft WHERE tenant_id = $1 AND record_id = $2"
  " AND person_id = $3")
/* by inspection_by_programme and hazard_by_programme */
Q(PROGRAMME_DONE, "SELECT org, task, state, late, COUNT(*) FROM inspection"
  " WHERE tenant_id = $1 AND programme = $2 AND programme > 0"
  " GROUP BY org, task, state, late")
Q(PROGRAMME_FOUND, "SELECT org, state, grade, due_at, funds, funds_spent"
  " FROM hazard WHERE tenant_id = $1 AND programme = $2 AND programme > 0")
/* by hazard_by_item: what is open already from any version of a checklist */
Q(HAZARD_OF_CHECKLIST, "SELECT h.id, h.item, h.no, h.description, h.place,"
  " i.place, i.place_text FROM (SELECT id, item, no, description, place,"
  " inspection FROM hazard WHERE tenant_id = $1 AND org = $2 AND item > 0"
  " AND state NOT IN (8, 9, 10)) h"
  " JOIN inspection i ON i.tenant_id = $1 AND i.id = h.inspection"
  " JOIN checklist c ON c.tenant_id = $1 AND c.id = i.checklist"
  " WHERE c.family = $3 ORDER BY h.id DESC LIMIT 500")
/* by inspection_by_topic: the last of a topic at a school */
Q(INSPECT_LAST, "SELECT submitted_at FROM inspection WHERE tenant_id = $1"
  " AND topic = $2 AND org = $3 AND submitted_at > 0"
  " ORDER BY submitted_at DESC LIMIT 1")
Q(DRAFT_PURGE, "DELETE FROM draft WHERE tenant_id = $1"
  " AND (record_id, person_id) IN (SELECT record_id, person_id FROM draft"
  " WHERE tenant_id = $1 AND changed_at < $2 LIMIT $3)")
/* clang-format on */
