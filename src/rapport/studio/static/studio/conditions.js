// <condition-rows>: rows of field, comparison and value. <value-choice>: a known value or an expression of one's own.
const WITHOUT_VALUE = new Set(["yes", "no", "known", "unknown", "empty", "filled"]);
const KIND = { number: "number", flag: "flag", list: "text", text: "text", moment: "text" };

function known(element) {
  const form = element.closest("form");
  if (!form?.dataset.fields) return [];
  form.knownFields ??= JSON.parse(form.dataset.fields);
  return form.knownFields;
}

class ConditionRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.changed(event.target));
    this.addEventListener("click", (event) => this.clicked(event));
    this.draw();
  }

  get rows() { return [...this.querySelectorAll(".clause")]; }

  draw() {
    const mode = this.querySelector("[data-condition-mode]").value;
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
    if (remove) this.remove(remove.closest(".clause"));
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

  remove(row) {
    if (this.rows.length > 1) row.remove();
    else row.querySelector("[data-clause-field]").value = "";
    this.rows.forEach((each, n) => {
      for (const input of each.querySelectorAll("[name]")) input.name = input.name.replace(/#\d+#/, `#${n}#`);
    });
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class ValueChoice extends HTMLElement {
  connectedCallback() {
    this.pick = this.querySelector("[data-value-pick]");
    this.free = this.querySelector("[data-value-free]");
    this.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const isFree = this.pick.value === "#free";
    if (!isFree) this.free.value = this.pick.value;
    this.free.hidden = !isFree;
  }
}

customElements.define("condition-rows", ConditionRows);
customElements.define("value-choice", ValueChoice);
