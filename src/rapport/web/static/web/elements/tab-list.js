// <tab-list>: buttons [role=tab][aria-controls] show their panel; arrows move, as the ARIA pattern asks.
class TabList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const tab = event.target.closest('[role="tab"]');
      if (tab) this.select(tab, false);
    });
    this.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step || !event.target.matches('[role="tab"]')) return;
      event.preventDefault();
      const tabs = this.tabs;
      this.select(tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length], true);
    });
  }

  get tabs() { return [...this.querySelectorAll('[role="tab"]')]; }

  select(chosen, moveFocus) {
    for (const tab of this.tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      if (panel) panel.hidden = !on;
    }
    if (moveFocus) chosen.focus();
    this.dispatchEvent(new CustomEvent("tab-chosen", { bubbles: true, detail: chosen.dataset.tab }));
  }
}

customElements.define("tab-list", TabList);

// Tabs that are links: the current one is in sight, also where the row is wider than a phone.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
