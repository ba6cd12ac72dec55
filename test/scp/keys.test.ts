/** Templates of organization policies name actions, resources and condition keys that exist and belong together. */
import { buildPolicy } from '../../scp/index.js';
import { holdKeys } from '../support/policy-keys.js';
import { names, templateOf } from './library.js';

const chosen = names.filter((name) => (process.env['ONLY'] ?? name).split(',').includes(name));

describe.each(chosen)('%s', (name) => {
  const template = templateOf(name);
  const { built } = buildPolicy(template, template.cases.parameters ?? {}, { examples: true });
  holdKeys(
    built!.policies.flatMap(({ statements }) => statements),
    template.absentKeys,
  );
});
