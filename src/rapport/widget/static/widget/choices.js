// <choice-list>: one of several options, as rows, chips or the buttons of a confirmation.

import { act, freshId, h, icon } from "./dom.js";
import { grouped, section } from "./groups.js";
import { plural, t } from "./words.js";

export const FILTER_FROM = 9;
const SHOWN_WHEN_DONE = 4;

/** A field that hides the rows that do not hold what is typed; `rows` are elements with their text in `dataset.text`. */
export function filterField(rows) {
  const id = freshId("filter");
  const none = h("p", { class: "no-match", role: "status" });
  const narrow = ({ target }) => {
    const wanted = target.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const row of rows) {
      row.hidden = !row.dataset.text.includes(wanted);
      count += row.hidden ? 0 : 1;
    }
    none.textContent = count ? "" : t("noMatch");
  };
  const label = plural("filter", rows.length);
  return h("div", { class: "filter" },
    h("label", { for: id, class: "visually-hidden" }, label), icon("search"),
    h("input", { id, type: "search", placeholder: label, autocomplete: "off", oninput: narrow, onkeydown: (event) => event.key === "Enter" && event.preventDefault() }), none);
}

export function searchText(item) {
  return `${item.title || item.label || ""} ${item.description || ""}`.toLocaleLowerCase();
}

class ChoiceList extends HTMLElement {
  /** `look` is rows, chips or confirm; `chosen` the value answered with, if any. */
  set data({ items, look, chosen, isQuiet, label }) {
    const isDone = chosen !== undefined;
    const kept = isDone && items.length > SHOWN_WHEN_DONE ? items.filter((item) => item.value === chosen) : items;
    const rows = kept.map((item) => this.#row(item, { look, isDone, isChosen: item.value === chosen, isQuiet }));
    const list = h("ul", { class: `choices ${look}`, role: "list", "aria-label": label }, rows);
    const isLong = !isDone && look === "rows" && items.length >= FILTER_FROM;
    const parts = isLong ? grouped(items) : null;
    if (parts) return this.#showGroups(items, rows, parts, label);
    if (isLong) list.classList.add("long");
    this.replaceChildren(...(isLong ? [filterField(rows)] : []), list);
  }

  /** The most wanted, then all under their headings; what has none, such as a person, stays in sight below. */
  #showGroups(items, rows, { wanted, groups, rest }, label) {
    const list = (name, shown) => h("ul", { class: "choices rows", role: "list", "aria-label": name }, shown);
    const rowOf = new Map(items.map((item, number) => [item, rows[number]]));
    const first = list(label, wanted.map((item) => this.#row(item, { look: "rows" })));
    const sections = groups.map(([title, entries]) => section(title, entries.map((item) => rowOf.get(item)), "choices rows"));
    const all = h("div", { class: "choices", role: "group", "aria-label": t("allTopics") }, sections);
    const search = filterField(groups.flatMap(([, entries]) => entries.map((item) => rowOf.get(item))));
    search.addEventListener("input", ({ target }) => {
      const isSearching = target.value.trim() !== "";
      first.hidden = isSearching;
      for (const part of sections) {
        part.open = isSearching;
        part.hidden = ![...part.querySelectorAll("li")].some((row) => !row.hidden);
      }
    });
    this.replaceChildren(search, first, all, ...(rest.length ? [list(t("more"), rest.map((item) => rowOf.get(item)))] : []));
  }

  #row(item, { look, isDone, isChosen, isQuiet }) {
    const isPrimary = look === "confirm" && item.value.endsWith(":yes");
    const isMinor = (look === "confirm" && item.value.endsWith(":cancel")) || item.value === "__skip__";
    const names = ["choice", isChosen && "chosen", isPrimary && "primary", isMinor && "minor"].filter(Boolean).join(" ");
    const choose = () => act(this, "choose", { values: [{ value: item.value }], title: item.title });
    return h("li", { "data-text": searchText(item) },
      h("button", { type: "button", class: names, disabled: isDone || isQuiet, "aria-pressed": isDone ? String(isChosen) : null, onclick: choose },
        item.icon && h("span", { class: "choice-icon" }, icon(item.icon)),
        h("span", { class: "choice-text", dir: "auto" }, h("span", { class: "choice-title" }, item.title), item.description && h("span", { class: "choice-description" }, item.description)),
        isChosen && h("span", { class: "choice-mark" }, icon("check"), h("span", { class: "visually-hidden" }, t("chosen")))));
  }
}

customElements.define("choice-list", ChoiceList);
