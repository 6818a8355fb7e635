// The interface in the customer's language. Dates and numbers come from the browser.

export const LANGUAGES = { en: "English", cs: "Čeština", de: "Deutsch", es: "Español", ru: "Русский", zh: "中文" };

let words = {};
let code = "en";

/** The supported language of a tag such as `de-AT`, or nothing. */
export function supported(tag) {
  const base = String(tag || "").toLowerCase().split(/[-_]/)[0];
  return base in LANGUAGES ? base : "";
}

/** Load a language and speak it from now on. */
export async function speak(language) {
  const wanted = supported(language) || "en";
  words = (await import(`./words/${wanted}.js`)).default;
  code = wanted;
  document.documentElement.lang = wanted;
}

export function language() {
  return code;
}

/** The language with the visitor's own region, where the browser knows one: how hours and dates are written. */
function region() {
  return navigator.languages.find((tag) => supported(tag) === code) || code;
}

/** A text, with `{places}` filled. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** A text that depends on a number: `key_one`, `key_few`, `key_many` or `key_other`. */
export function plural(key, count) {
  const form = `${key}_${new Intl.PluralRules(code).select(count)}`;
  return t(form in words ? form : `${key}_other`, { count });
}

export function clockTime(seconds) {
  return new Intl.DateTimeFormat(region(), { hour: "numeric", minute: "2-digit" }).format(seconds * 1000);
}

export function longDate(seconds) {
  return new Intl.DateTimeFormat(region(), { day: "numeric", month: "long" }).format(seconds * 1000);
}

/** A size in bytes as people write it. */
export function fileSize(bytes) {
  const unit = bytes < 1e6 ? ["kilobyte", 1024] : ["megabyte", 1024 * 1024];
  return new Intl.NumberFormat(code, { style: "unit", unit: unit[0], maximumFractionDigits: bytes < 1e7 && bytes >= 1e6 ? 1 : 0 }).format(Math.max(1, bytes / unit[1]));
}

export function percent(share) {
  return new Intl.NumberFormat(code, { style: "percent" }).format(share);
}

/** The day of a message: today, yesterday, or the date. */
export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (day >= midnight) return t("today");
  if (day >= midnight - 864e5) return t("yesterday");
  return new Intl.DateTimeFormat(region(), { weekday: "long", day: "numeric", month: "long" }).format(day);
}
