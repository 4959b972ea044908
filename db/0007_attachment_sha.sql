-- Which attachments have these bytes: asked before bytes are swept away.
CREATE INDEX attachment_by_sha ON attachment (tenant_id, sha256);
