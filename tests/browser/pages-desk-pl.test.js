// Audits every staff page in Polish.

import { auditDeskPages } from './audit.js';

auditDeskPages('pl');
