// <message-log>: the conversation, announced as it grows.

import "./message.js";
import { h, icon } from "./dom.js";
import { dayName, t } from "./words.js";

const NEAR_PX = 80;

class MessageLog extends HTMLElement {
  #elements = new Map();
  #language = "";
  #isFollowing = true;

  connectedCallback() {
    if (this.firstChild) return;
    this.list = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0" });
    this.typing = h("div", { class: "typing", hidden: true });
    this.scroller = h("div", { class: "scroller" }, this.list, this.typing);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() });
    this.append(this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => {
      this.#isFollowing = this.#isNearEnd();
      if (this.#isFollowing) this.jump.hidden = true;
    }, { passive: true });
    new ResizeObserver(() => this.#isFollowing && this.toEnd(true)).observe(this.scroller);
  }

  clear() {
    this.#elements.clear();
    this.list?.replaceChildren();
    this.#isFollowing = true;
  }

  /** Draw the messages and what is on its way; `newFrom` is the first message not seen. */
  update({ chat, newFrom }) {
    this.list.setAttribute("aria-label", t("messages"));
    if (this.#language !== document.documentElement.lang) this.clear();
    this.#language = document.documentElement.lang;
    const { thread, outbox } = chat;
    const pending = new Map(outbox.items.filter((item) => item.kind === "answer").map((item) => [item.messageId, item.values]));
    const wanted = this.#wanted(thread.messages, newFrom);
    for (const item of outbox.items) wanted.push({ key: `out:${item.echo}`, tag: "pending-message", item });
    const last = thread.lastReplyId;
    const added = this.#reconcile(wanted, (element, { message, item }) => {
      if (message) element.update(message, { isCurrent: message.id === last, pending: pending.get(message.id) });
      else if (item) element.update(item);
    });
    this.#showTyping(chat);
    this.#scroll(added);
  }

  #wanted(messages, newFrom) {
    const wanted = [];
    let day = "";
    for (const message of messages) {
      const name = dayName(message.created_at);
      if (name !== day) wanted.push({ key: `day:${name}`, make: () => h("p", { class: "day" }, h("span", {}, name)) });
      day = name;
      if (message.id === newFrom) wanted.push({ key: "new", make: () => h("p", { class: "new-mark" }, h("span", {}, t("newMark"))) });
      wanted.push({ key: `m:${message.id}`, tag: "chat-message", message });
    }
    return wanted;
  }

  #reconcile(wanted, update) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, element] of this.#elements) {
      if (keys.has(key)) continue;
      element.remove();
      this.#elements.delete(key);
    }
    const added = [];
    let place = this.list.firstChild;
    for (const entry of wanted) {
      let element = this.#elements.get(entry.key);
      if (!element) {
        element = entry.make ? entry.make() : document.createElement(entry.tag);
        this.#elements.set(entry.key, element);
        added.push(element);
      }
      update(element, entry);
      if (element === place) place = place.nextSibling;
      else this.list.insertBefore(element, place);
    }
    return added;
  }

  #showTyping({ typing, isExpecting }) {
    const text = typing ? t("isTyping", { name: typing.name || t("person") }) : isExpecting ? t("assistantTyping") : "";
    this.typing.hidden = !text;
    if (text) this.typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: typing ? "" : "visually-hidden" }, text));
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #scroll(added) {
    const isOwn = added.some((element) => element.classList.contains("mine"));
    if (isOwn || this.#isFollowing) return this.toEnd(false, added);
    if (added.some((element) => element.matches("chat-message"))) {
      this.jump.replaceChildren(t("newBelow"), icon("arrow-down"));
      this.jump.hidden = false;
    }
  }

  /** To the end, but never past the beginning of a long reply. */
  toEnd(isQuiet = false, added = []) {
    const { scroller } = this;
    const reply = added.filter((element) => element.matches("chat-message:not(.mine)")).at(-1);
    const isTall = reply && reply.offsetHeight > scroller.clientHeight - 24;
    scroller.scrollTo({ top: isTall ? reply.offsetTop - 12 : scroller.scrollHeight, behavior: isQuiet || !added.length ? "instant" : "smooth" });
    this.#isFollowing = !isTall;
    this.jump.hidden = true;
  }
}

customElements.define("message-log", MessageLog);
