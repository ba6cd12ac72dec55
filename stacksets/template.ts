/**
 * What a rollout has to know of its template, and what service-managed stack sets do not take: "Considerations when
 * creating StackSets with service-managed permissions"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html, read
 * 2026-11-21): no nested stacks, no macros, no transforms.
 */
import { createHash } from 'node:crypto';
import { nearestName } from '../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../findings/index.js';
import { get, isList, isMap, keysOf, readTemplate } from '../template/index.js';
import type { Value, ValueMap } from '../template/index.js';
import type { Rollout } from './declaration/model.js';
import { badParameter, badTemplate, listed, nameTwice } from './diagnostics.js';

export interface TemplateParameter {
  /** `null` when there is none. */
  readonly defaultValue: string | null;
  /** `null` when every value is allowed. */
  readonly allowedValues: readonly string[] | null;
}

/** A name that the template gives to a resource. */
export interface FixedName {
  readonly logicalId: string;
  readonly type: string;
  /** The value as JSON: two that are the same text are the same name under the same parameters. */
  readonly written: string;
  /** Names of the parameters that it hangs on. */
  readonly parameters: readonly string[];
  /** Where no other resource of the type may have the name: in the account and Region, in the account, or anywhere. */
  readonly scope: 'region' | 'account' | 'world';
  /** Whether it differs from Region to Region, or the resource is there under a condition. */
  readonly isRegional: boolean;
  /** Whether it differs from account to account. */
  readonly isOfAccount: boolean;
}

export interface RolloutTemplate {
  readonly file: string;
  readonly text: string;
  readonly digest: string;
  readonly parameters: ReadonlyMap<string, TemplateParameter>;
  readonly fixedNames: readonly FixedName[];
  /** `CAPABILITY_NAMED_IAM`, `CAPABILITY_IAM` or `null`. */
  readonly capability: string | null;
  readonly resourceTypes: readonly string[];
}

/** Longest text that is sent with a call, in bytes ("CloudFormation quotas"); a longer one is put into a bucket. */
const MOST_BYTES_SENT = 51_200;

/** Properties that name a resource, by type, with where names are unique. */
const NAMED: Readonly<Record<string, readonly [property: string, scope: FixedName['scope']]>> = {
  'AWS::CloudFormation::GuardHook': ['Alias', 'region'],
  'AWS::CloudFormation::LambdaHook': ['Alias', 'region'],
  'AWS::IAM::Group': ['GroupName', 'account'],
  'AWS::IAM::InstanceProfile': ['InstanceProfileName', 'account'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 'account'],
  'AWS::IAM::Role': ['RoleName', 'account'],
  'AWS::IAM::User': ['UserName', 'account'],
  'AWS::Lambda::Function': ['FunctionName', 'region'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'region'],
  'AWS::S3::Bucket': ['BucketName', 'world'],
};

