/** cloudformation-hook-stack-complete: a stack that registers a hook holds everything that the hook needs to act and to tell. */
import type { Path, Unknown, Value } from '../../template/index.js';
import { at, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const VERSION = 'AWS::CloudFormation::HookVersion';
const LOG_GROUP = 'AWS::Logs::LogGroup';
const ROLE = 'AWS::IAM::Role';

/** What a hook lacks. */
interface Lack {
  readonly path: Path;
  readonly message: string;
  readonly missing: boolean;
  /** Values on which it hangs. */
  readonly unknowns: readonly Unknown[];
}

export function check(view: View): void {
  for (const hook of view.resources(VERSION)) tell(view, hook, ofVersion(view, hook));
  for (const hook of view.resources('AWS::CloudFormation::LambdaHook')) tell(view, hook, ofFunction(view, hook));
  for (const hook of view.resources('AWS::CloudFormation::GuardHook')) tell(view, hook, ofRules(view, hook));
}

function tell(view: View, hook: ResourceUnder, lacks: readonly (Lack | undefined)[]): void {
  const real = lacks.filter((lack) => lack !== undefined);
  for (const { path, message, missing, unknowns } of real) {
    if (unknowns.length > 0) view.open(hook, path, unknowns);
    else view.fail(hook, { path, ...(missing ? { missing } : {}), message, subject: message });
  }
  if (real.length === 0) view.pass(hook);
}

/** A hook with its own code: version, default version, configuration, role, log group. */
function ofVersion(view: View, hook: ResourceUnder): readonly (Lack | undefined)[] {
  const typeName = view.text(property(hook, 'TypeName'));
  const names = (one: ResourceUnder): boolean =>
    view.graph.target(property(one, 'TypeVersionArn') ?? property(one, 'TypeArn'), VERSION) === hook ||
    (typeName !== undefined && view.text(property(one, 'TypeName')) === typeName);
  const companion = (type: string, what: string): Lack | undefined => {
    if (view.resources(type).some(names)) return undefined;
    const others = view
      .resources(type)
      .flatMap((one) => unknownsAt(view, one, 'TypeName', 'TypeArn', 'TypeVersionArn'));
    return {
      path: ['Resources', hook.key],
      message: `the template has no ${what} for the hook`,
      missing: true,
      unknowns: others,
    };
  };
  return [
    companion('AWS::CloudFormation::HookDefaultVersion', '`AWS::CloudFormation::HookDefaultVersion`'),
    companion('AWS::CloudFormation::HookTypeConfig', '`AWS::CloudFormation::HookTypeConfig`'),
    inTemplate(view, hook, ['ExecutionRoleArn'], ROLE, 'execution role'),
    inTemplate(view, hook, ['LoggingConfig', 'LogGroupName'], LOG_GROUP, 'log group'),
    inTemplate(view, hook, ['LoggingConfig', 'LogRoleArn'], ROLE, 'role that writes its log'),
  ];
}

/** A hook that is a function: role, function, and the log group of the function. */
function ofFunction(view: View, hook: ResourceUnder): readonly (Lack | undefined)[] {
  const value = property(hook, 'LambdaFunction');
  const fn = view.graph.target(value, 'AWS::Lambda::Function') ?? mentionedFunction(view, value);
  return [inTemplate(view, hook, ['ExecutionRole'], ROLE, 'execution role'), fn && logOf(view, hook, fn)];
}

/** A hook of Guard rules: role, place of the rules, bucket for the reports. */
function ofRules(view: View, hook: ResourceUnder): readonly (Lack | undefined)[] {
  const given = (path: Path, what: string): Lack | undefined =>
    at(hook.properties, ...path) === undefined
      ? { path: pathOf(hook, ...path), message: `the hook names no ${what}`, missing: true, unknowns: [] }
      : undefined;
  return [
    inTemplate(view, hook, ['ExecutionRole'], ROLE, 'execution role'),
    given(['RuleLocation', 'Uri'], 'place of its rules'),
    given(['LogBucket'], 'bucket for its reports'),
  ];
}

/** A part that the hook names and the template holds. */
function inTemplate(view: View, hook: ResourceUnder, path: Path, type: string, what: string): Lack | undefined {
  const value = at(hook.properties, ...path);
  if (view.graph.target(value, type) !== undefined) return undefined;
  const place = pathOf(hook, ...path);
  if (value === undefined) return { path: place, message: `the hook names no ${what}`, missing: true, unknowns: [] };
  const text = view.text(value) ?? '';
  return {
    path: place,
    message: `the ${what} of the hook, \`${text}\`, is not in the template`,
    missing: false,
    unknowns: view.unknownsIn(text),
  };
}

/** The log group of a function: the one that it names, or the one with its name. */
function logOf(view: View, hook: ResourceUnder, fn: ResourceUnder): Lack | undefined {
  const named = at(property(fn, 'LoggingConfig'), 'LogGroup');
  const isLog = (group: ResourceUnder): boolean =>
    named === undefined
      ? isDefaultLog(view, property(group, 'LogGroupName'), fn)
      : view.graph.target(named, LOG_GROUP) === group;
  if (view.resources(LOG_GROUP).some(isLog)) return undefined;
  const unknowns = named === undefined ? [] : view.unknownsIn(view.text(named) ?? '');
  const message = `the function \`${fn.logicalId}\` of the hook has no log group in the template`;
  return { path: ['Resources', hook.key], message, missing: true, unknowns };
}

function isDefaultLog(view: View, name: Value | undefined, fn: ResourceUnder): boolean {
  const text = view.text(name) ?? '';
  const own = '/aws/lambda/';
  return text.startsWith(own) && view.graph.target(text.slice(own.length), fn.type) === fn;
}

function mentionedFunction(view: View, value: Value | undefined): ResourceUnder | undefined {
  return value === undefined ? undefined : view.graph.mentioned(value, 'AWS::Lambda::Function')[0];
}

function unknownsAt(view: View, resource: ResourceUnder, ...names: readonly string[]): readonly Unknown[] {
  return names.flatMap((name) => view.unknownsIn(view.text(property(resource, name)) ?? ''));
}
