// The page in the iframe: puts the parts together and turns what the customer does into what the chat does.

import "./banner.js";
import "./composer.js";
import "./header.js";
import "./home.js";
import "./log.js";
import "./why.js";
import { Chat } from "./chat.js";
import { h } from "./dom.js";
import { connectHost } from "./embedding.js";
import { hasSound, playTone, toggleSound } from "./sound.js";
import { recall, remember } from "./storage.js";
import { language, plural, speak, supported, t } from "./words.js";

const config = JSON.parse(document.body.dataset.config);
const FINE_POINTER = window.matchMedia("(pointer: fine)");

function shortened(text, length) {
  return text.length > length ? `${text.slice(0, length).trimEnd()}…` : text;
}

class App {
  chat = new Chat(document.body.dataset.websiteToken);
  settings = {};
  menu = config.menu;
  menuLanguage = config.menu_language;
  view = "home";
  isOpen = false;
  newFrom = null;
  #isDue = false;

  async start() {
    this.header = document.createElement("chat-header");
    this.banner = document.createElement("status-banner");
    this.home = document.createElement("home-view");
    this.log = document.createElement("message-log");
    this.composer = document.createElement("message-composer");
    this.why = document.createElement("why-sheet");
    this.alert = h("div", { class: "alert", role: "alert", hidden: true });
    document.body.addEventListener("act", (event) => this.#act(event.detail));
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => this.header.contains(event.target) || this.header.showMenu?.(false));
    document.addEventListener("visibilitychange", () => this.#seen());
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.update());
    this.chat.addEventListener("change", () => this.update());
    this.chat.addEventListener("reply", ({ detail }) => this.#replied(detail));
    this.chat.addEventListener("reset", () => this.show("home"));
    this.chat.addEventListener("lost", () => this.#say(t("sessionEnded")));
    this.host = connectHost(this);
    this.settings = await this.host.settings;
    await this.#choose(this.settings);
    document.body.append(this.header, h("main", {}, this.banner, this.home, this.log, this.alert, this.composer), this.why);
    this.composer.listenForDrops(document.body);
    this.host.tellReady(config);
    await this.chat.resume().catch(() => {});
    if (this.isOpen) this.#continue();
    if (!this.host.isEmbedded) this.opened({ quietly: this.host.isPopout });
    this.update();
  }

  // ── what is shown ───────────────────────────────────────────────────────────────────────────────

  update() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw() {
    if (!this.composer?.isConnected) return;
    const { chat } = this;
    const { conversation } = chat;
    const isChat = this.view === "chat";
    const isEnded = isChat && conversation?.status === "resolved";
    const owner = conversation && conversation.status !== "resolved" ? conversation.owner : "assistant";
    this.home.hidden = isChat;
    this.log.hidden = this.banner.hidden = !isChat;
    this.header.update({
      brand: config.brand, logo: config.logo_url, view: this.view, owner, agent: this.#agent(owner), isEmbedded: this.host.isEmbedded,
      canPopOut: Boolean(this.settings.showPopoutButton) && this.host.isEmbedded, hasSound: hasSound(),
      isActive: isChat && Boolean(conversation) && !isEnded, mayEnd: this.settings.enableEndConversation !== false, privacy: config.privacy_url,
    });
    const limits = this.settings.enableFileUpload === false ? null : config.files;
    this.composer.update({ isHome: !isChat, owner, isEnded, limits });
    if (isChat) {
      this.banner.update({ isOnline: navigator.onLine, isLive: chat.isLive || !conversation, isEnded, owner, queue: chat.queue });
      this.log.update({ chat, newFrom: this.newFrom });
      if (document.activeElement === document.body && this.isOpen && FINE_POINTER.matches) this.composer.focusInput();
    } else {
      const last = chat.thread.messages.at(-1);
      const goesOn = conversation && conversation.status !== "resolved" ? { preview: shortened(last?.content || "", 90) } : null;
      // While a person is awaited the assistant is silent: its topics would lead nowhere.
      const menu = owner === "assistant" ? this.menu : [];
      this.home.update({ welcome: this.settings.welcomeTitle || config.welcome_title, text: this.settings.welcomeDescription || config.welcome_text, menu, conversation: goesOn });
    }
    this.#seen();
  }

  #agent(owner) {
    return owner === "agent" ? this.chat.thread.messages.filter((m) => m.sender.type === "user").at(-1)?.sender.name || "" : "";
  }

  show(view, { keepFocus = false } = {}) {
    if (view === "chat") this.newFrom = this.chat.unread[0]?.id ?? null;
    this.view = view;
    this.update();
    queueMicrotask(() => {
      if (view === "chat") this.log.toEnd(true);
      else if (this.isOpen && !keepFocus) this.home.querySelector("h1")?.focus();
    });
  }

  #say(text) {
    this.alert.textContent = text;
    this.alert.hidden = false;
    clearTimeout(this.alertTimer);
    this.alertTimer = setTimeout(() => (this.alert.hidden = true), 8000);
  }

