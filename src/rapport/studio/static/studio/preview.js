// The preview: the newest words in sight, Enter sends, the card it is at is marked, what was kept is cleared.
function draw() {
  const preview = document.getElementById("preview");
  const chat = preview?.querySelector(".chat");
  if (chat) chat.scrollTop = chat.scrollHeight;
  const active = preview?.dataset.active;
  for (const card of document.querySelectorAll(".flow-card")) {
    card.classList.toggle("is-active", Boolean(active) && card.dataset.card === active);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-enter]")) {
    event.preventDefault();
    document.querySelector("[data-sends]")?.click();
  }
  if (event.key === "Enter" && event.target.matches(".keep input")) {
    event.preventDefault();
    document.querySelector("[data-keep]")?.click();
  }
});

// Test cases run again when the draft has changed and somebody looks at them.
let isStale = false;

function runCases() {
  const cases = document.getElementById("cases");
  if (!cases) return;
  isStale = Boolean(cases.closest("[hidden]"));
  if (!isStale) cases.dispatchEvent(new CustomEvent("run-cases"));
}

let waiting = 0;
document.addEventListener("draft-changed", () => { clearTimeout(waiting); waiting = setTimeout(runCases, 700); });
document.addEventListener("tab-chosen", () => { if (isStale) runCases(); });

document.addEventListener("cases-changed", () => {
  const keep = document.querySelector("#preview .keep");
  if (keep) { keep.open = false; keep.querySelector("input").value = ""; }
});

// A move goes to where the conversation is when it is sent: what was asked before it may have answered meanwhile.
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const moves = document.querySelector('#preview [name="moves"]');
  if (ctx?.target?.id === "preview" && moves) ctx.request.body?.set("moves", moves.value);
});

document.addEventListener("htmx:after:swap", (event) => {
  draw();
  const source = event.detail?.ctx?.sourceElement;
  if (source?.matches?.("[data-sends]")) {
    const box = document.getElementById("write");
    if (box) { box.value = ""; box.focus(); }
  }
});
draw();
