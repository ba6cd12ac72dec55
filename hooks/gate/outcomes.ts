/** The ways in which a value that is not known comes out, when the choices that it hangs on are made. */
import { ABSENT, get, isMap, keysOf } from '../../template/index.js';
import type { Assignment, ResolvedDocument, Unknown, Value } from '../../template/index.js';

/** What a document does not know. */
export type Unknowns = Pick<ResolvedDocument, 'unknownAt' | 'feasible'>;

/**
 * A hook event has values, but for dynamic references to secrets, which reach hooks as they are written (AWS CloudFormation
 * Hooks User Guide, "Hooks concepts").
 */
export const EVENT_VALUES: Unknowns = {
  unknownAt: (node) => (typeof node === 'string' && node.includes('{{resolve:') ? SECRET : undefined),
  feasible: () => true,
};
const SECRET: Unknown = {
  kind: 'dynamicReference',
  reason: 'the value of a dynamic reference is not known to a hook',
  parameters: [],
  choices: [],
  under: () => undefined,
};
export const NO_CHOICES: Assignment = new Map();

/** One way in which a value comes out. */
export interface Outcome {
  readonly assignment: Assignment;
  /** `ABSENT`: nothing is there. */
  readonly value: Value | typeof ABSENT;
  /** The value stays unknown. */
  readonly unknown?: Unknown;
}

/** Most ways that are looked at for one resource. What lies beyond stays unknown. */
const MAX_WAYS = 4_000;

export class Ways {
  private count = 0;

  constructor(private readonly unknowns: Unknowns) {}

  /** @param assignment - The choices that are made already. */
  of(value: Value, assignment: Assignment): readonly Outcome[] {
    const isOpen = typeof value === 'string' || (typeof value === 'object' && value !== null);
    const unknown = isOpen ? this.unknowns.unknownAt(value) : undefined;
    if (unknown === undefined) return [{ assignment, value }];
    const open = unknown.choices.find(({ id }) => !assignment.has(id));
    if (open !== undefined) {
      if ((this.count += open.values.length) > MAX_WAYS) return [{ assignment, value, unknown }];
      return open.values.flatMap((chosen) => {
        const next = new Map(assignment).set(open.id, chosen);
        return this.unknowns.feasible(next) ? this.of(value, next) : [];
      });
    }
    const chosen = unknown.choices.length > 0 ? unknown.under(assignment) : undefined;
    if (chosen === undefined || chosen === value) return [{ assignment, value, unknown }];
    return chosen === ABSENT ? [{ assignment, value: chosen }] : this.of(chosen, assignment);
  }
}

/**
 * A template in which references to its own resources are not known either. A resolved document keeps them as they are
 * written, since rules ask whom they name; what they give is known only after deployment.
 *
 * @param isResource - Whether the template has a resource of a name.
 */
export function withReferences(document: Unknowns, isResource: (name: string) => boolean): Unknowns {
  return {
    unknownAt: (node) => document.unknownAt(node) ?? referenceAt(node, isResource),
    feasible: (assignment) => document.feasible(assignment),
  };
}

function referenceAt(node: Value, isResource: (name: string) => boolean): Unknown | undefined {
  if (!isMap(node) || keysOf(node).length !== 1) return undefined;
  const target = get(node, 'Ref') ?? get(node, 'Fn::GetAtt');
  const first: Value | undefined = Array.isArray(target) ? (target as readonly Value[])[0] : target;
  const name = typeof first === 'string' ? (isResource(first) ? first : first.split('.')[0]!) : '';
  if (!isResource(name)) return undefined;
  return {
    kind: 'attribute',
    reason: `what resource \`${name}\` gives is known only after deployment`,
    parameters: [],
    choices: [],
    under: () => undefined,
  };
}
