// "5 h" grows old: <time data-since="2026-11-20T13:30:00Z"> tells how long ago that is, as src/zone.rs does, every
// minute. [data-now] is the server's clock when the page was drawn, since the visitor's may be wrong.

const MINUTE = 60_000;

const days = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'day', unitDisplay: 'long' });
const ahead = Date.parse(document.querySelector('[data-now]')?.dataset.now ?? '') - Date.now() || 0;

function span(since) {
  const passed = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(since)) / MINUTE));
  if (passed < 60) return `${passed}\u00A0min`;
  if (passed < 2 * 24 * 60) return `${Math.floor(passed / 60)}\u00A0h`;
  return days.format(Math.floor(passed / (24 * 60))).replaceAll(' ', '\u00A0');
}

/** Tells the times anew, of the page or of what was just put into it. */
export function refresh(within = document) {
  for (const one of within.querySelectorAll('[data-since]')) {
    const text = span(one.dataset.since);
    if (one.textContent !== text) one.textContent = text;
  }
}

setInterval(() => refresh(), MINUTE);
document.addEventListener('visibilitychange', () => refresh());
