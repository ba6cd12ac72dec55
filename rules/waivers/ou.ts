/**
 * Organizational units in the scope of a waiver: one of them, or (`ou-ab12-11111111/**`) one with all below it. Where an
 * account is, is told by the unit that holds it, or by the path from the root down to that unit.
 */

const UNIT = 'ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}';
const ROOT = 'r-[0-9a-z]{4,32}';

/** A unit, a root, or a path of them from the root down. */
export const OU_PLACE = `^(?:${ROOT}(?:/${UNIT})*|${UNIT})$`;
/** A unit or a root, alone or with all below it. */
export const OU_SCOPE = `^(?:${ROOT}|${UNIT})(?:/\\*\\*)?$`;

const BELOW = '/**';

/** Whether a unit of a scope is that of a place; `open` when only the whole path could tell. */
export function isInOu(wanted: string, place: string): boolean | 'open' {
  const units = place.split('/');
  if (!wanted.endsWith(BELOW)) return units.at(-1) === wanted;
  if (units.includes(wanted.slice(0, -BELOW.length))) return true;
  return units[0]!.startsWith('r-') ? false : 'open';
}

/** Whether one of several units is that of a place. */
export function isInSomeOu(wanted: readonly string[], place: string): boolean | 'open' {
  const answers = wanted.map((one) => isInOu(one, place));
  return answers.includes(true) ? true : answers.includes('open') ? 'open' : false;
}
