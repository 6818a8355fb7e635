// <drop-menu><details>…</details></drop-menu>: closes on Escape, on a click outside and after a choice; arrows move.
class DropMenu extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    if (!this.details) return;
    this.details.addEventListener("toggle", () => this.toggled());
    this.addEventListener("keydown", (event) => this.keyed(event));
    this.addEventListener("click", (event) => {
      if (event.target.closest(".menu-item") && !event.target.closest("[data-keeps-open], theme-switch")) this.close();
    });
    this.outside = (event) => { if (!this.contains(event.target)) this.close(); };
  }

  disconnectedCallback() { document.removeEventListener("pointerdown", this.outside); }

  get items() { return [...this.querySelectorAll(".menu .menu-item, .menu select, .menu input:not([type=hidden])")].filter((e) => e.offsetParent); }

  toggled() {
    if (this.details.open) document.addEventListener("pointerdown", this.outside);
    else document.removeEventListener("pointerdown", this.outside);
  }

  close() { if (this.details) this.details.open = false; }

  keyed(event) {
    if (!this.details.open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      this.querySelector("summary").focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.target.matches("select, textarea")) {
      event.preventDefault();
      const items = this.items;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = items.indexOf(document.activeElement);
      items[(at + step + items.length) % items.length]?.focus();
    }
  }
}

customElements.define("drop-menu", DropMenu);
