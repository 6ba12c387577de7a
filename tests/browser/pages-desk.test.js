// Looks over every page of the desk.

import { test } from 'node:test';

import { deskPages } from './desk-pages.js';
import { lookOver } from './look-over.js';
import { atTheDesk, invitation, speak } from './people.js';
import { browser, portal, stage } from './stage.js';
import { SETTING } from './ways.js';

stage({ setting: SETTING });

test('pages of the desk, pl, then en', async (story) => {
  const page = await atTheDesk(browser, portal.url);
  const link = await invitation(page, 'Anna Nowicka');
  for (const lang of ['pl', 'en']) {
    await speak(page, lang);
    await lookOver(story, page, lang, await deskPages(page, `${link}?lang=${lang}`));
  }
});
