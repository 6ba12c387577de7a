// Audits every public page in English.

import { auditPublicPages } from './audit.js';

auditPublicPages('en');
