/**
 * Resolves a CloudFormation template: from the value tree as written to one in which everything that is known is a value.
 */
import { ABSENT } from '../unknown.js';
import type { Assignment, ResolvedDocument, Unknown } from '../unknown.js';
import { get, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { mapOf } from './build.js';
import { MAX_DEPTH, TooDeep } from './calls.js';
import { checkCycles, checkDeclared } from './check.js';
import { Conditions } from './conditions.js';
import { contradictoryRules, macro, tooDeep, unknownAttribute } from './diagnostics.js';
import type { PathDiagnostic } from './diagnostics.js';
import { buildModel } from './model.js';
import type { TemplateModel } from './model.js';
import { findNulls } from './nulls.js';
import { Origins } from './origins.js';
import { checkOutputs } from './outputs.js';
import { readParameters } from './parameters.js';
import type { GivenParameters } from './parameters.js';
import { Resolver } from './resolver.js';
import type { World } from './resolver.js';
import { declaredValue, readSection, unseen } from './sections.js';
import type { Declared, Section } from './sections.js';
import { expandServerless } from './serverless/expand.js';
import { defaultsAt, sourcePath } from './trace.js';
import type { Written } from './trace.js';
import { readTransforms } from './transforms.js';
import type { Transforms } from './transforms.js';

/** What is known besides the template. */
export interface ResolveOptions extends World {
  /** Values of parameters; they win over Defaults. `@default` none. */
  readonly parameters?: GivenParameters | undefined;
  /** Whether Defaults stand for values that are not given. Hooks do not know what a stack was given. `@default` true. */
  readonly defaults?: boolean | undefined;
  /** Attributes that `Fn::GetAtt` can read of a type; `undefined` for a type that is not known. `@default` not checked. */
  readonly attributes?: ((type: string) => readonly string[] | undefined) | undefined;
}

/** A resolved template. */
export interface Resolution {
  readonly document: ResolvedDocument;
  readonly model: TemplateModel;
  readonly diagnostics: readonly PathDiagnostic[];
}

const DYNAMIC_REFERENCE = /\{\{resolve:[A-Za-z-]+:/;

/**
 * Resolves a template.
 *
 * Follows "Intrinsic function reference" of the CloudFormation Template Reference Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html) and
 * "AWS SAM specification" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html).
 *
 * @param template - The document as read; it is not changed, and parts without functions are shared with the result.
 * @returns The resolved document, an index of what the template declares, and what is wrong with it. A document that is
 *   no template (no `Resources` map) is returned as it is. Template content does not throw.
 *
 * Cost: linear in the template; open choices cost only when they are tried.
 */
export function resolveTemplate(template: ValueMap, options: ResolveOptions = {}): Resolution {
  const { parameters, diagnostics } = readParameters(template, options.parameters ?? {}, options.defaults ?? true);
  const transforms = readTransforms(template);
  const mappings = get(template, 'Mappings');
  const resolver = new Resolver(
    parameters,
    isMap(mappings) ? mappings : {},
    options,
    transforms.extensions,
    isMap(mappings) && Object.hasOwn(mappings, 'Fn::Transform'),
  );
  resolver.diagnostics.push(...diagnostics);
  resolver.conditions = new Conditions([]);
  if (!isMap(get(template, 'Resources'))) return unresolved(template, resolver);
  try {
    for (const section of ['Conditions', 'Rules', 'Mappings', 'Resources', 'Outputs', 'Globals']) {
      resolver.calls.scan(get(template, section) ?? null, [section]);
    }
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    resolver.diagnostics.push({ ...tooDeep(MAX_DEPTH), path: error.path });
    return refused(template, resolver);
  }
  return new Resolving(template, resolver, transforms, options).run();
}

/** The steps of resolving one template. */
class Resolving {
  private readonly origins: Origins;

  constructor(
    private readonly template: ValueMap,
    private readonly resolver: Resolver,
    private readonly transforms: Transforms,
    private readonly options: ResolveOptions,
  ) {
    this.origins = new Origins(resolver.loops);
  }

  run(): Resolution {
    const { resolver, template } = this;
    // Names are not known before the loops are expanded; a loop's collection cannot name a resource.
    resolver.targets = {
      isResource: () => false,
      mayBeMade: () => true,
      names: () => [],
      attributeProblem: () => undefined,
      givesAnything: () => false,
    };
    const conditions = readSection(resolver, template, 'Conditions');
    resolver.conditionsAreOpen = conditions.open || this.transforms.macros.length > 0;
    resolver.conditions = new Conditions(
      conditions.declared.filter(({ node }) => !this.isUnseen(node)),
      get(template, 'Rules'),
    );
    resolver.diagnostics.push(...resolver.conditions.diagnostics);

    if (!resolver.reach.rulesCanHold) resolver.diagnostics.push({ ...contradictoryRules(), path: ['Rules'] });
    const resources = this.resources();
    const outputs = readSection(resolver, template, 'Outputs');
    this.setTargets(resources);
    const value = this.assemble(resources, outputs);
    checkDeclared(resolver, conditions.declared, 'conditions');
    checkDeclared(resolver, [...resources.declared, ...outputs.declared], 'values');
    const declared = new Map([
      ['Resources', byKey(resources)],
      ['Outputs', byKey(outputs)],
    ]);
    checkCycles(resolver, get(value, 'Resources') as ValueMap, declared.get('Resources')!);
    resolver.stopCollecting();
    const seen = outputs.declared.filter(({ node }) => this.transforms.macros.length === 0 && !this.isUnseen(node));
    resolver.diagnostics.push(...checkOutputs(seen));
    const diagnostics = withNulls(resolver.diagnostics, findNulls(template, this.transforms));

    const written: Written = { resolver, template, declared, origins: this.origins };
    const isUnseen = (key: string): boolean => this.isUnseen((get(value, 'Resources') as ValueMap)[key]!);
    const model = buildModel(value, declared.get('Resources')!, isUnseen, modelOf(resolver));
    return { document: documentOf(value, written), model, diagnostics };
  }

  /** Whether a node stands for something that the template does not show. */
  private isUnseen(node: Value): boolean {
    const unknown = typeof node === 'object' && node !== null ? this.resolver.unknownAt(node) : undefined;
    return unknown !== undefined && unknown.kind !== 'condition' && unknown.choices.length === 0;
  }

  private resources(): Section {
    const { resolver } = this;
    const written = readSection(resolver, this.template, 'Resources');
    const declared: Declared[] = [...written.declared];
    for (const { name, path } of this.transforms.macros) {
      resolver.diagnostics.push({ ...macro(name), path });
      const reason = `what the macro \`${name}\` makes is known only when the template is processed`;
      if (declared.some(({ key }) => key === 'Fn::Transform')) continue;
      declared.push(unseen(resolver, 'Fn::Transform', { Name: name }, path, reason));
    }
    const open = written.open || this.transforms.macros.length > 0;
    if (!this.transforms.serverless) return { declared, open };
    const expanded = expandServerless(this.origins, this.template, declared);
    for (const { node, path } of expanded) resolver.calls.scan(node, path);
    return { declared: expanded, open };
  }

  private setTargets(resources: Section): void {
    const types = new Map<string, string>();
    const modules: string[] = [];
    const serverless: string[] = [];
    let deployed = false;
    for (const { key, node } of resources.declared) {
      const type = isMap(node) ? get(node, 'Type') : undefined;
      const name = typeof type === 'string' ? type : '';
      types.set(key, name);
      if (name.endsWith('::MODULE')) modules.push(key);
      if (!name.startsWith('AWS::Serverless::')) continue;
      serverless.push(key);
      const properties = isMap(node) ? get(node, 'Properties') : undefined;
      deployed ||=
        properties !== undefined && isMap(properties) && get(properties, 'DeploymentPreference') !== undefined;
    }
    // SAM makes resources whose logical IDs start with the SAM resource's, two APIs for functions without their own, and
    // an application of CodeDeploy with its role for functions with a deployment preference.
    const madeBySam = (name: string): boolean =>
      this.transforms.serverless &&
      (/^Serverless(Rest|Http)Api/.test(name) ||
        (deployed && /^(ServerlessDeploymentApplication|CodeDeployServiceRole)$/.test(name)) ||
        serverless.some((key) => name.startsWith(key)));
    this.resolver.targets = {
      isResource: (name) => types.has(name) || madeBySam(name),
      mayBeMade: (name) => resources.open || modules.some((key) => name.startsWith(key)),
      names: () => types.keys(),
      attributeProblem: (id, attribute) => {
        const type = types.get(id);
        const known = type === undefined ? undefined : this.options.attributes?.(type);
        if (type === undefined || known === undefined || hasFreeAttributes(type)) return undefined;
        const head = attribute.split('.')[0]!;
        if (known.some((one) => one === attribute || one === head || one.startsWith(`${attribute}.`))) return undefined;
        return unknownAttribute(type, attribute, known);
      },
      givesAnything: (id) => isAnswered(types.get(id) ?? ''),
    };
  }

  private assemble(resources: Section, outputs: Section): ValueMap {
    const { template } = this;
    const changed = new Map<string, ValueMap>();
    for (const [name, section] of [
      ['Resources', resources],
      ['Outputs', outputs],
    ] as const) {
      const written = get(template, name);
      if (!isMap(written)) continue;
      const value = this.evaluated(section, written);
      if (value !== written) changed.set(name, value);
    }
    if (changed.size === 0) return template;
    return mapOf(keysOf(template).map((key) => [key, changed.get(key) ?? template[key]!] as const));
  }

  private evaluated(section: Section, written: ValueMap): ValueMap {
    const { resolver } = this;
    const entries: (readonly [string, Value])[] = [];
    let same = section.declared.length === keysOf(written).length;
    for (const one of section.declared) {
      const value = declaredValue(resolver, one, resolver.scopes.root);
      if (value !== get(written, one.key)) same = false;
      if (value !== ABSENT) entries.push([one.key, value]);
    }
    return same ? written : mapOf(entries);
  }
}

/** What else is said of a place at which there is null follows from it. */
function withNulls(
  diagnostics: readonly PathDiagnostic[],
  nulls: readonly PathDiagnostic[],
): readonly PathDiagnostic[] {
  if (nulls.length === 0) return [...diagnostics];
  const places = new Set(nulls.map(({ path }) => JSON.stringify(path)));
  return [...diagnostics.filter(({ path }) => !places.has(JSON.stringify(path))), ...nulls];
}

function byKey(section: Section): ReadonlyMap<string, Declared> {
  return new Map(section.declared.map((one) => [one.key, one]));
}

/** Types whose attributes the template or the resource itself decides. */
function hasFreeAttributes(type: string): boolean {
  return isAnswered(type) || type.startsWith('AWS::Serverless::');
}

/** Whether another template or a function of the user's says what the attributes of a type are. */
function isAnswered(type: string): boolean {
  return (
    type === 'AWS::CloudFormation::Stack' ||
    type === 'AWS::CloudFormation::CustomResource' ||
    type.startsWith('Custom::')
  );
}

function modelOf(resolver: Resolver): Pick<TemplateModel, 'parameters' | 'conditions' | 'holds'> {
  return {
    parameters: resolver.parameters,
    conditions: resolver.conditions.names,
    holds: (condition) => {
      const truth = resolver.truth(condition, resolver.scopes.root);
      return typeof truth === 'boolean' ? truth : undefined;
    },
  };
}

/** A string that CloudFormation replaces at deployment. It is no map: every string that reads so is one. */
function dynamicReference(resolver: Resolver): Unknown {
  const reason = 'a dynamic reference is known only at deployment';
  return { ...resolver.blocked('dynamicReference', reason), under: () => undefined };
}

function documentOf(value: ValueMap, written: Written): ResolvedDocument {
  const { resolver } = written;
  const none: Assignment = new Map();
  return {
    value,
    hasUnknowns: resolver.hasUnknowns,
    unknownAt: (node) => {
      if (typeof node === 'object' && node !== null) return resolver.unknownAt(node);
      return typeof node === 'string' && DYNAMIC_REFERENCE.test(node) ? dynamicReference(resolver) : undefined;
    },
    feasible: (assignment) => resolver.feasible(assignment),
    defaultsAt: (path, assignment = none, missing = []) => defaultsAt(written, path, assignment, missing),
    sourcePath: (path, assignment = none) => sourcePath(written, path, assignment),
  };
}

/** A document that is no template. */
function unresolved(value: ValueMap, resolver: Resolver): Resolution {
  const document: ResolvedDocument = {
    value,
    hasUnknowns: false,
    unknownAt: () => undefined,
    feasible: () => true,
    defaultsAt: () => [],
    sourcePath: (path) => path,
  };
  const model = buildModel(value, new Map(), () => false, modelOf(resolver));
  return { document, model, diagnostics: resolver.diagnostics };
}

/** A template that is not looked into: everything that it declares is unknown. */
function refused(template: ValueMap, resolver: Resolver): Resolution {
  const resources = get(template, 'Resources') as ValueMap;
  const reason = 'the template is nested too deep to be looked into';
  const placed = keysOf(resources).map((key) => [key, unseen(resolver, key, {}, [], reason).node] as const);
  const value = mapOf(
    keysOf(template).map((key) => [key, key === 'Resources' ? mapOf(placed) : template[key]!] as const),
  );
  const document: ResolvedDocument = {
    value,
    hasUnknowns: true,
    unknownAt: (node) => (typeof node === 'object' && node !== null ? resolver.unknownAt(node) : undefined),
    feasible: () => true,
    defaultsAt: () => [],
    sourcePath: (path) => path,
  };
  const model = buildModel(value, new Map(), () => true, modelOf(resolver));
  return { document, model, diagnostics: resolver.diagnostics };
}