  // ── what is new ─────────────────────────────────────────────────────────────────────────────────

  #isLookedAt() {
    return this.isOpen && this.view === "chat" && !document.hidden;
  }

  #replied(message) {
    this.host.send("message", message);
    if (!this.#isLookedAt()) playTone();
  }

  #seen() {
    const unread = this.chat.unread;
    if (unread.length && this.#isLookedAt()) {
      this.chat.markSeen();
      return this.host.tellUnread(0, "", "");
    }
    this.host.tellUnread(unread.length, shortened(unread.at(-1)?.content || "", 160), plural("unread", unread.length));
  }

  // ── what the host page says ─────────────────────────────────────────────────────────────────────

  opened({ quietly }) {
    this.isOpen = true;
    this.isContinuing = Boolean(quietly);
    this.#continue();
    if (!quietly && FINE_POINTER.matches) this.composer.focusInput();
    else if (!quietly) this.header.querySelector("button")?.focus();
  }

  /** To the conversation, if there is news or the last page was left in the middle of it; else as it was. */
  #continue() {
    const { conversation, unread } = this.chat;
    const isGoingOn = conversation && conversation.status !== "resolved" && (unread.length || this.isContinuing);
    this.show(isGoingOn ? "chat" : this.view, { keepFocus: true });
  }

  closed() {
    this.isOpen = false;
    this.newFrom = null;
    this.update();
  }

  focusEdge(edge) {
    const found = [...document.querySelectorAll("button, a[href], input, select, textarea, [tabindex='0']")].filter((e) => !e.disabled && e.checkVisibility?.());
    found.at(edge === "last" ? -1 : 0)?.focus();
  }

  setScheme(scheme) {
    if (scheme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = scheme === "dark" ? "dark" : "light";
  }

  async #choose({ locale, useBrowserLanguage, darkMode }) {
    this.setScheme(darkMode || config.colour_scheme || "light");
    const browser = useBrowserLanguage || !locale ? navigator.languages.map(supported).find(Boolean) : "";
    await this.setLocale(locale, browser);
  }

  /** The customer's own choice stands until the host page changes its language. */
  async setLocale(locale, browser = "") {
    const chosen = recall("language");
    const wanted = chosen && (!locale || chosen.host === locale) ? chosen.code : supported(locale) || browser || config.menu_language;
    this.hostLocale = locale || "";
    await this.#speak(wanted);
  }

  async #speak(code) {
    await speak(code);
    if (this.menuLanguage !== language()) {
      this.menu = await this.chat.menu().catch(() => this.menu);
      this.menuLanguage = language();
    }
    if (this.host && this.composer.isConnected) this.host.tellReady(config);
    this.update();
  }

  // ── what the customer does ──────────────────────────────────────────────────────────────────────

  #key(event) {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (!this.header.showMenu(false)) this.host.send("close");
  }

  /** A photo's address has ended: read the conversation again, seldom. */
  async #refreshOnce() {
    if (Date.now() - (this.refreshedAt || 0) < 60000) return;
    this.refreshedAt = Date.now();
    await this.chat.refresh();
  }

  async #act({ name, ...detail }) {
    const { chat } = this;
    const send = (how) => {
      if (this.view === "home" && chat.conversation?.status === "resolved") chat.leave();
      this.newFrom = null;
      how();
      this.show("chat");
    };
    const actions = {
      say: () => send(() => chat.say(detail.text, detail.files)),
      attach: () => this.composer.tray.pick(detail),
      problem: () => this.#say(detail.text),
      tray: () => this.composer.focusInput(),
      stale: () => this.#refreshOnce(),
      discard: () => chat.outbox.discard(detail.echo),
      topic: () => send(() => chat.command(`start:${detail.procedure}`, detail.title)),
      topics: () => send(() => chat.command("menu", t("showTopics"))),
      person: () => send(() => chat.command("talk_to_person", t("talkToPerson"))),
      choose: () => send(() => chat.answer(detail.messageId, detail.values, detail.title)),
      continue: () => this.show("chat"),
      home: () => this.show("home"),
      restart: async () => {
        await chat.end();
        chat.leave();
        this.log.clear();
        this.show("home");
      },
      end: () => chat.end(),
      retry: () => chat.outbox.retry(detail.echo),
      typing: () => chat.signalTyping(detail.isTyping),
      email: () => chat.leaveEmail(detail.email).then(() => detail.done(true), () => detail.done(false)),
      why: () => this.why.show({ explain: () => chat.explain(detail.messageId), appeal: (reason) => chat.appeal(detail.messageId, reason) }),
      sound: () => toggleSound(),
      language: async () => {
        remember("language", { code: detail.code, host: this.hostLocale });
        await this.#speak(detail.code);
        await chat.change({ language: detail.code });
      },
      popout: () => this.host.send("popout"),
      close: () => this.host.send("close"),
    };
    try {
      await actions[name]?.();
    } catch {
      this.#say(t("failed"));
    }
    this.update();
  }
}

await new App().start();
