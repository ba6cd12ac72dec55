/**
 * The policies of a template, as they will read once it is deployed: under each way to make its choices, with the names
 * that its resources will have, and with values that nobody knows as text of their own.
 */
import type { Location } from '../../findings/index.js';
import { parsePolicy, readPolicy } from '../../iam/index.js';
import type { ParsedPolicy, Policy, PolicyKind, PolicyProblem } from '../../iam/index.js';
import {
  ABSENT,
  choicesIn,
  feasibleAssignments,
  get,
  isList,
  isMap,
  Marks,
  policiesOf,
  POLICY_PLACES,
  resolveTemplate,
  supposeTemplate,
  valueUnder,
} from '../../template/index.js';
import type {
  Assignment,
  Path,
  PlaceKind,
  ResolveOptions,
  Supposed,
  TemplateSource,
  Unknown,
  Value,
  ValueMap,
} from '../../template/index.js';
import { jsonOf } from '../json.js';
import { attachmentsOf } from './attachments.js';
import type { Attachment, PolicyHolder } from './attachments.js';
import { GRANT_TYPES, grantOf } from './grants.js';
import { protectedType } from './protected.js';
import { readable } from './readings.js';
import { placeInText } from './text-places.js';

/** A policy of a template. */
export interface TemplatePolicy {
  readonly resource: PolicyHolder;
  readonly kind: PlaceKind;
  /** What it protects, as IAM Access Analyzer calls it; the holder's own type where that has no name for it. */
  readonly protects: string;
  /** What stands in the place of the document. Values that nobody knows are marks, see `Marks`. */
  readonly value: Value;
  /** Left out when the document cannot be read; `problems` and `unknowns` say why. */
  readonly policy?: Policy;
  readonly problems: readonly PolicyProblem[];
  /** Unknowns anywhere in the document. */
  readonly unknowns: readonly Unknown[];
  /** The choices under which it reads so; `''` when it always does. */
  readonly when: string;
  /** Whether AWS SAM made it of something else than a document. */
  readonly generated: boolean;
  /** The place of a part of the document; of the nearest thing above it when it is not written. */
  locate(path: Path): Location;
  /** Names of parameters whose Default was used in it. */
  readonly defaults: readonly string[];
}

/** Something that should have been looked at and could not be. */
export interface Unread {
  readonly reason: string;
  readonly parameters: readonly string[];
  readonly location: Location | null;
}

/** What a template holds. */
export interface TemplatePolicies {
  readonly supposed: Supposed;
  readonly marks: Marks;
  readonly policies: readonly TemplatePolicy[];
  readonly attachments: readonly Attachment[];
  readonly unread: readonly Unread[];
}

/** Most ways to make the choices of one resource that are tried. */
const MAX_ASSIGNMENTS = 256;

/**
 * A template with names supposed for its resources, and with everything in place that its policies hang on.
 *
 * @param source - A template: a map with `Resources`.
 * @param deployment - What is known besides: parameters, Region, account.
 * @throws TypeError for a document that is no map.
 */
export function supposedOf({ value }: TemplateSource, deployment: ResolveOptions = {}): Supposed {
  if (!isMap(value)) throw new TypeError('no template');
  return supposeTemplate(value, resolveTemplate(value, deployment), deployment);
}

/** Finds the policies of a template. @returns In the order of the template. */
export function templatePolicies(source: TemplateSource, supposed: Supposed): TemplatePolicies {
  const collector = new Collector(source, supposed);
  collector.collect();
  const { marks, policies, attachments, unread } = collector;
  return { supposed, marks, policies, attachments, unread };
}

/** A document as it is found, before it is read. */
interface Found {
  readonly kind: PlaceKind;
  /** From the document's root. */
  readonly path: Path;
  readonly value: Value;
  readonly named: string;
  /** From a path of the policy to one of the template. */
  readonly pathOf: (path: Path) => Path;
  readonly generated: boolean;
}

class Collector {
  readonly marks: Marks;
  readonly policies: TemplatePolicy[] = [];
  readonly attachments: Attachment[] = [];
  readonly unread: Unread[] = [];

