// <label-keys>: single keys press the buttons marked data-label-key; silent while somebody writes or a key is held with another.
class LabelKeys extends HTMLElement {
  connectedCallback() {
    this.pressed = (event) => this.press(event);
    document.addEventListener("keydown", this.pressed);
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.pressed); }

  press(event) {
    const isBusy = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented
      || event.target.closest?.("input, textarea, select, [contenteditable], dialog[open], drop-menu details[open]");
    if (isBusy || this.isSent || !/^[1-9a-z]$/.test(event.key)) return;
    const button = this.querySelector(`[data-label-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    this.isSent = true; // one key, one decision: the next page brings the next text
    button.click();
  }
}

customElements.define("label-keys", LabelKeys);
