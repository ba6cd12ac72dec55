/** Boundaries and roles name actions, resources and condition keys that exist and belong together. */
import { buildBoundary, policyNames } from '../../boundaries/index.js';
import { holdKeys } from '../support/policy-keys.js';
import { names, templateOf } from './library.js';

const chosen = names.filter((name) => (process.env['ONLY'] ?? name).split(',').includes(name));

describe.each(chosen)('%s', (name) => {
  const template = templateOf(name);
  const { built } = buildBoundary(template, template.cases.parameters ?? {}, { examples: true });
  holdKeys(
    policyNames(template).flatMap((policy) => built!.policies[policy]!.statements),
    template.absentKeys,
  );
});
