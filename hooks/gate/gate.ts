/**
 * The feature gate: which resource types, properties and values may be provisioned. It decides on a type, its properties
 * and what is known of the deployment, so that a template, a hook event and a Cloud Control request get the same answer.
 */
import { nearestName, resourceType, resourceTypeNames } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Assignment, Path, Value } from '../../template/index.js';
import { applyOverlays, placeIn } from './apply.js';
import type { OverlayPart } from './apply.js';
import * as told from './diagnostics.js';
import { Judge } from './judge.js';
import type { Problem } from './judge.js';
import { EVENT_VALUES, NO_CHOICES } from './outcomes.js';
import type { Unknowns } from './outcomes.js';
import type { Overlay } from './overlay.js';
import type { GateContext } from './pattern.js';
import type { RestrictedSchema } from './schema.js';
import { CATALOGUE_SOURCE } from './snapshot.js';
import type { SchemaSet } from './snapshot.js';
import { schemaFaults } from './verify.js';

/** What is to be done to one resource. */
export interface GateRequest {
  readonly type: string;
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  /** As they will be; nothing on a deletion. */
  readonly properties: Value;
  /** As they were before an update. */
  readonly previous?: Value;
}

/** Why a type as a whole is refused. */
export interface TypeProblem {
  readonly kind: 'type';
  readonly reason: 'noSchema' | 'forbidden' | 'delete' | 'unusable';
  readonly message: string;
}

export interface GateVerdict {
  readonly status: 'PASS' | 'FAIL' | 'NOT_EVALUATED';
  readonly typeProblem: TypeProblem | null;
  readonly problems: readonly Problem[];
  /** Not approved any more, and unchanged since the overlay that says `legacy: warn` took force. */
  readonly legacy: readonly Problem[];
}

/** The effective schema of a type, or why there is none. */
type Effective = { readonly schema: RestrictedSchema } | { readonly problem: TypeProblem };

/**
 * Builds a gate.
 *
 * @returns The gate; `null` when an overlay is wrong, since a gate without it could let through what it forbids.
 *   Diagnostics say what is wrong, and where; warnings come with a gate.
 */
export function buildGate(
  set: SchemaSet,
  overlays: readonly Overlay[],
): { readonly gate: Gate | null; readonly diagnostics: readonly Diagnostic[] } {
  const gate = new Gate(set, overlays);
  const diagnostics = gate.prepare();
  return { gate: diagnostics.some(({ severity }) => severity === 'error') ? null : gate, diagnostics };
}

export class Gate {
  private readonly parts = new Map<string, OverlayPart[]>();
  private readonly effective = new Map<string, Effective>();

  /** @param set - Types without a schema in it, or in an overlay, are refused. Use {@link buildGate}. */
  constructor(
    readonly set: SchemaSet,
    readonly overlays: readonly Overlay[],
  ) {
    for (const overlay of overlays) {
      for (const [type, part] of Object.entries(overlay.content.types ?? {})) {
        this.parts.set(type, [...(this.parts.get(type) ?? []), { overlay, part }]);
      }
    }
  }

  /** Applies every overlay. @returns What is wrong with them. */
  prepare(): readonly Diagnostic[] {
    return [...this.parts].flatMap(([type, parts]) => {
      const { effective, diagnostics } = this.make(type, parts);
      this.effective.set(type, effective);
      return diagnostics;
    });
  }

  /** Names of the types of which anything may be created, sorted. */
  approvedTypes(): readonly string[] {
    const described = [...this.parts].filter(([, parts]) => parts.some(({ part }) => part.schema !== undefined));
    const names = new Set([...this.set.types, ...described.map(([type]) => type)]);
    return [...names].filter((type) => !this.isForbidden(type)).sort();
  }

  /** The schema that decides; `null` when the type is refused as a whole. */
  schemaOf(type: string): RestrictedSchema | null {
    const effective = this.effectiveOf(type);
    return 'schema' in effective ? effective.schema : null;
  }

  /** What overlays say to somebody who is refused something of a type; `''` when they say nothing. */
  messageFor(type: string): string {
    const own = (this.parts.get(type) ?? []).map(({ part }) => part.message);
    const general = this.overlays.map(({ content }) => content.message);
    return [...general, ...own].filter((message) => message !== undefined).at(-1) ?? '';
  }

  /**
   * Decides on one resource.
   *
   * @param context - Fills placeholders. What is not given fills none.
   * @param unknowns - Values of the properties that are not known. `@default` those of an event.
   * @param assignment - The choices under which the resource is there. `@default` none.
   * @returns A status that is PASS only when every property at every depth is approved with its value.
   */
  decide(
    request: GateRequest,
    context: GateContext,
    unknowns: Unknowns = EVENT_VALUES,
    assignment: Assignment = NO_CHOICES,
  ): GateVerdict {
    const { type, action, properties, previous } = request;
    if (action === 'DELETE') return this.decideDelete(type);
    const effective = this.effectiveOf(type);
    if ('problem' in effective) return refusal(effective.problem);
    const found = new Judge(effective.schema, context, unknowns).problems(properties, assignment);
    const isOld = previous === undefined || !this.toleratesLegacy() ? () => false : unchangedIn(properties, previous);
    const legacy: Problem[] = [];
    const problems: Problem[] = [];
    for (const problem of found) (isOld(problem) ? legacy : problems).push(problem);
    const undecided = problems.every(({ kind }) => kind === 'open');
    const status = problems.length === 0 ? 'PASS' : undecided ? 'NOT_EVALUATED' : 'FAIL';
    return { status, typeProblem: null, problems: mostTelling(problems), legacy: legacy.slice(0, MAX_TOLD) };
  }

