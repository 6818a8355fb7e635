// What the widget remembers in this browser, per inbox. Where storage is not allowed it remembers until the page ends.

const prefix = `rapport:${document.body.dataset.websiteToken}:`;
const fallback = new Map();

export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name));
  } catch {
    return fallback.get(name) ?? null;
  }
}

export function remember(name, value) {
  fallback.set(name, value);
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Private windows and strict browsers: the map above has to do.
  }
}
