// <toast-area>: short news in the corner. The server sends `HX-Trigger: {"toast": "…"}` or {"toast": {"text", "tone"}}.
const SHOWN_MS = 5000;

class ToastArea extends HTMLElement {
  connectedCallback() {
    for (const toast of this.children) this.expire(toast);
    document.addEventListener("toast", (event) => {
      const detail = event.detail?.value ?? event.detail;
      this.show(detail?.text ?? detail, detail?.tone);
    });
    document.addEventListener("htmx:response:error", (event) => this.failed(event));
    document.addEventListener("htmx:error", (event) => {
      if (!event.detail?.ctx?.response) this.show(this.dataset.offline, "bad");
    });
  }

  failed(event) {
    const response = event.detail?.ctx?.response;
    if (response?.status === 401) { location.reload(); return; }
    const told = (response?.raw ?? response)?.headers?.get?.("X-Problem");
    this.show(told ? decodeURIComponent(told) : this.dataset.failed, "bad");
  }

  show(text, tone) {
    if (!text) return;
    const toast = document.createElement("div");
    toast.className = tone === "bad" ? "toast toast-bad" : "toast";
    toast.setAttribute("role", tone === "bad" ? "alert" : "status");
    toast.textContent = text;
    this.append(toast);
    while (this.children.length > 3) this.firstElementChild.remove();
    this.expire(toast);
  }

  expire(toast) { setTimeout(() => toast.remove(), SHOWN_MS); }
}

customElements.define("toast-area", ToastArea);
