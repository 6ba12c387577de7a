// The line tests of this visit, for comparison, kept in the session storage of this tab.
// Fills <section data-line-test-history hidden> with one row per test, the newest first.

const STORAGE_KEY = 'dzwoni-line-tests';
const MAX_TESTS = 12;

export function storedTests() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY));
    return Array.isArray(stored) ? stored : [];
  } catch {
    // storage is off, or its content is not ours
    return [];
  }
}

/** Stores a test: { url, at, rows }, where `rows` has { connection, summary, mos } for each language, as the server sends it. */
export function remember(test) {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([test, ...storedTests()].slice(0, MAX_TESTS)));
  } catch {
    // without storage there is only the page of the result
  }
}

function render(section) {
  const { lang } = document.documentElement;
  // entries of an older version are in one language only
  const tests = storedTests().filter(({ rows }) => rows?.[lang]);
  const clock = new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  const tableRows = tests.map(({ url, at, rows }) => {
    const { connection, summary, mos } = rows[lang];
    return tableRow(resultUrl(url, lang), clock.format(new Date(at)), connection, summary, mos);
  });
  section.querySelector('tbody').replaceChildren(...tableRows);
  // a single test is already shown by its own page
  const isOnlyThisPage = tests.length === 1 && resultUrl(tests[0].url, lang).pathname === location.pathname;
  section.hidden = tests.length === 0 || isOnlyThisPage;
}

/** The address of the result in the language of this page, which may have changed since. */
function resultUrl(url, lang) {
  const { pathname, search } = new URL(url, location.origin);
  return { pathname: pathname.replace(/^\/[a-z]+\//, `/${lang}/`), search };
}

function tableRow({ pathname, search }, ...texts) {
  const row = document.createElement('tr');
  texts.forEach((text, at) => {
    const cell = document.createElement(at === 0 ? 'th' : 'td');
    if (at === 0) cell.scope = 'row';
    if (at === 2) {
      const link = document.createElement('a');
      // only path and query: never another host
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

document.querySelectorAll('[data-line-test-history]').forEach(render);
