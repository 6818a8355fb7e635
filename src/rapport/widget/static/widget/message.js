// <chat-message>: one message with what it offers, or one the customer is still sending.

import "./choices.js";
import "./form.js";
import { act, h, icon } from "./dom.js";
import { attached, fileQuestion, refusal, sending } from "./files.js";
import { link, rich } from "./markup.js";
import { clockTime, percent, t } from "./words.js";

class ChatMessage extends HTMLElement {
  #drawn = "";
  #offers = h("div", { class: "offers" });
  #files = h("div", { class: "carried" });
  #addresses = "";

  /** `isCurrent`: whether its question is still open; `pending`: values being sent as its answer. */
  update(message, { isCurrent, pending }) {
    const attributes = message.content_attributes || {};
    const submitted = attributes.submitted_values || pending;
    const key = JSON.stringify([submitted, isCurrent, document.documentElement.lang]);
    if (!this.firstChild) this.#build(message, attributes);
    this.#showFiles(message.attachments || []);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#offers.replaceChildren(...this.#makeOffers(message, attributes, { submitted, isCurrent }));
  }

  /** Their addresses end after an hour or two; the message read again has new ones. */
  #showFiles(files) {
    const addresses = files.map((file) => file.data_url).join(" ");
    if (addresses === this.#addresses) return;
    this.#addresses = addresses;
    this.#files.replaceChildren(attached(files));
  }

  #build(message, attributes) {
    const isMine = message.message_type === 0;
    const kind = isMine ? "mine" : message.sender.type === "assistant" ? "assistant" : message.sender.type === "user" ? "person" : "system";
    this.className = `message ${kind}`;
    this.messageId = message.id;
    const isConfirm = attributes.expects === "confirm";
    this.append(
      ...(kind === "system" ? [] : isMine ? [h("span", { class: "visually-hidden" }, `${t("you")}: `)] : [author(kind, message.sender.name)]),
      ...(message.content ? [h("div", { class: "bubble", dir: "auto" }, rich(message.content, { isCard: isConfirm }))] : []),
      this.#files,
      ...(shown(message).length ? [sources(shown(message))] : []),
      this.#offers,
      h("p", { class: "foot" }, h("time", { datetime: new Date(message.created_at * 1000).toISOString() }, clockTime(message.created_at)),
        !isMine && message.decision_id && h("button", { type: "button", class: "why", onclick: () => act(this, "why", { messageId: message.id }) }, t("why"))));
    this.addEventListener("act", (event) => {
      if (event.detail.name === "choose") event.detail.messageId = message.id;
    });
  }

  *#makeOffers({ content, content_type: type }, attributes, { submitted, isCurrent }) {
    const { items = [], quick_replies: quick = [], expects } = attributes;
    const chosen = submitted?.find((value) => !value.name)?.value;
    const isMenu = items.some((item) => item.value?.startsWith("start:"));
    if (type === "input_select" && items.length && (submitted || isCurrent || isMenu)) {
      const list = document.createElement("choice-list");
      list.data = { items, look: expects === "confirm" ? "confirm" : "rows", chosen: submitted ? chosen : undefined, isQuiet: false, label: lastLine(content) };
      yield list;
    }
    if (type === "form" && items.length && (submitted || isCurrent) && !(submitted && chosen)) {
      const form = document.createElement("answer-form");
      form.data = { items, submitted, isQuiet: false, prompt: content };
      yield form;
    }
    if (type === "input_file" && isCurrent && !submitted) {
      yield fileQuestion(attributes);
      if (items.length) {
        const list = document.createElement("choice-list");
        list.data = { items, look: "rows", chosen: undefined, isQuiet: false, label: t("files") };
        yield list;
      }
    }
    if (quick.length && !submitted && isCurrent) {
      const chips = document.createElement("choice-list");
      chips.data = { items: quick, look: "chips", chosen: undefined, isQuiet: false, label: lastLine(content) };
      yield chips;
    }
  }
}

function lastLine(text) {
  return text.trim().split("\n").at(-1);
}

function author(kind, name) {
  if (kind === "assistant") return h("p", { class: "author" }, h("span", { class: "ai-label" }, icon("sparkles"), t("aiAssistant")));
  return h("p", { class: "author", dir: "auto" }, name || t("person"));
}

/** What a message shows besides its text: sources, an article, or cards with their first link. */
function shown({ content_type: type, content_attributes: attributes }) {
  const { items = [], sources: named = [] } = attributes || {};
  if (type === "article") return items;
  if (type !== "cards") return named;
  return items.map((card) => ({ ...card, link: card.actions?.find((action) => action.type === "link")?.uri }));
}

function sources(list) {
  const cards = list.map((source) => h("li", {}, link(source.link || "", h("span", { class: "source-title", dir: "auto" }, icon("book-open"), source.title), source.description && h("span", { class: "source-text", dir: "auto" }, source.description))));
  return h("ul", { class: "sources", role: "list", "aria-label": t("sources") }, cards);
}

/** What the customer has sent and the server has not confirmed. */
class PendingMessage extends HTMLElement {
  #state = null;

  update(item) {
    if (!this.firstChild) {
      this.className = "message mine pending";
      this.append(
        h("span", { class: "visually-hidden" }, `${t("you")}: `),
        ...(item.content ? [h("div", { class: "bubble", dir: "auto" }, rich(item.content))] : []),
        ...(item.files ? [sending(item.files), h("progress", { max: 1, "aria-label": t("sending") })] : []),
        h("p", { class: "foot" }));
    }
    const bar = this.querySelector("progress");
    if (bar) {
      bar.value = item.progress;
      bar.hidden = item.state === "failed";
    }
    const state = `${item.state} ${item.code} ${item.files ? Math.round(item.progress * 20) : ""}`;
    if (this.#state === state) return;
    this.#state = state;
    this.classList.toggle("failed", item.state === "failed");
    this.lastChild.replaceChildren(...(item.state === "failed" ? this.#failed(item) : [item.progress ? `${t("sending")} ${percent(item.progress)}` : t("sending")]));
  }

  #failed(item) {
    const isFinal = item.files && item.isRetryable === false;
    const again = () => act(this, isFinal ? "discard" : "retry", { echo: item.echo });
    const reason = (item.files && refusal(item.code)) || item.reason || t("notSent");
    return [icon("circle-alert"), h("span", { role: "alert" }, reason), h("button", { type: "button", class: "why", onclick: again }, t(isFinal ? "removeMessage" : "retry"))];
  }
}

customElements.define("chat-message", ChatMessage);
customElements.define("pending-message", PendingMessage);