  constructor(
    private readonly source: TemplateSource,
    private readonly supposed: Supposed,
  ) {
    this.marks = new Marks(supposed.resolution.document);
  }

  collect(): void {
    const { document, model } = this.supposed.resolution;
    const section = get(document.value, 'Resources');
    for (const { key, logicalId, type } of model.resources.values()) {
      const value = isMap(section) ? get(section, key) : undefined;
      if (type === undefined || value === undefined) continue;
      this.resource({ key, logicalId, type }, value);
    }
    for (const key of model.untyped) {
      const node = isMap(section) ? get(section, key) : undefined;
      const unknown = node === undefined || node === null ? undefined : document.unknownAt(node);
      if (unknown !== undefined) this.cannotRead(['Resources'], new Map(), [unknown]);
    }
  }

  private resource(holder: PolicyHolder, value: Value): void {
    const { document } = this.supposed.resolution;
    const choices = choicesIn(value, document);
    const ways = choices === undefined ? undefined : feasibleAssignments(choices, document, MAX_ASSIGNMENTS);
    if (ways === undefined) {
      if (!Object.hasOwn(POLICY_PLACES, holder.type) && !GRANT_TYPES.includes(holder.type)) return;
      const reason = `resource \`${holder.logicalId}\` leaves more choices open than can be tried`;
      this.unread.push({ reason, parameters: [], location: this.locate(['Resources', holder.key], new Map()) });
      return;
    }
    // The same document under several ways is one; one that reads the same everywhere needs no `when`.
    const seen = new Map<string, { policy: TemplatePolicy; times: number }>();
    let present = 0;
    for (const assignment of ways) {
      const carried = valueUnder(value, document, assignment);
      if (carried === ABSENT || !isMap(carried)) continue;
      present++;
      this.checkWay(holder, carried, assignment);
      this.checkKind(holder, carried, assignment);
      for (const found of this.found(holder, carried)) {
        const policy = this.read(holder, found, assignment);
        const id = jsonOf([found.path, policy.kind, policy.value]);
        const known = seen.get(id);
        if (known === undefined) seen.set(id, { policy, times: 1 });
        else known.times++;
      }
      for (const attachment of attachmentsOf(holder, carried, this.marks, (path) => this.locate(path, assignment))) {
        const isKnown = this.attachments.some(
          (one) =>
            one.resource.key === holder.key && one.arn === attachment.arn && one.property === attachment.property,
        );
        if (!isKnown) this.attachments.push(attachment);
      }
    }
    for (const { policy, times } of seen.values()) {
      this.policies.push(times === present ? { ...policy, when: '' } : policy);
    }
  }

  /** What a macro or a parameter gives in the place of something that holds policies is not there to be looked at. */
  private checkWay({ key, type }: PolicyHolder, resource: ValueMap, assignment: Assignment): void {
    const places = Object.hasOwn(POLICY_PLACES, type) ? POLICY_PLACES[type]! : [];
    const isGrant = GRANT_TYPES.includes(type);
    if (places.length === 0 && !isGrant) return;
    const properties = get(resource, 'Properties');
    const told = new Set<Value>();
    for (const { path } of isGrant ? [{ path: ['*'] }, ...places] : places) {
      for (const { node, way } of onTheWay(properties ?? null, path)) {
        const unknown = node === null ? undefined : this.supposed.resolution.document.unknownAt(node);
        if (unknown === undefined || told.has(node)) continue;
        told.add(node);
        this.cannotRead(['Resources', key, 'Properties', ...way], assignment, [unknown]);
      }
    }
  }

  /** Of some types a property says which kind of policy they hold. */
  private checkKind({ key, type }: PolicyHolder, resource: Value, assignment: Assignment): void {
    const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
    if (!Object.hasOwn(POLICY_PLACES, type) || properties === undefined || !isMap(properties)) return;
    const property = POLICY_PLACES[type]!.find(({ when }) => when !== undefined)?.when?.[0];
    const value = property === undefined ? undefined : get(properties, property);
    if (property === undefined || value === undefined || typeof value === 'string') return;
    const unknowns = this.marks.in(jsonOf(this.marks.replace(value)));
    if (unknowns.length > 0) this.cannotRead(['Resources', key, 'Properties', property], assignment, unknowns);
  }

