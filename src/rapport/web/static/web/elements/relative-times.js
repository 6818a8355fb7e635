// Keeps every <time data-relative> honest while the page stays open, in the reader's language.
const language = document.documentElement.lang || "en";
const long = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const SHORT = { day: "day", hour: "hour", minute: "minute" };

function words(seconds, style) {
  for (const [unit, size] of STEPS) {
    if (seconds >= size) {
      const count = Math.floor(seconds / size);
      return style === "short"
        ? new Intl.NumberFormat(language, { style: "unit", unit: SHORT[unit], unitDisplay: "short" }).format(count)
        : long.format(-count, unit);
    }
  }
  return "";
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
    if (seconds < 60 || (element.dataset.relative === "long" && seconds > 7 * 86400)) continue;
    element.textContent = words(seconds, element.dataset.relative);
  }
}

setInterval(refresh, 30000);
