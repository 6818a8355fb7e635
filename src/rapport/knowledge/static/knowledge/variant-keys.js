// Single keys of the variants' page: j and k move, others press the button of the variant in focus, else of the first.
function isBusy(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
    || event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]") || document.querySelector("dialog[open]");
}

function current() {
  const cards = [...document.querySelectorAll(".variant")];
  const focused = document.activeElement?.closest(".variant") ?? document.querySelector(".variant:target");
  return [cards, cards.indexOf(focused)];
}

function move(step) {
  const [cards, at] = current();
  const next = cards[Math.min(cards.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (isBusy(event)) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
    return;
  }
  if (!/^[awe]$/.test(event.key)) return;
  const [cards, at] = current();
  const button = cards[Math.max(0, at)]?.querySelector(`[data-key="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// A form that came back with a problem is open again, with what was typed.
document.querySelector('dialog[data-open-first="1"]')?.showModal();
