// <home-view>: the first thing a customer sees: what can be done here, before anybody has to write.

import { act, h, icon } from "./dom.js";
import { grouped, section } from "./groups.js";
import { language, t } from "./words.js";

class HomeView extends HTMLElement {
  #key = "";

  update({ welcome, text, menu, conversation }) {
    const key = JSON.stringify([welcome, text, menu, conversation, language()]);
    if (key === this.#key) return;
    this.#key = key;
    this.replaceChildren(h("div", { class: "home" },
      h("div", { class: "hello" }, h("h1", { dir: "auto", tabindex: "-1" }, welcome || t("welcome")), h("p", { dir: "auto" }, text || t("welcomeText"))),
      conversation && this.#goOn(conversation),
      menu.length > 0 && h("h2", {}, t("topics")),
      menu.length > 0 && this.#topics(menu),
      h("a", { class: "help", href: `/help/${language()}/`, target: "_blank", rel: "noopener" }, icon("life-buoy"), h("span", {}, t("helpCentre")), icon("external-link"), h("span", { class: "visually-hidden" }, ` (${t("newWindow")})`))));
  }

  #topics(menu) {
    const parts = grouped(menu);
    const list = (entries) => h("ul", { class: "topics", role: "list" }, entries.map((entry) => this.#topic(entry)));
    if (!parts) return list(menu);
    const groups = parts.groups.map(([title, entries]) => section(title, entries.map((entry) => this.#topic(entry)), ""));
    return [list(parts.wanted), h("h2", {}, t("allTopics")), h("div", { class: "topics" }, groups), parts.rest.length > 0 && list(parts.rest)];
  }

  #goOn({ preview }) {
    return h("button", { type: "button", class: "go-on", onclick: () => act(this, "continue") }, h("span", { class: "topic-icon" }, icon("message-circle")),
      h("span", { class: "choice-text" }, h("span", { class: "choice-title" }, t("goOn")), preview && h("span", { class: "choice-description", dir: "auto" }, preview)), icon("chevron-right"));
  }

  #topic(entry) {
    const start = () => act(this, "topic", { procedure: entry.procedure, title: entry.title });
    return h("li", {}, h("button", { type: "button", class: "topic", onclick: start }, h("span", { class: "topic-icon" }, icon(entry.icon || "circle")),
      h("span", { class: "choice-text", dir: "auto" }, h("span", { class: "choice-title" }, entry.title), h("span", { class: "choice-description" }, entry.description)), icon("chevron-right")));
  }
}

customElements.define("home-view", HomeView);
