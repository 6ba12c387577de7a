// The event stream of a page. It runs while the page is visible, since browsers open only a few connections to one server,
// and reconnects by itself.

/** Reconnect delays in milliseconds: exponential, with jitter so that not all pages reconnect at once. */
const MIN_RETRY_DELAY = 1000;
const MAX_RETRY_DELAY = 30_000;

/**
 * Subscribes to the events at `url()` for which `handlers` has a function; each is called with the event's data.
 * `handlers.state` is called with "live", "lost" (the page may be outdated) or "sessionEnded".
 */
export function subscribe(url, handlers) {
  let source;
  let retryTimer;
  let failures = 0;
  let hasEnded = false;

  function open() {
    clearTimeout(retryTimer);
    if (source || hasEnded || document.visibilityState === 'hidden') return;
    source = new EventSource(url());
    source.addEventListener('open', () => (failures = 0));
    source.addEventListener('error', () => {
      close();
      failures += 1;
      if (failures > 1) handlers.state('lost');
      const delay = Math.min(MAX_RETRY_DELAY, MIN_RETRY_DELAY * 2 ** Math.min(failures - 1, 5));
      retryTimer = setTimeout(open, delay * (0.5 + Math.random()));
    });
    source.addEventListener('over', () => {
      hasEnded = true;
      close();
      handlers.state('sessionEnded');
    });
    source.addEventListener('away', () => handlers.state('lost'));
    source.addEventListener('back', () => handlers.state('live'));
    source.addEventListener('hello', () => handlers.state('live'));
    for (const [name, handler] of Object.entries(handlers)) {
      if (name !== 'state' && name !== 'closed') source.addEventListener(name, (event) => handler(event.data, event));
    }
  }

  function close() {
    clearTimeout(retryTimer);
    source?.close();
    source = undefined;
    handlers.closed?.();
  }

  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? close() : open()));
  // a page in the back/forward cache keeps no connection
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  addEventListener('offline', () => {
    close();
    if (!hasEnded) handlers.state('lost');
  });
  addEventListener('online', () => {
    failures = 0;
    open();
  });
  open();
}

const banner = document.querySelector('[data-connection]');
banner.setAttribute('role', 'status');

/** Shows that live updates are interrupted, or that the session has ended. */
export function showConnectionState(state) {
  if (banner.dataset.state === state) return;
  banner.dataset.state = state;
  banner.replaceChildren();
  if (state === 'live') return;
  const text = document.createElement('span');
  text.textContent = banner.dataset[state];
  banner.append(text);
  if (state !== 'sessionEnded') return;
  const signInLink = document.createElement('a');
  signInLink.href = `/staff/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  signInLink.textContent = banner.dataset.signIn;
  banner.append(' ', signInLink);
}
