/** Templates that the parity table is made of: the cases of every rule, and whole templates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARAMETER_ROOT } from '../../../rules/index.js';
import type { ParameterValue } from '../../../rules/index.js';
import { readTemplate } from '../../../template/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { codeLibrary, library, rulesFolder } from '../../rules/library.js';

/** A template, and what is known of its deployment. */
export interface Fixture {
  readonly name: string;
  readonly text: string;
  /** Values of its parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Values of the parameters of rules; what is left out has its default. */
  readonly ruleParameters: Readonly<Record<string, ParameterValue>>;
  readonly account: string;
}

/** The cases of one rule. */
export interface RuleFixtures {
  readonly id: string;
  readonly fixtures: readonly Fixture[];
}

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

interface CodeCase {
  readonly name: string;
  readonly parameters?: object;
  readonly conditions?: object;
  readonly resources: object;
  readonly with?: Readonly<Record<string, ParameterValue>>;
  readonly account?: string;
}

/** The cases of every Guard rule, in order of their ids. */
export function guardCases(): readonly RuleFixtures[] {
  return library.map(({ id, cases }) => ({
    id,
    fixtures: cases.flatMap(({ name, input }): readonly Fixture[] => {
      const { [PARAMETER_ROOT]: given = {}, ...template } = input as Record<string, object>;
      const fixture = {
        name,
        text: JSON.stringify(template),
        parameters: {},
        ruleParameters: given as Fixture['ruleParameters'],
        account: ACCOUNT,
      };
      return [fixture, ...completed(fixture, template)];
    }),
  }));
}

/**
 * Cases name resources that they do not have. The same case with parameters in their place, and values for these, is a
 * template that can be deployed. None when it is one already.
 */
function completed(fixture: Fixture, template: Readonly<Record<string, unknown>>): readonly Fixture[] {
  const declared = new Set(['Resources', 'Parameters'].flatMap((section) => Object.keys(template[section] ?? {})));
  const parameters: Record<string, string> = {};
  const complete = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(complete);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, target] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && (key === 'Ref' || key === 'Fn::GetAtt')) {
      const steps = Array.isArray(target) ? target : typeof target === 'string' ? target.split('.') : [];
      const [name] = steps as readonly unknown[];
      if (steps.every((step) => typeof step === 'string') && typeof name === 'string') {
        if (declared.has(name) || !/^[A-Za-z0-9]+$/.test(name)) return value;
        const parameter = steps.join('').replace(/[^A-Za-z0-9]/g, '');
        parameters[parameter] = `given-${parameter.toLowerCase()}`;
        return { Ref: parameter };
      }
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, complete(each)]));
  };
  const whole = complete(template) as Readonly<Record<string, object>>;
  const names = Object.keys(parameters);
  if (names.length === 0) return [];
  const added = Object.fromEntries(names.map((name) => [name, { Type: 'String' }]));
  const text = JSON.stringify({ ...whole, Parameters: { ...whole['Parameters'], ...added } });
  return [{ ...fixture, name: `${fixture.name} (completed)`, text, parameters }];
}

/** The cases of every rule in TypeScript, in order of their ids. */
export function codeCases(): readonly RuleFixtures[] {
  return codeLibrary.map(({ id, service }) => {
    const file = join(rulesFolder, service, 'cases', `${id}.yml`);
    const { source } = readTemplate(readFileSync(file, 'utf8'), file);
    const cases = source!.value as unknown as readonly CodeCase[];
    return {
      id,
      fixtures: cases.map((one): Fixture => {
        const { name, parameters = {}, conditions = {}, resources } = one;
        return {
          name,
          text: JSON.stringify({ Parameters: parameters, Conditions: conditions, Resources: resources }),
          parameters: {},
          ruleParameters: one.with ?? {},
          account: one.account ?? ACCOUNT,
        };
      }),
    };
  });
}

const EXAMPLES = [
  'account-baseline.yaml',
  'data-lake.yaml',
  'search-and-cache.json',
  'serverless-api.yaml',
  'web-application.yaml',
];

/** Whole templates, good and bad. */
export function wholeTemplates(): readonly Fixture[] {
  return ['good', 'bad']
    .flatMap((kind) => EXAMPLES.map((name) => `${kind}/${name}`))
    .map((name): Fixture => {
      const text = readFileSync(join(repositoryRoot(), 'examples', name), 'utf8');
      return { name: `examples/${name}`, text, parameters: {}, ruleParameters: {}, account: ACCOUNT };
    });
}
