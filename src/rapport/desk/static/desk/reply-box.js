// <reply-box>: grows with the text, keeps a draft per conversation for this tab, sends on Ctrl+Enter, tells who types,
// and takes files: chosen, dropped or pasted.
const TYPING_EVERY_MS = 3000;

class ReplyBox extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.form = this.querySelector("form");
    this.files = this.querySelector("input[type=file]");
    this.list = this.querySelector(".reply-files");
    this.files.addEventListener("change", () => this.filesChanged());
    this.text.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    for (const name of ["dragover", "dragleave", "drop"]) this.addEventListener(name, (event) => this.dragged(event));
    this.key = `rapport-draft-${this.dataset.number}`;
    this.text.value = sessionStorage.getItem(this.key) ?? "";
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form.requestSubmit();
      } else if (event.key === "Escape") this.text.blur();
    });
    this.form.addEventListener("submit", (event) => {
      if (!this.text.value.trim() && !this.files.files.length) { event.preventDefault(); event.stopImmediatePropagation(); this.text.focus(); }
    }, true);
    this.form.addEventListener("change", () => this.kindChanged());
    this.form.addEventListener("htmx:after:request", (event) => {
      if (event.target === this.form && event.detail?.ctx?.response?.status < 300) this.sent();
    });
    this.kindChanged();
    this.grow();
  }

  dragged(event) {
    const isOver = event.type === "dragover" && event.dataTransfer.types.includes("Files");
    this.classList.toggle("is-over", isOver);
    if (isOver) event.preventDefault();
    if (event.type === "drop") this.take(event, event.dataTransfer);
  }

  take(event, data) {
    if (!data?.files.length) return;
    event.preventDefault();
    this.keep([...this.files.files, ...data.files]);
  }

  keep(files) {
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    this.files.files = kept.files;
    this.filesChanged();
  }

  filesChanged() {
    const chosen = [...this.files.files];
    this.list.hidden = !chosen.length;
    this.list.replaceChildren(...chosen.map((file, index) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const remove = document.createElement("button");
      name.textContent = file.name;
      name.className = "truncate";
      Object.assign(remove, { type: "button", textContent: "×", title: this.list.dataset.remove });
      remove.setAttribute("aria-label", `${this.list.dataset.remove}: ${file.name}`);
      remove.addEventListener("click", () => { this.keep(chosen.filter((_, n) => n !== index)); this.text.focus(); });
      item.append(name, remove);
      return item;
    }));
  }

  get isNote() { return this.form.elements.kind.value === "note"; }

  kindChanged() {
    this.classList.toggle("is-note", this.isNote);
    this.text.placeholder = this.isNote ? this.text.dataset.note : this.text.dataset.reply;
  }

  write(kind) {
    for (const radio of this.form.elements.kind) radio.checked = radio.value === kind;
    this.kindChanged();
    this.text.focus();
  }

  insert(text) {
    this.text.setRangeText(text, this.text.selectionStart, this.text.selectionEnd, "end");
    this.text.focus();
    this.typed();
  }

  typed() {
    sessionStorage.setItem(this.key, this.text.value);
    this.grow();
    if (this.isNote || Date.now() - (this.told ?? 0) < TYPING_EVERY_MS) return;
    this.told = Date.now();
    const body = new URLSearchParams({ on: "1" });
    fetch(this.dataset.typingUrl, { method: "POST", body, headers: { "X-CSRFToken": document.body.dataset.csrf } }).catch(() => {});
  }

  sent() {
    sessionStorage.removeItem(this.key);
    this.text.value = "";
    this.keep([]);
    for (const radio of this.form.elements.kind) radio.checked = radio.value === "reply";
    this.kindChanged();
    this.grow();
    document.querySelector("thread-scroll")?.toEnd();
  }

  grow() {
    this.text.rows = Math.min(12, Math.max(2, this.text.value.split("\n").length));
    while (this.text.rows < 12 && this.text.scrollHeight > this.text.clientHeight + 2) this.text.rows += 1;
  }
}

customElements.define("reply-box", ReplyBox);

document.addEventListener("click", (event) => {
  const source = event.target.closest("[data-inserts]");
  if (!source) return;
  source.closest("dialog")?.close();
  const box = document.querySelector("reply-box");
  box?.write("reply");
  box?.insert(source.dataset.inserts);
});