  private found(holder: PolicyHolder, resource: Value): readonly Found[] {
    const { key, type } = holder;
    const root: Path = ['Resources', key];
    const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
    const documents = policiesOf(type, resource).map(({ kind, value, path, protects, statements }): Found => {
      const base = [...root, ...path];
      const named = protects === undefined ? '' : this.marks.replace(protects);
      return {
        kind,
        path: base,
        value,
        named: typeof named === 'string' ? named : '',
        pathOf: (inner) => [...base, ...(statements === true ? inner.slice(1) : inner)],
        generated: this.isGenerated(base),
      };
    });
    const known = properties !== undefined && isMap(properties) ? this.marks.replaceInPolicy(properties) : undefined;
    const grant = known !== undefined && isMap(known) ? grantOf(type, known, this.supposed.place) : undefined;
    if (grant === undefined) return documents;
    return [
      ...documents,
      {
        kind: 'resource',
        path: root,
        value: grant.document,
        named: '',
        pathOf: (inner) => [...root, ...(grant.paths[String(inner[2])] ?? [])],
        generated: false,
      },
    ];
  }

  /** What AWS SAM makes of a policy template is written where the policy template is called. */
  private isGenerated(path: Path): boolean {
    const { document } = this.supposed.resolution;
    const statement = document.sourcePath([...path, 'Statement']);
    return path[1] !== document.sourcePath(path.slice(0, 2))[1] && statement.at(-1) !== 'Statement';
  }

  private read(holder: PolicyHolder, found: Found, assignment: Assignment): TemplatePolicy {
    const { kind, path, pathOf, named, generated } = found;
    const value = this.marks.replaceInPolicy(found.value);
    const parsed = readAs(value, kind);
    const { document } = this.supposed.resolution;
    const whole = document.sourcePath(path, assignment);
    return {
      resource: holder,
      kind,
      protects: kind === 'trust' || kind === 'resource' ? protectedType(holder.type, path, named) : holder.type,
      value,
      ...(parsed.policy === undefined ? {} : { policy: parsed.policy }),
      problems: parsed.problems,
      unknowns: this.marks.in(jsonOf(value)),
      when: whenText(assignment),
      generated,
      locate: (inner) =>
        (typeof value === 'string' ? placeInText(this.source, whole, value, inner) : undefined) ??
        this.locate(typeof value === 'string' ? path : pathOf(inner), assignment),
      defaults: document.defaultsAt(path, assignment),
    };
  }

  private cannotRead(path: Path, assignment: Assignment, unknowns: readonly Unknown[]): void {
    this.unread.push({
      reason: unknowns.map(({ reason }) => reason).join('; '),
      parameters: [...new Set(unknowns.flatMap(({ parameters }) => parameters))].sort(),
      location: this.locate(path, assignment),
    });
  }

  private locate(path: Path, assignment: Assignment): Location {
    const written = this.supposed.resolution.document.sourcePath(path, assignment);
    return this.source.locationOf(written, written.length === 2 ? 'key' : 'value');
  }
}

/** The values that hold what is at a path, from the outside in. */
function onTheWay(value: Value, path: readonly string[], way: Path = []): readonly { node: Value; way: Path }[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (first === '*' && isList(value)) return value.flatMap((item, index) => onTheWay(item, rest, [...way, index]));
  const next = first === '*' ? value : isMap(value) ? get(value, first) : undefined;
  const below = next === undefined ? [] : onTheWay(next, rest, first === '*' ? way : [...way, first]);
  return [{ node: value, way }, ...below];
}

function readAs(value: Value, kind: PolicyKind): ParsedPolicy {
  if (typeof value !== 'string') return parsePolicy(readable(value), kind);
  const read = readPolicy(value, kind, '');
  return read.policy === undefined && read.source !== undefined ? parsePolicy(readable(read.source.value), kind) : read;
}

function whenText(assignment: Assignment): string {
  return [...assignment]
    .map(([id, value]) => `${id.slice(id.indexOf(':') + 1)} is ${typeof value === 'string' ? value : jsonOf(value)}`)
    .join(' and ');
}
