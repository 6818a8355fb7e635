// <why-sheet>: why an answer was given, and how to object to it.

import { freshId, h, icon, iconButton } from "./dom.js";
import { longDate, percent, t } from "./words.js";

class WhySheet extends HTMLElement {
  /** Open for a message; `explain()` and `appeal(reason)` ask the server. */
  async show({ explain, appeal }) {
    const titleId = freshId("why");
    const before = document.activeElement;
    const body = h("div", { class: "sheet-body", "aria-live": "polite" }, h("p", {}, t("loading")));
    const dialog = h("dialog", { class: "sheet", "aria-labelledby": titleId, onclick: (event) => event.target === dialog && dialog.close() },
      h("div", { class: "sheet-head" }, h("h2", { id: titleId }, t("whyTitle")), iconButton("x", t("close"), () => dialog.close())), body);
    dialog.addEventListener("close", () => (dialog.remove(), before?.focus?.()));
    this.replaceChildren(dialog);
    dialog.showModal();
    try {
      const found = await explain();
      body.replaceChildren(...this.#explanation(found), ...this.#appeals(found, appeal));
    } catch {
      body.replaceChildren(h("p", { role: "alert" }, t("failed")));
    }
  }

  #explanation({ points, text, confidence, model }) {
    const known = typeof confidence === "number";
    const meter = known && h("div", { class: "meter", "aria-hidden": "true" }, h("span"));
    if (meter) meter.firstChild.style.width = `${Math.round(confidence * 100)}%`;
    return [
      points.length ? h("ul", { class: "points" }, points.map((point) => h("li", { dir: "auto" }, point))) : h("p", { dir: "auto" }, text),
      known && h("div", { class: "sure" }, h("p", {}, h("span", {}, t("sure")), h("strong", {}, percent(confidence))), meter),
      model?.name && h("p", { class: "made-by" }, t("madeBy", model)),
    ].filter(Boolean);
  }

  #appeals({ appeals = [] }, appeal) {
    const known = appeals.at(-1);
    if (known) {
      const text = known.answer ? t("appealAnswer", { answer: known.answer }) : t("appealOpen", { date: longDate(known.due_at) });
      return [h("p", { class: "notice" }, icon("scale"), h("span", {}, text))];
    }
    const place = h("div", { class: "appeal" });
    const open = h("button", { type: "button", class: "button", onclick: () => this.#object(place, appeal) }, icon("thumbs-down"), t("disagree"));
    place.append(open);
    return [place];
  }

  #object(place, appeal) {
    const id = freshId("reason");
    const error = h("p", { class: "error", role: "alert", hidden: true });
    const input = h("textarea", { id, rows: 4, maxlength: 4000, dir: "auto", "aria-describedby": `${id}-hint` });
    const submit = async (event) => {
      event.preventDefault();
      error.hidden = Boolean(input.value.trim());
      error.textContent = t("required");
      if (!input.value.trim()) return input.focus();
      try {
        const opened = await appeal(input.value.trim());
        place.replaceChildren(h("p", { class: "notice good", role: "status", tabindex: "-1" }, icon("circle-check"), h("span", {}, t("appealDone", { date: longDate(opened.due_at) }))));
        place.firstChild.focus();
      } catch {
        error.hidden = false;
        error.textContent = t("failed");
      }
    };
    place.replaceChildren(h("form", { novalidate: true, onsubmit: submit }, h("label", { for: id }, t("appealLabel")), input, h("p", { class: "hint", id: `${id}-hint` }, t("appealHint")), error, h("button", { type: "submit", class: "button primary" }, t("appealSend"))));
    input.focus();
  }
}

customElements.define("why-sheet", WhySheet);
