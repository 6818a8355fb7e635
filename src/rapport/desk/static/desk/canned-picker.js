// <canned-picker data-url>: "/" at the start of a word of the reply opens it. Typing filters, arrows choose, Enter inserts
// at the cursor, Escape gives back what was typed. Focus stays in its input, a combobox; nothing is sent.
import { announce } from "../web/elements/announce.js";

const WAIT_MS = 120;

class CannedPicker extends HTMLElement {
  connectedCallback() {
    this.box = this.closest("reply-box");
    this.text = this.box.querySelector("textarea");
    this.query = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.text.addEventListener("beforeinput", (event) => this.slash(event));
    this.query.addEventListener("input", () => this.ask(WAIT_MS));
    this.query.addEventListener("keydown", (event) => this.keyed(event));
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.close(""); });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.box.querySelector("[data-canned]")?.addEventListener("click", () => this.open());
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  get current() { return this.list.querySelector('[aria-selected="true"]'); }

  slash(event) {
    if (event.data !== "/" || event.isComposing || this.text.readOnly) return;
    const before = this.text.value.slice(0, this.text.selectionStart);
    if (before && !/\s$/.test(before)) return;
    event.preventDefault();
    this.open("/");
  }

  open(typed = "") {
    this.typed = typed;
    this.hidden = false;
    this.query.value = "";
    this.query.setAttribute("aria-expanded", "true");
    this.query.focus();
    this.ask(0);
  }

  close(written) {
    if (this.hidden) return;
    this.hidden = true;
    clearTimeout(this.timer);
    this.asked = (this.asked ?? 0) + 1;
    this.query.setAttribute("aria-expanded", "false");
    this.query.removeAttribute("aria-activedescendant");
    this.list.replaceChildren();
    if (written) this.box.insert(written);
  }

  ask(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const turn = this.asked = (this.asked ?? 0) + 1;
      const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(this.query.value)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer?.ok || turn !== this.asked) return;
      this.list.innerHTML = await answer.text();
      this.mark(this.options[0]);
      announce(`${this.options.length} ${this.dataset.found}`);
    }, wait);
  }

  mark(option) {
    this.current?.setAttribute("aria-selected", "false");
    if (!option) { this.query.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.query.setAttribute("aria-activedescendant", option.id);
  }

  keyed(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = this.options;
    if (step && options.length) this.mark(options[(options.indexOf(this.current) + step + options.length) % options.length]);
    else if (event.key === "Enter") this.choose(this.current);
    else if (event.key === "Escape") this.giveBack();
    else if (event.key === "Backspace" && !this.query.value) { this.close(""); this.text.focus(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  giveBack() {
    const written = this.typed + (this.typed ? this.query.value : "");
    this.close(written);
    this.text.focus();
  }

  choose(option) {
    if (!option) return;
    const { text, gap, used } = option.dataset;
    const start = this.text.selectionStart;
    this.close(text);
    const at = gap ? this.text.value.indexOf(gap, start) : -1;
    if (at >= 0) this.text.setSelectionRange(at, at + gap.length);
    fetch(used, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } }).catch(() => {});
  }
}

customElements.define("canned-picker", CannedPicker);
