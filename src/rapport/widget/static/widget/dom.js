// Building the page: elements from values, never from markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "indeterminate"]);
const assets = document.body.dataset.assets;

/** An element with attributes, listeners (`onclick`) and children; empty children are left out. */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(5).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** An icon of the set, in the colour and size of the text around it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(svg.namespaceURI, "use");
  use.setAttribute("href", `${assets}/icons.svg#${/^[a-z0-9-]+$/.test(name) ? name : "circle"}`);
  svg.append(use);
  return svg;
}

/** A button with an icon alone; its name is for those who hear it and for its tip. */
export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

/** Tell the application that the customer wants something. */
export function act(element, name, detail = {}) {
  element.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { name, ...detail } }));
}

let last = 0;

/** An id no other element has. */
export function freshId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}
