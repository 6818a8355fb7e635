// One voice for screen readers: the live region every page has.
let pending = 0;

export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region || !text) return;
  region.textContent = "";
  clearTimeout(pending);
  pending = setTimeout(() => { region.textContent = text; }, 60);
}

document.addEventListener("announce", (event) => announce(event.detail?.value ?? event.detail));
