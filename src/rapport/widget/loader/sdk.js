// Rapport's loader: a launcher and an iframe on somebody else's page.
// No dependency. Its globals: chatwootSDK, $chatwoot, and rapport, which may be a queue before it loads:
//   window.rapport = window.rapport || function () { (rapport.q = rapport.q || []).push(arguments); };
//   rapport("setUser", "42", { name: "Vera" });
(function (w, d) {
  "use strict";
  if (w.chatwootSDK && w.chatwootSDK.run) return;

  var CSS =
    ":host{all:initial}" +
    "*{box-sizing:border-box;font:500 15px/1.35 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}" +
    ".bubble,.note{position:fixed;bottom:20px;z-index:2147483000;border:0;cursor:pointer}" +
    ".bubble{display:flex;align-items:center;justify-content:center;gap:10px;height:56px;min-width:56px;padding:0;" +
    "border-radius:28px;color:var(--on);background:var(--brand);box-shadow:0 4px 16px rgb(0 0 0/.22);transition:transform .18s}" +
    ".bubble.wide{padding:0 22px 0 18px}.bubble:hover{transform:translateY(-2px)}" +
    ".bubble:focus-visible,.note:focus-visible,.hush:focus-visible{outline:3px solid var(--brand);outline-offset:3px}" +
    "svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}" +
    ".badge{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;" +
    "background:#b3302d;color:#fff;font-size:12px;font-weight:700;line-height:22px;text-align:center}" +
    ".right{right:20px}.left{left:20px}" +
    ".note{bottom:92px;max-width:min(300px,calc(100vw - 40px));padding:12px 16px;border-radius:16px;text-align:start;" +
    "background:#fff;color:#1f1d1a;box-shadow:0 6px 24px rgb(0 0 0/.2);overflow:hidden;display:-webkit-box;" +
    "-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow-wrap:anywhere}" +
    ".panel{position:fixed;bottom:92px;z-index:2147483001;width:min(380px,calc(100vw - 40px));" +
    "height:min(720px,calc(100vh - 112px));border-radius:18px;overflow:hidden;visibility:hidden;opacity:0;" +
    "transform:translateY(12px);background:#fff;box-shadow:0 12px 48px rgb(0 0 0/.24),0 0 1px rgb(0 0 0/.4);" +
    "transition:opacity .18s,transform .18s,visibility .18s}" +
    ".panel.dark{background:#1e1d1a}.panel.open{visibility:visible;opacity:1;transform:none}" +
    "[hidden]{display:none!important}" +
    "@media(max-width:480px),(max-height:480px){.panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0}.bubble.hides{display:none}}" +
    "@media(prefers-reduced-motion:reduce){*{transition:none!important}}";
  var CHAT = "M7.9 20A9 9 0 1 0 4 16.1L2 22Z";
  var CROSS = "M18 6 6 18M6 6l12 12";
  // What the page in the iframe may say, and nothing else.
  var FROM_FRAME = ["hello", "ready", "message", "unread", "close", "error", "popout"];
  var FORWARDED = {
    setCustomAttributes: 1, deleteCustomAttribute: 1, setConversationCustomAttributes: 1,
    deleteConversationCustomAttribute: 1, setLabel: 1, removeLabel: 1, setLocale: 1, setColorScheme: 1, reset: 1,
  };

  function run(options) {
    if (w.$chatwoot && w.$chatwoot.websiteToken) return;
    var base = (options.baseUrl || "").replace(/\/+$/, "") || new URL(d.currentScript ? d.currentScript.src : ".", w.location.href).origin;
    var settings = Object.assign({}, w.chatwootSettings, options.settings);
    var origin = new URL(base, w.location.href).origin;
    var phone = w.matchMedia("(max-width: 480px), (max-height: 480px)");
    var dark = w.matchMedia("(prefers-color-scheme: dark)");
    var waiting = [], count = 0, isListening = false, words = {}, before = null, timer = 0;
    var scheme = settings.darkMode === "auto" ? "auto" : settings.darkMode === "dark" ? "dark" : "light";

    var host = d.createElement("div");
    host.id = "rapport-widget";
    var root = host.attachShadow({ mode: "open" });
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch (_) {
      add("style", root).textContent = CSS;
    }
    var note = add("button", root, "note"), bubble = add("button", root, "bubble"), panel = add("div", root, "panel");
    note.hidden = bubble.hidden = true;
    note.type = bubble.type = "button";
    bubble.setAttribute("aria-haspopup", "dialog");
    var face = bubble.appendChild(drawing(CHAT)), label = add("span", bubble), badge = add("span", bubble, "badge");
    badge.hidden = true;
    panel.setAttribute("role", "dialog");
    // The iframe is a child of the page and only shown inside the panel: so a window opened from here can find it.
    var first = edge("last"), frame = add("iframe", host), last = (add("slot", panel), edge("first"));
    frame.id = host.id + "-frame";
    frame.style.cssText = "all:initial;visibility:inherit;display:block;width:100%;height:100%;border:0;color-scheme:light dark";
    frame.title = settings.launcherTitle || "Chat";
    // Scripts and our own origin: it is our page. Forms and links to the help centre in a new window; nothing else.
    // On a page of the same origin it would confine nothing, and browsers warn.
    if (origin !== w.location.origin) frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("allow", "clipboard-write");
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    var address = base + "/widget?website_token=" + encodeURIComponent(options.websiteToken) +
      (settings.locale ? "&locale=" + encodeURIComponent(settings.locale) : "");
    frame.src = address + "#origin=" + encodeURIComponent(w.location.origin);

    function add(tag, parent, name) {
      var element = d.createElement(tag);
      if (name) element.className = name;
      return parent.appendChild(element);
    }
    function drawing(path) {
      var svg = d.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      svg.appendChild(d.createElementNS(svg.namespaceURI, "path")).setAttribute("d", path);
      return svg;
    }
    // On phones the panel covers the page: Tab at its end goes to its other end.
    function edge(to) {
      var guard = add("span", panel);
      guard.addEventListener("focus", function () { frame.focus(); post("focus", { edge: to }); });
      return guard;
    }
    function emit(name, detail) {
      w.dispatchEvent(new CustomEvent("chatwoot:" + name, { detail: detail }));
    }
    function envelope(type, data) {
      return { v: 1, type: type, id: ++count, data: data === undefined ? null : data };
    }
    function post(type, data) {
      if (isListening) frame.contentWindow.postMessage(envelope(type, data), origin);
      else waiting.push([type, data]);
    }
    function listen(event) {
      var m = event.data;
      if (event.origin !== origin || !m || m.v !== 1 || FROM_FRAME.indexOf(m.type) < 0) return;
      if (event.source === frame.contentWindow) hear[m.type](m.data || {});
    }

    var hear = {
      hello: function () {
        isListening = true;
        post("init", { settings: settings, page: w.location.href.split("#")[0], phone: phone.matches });
        waiting.splice(0).forEach(function (m) { post(m[0], m[1]); });
      },
      ready: function (data) {
        words = data.words || words;
        host.style.setProperty("--brand", data.colour);
        host.style.setProperty("--on", data.onColour);
        place(settings.position || data.position);
        frame.title = data.title || frame.title;
        panel.setAttribute("aria-label", frame.title);
        label.textContent = settings.launcherTitle || data.launcherTitle || "";
        var wide = (settings.type || data.type) === "expanded_bubble" && label.textContent;
        label.hidden = !wide;
        bubble.classList.toggle("wide", !!wide);
        draw();
        if (api.hasLoaded) return;
        w.clearTimeout(timer);
        api.hasLoaded = true;
        bubble.hidden = !!settings.hideMessageBubble;
        emit("ready");
        w.dispatchEvent(new CustomEvent("helpWidgetReady"));
        if (remembered() && !phone.matches) show(true, true);
      },
      message: function (data) { emit("on-message", data); },
      unread: function (data) {
        badge.textContent = data.count > 9 ? "9+" : data.count;
        badge.hidden = !data.count;
        note.textContent = data.preview || "";
        note.hidden = !data.count || !data.preview || api.isOpen || settings.showUnreadMessagesDialog === false;
        words.unread = data.label;
        draw();
      },
      close: function () { show(false); },
      error: function (data) { emit("error", data); },
      popout: function () { api.popoutChatWindow(); },
    };

    function place(side) {
      var other = side === "left" ? "right" : "left";
      [note, bubble, panel].forEach(function (element) {
        element.classList.remove(other);
        element.classList.add(side === "left" ? "left" : "right");
      });
    }
    function draw() {
      var name = (api.isOpen ? words.close : words.open) || frame.title;
      bubble.setAttribute("aria-label", !api.isOpen && !badge.hidden && words.unread ? name + ", " + words.unread : name);
      bubble.setAttribute("aria-expanded", String(api.isOpen));
      bubble.classList.toggle("hides", api.isOpen);
      face.firstChild.setAttribute("d", api.isOpen ? CROSS : CHAT);
      panel.classList.toggle("open", api.isOpen);
      panel.classList.toggle("dark", scheme === "dark" || (scheme === "auto" && dark.matches));
      var covers = api.isOpen && phone.matches;
      panel.setAttribute("aria-modal", String(covers));
      first.tabIndex = last.tabIndex = covers ? 0 : -1;
    }
    function show(open, quietly) {
      if (open === api.isOpen) return;
      api.isOpen = open;
      if (open && !quietly) before = d.activeElement === host ? bubble : d.activeElement;
      var had = d.activeElement === frame;
      if (open) note.hidden = true;
      draw();
      remember(open);
      if (open && !quietly) frame.focus();
      post(open ? "opened" : "closed", { quietly: !!quietly });
      if (!open && had) (bubble.hidden && before && before.focus ? before : bubble).focus();
      emit(open ? "opened" : "closed");
    }
    function remember(open) {
      try { w.sessionStorage.setItem("rapport:open", open ? "1" : ""); } catch (_) { /* not allowed here */ }
    }
    function remembered() {
      try { return w.sessionStorage.getItem("rapport:open"); } catch (_) { return false; }
    }

    var api = {
      baseUrl: base, websiteToken: options.websiteToken, hasLoaded: false, isOpen: false,
      hideMessageBubble: !!settings.hideMessageBubble, position: settings.position || "right",
      locale: settings.locale || "", type: settings.type || "standard", darkMode: scheme,
      toggle: function (state) { show(state === "open" ? true : state === "close" ? false : !api.isOpen); },
      open: function () { show(true); },
      close: function () { show(false); },
      toggleBubbleVisibility: function (state) {
        settings.hideMessageBubble = api.hideMessageBubble = state === "hide";
        bubble.hidden = state === "hide" || !api.hasLoaded;
      },
      popoutChatWindow: function () {
        if (w.open(address + "#popout&scheme=" + scheme, "rapport-chat", "popup,width=420,height=720")) show(false);
      },
      setUser: function (identifier, user) {
        var u = user || {};
        if (typeof identifier !== "string" && typeof identifier !== "number") throw new Error("Identifier should be a string or a number");
        if (!u.avatar_url && !u.email && !u.name) throw new Error("User object should have one of the keys [avatar_url, email, name]");
        post("setUser", { identifier: String(identifier), user: u });
      },
      destroy: function () {
        w.removeEventListener("message", listen);
        w.clearTimeout(timer);
        host.remove();
        delete w.$chatwoot;
      },
    };
    Object.keys(FORWARDED).forEach(function (name) {
      api[name] = function (value) {
        if (/Attributes$/.test(name) && (!value || !Object.keys(value).length)) throw new Error("Custom attributes should have at least one key");
        if (name === "setColorScheme") { scheme = value; draw(); }
        post(name, value);
      };
    });

    bubble.addEventListener("click", function () { show(!api.isOpen); });
    note.addEventListener("click", function () { show(true); });
    root.addEventListener("keydown", function (event) { if (event.key === "Escape") show(false); });
    phone.addEventListener("change", draw);
    dark.addEventListener("change", draw);
    w.addEventListener("message", listen);
    timer = w.setTimeout(function () { emit("error", { code: "not_loaded" }); }, 20000);
    place(settings.position);
    draw();
    w.$chatwoot = api;
    var queue = (w.rapport && w.rapport.q) || [];
    w.rapport = function (name) { return api[name].apply(api, [].slice.call(arguments, 1)); };
    if (d.body) d.body.appendChild(host);
    else d.addEventListener("DOMContentLoaded", function () { d.body.appendChild(host); });
    [].forEach.call(queue, function (call) { w.rapport.apply(null, call); });
  }

  w.chatwootSDK = { run: run };
})(window, document);
