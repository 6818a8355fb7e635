// What the host page and the application tell each other: every method of the SDK ends here.

import { Host } from "./host.js";
import { inheritSession, lendSession } from "./popout.js";
import { t } from "./words.js";

/** Connect an application to the page around it; `settings` resolves once that page has said hello. */
export function connectHost(app) {
  const { chat } = app;
  let begin;
  let told = "";
  const settings = new Promise((resolve) => (begin = resolve));
  const attempt = (promise) => promise.catch((problem) => host.send("error", { code: problem.code || "failed", message: problem.message }));

  const hear = {
    init: ({ settings: given }) => begin(given || {}),
    opened: (data) => app.opened(data || {}),
    closed: () => app.closed(),
    focus: ({ edge }) => app.focusEdge(edge),
    setUser: ({ identifier, user }) => attempt(settings.then(() => chat.identify(identifier, user))),
    setCustomAttributes: (attributes) => attempt(chat.describe({ custom_attributes: attributes })),
    deleteCustomAttribute: (name) => attempt(chat.describe({ custom_attributes: { [name]: null } })),
    setConversationCustomAttributes: (attributes) => attempt(chat.change({ custom_attributes: attributes })),
    deleteConversationCustomAttribute: (name) => attempt(chat.change({ custom_attributes: { [name]: null } })),
    setLabel: (label) => attempt(chat.change({ add_labels: [label] })),
    removeLabel: (label) => attempt(chat.change({ remove_labels: [label] })),
    setLocale: (locale) => attempt(settings.then(() => app.setLocale(locale))),
    setColorScheme: (scheme) => app.setScheme(scheme),
    reset: () => attempt(chat.reset()),
  };
  const host = new Host((type, data) => hear[type](data));

  const said = new URLSearchParams(location.hash.slice(1));
  const isPopout = said.has("popout");
  if (host.isEmbedded) {
    lendSession(() => chat.client.token);
    host.send("hello");
  } else {
    const found = isPopout ? inheritSession() : Promise.resolve(null);
    void found.then(async (token) => {
      if (token) await chat.adopt(token).catch(() => {});
      begin(isPopout ? { locale: new URLSearchParams(location.search).get("locale"), darkMode: said.get("scheme") } : {});
    });
  }

  return {
    settings,
    isEmbedded: host.isEmbedded,
    isPopout,
    send: (type, data) => host.send(type, data),
    tellReady(config) {
      host.send("ready", {
        colour: config.colour, onColour: config.on_colour, position: config.position, title: config.brand, type: config.launcher_type,
        launcherTitle: config.launcher_title, words: { open: t("openChat"), close: t("closeChat") },
      });
    },
    tellUnread(count, preview, label) {
      const key = `${count}:${preview}`;
      if (key !== told) host.send("unread", { count, preview, label });
      told = key;
    },
  };
}
