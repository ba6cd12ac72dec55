/** What a stack set is to hold in each wave, and how it is told apart: digests, tags, operation ids. */
import { createHash } from 'node:crypto';
import type { Rollout, Wave } from './declaration/model.js';
import type { AwsOperation, AwsStackSet, OperationPreferences, StackSetContent } from './reader.js';
import { templateDigest } from './template.js';
import type { RolloutTemplate } from './template.js';

/** A stack set that another one depends on. */
export interface StackSetDependency {
  readonly stackSet: string;
  /** `null` as long as there is no such stack set. */
  readonly arn: string | null;
}

/** Tags of the stack sets that Stackade makes: what is in force is read from them, not from a file. */
export const TAGS = {
  rollout: 'stackade:rollout',
  ring: 'stackade:ring',
  wave: 'stackade:wave',
  release: 'stackade:release',
  content: 'stackade:content',
} as const;

/** What a value of a `NoEcho` parameter is shown as. */
const MASKED = '****';

/** The content of one wave. */
export interface WaveContent extends StackSetContent {
  readonly digest: string;
  readonly templateDigest: string;
  /** Stack sets that this one is to depend on, those that there are not yet too. */
  readonly dependsOn: readonly StackSetDependency[];
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The name of a release: what the same declaration and template always give, and others do not. */
export function releaseOf(rollout: Rollout, template: RolloutTemplate): string {
  const waves = rollout.waves.map(({ name, ring, parameters }) => [name, ring, sorted(parameters)]);
  return digestOf([template.digest, waves, [...rollout.capabilities].sort()]).slice(0, 12);
}

/** What the stack set of the wave's ring holds when the wave is done. */
export function contentOf(
  rollout: Rollout,
  wave: Wave,
  template: RolloutTemplate,
  dependsOn: readonly StackSetDependency[],
): WaveContent {
  const capabilities = [...rollout.capabilities].sort();
  const digest = digestOf([template.digest, sorted(wave.parameters), capabilities]).slice(0, 32);
  return {
    description: `Made by Stackade: ring ${wave.ring} of the rollout ${rollout.name}`,
    template: rollout.templateUrl === null ? { text: template.text } : { url: rollout.templateUrl },
    parameters: wave.parameters,
    capabilities,
    autoDeployment: { ...rollout.autoDeployment, dependsOn: dependsOn.flatMap(({ arn }) => arn ?? []).sort() },
    tags: {
      [TAGS.rollout]: rollout.name,
      [TAGS.ring]: wave.ring,
      [TAGS.wave]: wave.name,
      [TAGS.release]: releaseOf(rollout, template),
      [TAGS.content]: digest,
    },
    digest,
    templateDigest: template.digest,
    dependsOn,
  };
}

function sorted(map: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** In what a stack set differs from the content of a wave; nothing when it holds it. The text itself decides, not a tag. */
export function differences(actual: AwsStackSet, content: WaveContent, template: RolloutTemplate): readonly string[] {
  const found: string[] = [];
  if (templateDigest(actual.template) !== content.templateDigest) found.push('template');
  const names = new Set([...Object.keys(actual.parameters), ...Object.keys(content.parameters)]);
  for (const name of [...names].sort()) {
    const byDefault = template.parameters.get(name)?.defaultValue ?? undefined;
    const is = own(actual.parameters, name) ?? byDefault;
    const wanted = own(content.parameters, name) ?? byDefault;
    // A value that nobody shows is told apart by the digest that was noted with it.
    const isSame = is === MASKED ? actual.tags[TAGS.content] === content.digest : is === wanted;
    if (!isSame) found.push(`parameter ${name}`);
  }
  if (!sameSet(actual.capabilities, content.capabilities)) found.push('capabilities');
  return found;
}

const own = (map: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each) => right.includes(each));
}

/** In what the settings of a stack set differ: they change no stack. */
export function settingDifferences(
  { autoDeployment, managedExecution }: AwsStackSet,
  { autoDeployment: wanted }: WaveContent,
): readonly string[] {
  const isSame =
    autoDeployment.isEnabled === wanted.isEnabled &&
    (!wanted.isEnabled || autoDeployment.retainStacks === wanted.retainStacks);
  return [
    ...(isSame ? [] : ['automatic deployment']),
    ...(sameSet(autoDeployment.dependsOn, wanted.dependsOn) ? [] : ['what it depends on']),
    ...(managedExecution ? [] : ['managed execution']),
  ];
}

/** Begins the ids of all operations that Stackade starts. */
export const OPERATION_PREFIX = 'stackade-';

const RUNNING = new Set(['RUNNING', 'QUEUED', 'STOPPING']);

/** Whether an operation has not come to its end. */
export function isRunning({ status }: AwsOperation): boolean {
  return RUNNING.has(status);
}

/** Whether Stackade started an operation. */
export function isOwn({ id }: Pick<AwsOperation, 'id'>): boolean {
  return id.startsWith(OPERATION_PREFIX);
}

/**
 * The id for an operation: made of what it does, and of how often that was tried before. CloudFormation runs an id once
 * only ("The operation ID also functions as an idempotency token",
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html, read 2026-11-21), so a
 * call that is repeated because nobody knows whether it arrived is the same operation, also from another machine.
 *
 * @param operations - Of the stack set: an id that is there and has ended is not used again.
 */
export function operationId(what: readonly unknown[], operations: readonly AwsOperation[]): string {
  const base = `${OPERATION_PREFIX}${digestOf(what).slice(0, 24)}-`;
  const tries = operations.flatMap((each) => {
    const number = each.id.startsWith(base) ? Number(each.id.slice(base.length)) : NaN;
    return Number.isInteger(number) ? [{ number, isRunning: isRunning(each) }] : [];
  });
  const running = tries.find((each) => each.isRunning);
  return `${base}${running?.number ?? Math.max(0, ...tries.map(({ number }) => number)) + 1}`;
}

/** The preferences of a rollout in the names of the API. */
export function preferencesOf({ preferences }: Rollout): OperationPreferences {
  const { regions, concurrency, maxConcurrent, failureTolerance } = preferences;
  return {
    RegionConcurrencyType: regions,
    ConcurrencyMode: concurrency,
    [maxConcurrent.unit === 'count' ? 'MaxConcurrentCount' : 'MaxConcurrentPercentage']: maxConcurrent.value,
    [failureTolerance.unit === 'count' ? 'FailureToleranceCount' : 'FailureTolerancePercentage']:
      failureTolerance.value,
  };
}
