// The page that embeds us. Envelopes {v, type, id, data} from a closed list, to and from exactly one origin.

const FROM_HOST = new Set([
  "init", "opened", "closed", "focus", "setUser", "setCustomAttributes", "deleteCustomAttribute",
  "setConversationCustomAttributes", "deleteConversationCustomAttribute", "setLabel", "removeLabel", "setLocale",
  "setColorScheme", "reset",
]);

export class Host {
  #peer = null;
  #origin = "";
  #count = 0;

  /** `hear(type, data)` is called for each message of the host page. */
  constructor(hear) {
    const said = new URLSearchParams(location.hash.slice(1));
    this.#origin = said.get("origin") || "";
    this.#peer = window.parent !== window && /^https?:\/\//.test(this.#origin) ? window.parent : null;
    if (!this.#peer) return;
    window.addEventListener("message", (event) => {
      const message = event.data;
      if (event.source !== this.#peer || event.origin !== this.#origin) return;
      if (message?.v !== 1 || !FROM_HOST.has(message.type)) return;
      hear(message.type, message.data);
    });
  }

  /** Whether there is a page around us, as opposed to a window of our own. */
  get isEmbedded() {
    return this.#peer !== null;
  }

  /** Say something to the host page. A browser delivers it only if that page is really of this origin. */
  send(type, data = null) {
    this.#count += 1;
    this.#peer?.postMessage({ v: 1, type, id: this.#count, data }, this.#origin);
  }
}
