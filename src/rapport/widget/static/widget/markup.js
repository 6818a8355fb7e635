// Markdown-lite: **bold**, lists, links. Built as nodes, so text stays text whatever it holds.

import { h } from "./dom.js";
import { t } from "./words.js";

const INLINE = /\*\*(.+?)\*\*|\[([^\]\n]+)\]\(([^\s)]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/g;
const BULLET = /^\s*[-*•]\s+/;

/** Whether a link may be followed: web, mail, or a page of this site. */
export function isSafeLink(address) {
  return /^(https?:\/\/|mailto:|\/(?!\/))/i.test(address);
}

export function link(address, ...children) {
  if (!isSafeLink(address)) return h("span", {}, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children, h("span", { class: "visually-hidden" }, ` (${t("newWindow")})`));
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, found.index));
    const [whole, bold, title, address, bare] = found;
    if (bold) nodes.push(h("strong", {}, inline(bold)));
    else nodes.push(link(address || bare, title || bare));
    end = found.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** A message's text as paragraphs and lists; lines that begin with "• " become a card where `isCard`. */
export function rich(text, { isCard = false } = {}) {
  const blocks = [];
  for (const line of text.split("\n")) {
    const kind = BULLET.test(line) ? "list" : line.trim() ? "text" : "gap";
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks.filter((block) => block.kind !== "gap").map(({ kind, lines }) => {
    if (kind === "list") {
      return h("ul", { class: isCard ? "facts" : null }, lines.map((line) => h("li", { dir: "auto" }, inline(line.replace(BULLET, "")))));
    }
    return h("p", { dir: "auto" }, lines.flatMap((line, index) => (index ? [h("br"), ...inline(line)] : inline(line))));
  });
}
