// What the customer's clicks and words do: sessions, conversations, messages. Knows no elements.

import { Client, RequestFailed } from "./client.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { recall, remember } from "./storage.js";
import { Thread } from "./thread.js";
import { language } from "./words.js";

const QUEUE_EVERY_MS = 15000;
const TYPING_SHOWN_MS = 6000;
const ANSWER_EXPECTED_MS = 9000;

export class Chat extends EventTarget {
  client = new Client();
  conversation = null;
  thread = new Thread();
  queue = null;
  typing = null;
  isLive = true;
  isExpecting = false;
  #opening = null;
  #live = null;
  #timers = {};
  #given = {};

  constructor(websiteToken) {
    super();
    this.websiteToken = websiteToken;
    this.client.token = recall("session");
    this.outbox = new Outbox((item) => this.#deliver(item), () => this.#changed());
  }

  get hasSession() {
    return Boolean(this.client.token);
  }

  /** Go on where the last page ended: the open conversation, and what was not sent yet. */
  async resume() {
    if (!this.hasSession && !this.outbox.items.length) return;
    await this.open();
    await this.outbox.pump();
  }

  #changed(name = "change", detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // ── sessions ────────────────────────────────────────────────────────────────────────────────────

  /** A session, opened at most once at a time; brings back the conversation still open. */
  open(identity = {}) {
    this.#opening ??= this.#openSession(identity).finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #openSession(identity) {
    const body = { website_token: this.websiteToken, language: language(), ...identity };
    this.#use(await this.client.call("POST", "/sessions", body));
  }

  #use(session) {
    this.client.token = session.token;
    remember("session", session.token);
    if (session.conversation && session.conversation.id !== this.conversation?.id) this.#enter(session.conversation);
    else if (this.conversation) this.#listen();
    this.#changed();
  }

  /** Take over the session of another window of ours. */
  async adopt(token) {
    this.client.token = token;
    await this.open();
  }

  /** The host page says who its customer is; with a hash it is proof, without one a claim. */
  async identify(identifier, user) {
    const { identifier_hash: proof, name, email, phone_number, avatar_url, custom_attributes } = user;
    const claims = { name, email, phone_number, avatar_url, custom_attributes };
    const known = recall("identity");
    const mark = `${identifier}:${proof || ""}`;
    if (this.#opening) await this.#opening.catch(() => {});
    if (this.hasSession && known && known !== mark) await this.reset();
    if (proof && !this.hasSession) await this.open({ identifier, identifier_hash: proof, ...claims });
    else if (proof && known !== mark) await this.#prove({ identifier, identifier_hash: proof, name, email });
    else if (!proof && known !== mark) {
      if (!this.hasSession) await this.open(claims);
      await this.client.call("PATCH", "/sessions", claims);
    }
    remember("identity", mark);
  }

  async #prove(proof) {
    try {
      this.#use(await this.client.call("POST", "/sessions/identify", proof));
    } catch (problem) {
      if (problem.status !== 401 && problem.status !== 403) throw problem;
      await this.reset();
      await this.open(proof);
    }
  }

  /** Sign-out: this browser forgets the customer, and every token of the session dies. */
  async reset() {
    const client = this.client;
    this.leave();
    this.outbox.clear();
    for (const name of ["session", "identity", "seen"]) remember(name, null);
    if (client.token) {
      const old = new Client();
      old.token = client.token;
      client.token = null;
      await old.call("DELETE", "/sessions").catch(() => {});
    }
    this.#changed("reset");
    this.#changed();
  }

  // ── conversations ───────────────────────────────────────────────────────────────────────────────

