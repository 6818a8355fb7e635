// The flow beside its form: which card is open, moves by keyboard, panes on a phone, saving at once before a button acts.
const columns = () => document.getElementById("columns");

function markOpen() {
  const open = document.getElementById("selected-card");
  const form = document.getElementById("card-form");
  for (const card of document.querySelectorAll(".flow-card")) {
    const link = card.querySelector(":scope > .card-main, :scope > .card-row > .card-main");
    if (form && open && card.dataset.card === open.value) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const panel = document.getElementById("panel");
  if (columns() && panel && columns().dataset.panel !== "closed") columns().dataset.panel = panel.dataset.open;
}

function isTyping(target) { return target.matches("input, textarea, select, [contenteditable]"); }

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  const source = event.detail?.ctx?.sourceElement;
  markOpen();
  if (target?.id === "panel" && source?.matches?.(".card-main, .add-card, .gap-add")) document.querySelector("#panel h2")?.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest(".card-main, .add-card, .gap-add") && columns()) columns().dataset.panel = "yes";
  if (event.target.closest("[data-closes-panel]")) {
    const card = document.querySelector('.card-main[aria-current="true"]');
    columns().dataset.panel = "closed";
    card?.removeAttribute("aria-current");
    card?.focus();
  }
  const pane = event.target.closest(".pane-switch [data-pane]");
  if (pane) {
    columns().dataset.shown = pane.dataset.pane;
    for (const button of document.querySelectorAll(".pane-switch [data-pane]")) {
      button.setAttribute("aria-pressed", String(button === pane));
    }
  }
});

// A choice that changes which rows the form has asks for the form to be drawn anew; what only helps is not saved.
document.addEventListener("change", (event) => {
  const form = event.target.closest("#card-form");
  if (form) form.elements.redraw.value = event.target.matches("[data-redraws]") ? "1" : "0";
}, true);
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => { if (event.target.matches("[data-quiet]")) event.stopPropagation(); }, true);
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card-main");
  if (event.altKey && card && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    const way = event.key === "ArrowUp" ? "up" : "down";
    card.parentElement.querySelector(`[data-move="${way}"]:not(:disabled)`)?.click();
  }
  if (event.key === "Delete" && card) card.parentElement.querySelector('[data-move="delete"]')?.click();
  if (event.key === "Escape" && event.target.closest("#panel")) document.querySelector("[data-closes-panel]")?.click();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping(event.target)) {
    event.preventDefault();
    document.querySelector(`[data-key="${event.shiftKey ? "redo" : "undo"}"]:not(:disabled)`)?.click();
  }
});

markOpen();
