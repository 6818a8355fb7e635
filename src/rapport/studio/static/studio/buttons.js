// Buttons of a form that say what is to be done (name and value) though they do not submit it; Enter in a field saves, no more.
document.addEventListener("htmx:config:request", (event) => {
  const button = event.detail.ctx?.sourceElement;
  if (button?.matches?.('button[type="button"][name]')) event.detail.ctx.request.body?.set(button.name, button.value);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("#card-form, #preview")) event.preventDefault();
}, true);
