// What a browser does better than a form alone. Every page works without it.
// Photographs: shown before they are sent, and made small enough for a slow
// line (a redrawn picture carries no place and no device).
const LONGEST = 1600;

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 300000) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

for (const input of document.querySelectorAll("input[data-photos]")) {
  const box = document.createElement("div");
  box.className = "previews";
  input.after(box);
  input.addEventListener("change", async () => {
    const small = new DataTransfer();
    for (const file of input.files) small.items.add(await shrink(file));
    input.files = small.files;
    box.replaceChildren();
    for (const file of input.files) {
      if (!file.type.startsWith("image/")) continue;
      const img = document.createElement("img");
      img.src = URL.createObjectURL(file);
      img.alt = file.name;
      box.append(img);
    }
    later(input.form);
  });
}

// The menu is wider than a phone: where one is shall be seen.
const here = document.querySelector(".menu [aria-current]");
if (here) {
  const row = here.closest("ul");
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// A form is sent once; coming back with the back button frees it again.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }, 0);
  });
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
});

// Another school has other places and people, whatever asks for them: ask for
// the form as it is there, and keep what was chosen where it is offered there.
for (const school of document.querySelectorAll('form[method="post"] select[name="org"]')) {
  school.addEventListener("change", async () => {
    const answer = await fetch(`${location.pathname.replace(/\/new$/, "")}/new?org=${encodeURIComponent(school.value)}`);
    if (!answer.ok) return;
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const here of school.form.querySelectorAll('select:not([name="org"])')) {
      const there = other.querySelector(`form[method="post"] select[name="${here.name}"]`);
      if (!there) continue;
      // copies: an option that is moved away leaves the next one chosen
      const was = here.value, preset = there.value;
      here.replaceChildren(...[...there.children].map((o) => o.cloneNode(true)));
      here.value = [...here.options].some((o) => o.value === was) ? was : preset;
    }
  });
}

// Records that a question may mean: a tap puts the number in.
for (const list of document.querySelectorAll("ul[data-fill]")) {
  const input = list.closest(".field").querySelector("input");
  for (const item of list.children) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...item.childNodes);
    button.addEventListener("click", () => {
      input.value = item.dataset.value;
      input.focus();
    });
    item.append(button);
  }
}

// Many that were looked at are ticked at once.
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.firstElementChild.addEventListener("click", () => {
    for (const box of all.closest("form").querySelectorAll('[name="pick"]')) box.checked = true;
  });
}

