import { run } from "./lib.mjs";
for (const part of ["install", "door", "hazard", "major", "lists", "ledger", "pages", "plain", "photos", "daily", "messages", "office", "inspect", "risk", "chat", "hostile"])
  await import(`./${part}.mjs`);
process.exit((await run(process.argv.slice(2).join(" "))) ? 0 : 1);
