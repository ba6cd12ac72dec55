/** The cases of every rule in this project's engine: the same verdicts as in the reference. */
import { compileRules, openDocument, parseRules } from '../../guard/index.js';
import { guardName } from '../../rules/index.js';
import { failuresOf } from '../../rules/run/failures.js';
import { isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { library } from './library.js';

describe.each(library.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { tree } = parseRules(rule.guard, `${id}.guard`);
  const program = compileRules(tree!, { file: `${id}.guard`, text: rule.guard });

  it('gives the verdict of every case', () => {
    const seen = rule.cases.map(({ name, input }) => ({
      name,
      rules: program.evaluate(openDocument(input)).rules.map((one) => [one.name, one.status]),
    }));
    expect(seen).toStrictEqual(rule.cases.map(({ name, verdict }) => ({ name, rules: [[guardName(id), verdict]] })));
  });

  it('says a message of its own, with help, about a resource wherever it fails', () => {
    const silent: unknown[] = [];
    for (const { name, input, verdict } of rule.cases) {
      if (verdict !== 'FAIL') continue;
      const document = crowded(input);
      const failures = failuresOf(
        program.explain(openDocument(document), 0, () => ({ line: 0, column: 0 })),
        document,
      );
      expect(failures.length).toBeGreaterThan(0);
      for (const { message, help, path } of failures) {
        // A parameter that nobody gave is missing from the whole document, not from a resource.
        const place = message.startsWith('the parameter ') ? 'Resources' : path[0];
        const stranger = path[1] === 'Bystander' || path.includes('Another');
        if (message === '' || help === '' || place !== 'Resources' || stranger) silent.push({ name, message, path });
      }
    }
    expect(silent).toStrictEqual([]);
  });
});

/** The same document with a resource and properties that no rule asks for, so that an explanation could name them. */
function crowded(input: Value): Value {
  if (!isMap(input) || !isMap(input['Resources'])) return input;
  const resources = Object.entries(input['Resources']).map(([id, resource]): [string, Value] => {
    const properties = isMap(resource) ? resource['Properties'] : undefined;
    return [
      id,
      isMap(properties) ? { ...(resource as object), Properties: { Another: 'x', ...properties } } : resource,
    ];
  });
  return { ...input, Resources: { Bystander: { Type: 'Custom::Bystander' }, ...Object.fromEntries(resources) } };
}
