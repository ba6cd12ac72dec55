/** The table of safeguards names properties that there are. */
import { GUARDS, WAYS_IN } from '../../../analyzers/diff/guards.js';
import { SAFEGUARDS } from '../../../analyzers/diff/safeguards.js';
import { propertyAt, resourceType } from '../../../catalogue/index.js';

it('names properties of the catalogue', () => {
  const missing = [...SAFEGUARDS].flatMap(([type, rows]) =>
    // Custom resources are in no catalogue.
    (type.startsWith('Custom::') ? [] : rows).flatMap(({ path }) =>
      propertyAt(type, path) === undefined ? [`${type} ${path.join('.')}`] : [],
    ),
  );
  expect(missing).toStrictEqual([]);
  expect(SAFEGUARDS.size).toBeGreaterThan(60);
});

it('names types of the catalogue', () => {
  const types = [...GUARDS.keys(), ...WAYS_IN.keys()];
  expect(types.filter((type) => resourceType(type) === undefined)).toStrictEqual([]);
  for (const [type, { watches }] of GUARDS) {
    if (watches !== undefined) expect(propertyAt(type, [watches])).toBeDefined();
  }
});
