/** JSON schema (draft-07) of `template.json`. */
import { templateSchema } from '../iam/templates/index.js';

export const TEMPLATE_SCHEMA = templateSchema({ kind: { enum: ['scp', 'rcp'] } });
