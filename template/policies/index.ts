export { POLICY_PLACES } from './places.js';
export type { PlaceKind, PolicyPlace } from './places.js';
export { policiesOf } from './find.js';
export type { FoundPolicy } from './find.js';
export { OWN_ACCOUNT, supposeTemplate } from './suppose.js';
export type { Supposed } from './suppose.js';
export { madeUpName, supposedName } from './names.js';
export type { NamedResource, SupposedPlace } from './names.js';
export { choicesIn, feasibleAssignments, valueUnder } from './under.js';
