// <condition-rows>: rows of field, comparison and value. <value-choice>: a known value or an expression of one's own.
const WITHOUT_VALUE = new Set(["yes", "no", "known", "unknown", "empty", "filled"]);
const KIND = { number: "number", flag: "flag", list: "text", text: "text", moment: "text" };

function known(element) {
  const form = element.closest("form");
  return form?.dataset.fields ? JSON.parse(form.dataset.fields) : [];
}

class ConditionRows extends HTMLElement {
  constructor() {
    super();
    this.addEventListener("change", (event) => this.changed(event.target));
    this.addEventListener("click", (event) => this.clicked(event));
  }

  connectedCallback() { this.draw(); }

  get rows() { return [...this.querySelectorAll(".clause")]; }

  draw() {
    const mode = this.querySelector("[data-condition-mode]")?.value;
    if (mode === undefined) return; // put into the page before what it holds
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(mode);
    for (const row of this.rows) this.drawRow(row);
  }

  drawRow(row) {
    const comparison = row.querySelector("[data-clause-comparison]").value;
    const value = row.querySelector("[data-clause-value]");
    value.hidden = WITHOUT_VALUE.has(comparison);
    const field = known(this).find((entry) => entry.path === row.querySelector("[data-clause-field]").value);
    const list = row.querySelector("datalist");
    list.replaceChildren(...(field?.values ?? []).map((text) => Object.assign(document.createElement("option"), { value: text })));
  }

  changed(target) {
    if (target.matches("[data-clause-field]")) {
      const row = target.closest(".clause");
      const field = known(this).find((entry) => entry.path === target.value);
      row.querySelector("[data-clause-kind]").value = KIND[field?.kind] ?? "";
      if (field?.kind === "flag") row.querySelector("[data-clause-comparison]").value = "yes";
    }
    this.draw();
  }

  clicked(event) {
    if (event.target.closest("[data-clause-add]")) this.add();
    const remove = event.target.closest("[data-clause-remove]");
    if (remove) this.removeRow(remove.closest(".clause"));
  }

  add() {
    const last = this.rows.at(-1);
    const copy = last.cloneNode(true);
    const n = this.rows.length;
    for (const input of copy.querySelectorAll("[name]")) {
      input.name = input.name.replace(/#\d+#/, `#${n}#`);
      if (!input.matches("[data-clause-comparison]")) input.value = "";
    }
    const list = copy.querySelector("datalist");
    list.id = list.id.replace(/-\d+-values$/, `-${n}-values`);
    copy.querySelector("[data-clause-value]").setAttribute("list", list.id);
    last.after(copy);
    this.drawRow(copy);
    copy.querySelector("select").focus();
  }

  removeRow(row) { // not remove(): that is how a page takes the whole element away
    if (this.rows.length > 1) row.remove();
    else row.querySelector("[data-clause-field]").value = "";
    this.rows.forEach((each, n) => {
      for (const input of each.querySelectorAll("[name]")) input.name = input.name.replace(/#\d+#/, `#${n}#`);
    });
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class ValueChoice extends HTMLElement {
  constructor() {
    super();
    this.addEventListener("change", () => this.draw());
  }

  connectedCallback() { this.draw(); }

  draw() {
    const pick = this.querySelector("[data-value-pick]");
    const free = this.querySelector("[data-value-free]");
    if (!pick || !free) return;
    const isFree = pick.value === "#free";
    if (!isFree) free.value = pick.value;
    free.hidden = !isFree;
  }
}

// A form drawn anew shows what is kept, not what was typed into the one before it; what is being typed now stays.
let drawn = "";
let card = "";

function redraw() {
  const form = document.getElementById("card-form");
  if (!form || form.dataset.drawn === drawn) return;
  const isSame = form.elements.card.value === card;
  drawn = form.dataset.drawn;
  card = form.elements.card.value;
  const active = document.activeElement;
  const kept = isSame && form.contains(active) && active.matches("input:not([type=checkbox]), textarea") ? active.value : null;
  form.reset();
  if (kept !== null) active.value = kept;
  for (const each of form.querySelectorAll("condition-rows, value-choice")) each.draw();
}

customElements.define("condition-rows", ConditionRows);
customElements.define("value-choice", ValueChoice);
document.addEventListener("htmx:after:swap", redraw);
redraw();
