// Approvals by keyboard: j and k move in the queue; on one of them a approves, r asks for the reason, Escape goes back.
import "./live-updates.js";

function isBusy(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
    || event.target.closest?.("input, textarea, select, [contenteditable], dialog[open], drop-menu details[open]");
}

function move(step) {
  const rows = [...document.querySelectorAll(".approval-row")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
}

function reject(button) {
  const reason = document.getElementById("reason");
  if (reason.value.trim()) button.click();
  else reason.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "reason") { event.target.blur(); return; }
  if (isBusy(event)) return;
  const button = document.querySelector(`[data-approval-key="${CSS.escape(event.key)}"]`);
  const back = document.querySelector(".approval-form") && document.querySelector(".crumbs a");
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  else if (event.key === "r" && button) reject(button);
  else if (event.key === "a" && button) button.focus();
  else if (event.key === "Escape" && back) back.click();
  else return;
  event.preventDefault();
});
