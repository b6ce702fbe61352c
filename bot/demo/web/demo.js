// The simulated server's own surroundings of SimCord's page: channels, people, the clock, menus, restarts.
const POLL = 1000;  // milliseconds between two looks at how things stand
const AT_FIRST = 100;  // the same, until the page has been opened
const el = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
};
const byId = (id) => document.getElementById(id);
const key = location.hash.slice(1);
const timeline = byId("channel-timeline");
const list = byId("channel-message-list");

// ---- asking the server ----------------------------------------------------------------------------------------------
let state = null;
let place = null;  // where this tab is, or is on its way to
let calls = 0;

async function ask(demo) {
  const context = window.simcordPreview?.contextId;
  if (!context) return null;
  const response = await fetch("/api/action", {
    method: "POST",
    cache: "no-store",
    headers: { "Content-Type": "application/json", "X-Simcord-Capability": key, "X-Simcord-Context": context },
    body: JSON.stringify({ demo }),
  });
  // 401: the demo was started anew and this tab has the old key. 4xx else: the tab slept for too long.
  if (!response.ok) return location.reload();
  return response.json();
}

// SimCord's page looks for news twice a second; coming back from the browser's cache makes it look at once.
function lookNow() {
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
}

async function call(demo) {
  const asking = demo.op === "state";
  calls += 1;
  document.body.classList.toggle("demo-busy", !asking);
  try {
    const answer = await ask(demo);
    document.body.classList.remove("demo-lost");
    if (calls === 1 || !asking) show(answer);
    if (!asking) lookNow();
  } catch {
    document.body.classList.add("demo-lost");
  } finally {
    calls -= 1;
    if (!asking) document.body.classList.remove("demo-busy");
  }
}

async function poll() {
  if (!calls) await call({ op: "state" });
  setTimeout(poll, state ? POLL : AT_FIRST);
}

// ---- the bar at the top ---------------------------------------------------------------------------------------------
const clock = el("time", { id: "demo-now" });
const push = (label, hours) =>
  el("button", { type: "button", textContent: label, title: `Push the clock forward by ${label.slice(1)}`,
    onclick: () => call({ op: "push", hours }) });
const bar = el("div", { id: "demo-bar" },
  el("span", { className: "demo-clock-sign", ariaHidden: "true" }),
  clock,
  el("div", { className: "demo-group", role: "group", ariaLabel: "Push the clock forward" },
    push("+10 min", 1 / 6), push("+1 h", 1), push("+1 day", 24), push("+1 week", 168)),
  el("button", { type: "button", id: "demo-restart", textContent: "Restart the bot",
    title: "A fresh bot on the same database: buttons of old messages go on working",
    onclick: () => call({ op: "restart" }) }),
  el("button", { type: "button", id: "demo-away", textContent: "Bot away for a day",
    title: "The bot is gone for a day, then starts again: the day is excused for everybody",
    onclick: () => call({ op: "away", hours: 24 }) }));
byId("toolbar").querySelector(".preview-brand strong").textContent = "Syllabot";
byId("toolbar").querySelector(".preview-brand small").textContent = "simulated server";
byId("toolbar").querySelector(".brand-mark").textContent = "";
byId("messages-toggle").lastChild.textContent = "Channels";
byId("toolbar").append(bar);

// ---- channels and people --------------------------------------------------------------------------------------------
const channels = el("nav", { id: "demo-channels", ariaLabel: "Channels" });
const people = el("nav", { id: "demo-people", ariaLabel: "People to switch between" });
byId("messages-sidebar").prepend(channels, people);
const SIGNS = { text: "#", hidden: "#", thread: "", direct: "@" };

function go(person, channel) {
  following = true;
  place = { person, channel };
  byId("drawer-scrim").click();
  return call({ op: "go", person, channel });
}

function channelButton(row) {
  const button = el("button", { type: "button", className: `demo-${row.kind}`,
    onclick: () => go(place.person, row.id) },
    el("span", { className: "demo-sign", ariaHidden: "true", textContent: SIGNS[row.kind] }),
    el("span", { className: "demo-name", textContent: row.name }));
  if (row.kind === "hidden") button.append(el("span", { className: "demo-lock", title: "Only moderators see it" }));
  if (row.unread) button.append(el("span", { className: "visually-hidden", textContent: "unread" }));
  button.classList.toggle("demo-unread", row.unread);
  if (row.id === state.channel) button.setAttribute("aria-current", "page");
  return button;
}

