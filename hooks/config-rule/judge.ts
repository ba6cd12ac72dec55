/**
 * Whether the hooks of an account are as they were rolled out.
 *
 * AWS CloudFormation Hooks User Guide, "Hook configuration schema syntax reference",
 * "CloudFormation Hooks target filters", "CloudFormation Hooks stack level filters".
 */

/** A hook as it was rolled out. */
export interface ExpectedHook {
  readonly typeName: string;
  readonly failureMode: string;
  readonly targetOperations: readonly string[];
  readonly actions: readonly string[];
  /** Of a Lambda Hook: its function, without version. The hook has to name a version of it. */
  readonly functionArn?: string;
  /** Of a Guard Hook: the rules. */
  readonly ruleLocation?: string;
}

/** Everything that the function of the Config rule is told. */
export interface Expectation {
  /** What the names of resources begin with whose change is of interest. */
  readonly namePrefixes: readonly string[];
  readonly hooks: readonly ExpectedHook[];
}

/** What CloudFormation says of a hook; `null` when there is none of the name. */
export interface HookState {
  /** The answer of DescribeType: whether the type is there and activated. */
  readonly isActivated: boolean;
  readonly isDeprecated: boolean;
  /** The text that BatchDescribeTypeConfigurations gives; `null` when nothing is configured. */
  readonly configuration: string | null;
}

/** @returns What is wrong with a hook, one sentence each; none when it is as expected. */
export function judgeHook(expected: ExpectedHook, state: HookState | null): readonly string[] {
  const { typeName } = expected;
  if (state === null) return [`the hook ${typeName} is gone`];
  if (state.isDeprecated) return [`the hook ${typeName} is deregistered`];
  if (!state.isActivated) return [`the hook ${typeName} is not activated`];
  if (state.configuration === null || state.configuration === '{}') {
    return [`the hook ${typeName} has no configuration and does nothing`];
  }
  const settings = settingsIn(state.configuration);
  if (settings === null) return [`the configuration of the hook ${typeName} cannot be read`];
  return problemsOf(expected, settings).map((problem) => `the hook ${typeName} ${problem}`);
}

type Settings = Readonly<Record<string, unknown>>;

function settingsIn(text: string): Settings | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  return mapAt(mapAt(parsed, 'CloudFormationConfiguration'), 'HookConfiguration');
}

function problemsOf(expected: ExpectedHook, settings: Settings): readonly string[] {
  const problems: string[] = [];
  if (!isEnabled(settings)) problems.push('is disabled');
  if (settings['FailureMode'] !== expected.failureMode) {
    problems.push(`has failure mode ${said(settings['FailureMode'])} instead of ${expected.failureMode}`);
  }
  const missing = without(expected.targetOperations, settings['TargetOperations']);
  if (missing.length > 0) problems.push(`is not asked for ${missing.join(', ')}`);
  problems.push(...filterProblems(expected, settings), ...codeProblems(expected, settings['Properties']));
  return problems;
}

/** `TargetStacks` is the older switch, which still counts. */
function isEnabled(settings: Settings): boolean {
  if (settings['TargetStacks'] === 'NONE') return false;
  const status = settings['HookInvocationStatus'];
  return status === 'ENABLED' || (status === undefined && settings['TargetStacks'] === 'ALL');
}

function filterProblems({ actions }: ExpectedHook, settings: Settings): readonly string[] {
  const problems: string[] = [];
  if (!isEmpty(settings['StackFilters'])) problems.push('leaves out stacks by filters');
  const filters = settings['TargetFilters'];
  if (isEmpty(filters)) return problems;
  const { TargetNames, Targets, Actions } = filters as Settings;
  if (!isEmpty(Targets) || !isEmpty(TargetNames)) problems.push('is held to some resource types');
  const missing = Actions === undefined ? [] : without(actions, Actions);
  if (missing.length > 0) problems.push(`is not asked at ${missing.join(', ')}`);
  return problems;
}

function codeProblems({ functionArn, ruleLocation }: ExpectedHook, properties: unknown): readonly string[] {
  const map = isMap(properties) ? properties : {};
  if (functionArn !== undefined) {
    const actual = map['LambdaFunction'];
    const version = typeof actual === 'string' && actual.startsWith(`${functionArn}:`);
    if (!version || !/^[1-9][0-9]*$/.test(actual.slice(functionArn.length + 1))) {
      return [`calls ${said(actual)} instead of a version of ${functionArn}`];
    }
  }
  if (ruleLocation !== undefined && addressIn(map['ruleLocation']) !== ruleLocation) {
    return [`reads its rules from ${said(map['ruleLocation'])} instead of ${ruleLocation}`];
  }
  return [];
}

/**
 * The one address of rules. A configuration that was set by a call has it as text; one that CloudFormation made of a resource
 * may have it as the map of the resource. Another version of the object, or a second address, are other rules.
 */
function addressIn(place: unknown): unknown {
  if (Array.isArray(place)) return place.length === 1 ? addressIn(place[0]) : undefined;
  if (!isMap(place)) return place;
  const entries = Object.entries(place).filter(([, value]) => !isEmpty(value));
  return entries.length === 1 && /^uri$/i.test(entries[0]![0]) ? entries[0]![1] : undefined;
}

function without(expected: readonly string[], actual: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
  return expected.filter((one) => !list.includes(one));
}

function said(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function mapAt(value: unknown, key: string): Settings | null {
  const found = isMap(value) ? value[key] : undefined;
  return isMap(found) ? found : null;
}

function isMap(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