// Photographs of a form whose session is over: they stay on the device until
// somebody has signed in here and the form is back; any other page drops them.
const LATER = "anlan-later";
const store = (mode, ask) => new Promise((done, no) => {
  const opening = indexedDB.open(LATER, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("form");
  opening.onerror = () => no(opening.error);
  opening.onsuccess = () => {
    const asked = ask(opening.result.transaction("form", mode).objectStore("form"));
    asked.onsuccess = () => { opening.result.close(); done(asked.result); };
    asked.onerror = () => no(asked.error);
  };
});
const path = (form) => new URL(form.getAttribute("action"), location.href).pathname;
// as soon as they are chosen: when the form goes out it is too late to write
function later(form) {
  const files = [...form.querySelectorAll("input[type=file]")].filter((x) => x.files.length > 0).map((x) => [x.name, [...x.files]]);
  if (!form.querySelector('[name="csrf"]')) return false;
  try {
    store("readwrite", (s) => s.put({ path: path(form), files }, 1)).catch(() => {});
  } catch { /* no room, or not allowed: chosen once more */ }
  return files.length > 0;
}
for (const form of document.querySelectorAll('form[method="post"][enctype]'))
  form.addEventListener("submit", () => {
    try {
      if (later(form)) sessionStorage.setItem(LATER, "1");
    } catch { /* the same */ }
  });
async function putBack(forms) {
  const was = await store("readonly", (s) => s.get(1));
  for (const [name, files] of was?.files ?? []) {
    const input = forms.filter((f) => path(f) === was.path).flatMap((f) => [...f.elements]).find((x) => x.type === "file" && x.name === name);
    if (!input || input.files.length) continue;
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
    input.closest("details.more")?.setAttribute("open", "");
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
// at the door, and on the page between the door and the form, they wait
const waits = document.querySelector('main input[type="hidden"][name="typed"], main input[type="hidden"][name="fill"]');
try {
  const held = sessionStorage.getItem(LATER);
  if (held && waits?.name === "fill") sessionStorage.setItem(LATER, "back");
  else if (held && !waits) {
    sessionStorage.removeItem(LATER);
    const forms = [...document.querySelectorAll('form[method="post"]')];
    (held === "back" ? putBack(forms) : Promise.resolve()).catch(() => {}).then(() => store("readwrite", (s) => s.clear())).catch(() => {});
  } else if (!held && indexedDB.databases) {
    indexedDB.databases().then((all) => all.some((x) => x.name === LATER) && indexedDB.deleteDatabase(LATER)).catch(() => {});
  }
} catch { /* a browser that keeps nothing */ }

// The way back to a form after signing in needs no tap.
const back = document.querySelector("form[data-submit]");
if (back) back.submit();

// One form is one key, also after "back": the browser keeps it with the page.
for (const [i, key] of document.querySelectorAll('form[data-once] input[name="key"]').entries()) {
  const keys = history.state?.keys ?? {};
  const name = `${key.form.getAttribute("action")} ${i}`;
  if (keys[name] && performance.getEntriesByType("navigation")[0]?.type === "back_forward") key.value = keys[name];
  else history.replaceState({ ...history.state, keys: { ...keys, [name]: key.value } }, "");
}

// Another language, the same words: what was typed is put back.
const TYPED = "typed";
function typed() {
  return [...document.querySelectorAll('form[method="post"]:not(.lang)')].map((form) => ({
    action: form.getAttribute("action"),
    open: Boolean(form.closest("details")?.open),
    fields: [...form.elements].filter((x) => x.name && !/^(hidden|file|password|submit|button)$/.test(x.type)).map((x) => [x.name, x.value, x.checked]),
  }));
}
document.querySelector("form.lang")?.addEventListener("submit", () => {
  try {
    sessionStorage.setItem(TYPED, JSON.stringify(typed()));
  } catch { /* no room, or not allowed: as without it */ }
});
try {
  const saved = JSON.parse(sessionStorage.getItem(TYPED) ?? "[]");
  sessionStorage.removeItem(TYPED);
  const forms = [...document.querySelectorAll('form[method="post"]:not(.lang)')];
  for (const was of saved) {
    const form = forms.find((f) => f.getAttribute("action") === was.action);
    if (!form) continue;
    const step = form.closest("details");
    if (step && was.open) step.open = true;
    for (const [name, value, checked] of was.fields) {
      const all = [...form.elements].filter((x) => x.name === name && x.type !== "hidden" && x.type !== "file");
      const x = all.find((y) => /^(checkbox|radio)$/.test(y.type) && y.value === value) ?? all[0];
      if (!x) continue;
      if (/^(checkbox|radio)$/.test(x.type)) x.checked = checked;
      else if (x.type !== "select-one" || [...x.options].some((o) => o.value === value)) x.value = value;
      if (value) x.closest("details.more")?.setAttribute("open", "");
    }
  }
} catch { /* nothing was kept */ }

// A password that is being chosen can be looked at before it counts.
for (const input of document.querySelectorAll("input[data-show]")) {
  const label = document.createElement("label"), box = document.createElement("input");
  label.className = "check";
  box.type = "checkbox";
  label.append(box, ` ${input.dataset.show}`);
  input.after(label);
  box.addEventListener("change", () => (input.type = box.checked ? "text" : "password"));
}

// A text for a chat: copied by selecting it, which every browser knows. Where
// the server does not know its own address, the browser does.
for (const text of document.querySelectorAll("textarea[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text.dataset.copy;
  if ("link" in text.dataset) text.value += `\n${location.href.split("#")[0]}`;
  text.after(button);
  button.addEventListener("click", () => {
    text.focus();
    text.select();
    text.setSelectionRange(0, text.value.length);
    if (document.execCommand("copy")) button.textContent = text.dataset.copied;
  });
}

// Progress of something that runs on the server.
const running = document.querySelector("[data-reload]");
if (running) setTimeout(() => location.reload(), Number(running.dataset.reload) * 1000);

// An inspection: what is answered is kept as one goes, also when the telephone
// is put away; photographs go out at once and stand in the form by their ids.
for (const form of document.querySelectorAll("form[data-inspect]")) {
  const said = form.querySelector("[data-said]");
  const count = form.querySelector("[data-count]");
  const items = [...form.querySelectorAll("[data-item]")];

  const verdict = (item) => {
    const one = item.querySelector('[name^="verdict."]:checked');
    if (one) return one.value;
    const value = item.querySelector('[name^="value."]:checked, textarea[name^="value."], input[name^="value."]:not([type=radio])');
    return value && value.value.trim() !== "" ? value.value : "";
  };
  const look = () => {
    let asked = 0, answered = 0;
    for (const item of items) {
      const [id, want] = (item.dataset.when || "").split("=");
      if (id) {
        const other = form.querySelector(`[data-item="${CSS.escape(id)}"]`);
        const off = !other || verdict(other) !== want;
        item.classList.toggle("off", off);
        if (off) continue;
      }
      asked++;
      if (verdict(item) !== "" || item.querySelector('.kept [name^="files."]:checked')) answered++;
    }
    count.textContent = `${answered} / ${asked}`;
  };
  // What is not in order asks why at once; the server decides all the same.
  const isWrong = (input) => {
    const { low, high } = input.dataset, n = Number(input.value);
    const wrong = input.closest("[data-wrong]")?.dataset.wrong.split(",") ?? [];
    return input.value === "fail" || (input.name.startsWith("value.") && wrong.includes(input.value)) ||
      ((low || high) && input.value.trim() !== "" && ((low && n < Number(low)) || (high && n > Number(high))));
  };
  // As the server shows what has arrived: a picture that can be unticked.
  const arrived = (input, file) => {
    let list = input.parentElement.querySelector(".kept");
    if (!list) {
      list = document.createElement("ul");
      list.className = "kept";
      input.before(list);
    }
    const item = list.appendChild(document.createElement("li"));
    const label = item.appendChild(document.createElement("label"));
    label.className = "check";
    const tick = label.appendChild(document.createElement("input"));
    Object.assign(tick, { type: "checkbox", name: file.name, value: file.id, checked: true });
    const img = label.appendChild(document.createElement("img"));
    Object.assign(img, { alt: label.closest("fieldset")?.querySelector("legend")?.textContent ?? "", src: `${form.action.replace(/\/inspection\/.*$/, "")}/file/${file.id}/small` });
  };
  let waiting = 0, running = false;
  const keep = async () => {
    if (running) { waiting = setTimeout(keep, 800); return; }
    running = true;
    const data = new FormData(form);
    data.set("what", "save");
    data.set("quiet", "1");
    for (const [name, value] of [...data.entries()])
      if (value instanceof File && value.size === 0) data.delete(name);
    const sent = [...form.querySelectorAll("input[type=file]")].filter((input) => input.files.length > 0);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok) throw new Error(answer.status);
      for (const file of (await answer.json()).files) {
        const input = form.querySelector(`input[type=file][name="${CSS.escape(file.name)}"]`);
        if (input) arrived(input, file);
      }
      for (const input of sent) {
        input.value = "";
        input.nextElementSibling?.replaceChildren(); // the preview: it stands among those that have arrived
      }
      said.textContent = form.dataset.inspect;
      look();
    } catch {
      said.textContent = form.dataset.unkept;
      waiting = setTimeout(keep, 15000);
    }
    running = false;
  };
  form.addEventListener("change", (event) => {
    if (isWrong(event.target)) event.target.closest(".qitem").querySelector(".wrong").open = true;
    look();
    clearTimeout(waiting);
    waiting = setTimeout(keep, event.target.type === "file" ? 1200 : 700);
  });
  // Whoever leaves at once takes nothing along that is not kept; photographs stay until they are chosen again.
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; clearTimeout(waiting); });
  addEventListener("pagehide", () => {
    if (!typed) return;
    const data = new FormData(form);
    data.set("what", "save");
    data.set("quiet", "1");
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    navigator.sendBeacon(form.action, data);
  });
  look();
}
