// A program of somebody who has the description and nothing else: its types and addresses come from there.
import createClient from "openapi-fetch";
import type { paths } from "./made/api.js";

declare const process: { env: Record<string, string>; exit(code: number): never };

const api = createClient<paths>({ baseUrl: process.env.ANLAN_URL, headers: { Authorization: `Bearer ${process.env.ANLAN_TOKEN}` } });
let passed = 0;
function ok(truth: unknown, text: string, got: unknown = ""): asserts truth {
  if (!truth) {
    console.error(`FAILED: ${text}`, JSON.stringify(got));
    process.exit(1);
  }
  passed++;
}

const me = (await api.GET("/api/v1/me")).data;
ok(me, "who am I");
const org = me.posts[0]?.org;
ok(org, "a post");
const tenant = me.tenant;

// a photograph, to be named by the hazard
const form = new FormData();
const pixel = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0));
form.append("file", new Blob([pixel], { type: "image/png" }), "rail.png");
const added = await api.POST("/api/v1/{tenant}/files", { params: { path: { tenant } }, body: {}, bodySerializer: () => form });
ok(added.data && added.data.files.length === 1 && added.response.status === 201, "a photograph is uploaded", added.error);
const photo = added.data.files[0]!.id;

const made = await api.POST("/api/v1/{tenant}/hazard", {
  params: { path: { tenant }, header: { "Idempotency-Key": "client-1" } },
  body: { org, description: "The rail of the stairs is loose", place_text: "North stairs", photos_before: [photo], category: "building" },
});
ok(made.data && made.response.status === 201, "a hazard is made", made.error);
const id = made.data.record.id;
ok(made.response.headers.get("Location")?.endsWith(`/hazard/${id}`), "and Location says where");
const again = await api.POST("/api/v1/{tenant}/hazard", {
  params: { path: { tenant }, header: { "Idempotency-Key": "client-1" } },
  body: { org, description: "The rail of the stairs is loose", place_text: "North stairs", photos_before: [photo], category: "building" },
});
ok(again.data?.record.id === id, "sent twice, made once", again.error);

const picture = await api.GET("/api/v1/{tenant}/files/{id}/{word}", { params: { path: { tenant, id: photo, word: "small" } }, parseAs: "arrayBuffer" });
ok(picture.response.ok, "the photograph is there", picture.error);

// pages of three, by what "next" says
const seen = new Set<string>();
let after: string | undefined, key: number | undefined, pages = 0;
do {
  const page = await api.GET("/api/v1/{tenant}/hazard", { params: { path: { tenant }, query: { limit: 3, after, key, created_at_from: "2020-01-01" } } });
  ok(page.data && page.data.items.length <= 3, "a page of at most three", page.error);
  for (const row of page.data.items) seen.add(row.id);
  const next: URLSearchParams | null = page.data.next ? new URL(page.data.next, process.env.ANLAN_URL).searchParams : null;
  ok(next === null || next.get("limit") === "3", "next keeps the limit", page.data.next);
  after = next?.get("after") ?? undefined;
  key = next ? Number(next.get("key")) : undefined;
  pages++;
} while (after !== undefined);
ok(seen.has(id) && pages > 2, "every hazard came, page by page", pages);
const open = await api.GET("/api/v1/{tenant}/hazard", { params: { path: { tenant }, query: { state: ["reported"], limit: 200, sort: "old" } }, querySerializer: { array: { style: "form", explode: false } } });
ok(open.data?.items.every((row) => row.state === "reported"), "narrowed by a state", open.error);

// a step on the revision that was seen, and the same on an older one
const tag = made.response.headers.get("ETag") ?? "";
const path = { tenant, id };
const graded = await api.POST("/api/v1/{tenant}/hazard/{id}/grade", { params: { path, header: { "If-Match": tag } }, body: { grade: "general", category: "fire" } });
ok(graded.data?.record.state === "graded" && graded.data.record.rev === 2, "a step with If-Match", graded.error);
const stale = await api.POST("/api/v1/{tenant}/hazard/{id}/assign", { params: { path, header: { "If-Match": tag } }, body: { measures: "m" } });
ok(stale.response.status === 412 && stale.error?.code === "conflict", "an older one is refused", stale.error);
ok(stale.error.changes?.some((c) => c.field === "category" && c.before === "building" && c.after === "fire"), "with what has changed", stale.error);
const blind = await api.POST("/api/v1/{tenant}/hazard/{id}/assign", { params: { path }, body: { measures: "m" } });
ok(blind.response.status === 428, "and so is one that names none", blind.error);

const history = await api.GET("/api/v1/{tenant}/hazard/{id}/history", { params: { path } });
const change = history.data?.events[1]?.changes.find((c) => c.field === "category");
ok(change?.before === "building" && change.after === "fire", "the history says what was and what became", history.error);

// what has happened since
const since = await api.GET("/api/v1/{tenant}/events", { params: { path: { tenant }, query: { ledger: "hazard", limit: 200 } } });
ok(since.data?.events.some((e) => e.record === id && e.verb === "grade" && e.rev === 2), "the step stands in the change feed", since.error);

// many at once, each by itself
const many = await api.POST("/api/v1/{tenant}/bulk/hazard", {
  params: { path: { tenant }, header: { "Idempotency-Key": "client-2" } },
  body: { items: [{ org, description: "A lamp is dark", place_text: "Corridor" }, { org, description: "No place is said" }] },
});
ok(many.data?.items[0]?.status === 201 && many.data.items[1]?.problem?.field === "place_text", "two at once, one of them good", many.error);
const stepped = await api.POST("/api/v1/{tenant}/bulk/hazard/{word}", {
  params: { path: { tenant, word: "grade" } },
  body: { items: [{ id: many.data.items[0]!.id!, rev: 1, grade: "general" } as { id: string; rev: number }] },
});
ok(stepped.data?.items[0]?.status === 200, "and a step on each", stepped.error);
const proof = await api.GET("/api/v1/{tenant}/hazard/{id}/proof", { params: { path }, parseAs: "text" });
ok(proof.data?.includes("tlog-proof"), "a proof that it stands in the log", proof.error);
const figures = await api.GET("/api/v1/{tenant}/figures", { params: { path: { tenant }, query: { quarter: "year" } } });
ok(figures.data && figures.data.schools.length > 0, "the figures of the year", figures.error);

console.log(`${passed} steps of a client made from the description`);