const pictures = new Map();
function picture(id) {
  const encoded = state.portraits[id];
  if (!pictures.has(id) && encoded) {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    pictures.set(id, URL.createObjectURL(new Blob([bytes], { type: "image/png" })));
  }
  return el("img", { src: pictures.get(id) ?? "", alt: "", width: 32, height: 32 });
}

function personButton(person) {
  const button = el("button", { type: "button", onclick: () => go(person.id, place.channel) },
    picture(person.id),
    el("span", { className: "demo-person" },
      el("strong", { textContent: person.name }), el("small", { textContent: person.about })));
  if (person.id === state.person) button.setAttribute("aria-current", "true");
  return button;
}

let drawn = "";
function show(next) {
  if (!next) return;
  const before = state;
  state = next;
  if (calls < 2) place = { person: next.person, channel: next.channel };
  const now = JSON.stringify([next.channels, next.people, next.channel, next.person]);
  if (now !== drawn) {
    drawn = now;
    const servers = next.channels.filter((row) => row.kind !== "direct").map(channelButton);
    const direct = next.channels.filter((row) => row.kind === "direct").map(channelButton);
    channels.replaceChildren(el("h1", { textContent: next.guild }), ...servers,
      el("h2", { textContent: "Direct messages" }), ...direct);
    people.replaceChildren(el("h2", { textContent: "You are" }), ...next.people.map(personButton));
    introduce(next.channels.find((row) => row.id === next.channel));
  }
  clock.textContent = `${next.now} ${next.zone}`;
  const restarted = before && next.restarts > before.restarts;
  const pushed = before && next.ahead > before.ahead;
  if (restarted && pushed) toast(`The bot was away, and is back: it is ${next.now}.`);
  else if (restarted) toast("The bot was restarted. Buttons of old messages go on working.");
  else if (pushed) toast(`The clock was pushed forward: it is ${next.now}.`);
  if (next.notice) toast(next.notice, true);
  remember(next);
}

// A reload comes back to the same person and channel.
let recalled = false;
function remember(now) {
  const place = sessionStorage.getItem("demo-place");
  sessionStorage.setItem("demo-place", JSON.stringify([key, now.person, now.channel]));
  if (recalled) return;
  recalled = true;
  const [start, person, channel] = JSON.parse(place ?? "[]");
  if (start === key && (person !== now.person || channel !== now.channel)) go(person, channel);
}

// ---- the start of a conversation ------------------------------------------------------------------------------------
const intro = el("header", { id: "demo-intro" });
timeline.prepend(intro);
function introduce(row) {
  if (!row) return;
  const title = { thread: row.name, direct: row.name }[row.kind] ?? `Welcome to #${row.name}`;
  const text = {
    thread: "This is the start of the thread.",
    direct: "This is the start of your direct messages with Syllabot. What concerns you alone arrives here; its "
      + "commands are used in the server's channels.",
    hidden: "This is the start of a channel that only moderators see.",
  }[row.kind] ?? `This is the start of the channel #${row.name}.`;
  intro.replaceChildren(el("span", { className: `demo-badge demo-badge-${row.kind}`, ariaHidden: "true",
    textContent: SIGNS[row.kind] }), el("h2", { textContent: title }), el("p", { textContent: text }));
  byId("channel-empty").textContent = "";
  document.body.dataset.kind = row.kind;
  document.body.dataset.channel = row.name;
}

// ---- short news at the top ------------------------------------------------------------------------------------------
const toasts = el("div", { id: "demo-toasts", role: "status" });
document.body.append(toasts, el("p", { id: "demo-lost", role: "alert",
  textContent: "The demo has stopped. Start it again with make run; this page comes back by itself." }));
function toast(text, trouble = false) {
  const note = el("p", { textContent: text, className: trouble ? "demo-trouble" : "" });
  toasts.replaceChildren(note);
  setTimeout(() => note.remove(), 6000);
}

