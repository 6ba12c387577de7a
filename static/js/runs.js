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

/** Remembers a test: { url, at, told }, where told has { how, said, mos } for each language. */
export function remember(run) {
  try {
    sessionStorage.setItem(STORED, JSON.stringify([run, ...runs()].slice(0, MOST)));
  } catch {
    // the result has a page of its own all the same
  }
}

function show(section) {
  const { lang } = document.documentElement;
  // what an older program remembered is in one language only
  const all = runs().filter(({ told }) => told?.[lang]);
  const clock = new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  const rows = all.map(({ url, at, told }) => {
    const { how, said, mos } = told[lang];
    return row(page(url, lang), clock.format(new Date(at)), how, said, mos);
  });
  section.querySelector('tbody').replaceChildren(...rows);
  // one test alone is on its page already
  const isAlone = all.length === 1 && page(all[0].url, lang).pathname === location.pathname;
  section.hidden = all.length === 0 || isAlone;
}

/** The result's page in the reader's language, which may have changed since. */
function page(url, lang) {
  const { pathname, search } = new URL(url, location.origin);
  return { pathname: pathname.replace(/^\/[a-z]+\//, `/${lang}/`), search };
}

function row({ pathname, search }, ...texts) {
  const row = document.createElement('tr');
  texts.forEach((text, at) => {
    const cell = document.createElement(at === 0 ? 'th' : 'td');
    if (at === 0) cell.scope = 'row';
    if (at === 2) {
      const link = document.createElement('a');
      // only what this page has written: an address of ours
      link.href = pathname + search;
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
