// <theme-switch> with buttons [data-theme-choice]: keeps the choice in a cookie, so the server renders it from the start.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-choice]");
      if (button) this.choose(button.dataset.themeChoice);
    });
  }

  choose(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `rapport_theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
    for (const button of this.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