  private decideDelete(type: string): GateVerdict {
    const refuses = this.parts.get(type)?.some(({ part }) => part.delete === 'refuse') === true;
    if (!refuses) return { status: 'PASS', typeProblem: null, problems: [], legacy: [] };
    return refusal({ kind: 'type', reason: 'delete', message: `resources of type \`${type}\` must not be deleted` });
  }

  private toleratesLegacy(): boolean {
    const said = this.overlays.map(({ content }) => content.legacy).filter((legacy) => legacy !== undefined);
    return said.at(-1) === 'warn';
  }

  private isForbidden(type: string): boolean {
    return this.parts.get(type)?.some(({ part }) => part.forbid === true) === true;
  }

  private effectiveOf(type: string): Effective {
    let known = this.effective.get(type);
    if (known === undefined) this.effective.set(type, (known = this.make(type, []).effective));
    return known;
  }

  private make(
    type: string,
    parts: readonly OverlayPart[],
  ): { readonly effective: Effective; readonly diagnostics: readonly Diagnostic[] } {
    const refused = (
      reason: TypeProblem['reason'],
      message: string,
      diagnostics: readonly Diagnostic[] = [],
    ): ReturnType<Gate['make']> => ({ effective: { problem: { kind: 'type', reason, message } }, diagnostics });
    if (this.isForbidden(type)) {
      return refused('forbidden', `the type \`${type}\` is forbidden`, this.unknownNames(type, parts));
    }
    const described = parts.filter(({ part }) => part.schema !== undefined);
    const loaded = this.set.load(type);
    if (loaded === undefined && described.length === 0) {
      return refused(
        'noSchema',
        `there is no approved schema for the type \`${type}\``,
        this.unknownNames(type, parts),
      );
    }
    if (loaded !== undefined && 'problem' in loaded) {
      const message = `the approved schema of \`${type}\` cannot be used: ${loaded.problem}`;
      return refused('unusable', message, parts.length === 0 ? [] : [told.unusableSchema(type, loaded.problem)]);
    }
    const [own] = described;
    if (own !== undefined) {
      const place = placeIn(own.overlay, ['types', type, 'schema']);
      if (loaded !== undefined) {
        const fault = told.widens(type, 'the snapshot has a schema of this type', undefined, place);
        return refused('unusable', fault.message, [fault]);
      }
      const read = describedSchema(type, own.part.schema!);
      if ('problem' in read) {
        const fault = told.notClosed(type, read.problem, place);
        return refused('unusable', fault.message, [fault]);
      }
      return this.applied(read.schema, parts);
    }
    return this.applied(loaded!.schema, parts);
  }

  private applied(base: RestrictedSchema, parts: readonly OverlayPart[]): ReturnType<Gate['make']> {
    const { schema, diagnostics } = applyOverlays(base, parts);
    const [fault] = diagnostics.some(({ severity }) => severity === 'error')
      ? []
      : schemaFaults(schema, schema.typeName);
    // An edit that opened a schema would be a fault of ours; nobody is let through because of it.
    if (fault !== undefined) throw new RangeError(`${schema.typeName}${fault.pointer}: ${fault.message}`);
    return { effective: { schema }, diagnostics };
  }

  /** An overlay that names a type which neither the snapshot nor the catalogue has was meant for another one. */
  private unknownNames(type: string, parts: readonly OverlayPart[]): readonly Diagnostic[] {
    const speaksOfSchema = parts.filter(
      ({ part }) =>
        [part.allow, part.only, part.constrain].some((each) => each !== undefined) || Array.isArray(part.forbid),
    );
    if (resourceType(type) !== undefined && (speaksOfSchema.length === 0 || this.isForbidden(type))) return [];
    if (this.set.types.includes(type)) return [];
    const nearest = nearestName(type, [...this.set.types, ...resourceTypeNames()]);
    return parts.map(({ overlay }) => told.unknownGateType(type, nearest, placeIn(overlay, ['types', type])));
  }
}

/** Most problems of one resource that are told of. */
const MAX_TOLD = 200;

/** All of them; of too many those that are refused rather than those that are open. */
function mostTelling(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MAX_TOLD) return problems;
  const isOpen = ({ kind }: Problem): boolean => kind === 'open';
  return [...problems.filter((each) => !isOpen(each)), ...problems.filter(isOpen)].slice(0, MAX_TOLD);
}

function refusal(typeProblem: TypeProblem): GateVerdict {
  return { status: 'FAIL', typeProblem, problems: [], legacy: [] };
}

/** The schema that an overlay gives, as one of a snapshot. */
function describedSchema(
  type: string,
  schema: object,
): { readonly schema: RestrictedSchema } | { readonly problem: string } {
  const whole = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    'x-source': { ...CATALOGUE_SOURCE, database: 'overlay' },
    definitions: {},
    ...schema,
    typeName: type,
  };
  const [fault] = schemaFaults(whole, type);
  if (fault !== undefined) {
    return { problem: `${fault.message}${fault.pointer === '' ? '' : ` (at ${fault.pointer})`}` };
  }
  return { schema: whole as unknown as RestrictedSchema };
}

/** Whether what a problem speaks of is the same as before an update. */
function unchangedIn(properties: Value, previous: Value): (problem: Problem) => boolean {
  return ({ kind, path }) => {
    if (kind === 'open' || kind === 'placeholder') return false;
    const [now, before] = [at(properties, path), at(previous, path)];
    return before !== undefined && now !== undefined && JSON.stringify(now) === JSON.stringify(before);
  };
}

function at(value: Value, path: Path): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path) {
    if (here === undefined) return undefined;
    here = isList(here) ? here[Number(step)] : isMap(here) ? get(here, String(step)) : undefined;
  }
  return here;
}
