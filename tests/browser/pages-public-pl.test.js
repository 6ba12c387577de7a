// Audits every public page in Polish.

import { auditPublicPages } from './audit.js';

auditPublicPages('pl');
