/** What a rule in TypeScript sees: the resources and policies of a template under one way to make its choices. */
import type { Policy, PolicyProblem } from '../../iam/index.js';
import { get, isMap, OWN_ACCOUNT } from '../../template/index.js';
import type { Path, PlaceKind, SupposedPlace, Unknown, Value, ValueMap } from '../../template/index.js';
import type { ParameterValue } from '../metadata/parameters.js';
import { Graph } from './graph.js';
import type { Reading } from './reading.js';

/** A resource that is there under the choices made. */
export interface ResourceUnder {
  /** Its key in the resolved document. */
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
  readonly value: Value;
  readonly properties: ValueMap;
}

/** A policy document of a resource. */
export interface PolicyUnder {
  readonly resource: ResourceUnder;
  readonly kind: PlaceKind;
  /** From the document's root. */
  readonly path: Path;
  /** Left out when the document cannot be read; then `problems` or `unknowns` say why. */
  readonly policy?: Policy;
  readonly problems: readonly PolicyProblem[];
  /** What stands in the place of the document, unknowns as text. */
  readonly value: Value;
  /** Unknowns anywhere in the document. */
  readonly unknowns: readonly Unknown[];
  /** Texts of the property that names what the policy protects, such as the name of a bucket. */
  readonly protects: readonly string[];
}

/** What a rule says of one resource. */
export type CodeVerdict =
  | { readonly status: 'PASS'; readonly key: string }
  | {
      readonly status: 'FAIL';
      readonly key: string;
      /** From the document's root to the value at fault; for something missing, to what lacks it. */
      readonly path: Path;
      /** What is wrong here, with the value seen. */
      readonly message: string;
      readonly missing?: boolean;
      /** Tells findings of one place apart. */
      readonly subject: string;
    }
  | {
      readonly status: 'NOT_EVALUATED';
      readonly key: string;
      readonly path: Path;
      readonly unknowns: readonly Unknown[];
    };

/** One way to make the choices of a template. */
export class View {
  readonly verdicts: CodeVerdict[] = [];
  private policyList: readonly PolicyUnder[] | undefined;
  private references: Graph | undefined;

  constructor(
    private readonly all: readonly ResourceUnder[],
    private readonly reading: Reading,
    readonly parameters: Readonly<Record<string, ParameterValue>>,
  ) {}

  /** Where the stack is supposed to be deployed. */
  get place(): SupposedPlace {
    return this.reading.supposed.place;
  }

  /** Whether the own account is the real one, and not supposed. */
  get knowsAccount(): boolean {
    return this.place.accountId !== OWN_ACCOUNT;
  }

  /** The texts of a parameter that is a list of texts. */
  texts(parameter: string): readonly string[] {
    const value = this.parameters[parameter];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  /** All resources that the rule reads. */
  get everything(): readonly ResourceUnder[] {
    return this.all;
  }

  /** The resources of some types. */
  resources(...types: readonly string[]): readonly ResourceUnder[] {
    return this.all.filter(({ type }) => types.includes(type));
  }

  /** The policy documents, of some types of resources only when they are named. */
  policies(...types: readonly string[]): readonly PolicyUnder[] {
    this.policyList ??= this.all.flatMap((resource) => this.reading.policies(resource));
    return types.length === 0
      ? this.policyList
      : this.policyList.filter(({ resource }) => types.includes(resource.type));
  }

  /** A value of the template with its unknowns as text. */
  text(value: Value | undefined): string | undefined {
    return value === undefined ? undefined : this.reading.text(value);
  }

  /** Which resource a value refers to, among those of the types that the rule reads. */
  get graph(): Graph {
    this.references ??= new Graph(this.all, this.reading);
    return this.references;
  }

  /** The unknowns that a text holds. */
  unknownsIn(...texts: readonly string[]): readonly Unknown[] {
    return texts.flatMap((text) => this.reading.marks.in(text));
  }

  pass({ key }: ResourceUnder): void {
    this.verdicts.push({ status: 'PASS', key });
  }

  fail({ key }: ResourceUnder, fault: Omit<CodeVerdict & { status: 'FAIL' }, 'status' | 'key'>): void {
    this.verdicts.push({ status: 'FAIL', key, ...fault });
  }

  /** A verdict that hangs on values that nobody knows. */
  open({ key }: ResourceUnder, path: Path, unknowns: readonly Unknown[]): void {
    this.verdicts.push({ status: 'NOT_EVALUATED', key, path, unknowns });
  }

  /** A verdict that hangs on what no template shows. */
  elsewhere(resource: ResourceUnder, path: Path, reason: string): void {
    this.open(resource, path, [unknowable(reason)]);
  }

  /** A verdict on a policy document that has no meaning, or of which too much is not known. */
  unreadable({ resource, path, unknowns, problems }: PolicyUnder): void {
    const [problem] = problems.filter(({ fatal }) => fatal);
    const reason = `the policy document cannot be read: ${problem?.message ?? 'it is no policy'}`;
    this.open(resource, path, unknowns.length > 0 ? unknowns : [unknowable(reason)]);
  }
}

function unknowable(reason: string): Unknown {
  return { kind: 'invalid', reason, parameters: [], choices: [], under: () => undefined };
}

/** A property of a resource. */
export function property({ properties }: ResourceUnder, name: string): Value | undefined {
  return get(properties, name);
}

/** The properties of a resource, empty when it has none. */
export function propertiesOf(resource: Value): ValueMap {
  const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
  return isMap(properties) ? properties : {};
}
