// <status-banner>: what a customer should know about the conversation now: waiting, with whom, ended, offline.

import { act, freshId, h, icon } from "./dom.js";
import { language, plural, t } from "./words.js";

class StatusBanner extends HTMLElement {
  #key = "";
  #email = "";
  #isAsking = false;

  update(given) {
    const key = JSON.stringify([given, this.#email, this.#isAsking, language()]);
    const isWriting = Boolean(this.querySelector("form")?.contains(document.activeElement));
    if (key === this.#key || (isWriting && given.owner === "queue")) return;
    this.#key = key;
    this.given = given;
    const { isOnline, isLive, isEnded, owner } = given;
    this.replaceChildren(
      ...(!isOnline ? [this.#line("wifi-off", t("offline"), "warn")] : !isLive ? [this.#line("cloud-off", t("reconnecting"), "warn")] : []),
      ...(isEnded ? [this.#ended()] : owner === "queue" ? [this.#waiting(given)] : []));
  }

  #line(name, text, kind) {
    return h("p", { class: `banner ${kind}`, role: "status" }, icon(name), h("span", {}, text));
  }

  #ended() {
    return h("div", { class: "banner" }, icon("circle-check"), h("span", { role: "status" }, t("ended")), h("button", { type: "button", class: "button small", onclick: () => act(this, "home") }, t("startNew")));
  }

  #waiting({ queue }) {
    const { position = 0, expected_wait_s: wait = null } = queue || {};
    const place = position === 1 ? t("queueNext") : position > 1 ? t("queueAt", { position }) : t("queueSoon");
    const minutes = wait ? plural("wait", Math.max(1, Math.round(wait / 60))) : "";
    return h("div", { class: "banner waiting" }, icon("headphones"),
      h("div", { class: "grow" }, h("p", { role: "status" }, h("strong", {}, place), minutes && h("br"), minutes), this.#emailPart()));
  }

  #emailPart() {
    if (this.#email) return h("p", { class: "saved", role: "status" }, icon("check"), t("emailSaved", { email: this.#email }));
    if (!this.#isAsking) return h("button", { type: "button", class: "link", onclick: () => this.#ask() }, t("queueEmail"));
    const id = freshId("email");
    const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
    const input = h("input", { id, type: "email", required: true, autocomplete: "email", maxlength: 254, placeholder: t("email"), "aria-describedby": error.id });
    const submit = (event) => {
      event.preventDefault();
      const isWrong = !input.value.trim() || !input.validity.valid;
      error.hidden = !isWrong;
      error.textContent = isWrong ? t("badEmail") : "";
      input.setAttribute("aria-invalid", String(isWrong));
      if (isWrong) return input.focus();
      act(this, "email", { email: input.value.trim(), done: (saved) => this.#saved(saved ? input.value.trim() : "", error) });
    };
    return h("form", { class: "email", novalidate: true, onsubmit: submit }, h("label", { for: id, class: "visually-hidden" }, t("email")), input, h("button", { type: "submit", class: "button primary small" }, t("save")), error);
  }

  #ask() {
    this.#isAsking = true;
    this.update(this.given);
    this.querySelector("input").focus();
  }

  #saved(email, error) {
    error.hidden = Boolean(email);
    error.textContent = email ? "" : t("failed");
    if (!email) return;
    this.#email = email;
    this.#isAsking = false;
    document.activeElement.blur();
    this.update(this.given);
  }
}

customElements.define("status-banner", StatusBanner);
