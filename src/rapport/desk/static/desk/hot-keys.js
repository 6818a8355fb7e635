// Single keys of the desk; silent while somebody writes, chooses in a menu or has a dialog open.
function isBusy(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
    || event.target.closest?.("input, textarea, select, [contenteditable], dialog[open], drop-menu details[open]");
}

function move(step) {
  const rows = [...document.querySelectorAll(".conversation-row")];
  if (!rows.length) return;
  const focused = rows.indexOf(document.activeElement);
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("reply-box")?.write("reply"),
  n: () => document.querySelector("reply-box")?.write("note"),
  s: () => document.getElementById("list-query")?.focus(),
  "?": () => document.getElementById("keys-dialog")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (isBusy(event)) return;
  const act = KEYS[event.key] ?? pressed(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});

function pressed(key) {
  if (!/^[a-z]$/.test(key)) return null;
  const button = document.querySelector(`.workspace [data-key="${key}"]`);
  return button ? () => button.click() : null;
}
