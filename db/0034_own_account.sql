-- News of somebody's own account also goes where its mail went before.
ALTER TABLE outbox ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN address TEXT NOT NULL DEFAULT '';
