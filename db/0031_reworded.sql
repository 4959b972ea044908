-- A stranger's words were put differently; were the photographs taken out, too?
ALTER TABLE hazard ADD COLUMN photos_out BIGINT NOT NULL DEFAULT 0;
