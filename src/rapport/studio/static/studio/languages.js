// <language-tabs>: which language's texts the form shows; the choice stays while cards are opened and closed.
const KEY = "studio-language";

function chosen() { return sessionStorage.getItem(KEY) ?? "en"; }

function draw() {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const language = chosen();
  for (const text of panel.querySelectorAll(".text[data-language]")) text.hidden = text.dataset.language !== language;
  for (const button of panel.querySelectorAll("language-tabs [data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
    const lacks = panel.querySelector(`.text[data-language="${button.dataset.language}"][data-missing]`);
    button.classList.toggle("lacks", Boolean(lacks));
  }
  const has = panel.querySelector(".text[data-language]");
  const tabs = panel.querySelector("language-tabs");
  if (tabs) tabs.hidden = !has;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("language-tabs [data-language]");
  if (!button) return;
  sessionStorage.setItem(KEY, button.dataset.language);
  draw();
});

document.addEventListener("htmx:after:swap", () => draw());
draw();
