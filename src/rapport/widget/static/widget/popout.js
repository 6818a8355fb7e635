// The session goes from the iframe to a window of its own. Both ask and answer only their own origin, which the
// browser vouches for: the page in between never sees the token.

const PATIENCE_MS = 2000;

function isOurs(event, type) {
  return event.origin === location.origin && event.data?.v === 1 && event.data.type === type;
}

/** In the iframe: give the session to a window of ours that asks. */
export function lendSession(token) {
  window.addEventListener("message", (event) => {
    if (!isOurs(event, "askSession") || event.source === window.parent) return;
    event.source.postMessage({ v: 1, type: "session", id: 1, data: token() }, location.origin);
  });
}

/** In the window: the session of the iframe on the page that opened it, or null. */
export function inheritSession() {
  const { opener } = window;
  if (!opener) return Promise.resolve(null);
  return new Promise((resolve) => {
    window.addEventListener("message", (event) => isOurs(event, "session") && resolve(event.data.data));
    for (let index = 0; index < opener.length; index += 1) opener[index].postMessage({ v: 1, type: "askSession", id: 1, data: null }, location.origin);
    setTimeout(() => resolve(null), PATIENCE_MS);
  });
}