  #enter(conversation) {
    this.leave();
    this.#take(conversation);
    this.#listen();
  }

  /** Forget the conversation shown; it goes on at the server. */
  leave() {
    this.#live?.stop();
    this.#live = null;
    clearInterval(this.#timers.queue);
    clearTimeout(this.#timers.typing);
    this.conversation = this.queue = this.typing = null;
    this.isExpecting = false;
    this.thread = new Thread();
    this.#changed();
  }

  #take({ messages = [], ...facts }) {
    this.conversation = { ...this.conversation, ...facts };
    this.#receive(messages);
    this.#follow();
    this.#changed();
  }

  #receive(messages) {
    const fresh = this.thread.merge(messages);
    for (const message of fresh) if (message.source_id) this.outbox.confirm(message.source_id);
    const replies = fresh.filter((message) => message.message_type !== 0);
    if (replies.length) this.#expect(false);
    if (replies.some((message) => message.sender.type === "user")) this.typing = null;
    this.#changed();
    for (const message of replies) this.#changed("reply", message);
  }

  #listen() {
    this.#live?.stop();
    const { id } = this.conversation;
    this.#live = new Live({
      token: this.client.token,
      conversation: id,
      onEvent: (kind, data) => this.#hear(kind, data),
      onGap: () => this.refresh().catch(() => {}),
      onState: (isLive) => {
        this.isLive = isLive;
        this.#changed();
      },
      onRefused: () => this.#lost(),
    });
  }

  async refresh() {
    const { id } = this.conversation || {};
    if (!id) return;
    const found = await this.client.call("GET", `/conversations/${id}`);
    if (this.conversation?.id === id) this.#take(found);
  }

  #hear(kind, data) {
    if (kind === "message_created" || kind === "message_updated") return this.#receive([data]);
    if (kind === "conversation_typing_on" || kind === "conversation_typing_off") return this.#noteTyping(kind, data);
    if (kind === "conversation_status_changed" || kind === "conversation_updated") this.#take(data);
  }

  #noteTyping(kind, { user }) {
    if (!user || user.type === "contact") return;
    clearTimeout(this.#timers.typing);
    this.typing = kind.endsWith("_on") ? user : null;
    this.#timers.typing = setTimeout(() => ((this.typing = null), this.#changed()), TYPING_SHOWN_MS);
    this.#changed();
  }

  /** While a person is awaited, ask now and then how long it may take. */
  #follow() {
    const isWaiting = this.conversation.owner === "queue" && this.conversation.status !== "resolved";
    clearInterval(this.#timers.queue);
    if (!isWaiting) return void (this.queue = null);
    this.#timers.queue = setInterval(() => void this.#askQueue(), QUEUE_EVERY_MS);
    void this.#askQueue();
  }

  async #askQueue() {
    const { id } = this.conversation || {};
    const queue = id ? await this.client.call("GET", `/conversations/${id}/queue`).catch(() => null) : null;
    if (!queue || this.conversation?.id !== id) return;
    this.queue = queue;
    if (queue.owner !== this.conversation.owner) await this.refresh().catch(() => {});
    this.#changed();
  }

  #lost() {
    this.client.token = null;
    remember("session", null);
    remember("identity", null);
    this.leave();
    this.#changed("lost");
  }

  // ── messages ────────────────────────────────────────────────────────────────────────────────────

  say(content, files = []) {
    this.#post(files.length ? { kind: "files", content, files, progress: 0 } : { kind: "text", content });
  }

  command(command, content) {
    this.#post({ kind: "command", command, content });
  }

  answer(messageId, values, content) {
    this.#post({ kind: "answer", messageId, values, content });
  }

  #post(entry) {
    this.outbox.put({ ...entry, conversation: this.conversation?.id ?? null });
    this.#expect(!this.conversation || this.conversation.owner === "assistant");
    this.#live?.nudge();
  }

  #expect(isExpecting) {
    clearTimeout(this.#timers.expect);
    this.isExpecting = isExpecting;
    if (isExpecting) this.#timers.expect = setTimeout(() => ((this.isExpecting = false), this.#changed()), ANSWER_EXPECTED_MS);
    this.#changed();
  }

  async #deliver(item) {
    if (!this.hasSession || this.#opening) await this.open();
    const number = item.conversation ?? this.conversation?.id;
    try {
      if (number) await this.#deliverTo(number, item);
      else await this.#begin(item);
    } catch (problem) {
      if (!problem.isRetryable) this.#expect(false);
      if (problem instanceof RequestFailed && problem.status === 401) {
        // Said to a session that has ended: said again in a new one, it begins a new conversation.
        this.#lost();
        item.conversation = null;
        problem.isRetryable = item.kind !== "answer";
      }
      throw problem;
    }
  }

  async #deliverTo(number, item) {
    const base = `/conversations/${number}/messages`;
    if (item.kind === "answer") {
      const body = { submitted_values: item.values, echo_id: item.echo };
      const answered = await this.client.call("PATCH", `${base}/${item.messageId}`, body);
      if (this.conversation?.id === number) this.#receive([answered]);
      return this.isLive ? undefined : this.refresh();
    }
    const { content, command, echo } = item;
    const stored = item.files
      ? await this.#upload(base, item, { content, echo_id: echo })
      : await this.client.call("POST", base, { content, command, echo_id: echo });
    if (this.conversation?.id === number) this.#receive([stored]);
  }

  async #begin(item) {
    if (item.attempts && (await this.#findBegun(item.echo))) return;
    const { content, command, echo } = item;
    const message = { content, command, echo_id: echo };
    const custom = Object.keys(this.#given).length ? this.#given : undefined;
    const body = { language: language(), message, custom_attributes: custom };
    const fields = { "message[content]": content, "message[echo_id]": echo, language: language(), custom_attributes: custom && JSON.stringify(custom) };
    this.#enter(await (item.files ? this.#upload("/conversations", item, fields) : this.client.call("POST", "/conversations", body)));
  }

  #upload(path, item, fields) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
    for (const file of item.files) form.append("attachments[]", file, file.name);
    return this.client.upload(path, form, (share) => {
      item.progress = share;
      this.#changed();
    });
  }

  /** A conversation begun by an attempt whose answer never came. */
  async #findBegun(echo) {
    const [newest] = await this.client.call("GET", "/conversations");
    const found = newest ? await this.client.call("GET", `/conversations/${newest.id}`) : null;
    const isOurs = found?.messages.some((message) => message.source_id === echo);
    if (isOurs) this.#enter(found);
    return isOurs;
  }

  // ── the rest of what a customer may do ──────────────────────────────────────────────────────────

  #own(path) {
    return `/conversations/${this.conversation.id}${path}`;
  }

  signalTyping(isTyping) {
    if (!this.conversation) return;
    const body = { typing_status: isTyping ? "on" : "off" };
    this.client.call("POST", this.#own("/toggle_typing"), body).catch(() => {});
  }

  markSeen() {
    if (!this.conversation) return;
    remember("seen", { conversation: this.conversation.id, message: this.thread.lastId });
    this.client.call("POST", this.#own("/update_last_seen")).catch(() => {});
  }

  /** The replies the customer has not seen, here or on another device. */
  get unread() {
    const seen = recall("seen");
    const last = seen && seen.conversation === this.conversation?.id ? seen.message : 0;
    const seenAt = this.conversation?.contact_last_seen_at || 0;
    return this.thread.messages.filter((message) => message.message_type !== 0 && message.id > last && message.created_at > seenAt);
  }

  explain(messageId) {
    return this.client.call("GET", this.#own(`/messages/${messageId}/explanation`));
  }

  appeal(messageId, reason) {
    return this.client.call("POST", this.#own(`/messages/${messageId}/appeal`), { reason });
  }

  leaveEmail(email) {
    return this.client.call("POST", this.#own("/email"), { email });
  }

  async end() {
    if (this.conversation) this.#take(await this.client.call("POST", this.#own("/toggle_status")));
  }

  /** What the host page knows about the conversation; kept until there is one. */
  async change(changes) {
    this.#given = { ...this.#given, ...changes.custom_attributes };
    if (this.conversation) await this.client.call("PATCH", this.#own(""), changes);
  }

  /** What the host page knows about its customer. */
  async describe(changes) {
    if (!this.hasSession) await this.open();
    await this.client.call("PATCH", "/sessions", changes);
  }

  menu() {
    return this.client.call("GET", `/menu?language=${language()}`);
  }
}
