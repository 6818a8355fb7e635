// <message-composer>: the box to write in, always there; and the way to a person.

import { act, freshId, h, icon } from "./dom.js";
import { t } from "./words.js";

const TYPING_PAUSE_MS = 2000;
const MAX_CHARS = 20000;

class MessageComposer extends HTMLElement {
  #typingUntil = 0;
  #timer = 0;

  connectedCallback() {
    if (this.firstChild) return;
    const id = freshId("text");
    this.label = h("label", { for: id, class: "visually-hidden" });
    this.input = h("textarea", { id, rows: 1, dir: "auto", maxlength: MAX_CHARS, enterkeyhint: "send", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event) });
    this.button = h("button", { type: "submit", class: "send", disabled: true }, icon("arrow-up"));
    this.person = h("button", { type: "button", class: "person", onclick: () => act(this, "person") });
    this.note = h("p", { class: "ai-note" });
    this.append(
      h("form", { class: "box", onsubmit: (event) => this.#submit(event) }, this.label, this.input, this.button),
      h("div", { class: "under" }, this.note, this.person));
  }

  update({ isHome, owner, isEnded }) {
    const text = isHome ? t("ask") : t("write");
    this.label.textContent = this.input.placeholder = text;
    this.button.setAttribute("aria-label", t("send"));
    this.button.title = t("send");
    const isAssistant = owner === "assistant";
    this.person.hidden = !isAssistant || isEnded;
    this.person.replaceChildren(icon("headphones"), t("talkToPerson"));
    this.note.hidden = !isAssistant || isEnded;
    this.note.textContent = t("aiNote");
    this.#fit();
  }

  focusInput() {
    this.input.focus({ preventScroll: true });
  }

  #key(event) {
    const isSending = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (isSending) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#stopTyping();
    this.#fit();
    act(this, "say", { text });
  }

  #typed() {
    this.#fit();
    if (!this.input.value.trim()) return this.#stopTyping();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stopTyping(), TYPING_PAUSE_MS);
    if (Date.now() < this.#typingUntil) return;
    this.#typingUntil = Date.now() + TYPING_PAUSE_MS;
    act(this, "typing", { isTyping: true });
  }

  #stopTyping() {
    clearTimeout(this.#timer);
    if (this.#typingUntil) act(this, "typing", { isTyping: false });
    this.#typingUntil = 0;
  }

  #fit() {
    this.button.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }
}

customElements.define("message-composer", MessageComposer);
