/** When policies allow, as formulas: of one document, and of everything that applies to a request. */
import type { Policy, Statement } from '../model.js';
import type { Encoder } from './encode.js';
import { and, not, or } from './formula.js';
import type { Formula } from './formula.js';
import type { Form } from './principal.js';

type Effect = Statement['effect'];

/** Some statement of the effect applies. */
export function someApplies(
  policies: readonly Policy[],
  effect: Effect,
  encoder: Encoder,
  forms?: ReadonlySet<Form>,
): Formula {
  return or(
    policies.flatMap(({ statements, version }) =>
      statements.filter((each) => each.effect === effect).map((each) => encoder.applies(each, version, forms)),
    ),
  );
}

/** The documents allow by themselves: some statement does, and none denies. */
export function documentsAllow(policies: readonly Policy[], encoder: Encoder): Formula {
  return and([someApplies(policies, 'Allow', encoder), not(someApplies(policies, 'Deny', encoder))]);
}
