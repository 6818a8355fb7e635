// What every htmx request carries, and what the page says while it runs.
import { announce } from "./announce.js";

document.addEventListener("htmx:config:request", (event) => {
  const token = document.body.dataset.csrf;
  const request = event.detail.ctx?.request;
  if (token && request && request.method !== "GET") request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  const told = target?.querySelector?.("[data-announce]") ?? (target?.matches?.("[data-announce]") ? target : null);
  if (told && told.dataset.announce !== told.dataset.announced) {
    told.dataset.announced = told.dataset.announce;
    announce(told.dataset.announce);
  }
});
