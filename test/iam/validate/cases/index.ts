import { CONDITIONS } from './conditions.js';
import { ELEMENTS } from './elements.js';
import { GRAMMAR } from './grammar.js';
import { GRANTS } from './grants.js';
import type { Case } from './support.js';

export type { Case } from './support.js';

/** One case or more for each code. */
export const CASES: readonly Case[] = [...GRAMMAR, ...ELEMENTS, ...CONDITIONS, ...GRANTS];
