/**
 * The managed Guard Hook: rules from Amazon S3, read at each invocation, on the document that the CloudFormation Hooks User
 * Guide describes ("Write Guard rules to evaluate resources for Guard Hooks",
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/guard-hooks-write-rules.html).
 */
import {
  compileRegex,
  compileRules,
  loadData,
  mergeInputParameters,
  openDocument,
  parseRules,
} from '../../../guard/index.js';
import { isMap, readTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import type { Call } from '../../call.js';
import { readObject, writeObject } from '../../s3/objects.js';
import { objectAddress } from '../engine.js';
import type { Json } from '../json.js';
import type { HookQuestion } from '../hook-gate.js';
import { filesOf } from './archive.js';
import type { NamedFile } from './archive.js';
import { operationOf } from './configuration.js';
import type { HookType } from './data.js';
import { changedResources } from './events.js';

/** What a hook has to say. */
export interface Verdict {
  readonly isGood: boolean;
  readonly message: string;
}

/** @param call - As the hook's execution role. @throws Error when rules cannot be read or evaluated. */
export function askGuardHook(call: Call, type: HookType, properties: Json, question: HookQuestion): Verdict {
  const rules = located(call, properties['ruleLocation'], 'ruleLocation');
  const options = properties['options'] as Json | undefined;
  const given = options?.['inputParams'] ?? options?.['InputParams'];
  const parameters = listOf(given).flatMap((each) => located(call, each, 'inputParams').map(dataOf));
  const document = openDocument(mergeInputParameters(parameters, documentOf(type, question)));
  const failed: string[] = [];
  for (const { name, text } of rules) {
    if (!/\.(?:guard|ruleset)$/.test(name)) continue;
    const { tree, diagnostics } = parseRules(text, name, { checkRegex });
    if (tree === null) throw new Error(`the rules in ${name} cannot be read: ${diagnostics[0]?.message ?? ''}`);
    const { rules: outcomes } = compileRules(tree, { file: name, text }).evaluate(document);
    failed.push(...outcomes.filter(({ status }) => status === 'FAIL').map((each) => each.name));
  }
  const verdict = {
    isGood: failed.length === 0,
    message:
      failed.length === 0
        ? 'Template passed validation'
        : `Template failed validation, the following rule(s) failed: ${failed.join(', ')}.`,
  };
  writeLog(call, type, properties['logBucket'], question, verdict, failed);
  return verdict;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Files at a place: an address, or a map of address and version. */
function located(call: Call, place: unknown, what: string): readonly NamedFile[] {
  const map = typeof place === 'string' ? { uri: place } : ((place ?? {}) as Json);
  const uri = map['uri'] ?? map['Uri'];
  if (typeof uri !== 'string') throw new Error(`${what} names no object of Amazon S3`);
  const { bucket, key, version } = objectAddress(uri);
  const wanted = map['versionId'] ?? map['VersionId'];
  const bytes = readObject(call, bucket, key, typeof wanted === 'string' ? wanted : version);
  return filesOf(key, bytes);
}

function dataOf({ name, text }: NamedFile): Value {
  const loaded = loadData(text, name);
  if (!loaded.ok) throw new Error(`the input parameters in ${name} cannot be read: ${loaded.message}`);
  return loaded.value;
}

/** What the rules see. */
export function documentOf(type: HookType, question: HookQuestion): ValueMap {
  const { stack, changeSetId, action } = question;
  const isResource = question.target === 'RESOURCE';
  const context: ValueMap = {
    AWSAccountID: stack.account,
    StackId: operationOf(question) === 'CLOUD_CONTROL' ? '' : stack.id,
    HookTypeName: type.name,
    HookTypeVersion: type.versionId,
    InvocationPoint: `${action}_PRE_PROVISION`,
    TargetName: isResource ? question.type : question.target,
    TargetType: isResource ? question.type : question.target,
    TargetLogicalId: isResource ? question.logicalId : question.target === 'STACK' ? stack.name : changeSetId,
    ChangeSetId: changeSetId,
  };
  if (isResource) {
    const { logicalId, properties, previous } = question;
    const resource = (of: Json): ValueMap => ({ [logicalId]: { Type: question.type, Properties: valueOf(of) } });
    return {
      HookContext: context,
      Resources: resource(properties),
      ...(action !== 'CREATE' && { Previous: resource(previous) }),
    };
  }
  return {
    HookContext: context,
    ...templateOf(question.template),
    ...(question.previousTemplate !== '' && { Previous: templateOf(question.previousTemplate) }),
    ...(question.target === 'CHANGE_SET' && {
      Changes: valueOf(changedResources(question.template, question.changes)),
    }),
  };
}

function templateOf(text: string): ValueMap {
  const { source } = text === '' ? { source: null } : readTemplate(text, 'template');
  return source !== null && isMap(source.value) ? source.value : {};
}

/** Values of JSON are values of documents. */
function valueOf(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

function writeLog(
  call: Call,
  type: HookType,
  bucket: unknown,
  { stack, target }: HookQuestion,
  verdict: Verdict,
  failed: readonly string[],
): void {
  if (typeof bucket !== 'string') return;
  const key = `cfn-guard-validate-report/${stack.name}-${type.name.replaceAll('::', '-')}-${call.now}.json`;
  const report = { stackId: stack.id, target, status: verdict.isGood ? 'PASS' : 'FAIL', not_compliant: failed };
  writeObject(call, bucket, key, Buffer.from(JSON.stringify(report)));
}

function checkRegex(pattern: string): string | null {
  const result = compileRegex(pattern);
  return result.ok ? null : result.message;
}
