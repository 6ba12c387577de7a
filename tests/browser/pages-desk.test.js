// Audits every staff page.

import { test } from 'node:test';

import { deskPages } from './desk-pages.js';
import { auditPages } from './audit.js';
import { invitationLink, setLanguage, signedInPage } from './actors.js';
import { browser, portal, useFixtures } from './fixtures.js';
import { SERVER_OPTIONS } from './scenarios.js';

useFixtures({ serverOptions: SERVER_OPTIONS });

test('staff pages, pl, then en', async (context) => {
  const page = await signedInPage(browser, portal.url);
  const link = await invitationLink(page, 'Anna Nowicka');
  for (const lang of ['pl', 'en']) {
    await setLanguage(page, lang);
    await auditPages(context, page, lang, await deskPages(page, `${link}?lang=${lang}`));
  }
});