/** Reads the template of a rollout. @returns No template when it cannot be rolled out. */
export function readRolloutTemplate(
  text: string,
  file: string,
): { readonly template: RolloutTemplate | null; readonly diagnostics: readonly Diagnostic[] } {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { template: null, diagnostics };
  const { value } = source;
  const resources = isMap(value) ? get(value, 'Resources') : undefined;
  if (!isMap(value) || !isMap(resources)) {
    const problem = badTemplate(
      'this is no template: it has no `Resources` map',
      'name a template',
      source.rangeOf([]),
    );
    return { template: null, diagnostics: [problem] };
  }
  const problems: Diagnostic[] = [];
  const found: FixedName[] = [];
  const types = new Set<string>();
  if (get(value, 'Transform') !== undefined) {
    problems.push(
      badTemplate(
        'the template has a `Transform`, which service-managed stack sets do not take',
        'roll the expanded template out: `aws cloudformation get-template --template-stage Processed` shows it',
        source.keyRangeOf(['Transform']),
      ),
    );
  }
  for (const logicalId of keysOf(resources)) {
    const resource = resources[logicalId]!;
    const type = isMap(resource) ? get(resource, 'Type') : undefined;
    if (!isMap(resource) || typeof type !== 'string') continue;
    types.add(type);
    if (
      type === 'AWS::CloudFormation::Stack' ||
      type === 'AWS::CloudFormation::Macro' ||
      type.startsWith('AWS::Serverless::')
    ) {
      problems.push(
        badTemplate(
          `\`${logicalId}\` is of the type \`${type}\`, which service-managed stack sets do not take`,
          'put its resources into the template itself, or into a rollout of their own',
          source.rangeOf(['Resources', logicalId, 'Type']),
        ),
      );
    }
    found.push(...fixedName(logicalId, type, resource));
  }
  const macro = pathOfMacro(value, []);
  if (macro !== null) {
    problems.push(
      badTemplate(
        '`Fn::Transform` calls a macro, which service-managed stack sets do not take',
        'write what the macro makes of it',
        source.rangeOf(macro),
      ),
    );
  }
  const isOfIam = [...types].some((type) => type.startsWith('AWS::IAM::'));
  const isNamed = found.some(({ type }) => type.startsWith('AWS::IAM::'));
  const template: RolloutTemplate = {
    file,
    text,
    digest: templateDigest(text),
    parameters: parametersOf(value),
    fixedNames: found,
    capability: isNamed ? 'CAPABILITY_NAMED_IAM' : isOfIam ? 'CAPABILITY_IAM' : null,
    resourceTypes: [...types].sort(),
  };
  return { template: problems.length > 0 ? null : template, diagnostics: problems };
}

function parametersOf(template: ValueMap): RolloutTemplate['parameters'] {
  const parameters = get(template, 'Parameters');
  if (!isMap(parameters)) return new Map();
  return new Map(
    keysOf(parameters).map((name) => {
      const definition = parameters[name]!;
      const fallback = isMap(definition) ? get(definition, 'Default') : undefined;
      const allowed = isMap(definition) ? get(definition, 'AllowedValues') : undefined;
      return [
        name,
        {
          defaultValue: fallback === undefined ? null : scalar(fallback),
          allowedValues: isList(allowed) ? allowed.map(scalar) : null,
        },
      ];
    }),
  );
}

const scalar = (value: Value): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);

function fixedName(logicalId: string, type: string, resource: ValueMap): readonly FixedName[] {
  const named = Object.hasOwn(NAMED, type) ? NAMED[type] : undefined;
  const properties = get(resource, 'Properties');
  const name = named !== undefined && isMap(properties) ? get(properties, named[0]) : undefined;
  if (named === undefined || name === undefined) return [];
  const written = JSON.stringify(name);
  const parameters = [...written.matchAll(/\{"Ref":"([A-Za-z0-9]+)"\}|\$\{([A-Za-z0-9]+)\}/g)];
  return [
    {
      logicalId,
      type,
      written,
      parameters: parameters.map(([, ref, sub]) => (ref ?? sub)!),
      scope: named[1],
      isRegional: written.includes('AWS::Region') || get(resource, 'Condition') !== undefined,
      isOfAccount: written.includes('AWS::AccountId'),
    },
  ];
}

