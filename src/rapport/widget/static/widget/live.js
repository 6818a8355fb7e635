// Live updates: server-sent events read from a fetch, for an EventSource cannot send the Authorization header.
// Comes back with Last-Event-ID; while no stream is to be had, it asks again and again, less and less often.

const SILENCE_MS = 50000;
const OPENING_MS = 10000;
const LONGEST_PAUSE_MS = 20000;

/** The events of a text in the format of server-sent events, and what is left of it. */
export function parseEvents(text) {
  const blocks = text.split(/\r?\n\r?\n/);
  const rest = blocks.pop();
  const events = blocks.map((block) => {
    const event = { kind: "message", id: null, data: "" };
    for (const line of block.split(/\r?\n/)) {
      const colon = line.indexOf(":");
      if (colon < 1) continue;
      const value = line.slice(colon + 1).replace(/^ /, "");
      if (line.startsWith("event:")) event.kind = value;
      else if (line.startsWith("id:")) event.id = value;
      else if (line.startsWith("data:")) event.data += value;
    }
    return event;
  });
  return { events, rest };
}

export class Live {
  #abort = null;
  #wake = null;
  #lastId = null;
  #failures = 0;

  /** `onEvent(kind, data)` for each event, `onGap()` when news may have been missed, `onState(isLive)`. */
  constructor({ token, conversation, onEvent, onGap, onState, onRefused }) {
    Object.assign(this, { token, conversation, onEvent, onGap, onState, onRefused, isStopped: false });
    void this.#run();
  }

  stop() {
    this.isStopped = true;
    this.#abort?.abort();
    this.#wake?.();
  }

  /** Try at once: the customer has just written, or the network is back. */
  nudge() {
    this.#wake?.();
  }

  async #run() {
    while (!this.isStopped) {
      try {
        await this.#listen();
        this.#failures = 0;
      } catch (problem) {
        if (problem.status === 401 || problem.status === 404) return this.onRefused(problem.status);
        this.#failures += 1;
      }
      if (this.isStopped) return;
      this.onState(this.#failures === 0);
      if (this.#failures) await this.onGap();
      await this.#pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.#failures) * (0.75 + Math.random() / 2));
    }
  }

  async #listen() {
    const abort = (this.#abort = new AbortController());
    let watch = setTimeout(() => abort.abort(), OPENING_MS);
    const headers = { Accept: "text/event-stream", Authorization: `Bearer ${this.token}` };
    if (this.#lastId) headers["Last-Event-ID"] = this.#lastId;
    try {
      const response = await fetch(`/widget/events?conversation=${this.conversation}`, {
        headers, cache: "no-store", credentials: "omit", signal: abort.signal,
      });
      if (!response.ok) throw Object.assign(new Error("no stream"), { status: response.status });
      const isFirst = this.#lastId === null;
      let isOpen = false;
      let rest = "";
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MS);
        const parsed = parseEvents(rest + value);
        rest = parsed.rest;
        for (const event of parsed.events) this.#hear(event);
        if (!isOpen) {
          isOpen = true;
          this.#failures = 0;
          this.onState(true);
          if (isFirst) void this.onGap();
        }
      }
    } finally {
      clearTimeout(watch);
    }
  }

  #hear(event) {
    if (event.id) this.#lastId = event.id;
    if (event.kind === "resync") return void this.onGap();
    if (!event.data) return;
    try {
      this.onEvent(event.kind, JSON.parse(event.data));
    } catch (problem) {
      if (!(problem instanceof SyntaxError)) throw problem;
    }
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
