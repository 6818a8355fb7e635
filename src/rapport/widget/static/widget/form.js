// <answer-form>: the fields a message asks for, checked here for a quick word and at the server for good.

import { act, freshId, h, icon } from "./dom.js";
import { FILTER_FROM, filterField, searchText } from "./choices.js";
import { t } from "./words.js";

const FILLED_IN_BY_BROWSERS = {
  name: "name", email: "email", phone: "tel", address1: "address-line1", address2: "address-line2", city: "address-level2",
  state: "address-level1", zip: "postal-code", country: "country-name",
};
const PROBLEMS = { email: "badEmail", number: "badNumber", date: "badDate" };
export const SKIP = "__skip__";

class AnswerForm extends HTMLElement {
  #fields = [];

  /** `prompt` is the message's text: a lone field that repeats it needs no second label on screen. */
  set data({ items, submitted, isQuiet, prompt }) {
    if (submitted) return this.replaceChildren(summary(items, submitted));
    this.#fields = items.map((item) => makeField(item, items.length === 1 && prompt.includes(item.label)));
    const skip = items.flatMap((item) => (item.options || []).filter((option) => option.value === SKIP).map((option) => ({ item, option })))[0];
    this.replaceChildren(h("form", { novalidate: true, onsubmit: (event) => this.#submit(event) },
      this.#fields.map((field) => field.element),
      h("div", { class: "form-buttons" },
        h("button", { type: "submit", class: "button primary", disabled: isQuiet }, t("done")),
        skip && h("button", { type: "button", class: "button", disabled: isQuiet, onclick: () => this.#skip(skip) }, skip.option.label))));
  }

  #skip({ item, option }) {
    act(this, "choose", { values: [{ name: item.name, value: SKIP }], title: option.label });
  }

  #submit(event) {
    event.preventDefault();
    const wrong = this.#fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].focus();
    const answers = this.#fields.map((field) => ({ name: field.item.name, label: field.item.label, value: field.value(), shown: field.shown() }));
    const values = answers.filter(({ value }) => value !== null).map(({ name, value }) => ({ name, value }));
    const title = answers.filter(({ shown }) => shown).map(({ label, shown }) => (label ? `${label}: ${shown}` : shown)).join("\n");
    act(this, "choose", { values, title });
  }
}

function summary(items, submitted) {
  const rows = items.map((item) => {
    const given = submitted.filter((value) => value.name === item.name).map((value) => value.title || titleOf(item, value.value)).filter(Boolean);
    return given.length ? h("li", { dir: "auto" }, icon("check"), h("span", {}, items.length > 1 && h("span", { class: "answer-label" }, `${item.label}: `), given.join(", "))) : null;
  });
  return h("ul", { class: "answers", role: "list", "aria-label": t("chosen") }, rows);
}

function titleOf(item, value) {
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => item.options?.find((option) => option.value === one)?.label ?? one).join(", ");
}

function makeField(item, isLabelSilent) {
  const id = freshId("field");
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const make = item.type === "multi_select" ? manyField : oneField;
  const field = make(item, id, { error, isLabelSilent });
  const check = () => {
    const problem = field.problem();
    error.hidden = !problem;
    error.replaceChildren(...(problem ? [icon("circle-alert"), t(problem)] : []));
    field.mark(Boolean(problem));
    return !problem;
  };
  field.element.addEventListener("change", () => error.hidden || check());
  return { ...field, item, check };
}

function labelText(item) {
  return [item.label, item.required === false && h("span", { class: "optional" }, ` (${t("optional")})`)];
}

function oneField(item, id, { error, isLabelSilent }) {
  const isRequired = item.required !== false;
  const shared = { id, name: item.name, "aria-describedby": error.id, "aria-required": String(isRequired), dir: "auto", autocomplete: FILLED_IN_BY_BROWSERS[item.name.split(".").at(-1)] };
  let input;
  if (item.type === "textarea") input = h("textarea", { ...shared, rows: 3 });
  else if (item.type === "select") input = h("select", shared, h("option", { value: "" }, t("choose")), (item.options || []).map((o) => h("option", { value: o.value }, o.label)));
  else input = h("input", { ...shared, type: item.type === "number" ? "text" : item.type, inputmode: item.type === "number" ? "decimal" : null });
  input.value = item.default || "";
  const text = () => input.value.trim();
  return {
    element: h("div", { class: "field" }, h("label", { for: id, class: isLabelSilent ? "visually-hidden" : null }, labelText(item)), input, error),
    focus: () => input.focus(),
    value: () => (item.type === "select" && !text() ? null : item.type === "number" ? text().replace(/\s/g, "").replace(",", ".") : text()),
    shown: () => (item.type === "select" ? titleOf(item, text()) : text()),
    problem: () => {
      if (!text()) return input.validity.badInput ? PROBLEMS[item.type] : isRequired ? "required" : "";
      const isWrong = item.type === "number" ? !/^-?[\d\s]+([.,]\d+)?$/.test(text()) : !input.validity.valid;
      return isWrong ? PROBLEMS[item.type] || "required" : "";
    },
    mark: (isWrong) => input.setAttribute("aria-invalid", String(isWrong)),
  };
}

function manyField(item, id, { error, isLabelSilent }) {
  const options = (item.options || []).filter((option) => option.value !== SKIP);
  const chosen = new Set([item.default].flat());
  const boxes = options.map((option) => h("input", { type: "checkbox", id: freshId("option"), value: option.value, checked: chosen.has(option.value) }));
  const rows = options.map((option, index) => h("li", { "data-text": searchText(option) },
    h("label", { class: "check", for: boxes[index].id }, boxes[index],
      h("span", { class: "choice-text", dir: "auto" }, h("span", { class: "choice-title" }, option.label), option.description && h("span", { class: "choice-description" }, option.description)))));
  const isLong = options.length >= FILTER_FROM;
  const picked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    element: h("fieldset", { class: "field", "aria-describedby": error.id },
      h("legend", { class: isLabelSilent ? "visually-hidden" : null }, labelText(item)),
      isLong && filterField(rows), h("ul", { class: isLong ? "checks long" : "checks", role: "list" }, rows), error),
    focus: () => boxes[0]?.focus(),
    value: () => (picked().length ? picked() : null),
    shown: () => titleOf(item, picked()),
    problem: () => (item.required !== false && !picked().length ? "chooseOne" : ""),
    mark: () => {},
  };
}

customElements.define("answer-form", AnswerForm);
