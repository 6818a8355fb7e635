// What the customer has sent and the server has not yet confirmed. Each entry keeps its echo id for good, so that
// sending it again stores it once; entries survive a change of page, but for files, which no page may keep.

import { RequestFailed } from "./client.js";
import { recall, remember } from "./storage.js";

const MAX_ATTEMPTS = 6;

export function newEcho() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  items = recall("outbox") || [];
  #isBusy = false;
  #timer = 0;

  /** `deliver(item)` sends one entry; `changed()` is called whenever an entry changes. */
  constructor(deliver, changed) {
    this.deliver = deliver;
    this.changed = changed;
    for (const item of this.items) item.state = "sending";
    window.addEventListener("online", () => this.retryAll());
  }

  put(entry) {
    const item = { echo: newEcho(), at: Date.now() / 1000, state: "sending", attempts: 0, reason: "", ...entry };
    this.items.push(item);
    this.#keep();
    void this.pump();
    return item;
  }

  /** The server has it: it is in the messages now. */
  confirm(echo) {
    const count = this.items.length;
    this.items = this.items.filter((item) => item.echo !== echo);
    if (this.items.length !== count) this.#keep();
  }

  retry(echo) {
    for (const item of this.items) if (item.echo === echo) Object.assign(item, { state: "sending", attempts: 0 });
    this.#keep();
    void this.pump();
  }

  discard(echo) {
    this.confirm(echo);
  }

  retryAll() {
    for (const item of this.items) if (item.isRetryable !== false) Object.assign(item, { state: "sending", attempts: 0 });
    this.#keep();
    void this.pump();
  }

  clear() {
    this.items = [];
    this.#keep();
  }

  /** Send what waits, one after the other and in order. */
  async pump() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#timer);
    try {
      for (let item; (item = this.items.find((i) => i.state === "sending")); ) {
        try {
          await this.deliver(item);
          this.confirm(item.echo);
        } catch (problem) {
          if (!(problem instanceof RequestFailed)) throw problem;
          if (this.#tryAgain(item, problem)) return;
        }
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Note a failure; true when the entry will be sent again by itself. */
  #tryAgain(item, problem) {
    item.attempts += 1;
    item.isRetryable = problem.isRetryable;
    item.reason = problem.message;
    item.code = problem.code;
    const again = problem.isRetryable && item.attempts < MAX_ATTEMPTS && navigator.onLine;
    if (again) {
      const wait = Math.max(problem.waitSeconds * 1000, 500 * 2 ** item.attempts);
      this.#timer = setTimeout(() => void this.pump(), wait);
    } else {
      item.state = "failed";
    }
    this.#keep();
    return again;
  }

  #keep() {
    const kept = this.items.filter((item) => !item.files);
    remember("outbox", kept.length ? kept : null);
    this.changed();
  }
}
