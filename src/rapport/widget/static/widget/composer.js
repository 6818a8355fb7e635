// <message-composer>: the box to write in, always there; what goes along with the words; and the way to a person.

import "./files.js";
import { act, freshId, h, icon, iconButton } from "./dom.js";
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
    this.input = h("textarea", { id, rows: 1, dir: "auto", maxlength: MAX_CHARS, enterkeyhint: "send", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#take(event, event.clipboardData) });
    this.button = h("button", { type: "submit", class: "send", disabled: true }, icon("arrow-up"));
    this.person = h("button", { type: "button", class: "person", onclick: () => act(this, "person") });
    this.note = h("p", { class: "ai-note" });
    this.tray = document.createElement("file-tray");
    this.tray.addEventListener("change", () => this.#fit());
    this.attachButton = iconButton("paperclip", "", () => this.tray.pick(), { class: "icon-button attach" });
    this.append(
      this.tray,
      h("form", { class: "box", onsubmit: (event) => this.#submit(event) }, this.label, this.attachButton, this.input, this.button),
      h("div", { class: "under" }, this.note, this.person));
  }

  /** Files dropped anywhere on the page. */
  listenForDrops(page) {
    const isFiles = (event) => this.mayAttach && event.dataTransfer?.types.includes("Files");
    page.addEventListener("dragover", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      this.classList.add("is-over");
    });
    for (const name of ["dragleave", "drop"]) page.addEventListener(name, () => this.classList.remove("is-over"));
    page.addEventListener("drop", (event) => isFiles(event) && this.#take(event, event.dataTransfer));
  }

  #take(event, data) {
    if (!this.mayAttach || !data?.files.length) return;
    event.preventDefault();
    this.tray.add([...data.files]);
    this.focusInput();
  }

  update({ isHome, owner, isEnded, limits }) {
    this.mayAttach = Boolean(limits);
    this.tray.limits = limits;
    this.attachButton.hidden = !limits;
    this.attachButton.title = t("attach");
    this.attachButton.setAttribute("aria-label", t("attach"));
    this.dataset.drop = t("dropFiles");
    this.classList.toggle("has-attach", this.mayAttach);
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
    if (!text && !this.tray.files.length) return;
    const files = this.tray.take();
    this.input.value = "";
    this.#stopTyping();
    this.#fit();
    act(this, "say", { text, files });
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
    this.button.disabled = !this.input.value.trim() && !this.tray.files.length;
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }
}

customElements.define("message-composer", MessageComposer);
