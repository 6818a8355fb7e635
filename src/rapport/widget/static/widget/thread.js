// The messages of one conversation: what the server has, in order, each once.

export class Thread {
  #byId = new Map();

  get messages() {
    return [...this.#byId.values()].sort((a, b) => a.sequence - b.sequence);
  }

  get lastId() {
    return Math.max(0, ...this.#byId.keys());
  }

  /** Add or replace messages; returns those not known before. */
  merge(messages) {
    const fresh = [];
    for (const message of messages) {
      if (message.private || message.message_type === 2) continue;
      if (!this.#byId.has(message.id)) fresh.push(message);
      this.#byId.set(message.id, { ...this.#byId.get(message.id), ...message });
    }
    return fresh;
  }

  find(id) {
    return this.#byId.get(id);
  }

  /** The latest message that is not the customer's own: only its choices are still the question. */
  get lastReplyId() {
    return Math.max(0, ...[...this.#byId.values()].filter((m) => m.message_type !== 0).map((m) => m.id));
  }
}
