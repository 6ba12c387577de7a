// A page's stream of news. It runs while the page can be seen, since browsers open only a few connections to one
// server, and comes back by itself when it broke off.

/** When to come back, in milliseconds: not all pages at once, and ever later. */
const SOONEST = 1000;
const LATEST = 30_000;

/**
 * Hears from `address()` whatever `hear` has a function for; each is given the event's data.
 * `hear.state` is told "live", "lost" (what is on the page may be old) or "over" (the session is).
 */
export function listen(address, hear) {
  let source;
  let coming;
  let failures = 0;
  let over = false;

  function open() {
    clearTimeout(coming);
    if (source || over || document.visibilityState === 'hidden') return;
    source = new EventSource(address());
    source.addEventListener('open', () => (failures = 0));
    source.addEventListener('error', () => {
      close();
      failures += 1;
      if (failures > 1) hear.state('lost');
      const wait = Math.min(LATEST, SOONEST * 2 ** Math.min(failures - 1, 5));
      coming = setTimeout(open, wait * (0.5 + Math.random()));
    });
    source.addEventListener('over', () => {
      over = true;
      close();
      hear.state('over');
    });
    source.addEventListener('away', () => hear.state('lost'));
    source.addEventListener('back', () => hear.state('live'));
    source.addEventListener('hello', () => hear.state('live'));
    for (const [name, act] of Object.entries(hear)) {
      if (name !== 'state' && name !== 'closed') source.addEventListener(name, (event) => act(event.data, event));
    }
  }

  function close() {
    clearTimeout(coming);
    source?.close();
    source = undefined;
    hear.closed?.();
  }

  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? close() : open()));
  // a page that is kept for "Back" keeps no connection
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  addEventListener('offline', () => {
    close();
    if (!over) hear.state('lost');
  });
  addEventListener('online', () => {
    failures = 0;
    open();
  });
  open();
}

/** Says quietly, where the page has a place for it, that news don't come. */
export function sayState(state) {
  const place = document.querySelector('[data-connection]');
  if (!place || place.dataset.state === state) return;
  place.dataset.state = state;
  place.replaceChildren();
  if (state === 'live') return;
  const text = document.createElement('span');
  text.textContent = place.dataset[state];
  place.append(text);
  if (state !== 'over') return;
  const door = document.createElement('a');
  door.href = `/staff/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  door.textContent = place.dataset.door;
  place.append(' ', door);
}
