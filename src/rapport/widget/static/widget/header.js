// <chat-header>: whose chat this is, who answers now, and the ways out.

import { act, freshId, h, icon, iconButton } from "./dom.js";
import { LANGUAGES, language, t } from "./words.js";

class ChatHeader extends HTMLElement {
  #key = "";

  update(given) {
    const key = JSON.stringify([given, language()]);
    if (key === this.#key) return;
    const hadFocus = this.contains(document.activeElement);
    const isOpen = this.#isMenuOpen;
    this.#key = key;
    this.#build(given);
    if (hadFocus && isOpen) this.toggle.focus();
  }

  #build({ brand, logo, view, owner, agent, isEmbedded, canPopOut, hasSound, isActive, mayEnd, privacy }) {
    const status = { assistant: null, queue: t("waiting"), agent: agent ? t("joined", { name: agent }) : t("joinedSomeone") }[owner];
    const menuId = freshId("menu");
    this.toggle = iconButton("ellipsis", t("more"), () => this.showMenu(!this.#isMenuOpen), { "aria-expanded": "false", "aria-controls": menuId });
    this.menu = h("div", { class: "menu", id: menuId, hidden: true }, this.#items({ owner, isActive, mayEnd, hasSound, privacy }));
    this.menu.addEventListener("focusout", (event) => event.relatedTarget && !this.contains(event.relatedTarget) && this.showMenu(false));
    this.replaceChildren(h("header", { class: "header" },
      view === "chat" && iconButton("arrow-left", t("back"), () => act(this, "home")),
      view === "chat" || !logo ? h("span", { class: "mark", "aria-hidden": "true" }, [...brand][0]) : h("img", { class: "logo", src: logo, alt: "" }),
      h("div", { class: "who" }, h(view === "chat" ? "h1" : "p", { class: "brand", dir: "auto" }, brand),
        h("p", { class: "status", role: "status" }, status || h("span", { class: "ai-label" }, icon("sparkles"), t("aiAssistant")))),
      canPopOut && iconButton("external-link", t("popout"), () => act(this, "popout")),
      this.toggle, isEmbedded && iconButton("x", t("closeChat"), () => act(this, "close")), this.menu));
  }

  #items({ owner, isActive, mayEnd, hasSound, privacy }) {
    const item = (name, text, wanted, detail) => h("button", { type: "button", onclick: () => (this.showMenu(false), act(this, wanted, detail)) }, icon(name), text);
    const chosen = h("select", { id: "language", onchange: (event) => act(this, "language", { code: event.target.value }) },
      Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, selected: code === language(), lang: code }, name)));
    return [
      owner === "assistant" && item("headphones", t("talkToPerson"), "person"),
      isActive && owner === "assistant" && item("list", t("showTopics"), "topics"),
      isActive && item("rotate-ccw", t("startOver"), "restart"),
      isActive && mayEnd && item("circle-check", t("endConversation"), "end"),
      item(hasSound ? "bell-off" : "bell", hasSound ? t("soundOff") : t("soundOn"), "sound"),
      h("div", { class: "menu-row" }, icon("languages"), h("label", { for: "language" }, t("language")), chosen),
      h("a", { href: `/help/${language()}/`, target: "_blank", rel: "noopener" }, icon("life-buoy"), t("helpCentre")),
      privacy && h("a", { href: privacy, target: "_blank", rel: "noopener" }, icon("shield"), t("privacy")),
    ];
  }

  get #isMenuOpen() {
    return Boolean(this.menu) && !this.menu.hidden;
  }

  /** Show or hide the menu; true when that changed anything. */
  showMenu(isOpen) {
    if (isOpen === this.#isMenuOpen) return false;
    this.menu.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.menu.querySelector("button, select, a").focus();
    else if (this.menu.contains(document.activeElement) || document.activeElement === document.body) this.toggle.focus();
    return true;
  }
}

customElements.define("chat-header", ChatHeader);