function pathOfMacro(value: Value, path: readonly (string | number)[]): readonly (string | number)[] | null {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      const found = pathOfMacro(item, [...path, index]);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isMap(value)) return null;
  for (const key of keysOf(value)) {
    if (key === 'Fn::Transform') return [...path, key];
    const found = pathOfMacro(value[key]!, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

/** What of a rollout does not fit its template. @param placeOf - Where something of the rollout is written. */
export function templateProblems(
  rollout: Rollout,
  template: RolloutTemplate,
  placeOf: (...path: readonly (string | number)[]) => SourceRange,
): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const bytes = new TextEncoder().encode(template.text).length;
  if (bytes > MOST_BYTES_SENT && rollout.templateUrl === null) {
    problems.push(
      badTemplate(
        `\`${template.file}\` has ${bytes} bytes; CloudFormation takes ${MOST_BYTES_SENT} with a call`,
        'put it into a bucket that CloudFormation can read, under a key with its digest, and name it with `templateUrl`',
        placeOf('template'),
      ),
    );
  }
  const { capability } = template;
  if (
    capability !== null &&
    !rollout.capabilities.some((each) => each === capability || each === 'CAPABILITY_NAMED_IAM')
  ) {
    problems.push(
      badTemplate(
        `\`${template.file}\` makes IAM resources, and the rollout does not say that this is meant`,
        `add \`capabilities: [${capability}]\``,
        placeOf('template'),
      ),
    );
  }
  problems.push(...parameterProblems(rollout, template, placeOf));
  problems.push(...nameProblems(rollout, template, placeOf('template')));
  return problems;
}

/** Names that a template gives to more than one resource, since it is rolled out more than once. */
function nameProblems(rollout: Rollout, { fixedNames }: RolloutTemplate, place: SourceRange): readonly Diagnostic[] {
  const ring = rollout.rings.find(({ regions }) => regions.length > 1);
  return fixedNames.flatMap(({ logicalId, type, scope, isRegional, isOfAccount }) => {
    if (scope === 'world' && !(isOfAccount && (isRegional || ring === undefined))) {
      return nameTwice(
        `\`${logicalId}\` (${type}) has the same name in each account and Region, and such names are unique in the world`,
        'put account and Region into the name (`!Sub name-${AWS::AccountId}-${AWS::Region}`), or leave the name out',
        place,
      );
    }
    if (scope !== 'account' || isRegional || ring === undefined) return [];
    return nameTwice(
      `\`${logicalId}\` (${type}) has the same name in each of the ${ring.regions.length} Regions of the ring \`${ring.name}\`, and IAM has one place for all Regions`,
      'put the Region into the name (`!Sub name-${AWS::Region}`), or make it in one Region under a condition',
      place,
    );
  });
}

function parameterProblems(
  rollout: Rollout,
  template: RolloutTemplate,
  placeOf: (...path: readonly (string | number)[]) => SourceRange,
): readonly Diagnostic[] {
  const problems = new Map<string, Diagnostic>();
  const names = [...template.parameters.keys()];
  const tell = (diagnostic: Diagnostic): void => {
    problems.set(diagnostic.message, diagnostic);
  };
  rollout.waves.forEach(({ name: wave, parameters }, index) => {
    const place = (name: string): SourceRange => {
      const own = placeOf('waves', index, 'parameters', name);
      const all = placeOf('parameters', name);
      return own.end - own.start < all.end - all.start ? own : all;
    };
    for (const [name, value] of Object.entries(parameters)) {
      const definition = template.parameters.get(name);
      if (definition === undefined) {
        const nearest = nearestName(name, names);
        const help =
          nearest === undefined
            ? `it has ${names.length === 0 ? 'none' : listed(names)}`
            : `did you mean \`${nearest}\`?`;
        tell(badParameter(`\`${template.file}\` has no parameter \`${name}\``, help, place(name)));
      } else if (definition.allowedValues !== null && !definition.allowedValues.includes(value)) {
        const message = `\`${template.file}\` does not take \`${value}\` for the parameter \`${name}\``;
        tell(badParameter(message, `it takes ${listed(definition.allowedValues)}`, place(name)));
      }
    }
    const missing = names.filter(
      (name) => template.parameters.get(name)!.defaultValue === null && !Object.hasOwn(parameters, name),
    );
    if (missing.length > 0) {
      const message = `the wave \`${wave}\` has no value for ${listed(missing)}, which \`${template.file}\` needs`;
      tell(badParameter(message, 'set it in `parameters` of the rollout, or of each wave', placeOf('template')));
    }
  });
  const { hook } = rollout;
  for (const name of [hook?.modeParameter, hook?.statusParameter]) {
    if (name === undefined || name === null || template.parameters.has(name)) continue;
    const message = `\`${template.file}\` has no parameter \`${name}\`, which \`hook\` names`;
    tell(badParameter(message, `it has ${names.length === 0 ? 'none' : listed(names)}`, placeOf('hook')));
  }
  return [...problems.values()];
}

/** Digest of a template's text; white space at its end does not count, since CloudFormation need not keep it. */
export function templateDigest(text: string): string {
  return createHash('sha256').update(text.trimEnd()).digest('hex');
}
