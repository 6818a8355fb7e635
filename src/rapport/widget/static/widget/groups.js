// A long menu: the most wanted first, then everything under headings that open.

import { h } from "./dom.js";

const GROUPED_FROM = 9;
const MOST_WANTED = 4;

/** The parts of a list long enough and with headings; nothing for any other list. */
export function grouped(items) {
  const inGroups = items.filter((item) => item.group);
  if (inGroups.length < GROUPED_FROM) return null;
  const groups = new Map();
  for (const item of inGroups) groups.set(item.group, [...(groups.get(item.group) || []), item]);
  return { wanted: inGroups.slice(0, MOST_WANTED), groups: [...groups], rest: items.filter((item) => !item.group) };
}

/** A heading with how many it holds; opened, a list that bears its name. */
export function section(title, rows, look) {
  return h("details", { class: "group" },
    h("summary", {}, h("span", { class: "group-title", dir: "auto" }, title), h("span", { class: "group-count" }, rows.length)),
    h("ul", { class: look, role: "list", "aria-label": title }, rows));
}