// SimCord's status line speaks to developers; only its troubles are shown.
const status = byId("action-status");
const judge = () => status.classList.toggle("demo-show", /not completed|uncertain|interrupted/i.test(status.textContent));
new MutationObserver(judge).observe(status, { childList: true, characterData: true, subtree: true });

// ---- following the conversation -------------------------------------------------------------------------------------
let following = true;
const atEnd = () => timeline.scrollHeight - timeline.clientHeight - timeline.scrollTop < 80;
const toEnd = () => {
  if (!following) return;
  byId("new-messages").hidden = true;
  timeline.scrollTop = timeline.scrollHeight;
};
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
  timeline.addEventListener(kind, () => setTimeout(() => { following = atEnd(); }, 150), { passive: true });
new MutationObserver((changes) => {
  if (changes.some((change) => change.addedNodes.length)) { toEnd(); setTimeout(toEnd, 120); }
}).observe(list, { childList: true });
const sizes = new ResizeObserver(toEnd);
sizes.observe(timeline);
sizes.observe(list);
byId("channel-composer").addEventListener("submit", () => { following = true; });

// ---- commands: as in Discord, Enter sends where nothing more is needed, and a field offers its choices at once --------
const form = byId("channel-composer");
const CHOSEN = ".command-file-choose:has(~ .command-file-remove)";  // a file is there; Enter sends, a click changes it
const keepFocus = () => setTimeout(() => {
  if (document.activeElement === document.body) form.querySelector(".command-chip")?.focus();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  keepFocus();
  if (!event.target.matches(`.command-chip, ${CHOSEN}`)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.requestSubmit();
}, true);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".command-popup, #channel-composer")) keepFocus();
}, true);
form.addEventListener("focusin", ({ target }) => {
  if (target.matches('.command-option-input[role="combobox"]') && !target.value)
    setTimeout(() => target.dispatchEvent(new Event("input", { bubbles: true })));
});

// ---- files: chosen by the button in the command, or dropped anywhere on the page ---------------------------------------
const fileField = () => document.querySelector(".command-file-input:not(:disabled)");
const dropHint = el("div", { id: "demo-drop" }, el("p"));
document.body.append(dropHint);
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && !event.target.closest?.("#modal-root");
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = fileField() ? "copy" : "none";
  dropHint.firstChild.textContent = fileField() ? "Drop the file here" : "First type the command, such as /content load";
  dropHint.classList.add("demo-over");
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) dropHint.classList.remove("demo-over");
});
document.addEventListener("drop", (event) => {
  dropHint.classList.remove("demo-over");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const field = fileField();
  if (!field) return toast("First type the command that takes a file, such as /content load. Then drop it.", true);
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  field.files = one.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- message menus --------------------------------------------------------------------------------------------------
let menu = null;
const closeMenu = () => { menu?.remove(); menu = null; };
const item = (text, act) => el("button", { type: "button", role: "menuitem", textContent: text, onclick: act });
function openMenu(event) {
  const message = event.target.closest("[data-message-id]");
  if (!message || !state || event.target.closest("a, input, textarea")) return;
  event.preventDefault();
  closeMenu();
  const said = message.querySelector(".message-content")?.innerText ?? message.innerText;
  const apps = state.menus.map((name) => item(name, () => {
    following = true;
    return call({ op: "menu", name, message: message.dataset.messageId });
  }));
  menu = el("div", { id: "demo-menu", role: "menu" },
    el("h2", { textContent: "Apps · Syllabot" }),
    ...(apps.length ? apps : [el("p", { textContent: "No message menus in this version yet" })]),
    el("hr"), item("Copy text", () => navigator.clipboard.writeText(said)));
  document.body.append(menu);
  menu.style.left = `${Math.min(event.clientX, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(event.clientY, innerHeight - menu.offsetHeight - 8)}px`;
}
list.addEventListener("contextmenu", openMenu);
list.addEventListener("click", ({ target }) => {
  const thread = target.closest(".thread-summary")?.closest("[data-message-id]").dataset.messageId;
  if (thread) go(place.person, thread);
});
document.addEventListener("click", closeMenu);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenu(); });

poll();
