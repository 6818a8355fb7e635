// <thread-scroll>: stays at the newest message unless the reader has scrolled up; then offers a way down.
const NEAR_PX = 120;

class ThreadScroll extends HTMLElement {
  connectedCallback() {
    this.isAtEnd = true;
    requestAnimationFrame(() => this.toEnd());
    this.addEventListener("scroll", () => {
      this.isAtEnd = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_PX;
      if (this.isAtEnd) this.showButton(false);
    }, { passive: true });
    this.observer = new MutationObserver(() => this.changed());
    this.observer.observe(this, { childList: true, subtree: true });
    this.sizes = new ResizeObserver(() => { if (this.isAtEnd) this.toEnd(); });
    this.sizes.observe(this);
    this.button?.addEventListener("click", () => this.toEnd());
  }

  disconnectedCallback() { this.observer?.disconnect(); this.sizes?.disconnect(); }

  showButton(isShown) { this.button?.toggleAttribute("data-shown", isShown); }

  get button() { return this.parentElement?.querySelector("[data-scrolls-down]"); }

  changed() {
    const count = this.querySelectorAll(".message").length;
    if (this.isAtEnd) this.toEnd();
    else if (count > (this.count ?? count)) this.showButton(true);
    this.count = count;
  }

  toEnd() {
    this.scrollTop = this.scrollHeight;
    this.count = this.querySelectorAll(".message").length;
    this.showButton(false);
  }
}

customElements.define("thread-scroll", ThreadScroll);
