// <desk-frame>: keeps the list, the open conversation and the title in step; shows and hides the side panel.
class DeskFrame extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:after:swap", (event) => this.swapped(event));
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-toggles-panel]")) this.togglePanel();
    });
    this.mark();
  }

  get open() { return this.querySelector(".thread-pane"); }

  swapped(event) {
    const target = event.detail?.ctx?.target;
    if (target?.id === "workspace") {
      this.classList.remove("panel-open");
      document.title = this.open?.dataset.title ?? document.title;
      this.querySelector("#thread, .workspace-empty")?.scrollIntoView({ block: "nearest" });
    }
    this.mark();
  }

  mark() {
    const number = this.open?.dataset.number;
    for (const row of this.querySelectorAll(".conversation-row")) {
      if (row.dataset.number === number) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  togglePanel() {
    const isOpen = this.classList.toggle("panel-open");
    if (isOpen) this.querySelector(".panel-close")?.focus();
    else this.querySelector(".panel-toggle")?.focus();
  }
}

customElements.define("desk-frame", DeskFrame);
