// The line tests of this visit, to compare: "by cable it was better". They stay in this tab.
// Fills <section data-runs hidden> with a row for each, the newest first.

const STORED = 'dzwoni-link-runs';
/** More than anybody compares. */
const MOST = 12;

export function runs() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED));
    return Array.isArray(stored) ? stored : [];
  } catch {
    // shut off, or spoilt: there is nothing to compare
    return [];
  }
}

/** Remembers a test: { url, at, how, said, mos }. */
export function remember(run) {
  try {
    sessionStorage.setItem(STORED, JSON.stringify([run, ...runs()].slice(0, MOST)));
  } catch {
    // the result has a page of its own all the same
  }
}

function show(section) {
  const all = runs();
  const body = section.querySelector('tbody');
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short' });
  body.replaceChildren(...all.map(({ url, at, how, said, mos }) => row(url, clock.format(new Date(at)), how, said, mos)));
  // one test alone is on its page already
  const isAlone = all.length === 1 && all[0].url.split('?')[0] === location.pathname;
  section.hidden = all.length === 0 || isAlone;
}

function row(url, ...texts) {
  const row = document.createElement('tr');
  texts.forEach((text, at) => {
    const cell = document.createElement(at === 0 ? 'th' : 'td');
    if (at === 0) cell.scope = 'row';
    if (at === 2) {
      const link = document.createElement('a');
      // only what this page has written: an address of ours
      link.href = new URL(url, location.origin).pathname + new URL(url, location.origin).search;
      link.textContent = text;
      cell.append(link);
    } else {
      cell.textContent = text || '–';
    }
    row.append(cell);
  });
  return row;
}

document.querySelectorAll('[data-runs]').forEach(show);
