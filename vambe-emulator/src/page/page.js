// The live page: every event of /__emulator/events holds the whole view, and the page shows the latest one.

import { drawTraffic } from "./chart.js";

const PLACEHOLDER_KEY = "your_api_key_here";
const QUICK_FAULTS = [
  "503",
  "429:retry-after=2",
  "latency:2s",
  "reset-before-write",
  "reset-after-write",
  "late-write:5s",
  "html-200",
  "body-cut",
  "outage:1min",
  "revoked-key",
];
const MASK = "•••••";

const byId = (id) => document.getElementById(id);

/** The latest view; `null` until the first event. */
let view = null;
/** `null` until the user chooses; until then, values are hidden unless they are the placeholders of the documentation. */
let hideChosen = null;
/** The card of each ticket by its id: its node, its ticket, and the earlier values of its changed keys. */
const cards = new Map();

const hidden = () => hideChosen ?? !view?.placeholders;
const shown = (value) => (hidden() ? MASK : value);

/** Creates an element. Texts are never parsed as HTML. */
function element(name, className, ...children) {
  const node = document.createElement(name);
  node.className = className;
  node.append(...children);
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

// Drawing the view.

function draw() {
  if (!view) {
    return;
  }
  byId("hide").setAttribute("aria-pressed", String(hidden()));
  drawTickets(view.tickets);
  drawTraffic(view);
  drawPlan(view.faults);
  drawRequests(view.requests);
  drawCurl();
}

function drawTickets({ total, shown: listed }) {
  setText(byId("tickets-note"), listed.length < total ? `${listed.length} of ${total}, those with updates first` : `${total}`);
  const ids = new Set(listed.map((ticket) => ticket.id));
  for (const [id, card] of cards) {
    if (!ids.has(id)) {
      card.node.remove();
      cards.delete(id);
    }
  }
  listed.forEach((ticket, index) => {
    const card = drawTicket(ticket);
    // Only a card that moved is inserted again, so that the others keep focus and selection.
    if (byId("tickets").children[index] !== card.node) {
      byId("tickets").insertBefore(card.node, byId("tickets").children[index] ?? null);
    }
  });
}

function drawTicket(ticket) {
  const state = JSON.stringify(ticket) + hidden();
  const before = cards.get(ticket.id);
  if (before?.state === state) {
    return before;
  }
  let earlier = before?.earlier ?? new Map();
  const fresh = before !== undefined && before.ticket.updates !== ticket.updates;
  if (fresh) {
    earlier = ticket.updates > before.ticket.updates ? changes(before.ticket.metadata, ticket.metadata) : new Map();
  }
  const node = ticketCard(ticket, earlier, fresh);
  before?.node.replaceWith(node);
  const card = { node, state, ticket, earlier };
  cards.set(ticket.id, card);
  return card;
}

/** Returns the earlier value of each key that is new or changed; `null` for a new key. */
function changes(before, after) {
  // A key may have any name, such as that of a property that every object has.
  const earlier = Object.keys(after).map((key) => [key, Object.hasOwn(before, key) ? before[key] : null]);
  return new Map(earlier.filter(([key, value]) => value !== after[key]));
}

function ticketCard(ticket, earlier, fresh) {
  const pairs = element("dl", "pairs");
  for (const [key, value] of Object.entries(ticket.metadata)) {
    const cell = element("dd", "", shown(value));
    if ((earlier.get(key) ?? null) !== null) {
      cell.append(element("del", "", shown(earlier.get(key))));
    }
    const marked = earlier.has(key) ? `changed${fresh ? " fresh" : ""}` : "";
    pairs.append(element("div", marked, element("dt", "", key), cell));
  }
  const contact = ticket.contact_number === null ? `contact ${ticket.ai_contact_id}` : `contact ${shown(ticket.contact_number)}`;
  const updates = ticket.updates === 1 ? "1 update" : `${ticket.updates} updates`;
  const node = element(
    "article",
    earlier.size > 0 ? "updated" : "",
    element("h3", "", ticket.id),
    element("p", "about", element("span", `badge ${ticket.status}`, ticket.status), updates),
    element("p", "about", contact),
    pairs,
  );
  node.dataset.ticket = ticket.id;
  return node;
}

function drawPlan({ next, others, outage, revoked_keys: revoked }) {
  const lasting = [
    ...(outage ? [`${outage.fault}, ${Math.ceil(outage.seconds_left)} s left`] : []),
    ...(revoked > 0 ? [revoked === 1 ? "1 key revoked" : `${revoked} keys revoked`] : []),
  ];
  setText(byId("fault-lasting"), lasting.length > 0 ? lasting.join(", ") : "none");
  setText(byId("fault-next"), next.length > 0 ? next.join(", ") : "none");
  setText(byId("fault-default"), others ?? "none");
}

let drawnRequests = "";

function drawRequests({ total, shown: latest }) {
  const state = JSON.stringify(latest);
  if (state === drawnRequests) {
    return;
  }
  drawnRequests = state;
  setText(byId("requests-note"), latest.length < total ? `the last ${latest.length} of ${total}` : `${total}`);
  byId("no-requests").hidden = latest.length > 0;
  byId("requests").replaceChildren(...latest.map(requestRow));
}

function requestRow(request) {
  const time = new Date(request.arrived_at);
  const clock = `${time.toLocaleTimeString("en-GB")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
  const what = request.identifier
    ? [element("span", "by", "update by "), request.identifier]
    : [`${request.method} ${request.path}`];
  const [answer, kind] = answerOf(request);
  const row = element(
    "tr",
    "",
    element("td", "time", clock),
    element("td", "request", ...what),
    element("td", `answer ${kind}`, answer),
    element("td", "fault", request.fault ?? ""),
    element("td", "applied", request.applied ? "applied" : ""),
  );
  row.dataset.number = request.number;
  return row;
}

/** Returns the text of an answer, and its kind. */
function answerOf({ pending, status }) {
  if (status === null) {
    return pending ? ["pending", "pending"] : ["no answer", "unanswered"];
  }
  const kind = status < 300 ? "success" : status === 429 ? "limited" : status >= 500 ? "failed" : "rejected";
  return [String(status), kind];
}

function drawCurl() {
  const ticket = view.tickets.shown[0]?.id ?? "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
  const target = view.placeholders ? `"contact_number": "+56912345678"` : `"ticket_id": "${ticket}"`;
  const key = view.placeholders ? `'x-api-key: ${PLACEHOLDER_KEY}'` : `"x-api-key: $VAMBE_API_KEY"`;
  setText(byId("try-note"), view.placeholders ? "" : "Set VAMBE_API_KEY to an API key of the state first.");
  setText(
    byId("curl"),
    [
      `curl --request POST '${location.origin}/api/public/ticket/metadata'`,
      `  --header 'Content-Type: application/json'`,
      `  --header ${key}`,
      `  --data-raw '{ ${target}, "metadata": { "order_id": "ORD-12345", "priority": "high" } }'`,
    ].join(" \\\n"),
  );
}

// Sending commands.

/** Sends a command; shows its error, if any, and returns `true` on success. */
async function command(method, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  try {
    const response = await fetch(`/__emulator/${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (response.ok) {
      return true;
    }
    report((await response.json()).error, true);
  } catch {
    report("The emulator does not answer: is it still running?", true);
  }
  return false;
}

function report(text, wrong = false) {
  byId("fault-about").classList.toggle("wrong", wrong);
  setText(byId("fault-about"), text);
}

async function inject(fault) {
  const scope = new FormData(byId("fault-form")).get("scope");
  if (await command("POST", "faults", { [scope]: [fault] })) {
    byId("fault").value = "";
    report(`${fault}: into ${scope === "next" ? "the next update" : "every update"}`);
  }
}

/** Fills the list of suggestions. */
async function loadFaults() {
  const { kinds } = await (await fetch("/__emulator/faults")).json();
  byId("fault-list").append(...kinds.flatMap(({ about, examples }) => examples.map((example) => new Option(about, example))));
}

for (const fault of QUICK_FAULTS) {
  const button = element("button", "", fault);
  button.type = "button";
  button.addEventListener("click", () => inject(fault));
  byId("fault-buttons").append(button);
}
byId("fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  inject(byId("fault").value.trim());
});
byId("clear-faults").addEventListener("click", async () => {
  if (await command("DELETE", "faults")) {
    report("No fault from now on");
  }
});
byId("reset").addEventListener("click", async () => {
  if (await command("POST", "reset")) {
    report("Reset: the state, the requests and the faults");
  }
});
byId("hide").addEventListener("click", () => {
  hideChosen = !hidden();
  draw();
});
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("curl").textContent);
    setText(byId("copy"), "Copied");
  } catch {
    // A browser lends its clipboard only to pages of this machine or of HTTPS.
    getSelection().selectAllChildren(byId("curl"));
    setText(byId("copy"), "Selected: press Ctrl-C");
  }
});

// Receiving views.

function show(text, className) {
  byId("connection").className = `connection ${className}`;
  setText(byId("connection"), text);
}

const events = new EventSource("/__emulator/events");
events.addEventListener("message", (event) => {
  view = JSON.parse(event.data);
  show("live", "live");
  draw();
});
events.addEventListener("error", () => {
  show(events.readyState === EventSource.CLOSED ? "disconnected: reload the page" : "reconnecting", "lost");
});
loadFaults().catch(() => report("The list of faults could not be loaded: reload the page", true));
