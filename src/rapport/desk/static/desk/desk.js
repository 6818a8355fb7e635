// Behaviour of the desk: one module per element.
import "./live-updates.js";
import "./desk-frame.js";
import "./thread-scroll.js";
import "./reply-box.js";
import "./canned-picker.js";
import "./hot-keys.js";

// A link to a conversation may ask for the procedure that runs in it.
addEventListener("load", () => {
  if (location.hash === "#procedure") document.querySelector('[data-opens="procedure-dialog"]')?.click();
});

// "Send and resolve" where the shop wants to know first what it was about: the dialog opens once the thread is fresh.
document.addEventListener("resolve-asked", () => {
  setTimeout(() => document.querySelector('.workspace [data-opens="resolve-dialog"]')?.click(), 300);
});
