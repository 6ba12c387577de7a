// Audits every staff page in English.

import { auditDeskPages } from './audit.js';

auditDeskPages('en');
