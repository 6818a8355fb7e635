// <live-updates data-url>: hears the server's events and asks the affected partials to refresh themselves.
// While the stream is down it asks every few seconds instead.
import { announce } from "../web/elements/announce.js";

const KINDS = [
  "message_created", "message_updated", "conversation_created", "conversation_updated", "conversation_status_changed",
  "queue_updated", "conversation_typing_on", "conversation_typing_off",
  "approval_updated", "mail_updated",
];
const THREAD_MS = 120;
const LIST_MS = 700;
const POLL_MS = 12000;

class LiveUpdates extends HTMLElement {
  connectedCallback() {
    this.timers = new Map();
    this.open();
    this.visible = () => { if (!document.hidden) { this.later("desk-thread-changed", 0); this.later("desk-list-changed", 0); this.later("approvals-changed", 0); } };
    document.addEventListener("visibilitychange", this.visible);
  }

  disconnectedCallback() {
    this.source?.close();
    clearInterval(this.poll);
    document.removeEventListener("visibilitychange", this.visible);
  }

  open() {
    this.source = new EventSource(this.dataset.url);
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.heard(kind, event));
    this.source.addEventListener("open", () => { clearInterval(this.poll); this.poll = 0; });
    this.source.addEventListener("error", () => this.fallBack());
  }

  fallBack() {
    this.poll ||= setInterval(() => {
      if (document.hidden) return;
      this.later("desk-thread-changed", 0);
      this.later("desk-list-changed", 0);
      this.later("approvals-changed", 0);
    }, POLL_MS);
    if (this.source.readyState === EventSource.CLOSED) setTimeout(() => { if (this.isConnected) this.open(); }, POLL_MS);
  }

  heard(kind, event) {
    let data = {};
    try { data = JSON.parse(event.data); } catch { return; }
    const payload = data.data ?? data;
    if (kind === "approval_updated") {
      if (payload.state === "waiting" && this.dataset.newApproval) announce(this.dataset.newApproval);
      this.later("approvals-changed", THREAD_MS);
      this.countApprovals();
      return;
    }
    const number = String(kind.startsWith("message_") ? payload.conversation_id : payload.id ?? "");
    const open = document.getElementById("thread")?.dataset.number;
    if (kind.startsWith("conversation_typing")) {
      if (number === open && payload.user?.name !== this.dataset.me) this.typing(kind.endsWith("_on"), payload.user.name);
      return;
    }
    if (number && number === open) this.later("desk-thread-changed", THREAD_MS);
    else if (kind === "message_created" && payload.message_type === 0 && this.dataset.newMessage) announce(this.dataset.newMessage);
    this.later("desk-list-changed", LIST_MS);
  }

  async countApprovals() {
    const link = document.querySelector('.nav-link[href="/approvals/"]');
    if (!link) return;
    const answer = await fetch("/approvals/count").catch(() => null);
    if (!answer?.ok) return;
    const { count } = await answer.json();
    let mark = link.querySelector(".nav-count");
    if (!mark) {
      mark = Object.assign(document.createElement("span"), { className: "nav-count", ariaHidden: "true" });
      link.append(mark);
    }
    mark.textContent = count;
    mark.hidden = !count;
    link.setAttribute("aria-label", count ? `${link.dataset.tip} (${count})` : link.dataset.tip);
  }

  typing(isOn, name) {
    const line = document.getElementById("typing");
    if (!line) return;
    line.hidden = !isOn;
    line.textContent = `${name ?? ""} ${this.dataset.typing}`.trim();
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => { line.hidden = true; }, 6000);
  }

  later(name, wait) {
    if (this.timers.has(name)) return;
    this.timers.set(name, setTimeout(() => {
      this.timers.delete(name);
      const scrolledAway = name === "desk-list-changed" && document.getElementById("list-scroll")?.scrollTop > 300;
      if (scrolledAway) this.later(name, 4000);
      else document.body.dispatchEvent(new CustomEvent(name, { bubbles: false }));
    }, wait));
  }
}

customElements.define("live-updates", LiveUpdates);
