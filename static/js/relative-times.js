// Keeps <time data-since="2026-11-20T13:30:00Z"> up to date each minute, in the same format as the server.
// [data-server-time] is the server's clock when the page was rendered, since the visitor's may be wrong.

const MINUTE = 60_000;

const days = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'day', unitDisplay: 'long' });
const clockOffset = Date.parse(document.querySelector('[data-server-time]')?.dataset.serverTime ?? '') - Date.now() || 0;

function elapsed(since) {
  const minutes = Math.max(0, Math.floor((Date.now() + clockOffset - Date.parse(since)) / MINUTE));
  if (minutes < 60) return `${minutes}\u00A0min`;
  if (minutes < 2 * 24 * 60) return `${Math.floor(minutes / 60)}\u00A0h`;
  return days.format(Math.floor(minutes / (24 * 60))).replaceAll(' ', '\u00A0');
}

/** Updates the times of the page, or of an element that was just added. */
export function refreshTimes(root = document) {
  for (const time of root.querySelectorAll('[data-since]')) {
    const text = elapsed(time.dataset.since);
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(() => refreshTimes(), MINUTE);
document.addEventListener('visibilitychange', () => refreshTimes());
