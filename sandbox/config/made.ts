/** Rules and recorders of AWS Config, as its own calls and stacks make them. */
import type { Call } from '../call.js';
import { uuidOf } from '../cloudformation/data.js';
import { ServiceError } from '../errors.js';
import type { Input } from '../service.js';
import { CONFIG, type ConfigData, type RuleData } from './data.js';

/** What rules were last evaluated with; no part of the state. */
export const evaluatedWith = new WeakMap<RuleData, number>();

export function refused(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}

export function text(input: Input, key: string): string {
  const value = input[key];
  if (typeof value === 'string' && value !== '') return value;
  throw refused('ValidationException', `${key} must not be null`);
}

export function map(input: Input, key: string): Input {
  const value = input[key];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw refused('ValidationException', `${key} must not be null`);
}

export const here = (call: Call): ConfigData => CONFIG.of(call.state, call.account, call.region);

/** Makes or changes a rule, as `PutConfigRule` does once it is decided. */
export function putRule(call: Call, written: Input): RuleData {
  const name = text(written, 'ConfigRuleName');
  const source = map(written, 'Source');
  text(source, 'Owner');
  const { rules } = here(call);
  const known = rules.get(name);
  if (known !== undefined) {
    known.written = written;
    evaluatedWith.delete(known);
    return known;
  }
  const id = `config-rule-${uuidOf(`${call.account} ${call.region} ${name}`).slice(0, 6)}`;
  const rule: RuleData = {
    ...{
      name,
      id,
      arn: `arn:aws:config:${call.region}:${call.account}:config-rule/${id}`,
      createdAt: call.now,
      written,
    },
    evaluations: new Map(),
    invokedAt: undefined,
    failedAt: undefined,
    error: undefined,
  };
  rules.set(name, rule);
  return rule;
}

export function removeRule(call: Call, name: string): void {
  here(call).rules.delete(name);
}

/** Makes or changes the recorder of an account and a Region; there is at most one. */
export function putRecorder(call: Call, written: Input, isRecording: boolean): string {
  const name = typeof written['name'] === 'string' ? written['name'] : 'default';
  const all = here(call).recorders;
  if (!all.has(name) && all.size > 0) {
    const message = 'Failed to put configuration recorder: there is one already.';
    throw refused('MaxNumberOfConfigurationRecordersExceededException', message);
  }
  const state = all.get(name)?.isRecording ?? isRecording;
  all.set(name, { written: { ...written, name }, isRecording: state, changedAt: call.now });
  return name;
}
