/** Parameters: defaults, checks, the document that carries them, and how they are written into the text of a rule. */
import fc from 'fast-check';
import { compileRules, loadData, mergeInputParameters, openDocument, parseRules } from '../../guard/index.js';
import {
  PARAMETER_ROOT,
  PARAMETERS,
  completeParameters,
  defaultParameters,
  guardLiteral,
  inlineParameters,
  parameterDocument,
  parametersRead,
} from '../../rules/index.js';
import type { ParameterValue } from '../../rules/index.js';
import { codeLibrary, library } from './library.js';

const problems = (chosen: Record<string, unknown>): readonly string[] =>
  completeParameters(chosen).problems.map(({ parameter, message }) => `${parameter}: ${message}`);

describe('defaults', () => {
  it('are what the rules were written for', () => {
    expect(defaultParameters()).toMatchSnapshot();
  });

  it('fit their own types', () => {
    expect(completeParameters(defaultParameters())).toStrictEqual({ values: defaultParameters(), problems: [] });
  });

  it('are all read by some rule', () => {
    const read = new Set([...library, ...codeLibrary].flatMap((rule) => rule.metadata.parameters));
    expect([...read].sort()).toStrictEqual(Object.keys(PARAMETERS).sort());
  });
});

describe('completeParameters', () => {
  it('adds defaults to what was chosen', () => {
    const { values } = completeParameters({ classTag: 'dc', cmkClasses: ['c3'] });
    expect(values).toStrictEqual({ ...defaultParameters(), classTag: 'dc', cmkClasses: ['c3'] });
  });

  it('takes required tags as a map, too', () => {
    const { values, problems: none } = completeParameters({
      requiredTags: { owner: { pattern: '.+@.+' }, tier: { values: ['gold'] } },
    });
    expect(none).toStrictEqual([]);
    expect(values['requiredTags']).toStrictEqual([
      { key: 'owner', pattern: '.+@.+' },
      { key: 'tier', values: ['gold'] },
    ]);
  });

  it.each([
    [{ clasTag: 'x' }, /^clasTag: there is no parameter of that name; there are accessLogTargetTag, /],
    [{ constructor: 'x' }, /^constructor: there is no parameter/],
    [{ classTag: '' }, /^classTag: must be a text that is not empty$/],
    [{ classTag: 5 }, /^classTag: must be a text/],
    [{ classes: 'restricted' }, /^classes: must be a list of texts$/],
    [{ classes: ['a', 5] }, /^classes: must be a list of texts$/],
    [{ keyAliasPattern: [] }, /^keyAliasPattern: must be a regular expression$/],
    [{ maxRotationDays: '365' }, /^maxRotationDays: must be a whole number from 90 to 2560$/],
    [{ maxRotationDays: 365.5 }, /whole number/],
    [{ maxRotationDays: 89 }, /whole number/],
    [{ minPendingDays: 31 }, /^minPendingDays: must be a whole number from 7 to 30$/],
    [{ allowedPublicPorts: [443, '8443'] }, /^allowedPublicPorts: must be a list of whole numbers$/],
    [{ allowedPublicPorts: [-1] }, /^allowedPublicPorts: must be a list of whole numbers$/],
    [{ allowedPublicPorts: 443 }, /^allowedPublicPorts: must be a list of whole numbers$/],
    [{ ontology: ['data-class'] }, /^ontology: must be a map from a name to a list of texts$/],
    [{ ontology: { tier: 'gold' } }, /^ontology: must be a map from a name to a list of texts$/],
    [{ maxSessionSeconds: 3600 }, /^maxSessionSeconds: must be a map from stage/],
    [{ maxSessionSeconds: { prod: 3600 } }, /^maxSessionSeconds: must have the key `default`/],
    [{ maxSessionSeconds: { prod: 60, default: 3600 } }, /^maxSessionSeconds: stage `prod` must have a whole number/],
    [{ maxSessionSeconds: { default: 43_201 } }, /^maxSessionSeconds: stage `default` must have a whole number/],
    [{ retention: 'x' }, /^retention: must be a map from a name to how long data is kept$/],
    [{ retention: { a: 5 } }, /^retention: `a` must be a map$/],
    [{ retention: { a: { minYears: 0 } } }, /^retention: `a` must have a whole number above 0 as `minYears`$/],
    [{ retention: { a: { expireDays: '9' } } }, /^retention: `a` must have a whole number above 0 as `expireDays`$/],
    [{ retention: { a: { byAge: 'yes' } } }, /^retention: `a` must have true or false as `byAge`$/],
    [{ retention: { a: { tiers: [{ storageClass: 'GLACIER' }] } } }, /^retention: `a` must have a list of/],
    [{ retention: { a: { tiers: [{ storageClass: 'GLACIER', afterMonths: 3, x: 1 }] } } }, /must have a list of/],
    [{ retention: { a: { years: 3 } } }, /^retention: `a` has an unknown setting `years`/],
    [{ requireExplicit: 'true' }, /^requireExplicit: must be true or false$/],
    [{ ownerRegister: 'x' }, /^ownerRegister: must be a list of texts, or null$/],
    [{ keyTypeByClass: [] }, /^keyTypeByClass: must be a map/],
    [{ keyTypeByClass: { public: 'none' } }, /^keyTypeByClass: class `public` must be owned, managed or customer$/],
    [{ requiredTags: 'owner' }, /^requiredTags: must be a list of required tags$/],
    [{ requiredTags: ['owner'] }, /^requiredTags: each required tag must be a map/],
    [{ requiredTags: { owner: 5 } }, /^requiredTags: each required tag must be a map/],
    [{ requiredTags: [{ pattern: 'x' }] }, /^requiredTags: each required tag must name its `key`$/],
    [{ requiredTags: [{ key: 'a', pattern: '' }] }, /^requiredTags: `pattern` of tag `a` must be/],
    [{ requiredTags: [{ key: 'a', values: 'x' }] }, /^requiredTags: `values` of tag `a` must be a list/],
    [{ requiredTags: [{ key: 'a', value: 'x' }] }, /^requiredTags: tag `a` has an unknown setting `value`/],
  ])('refuses %j', (chosen, message) => {
    expect(problems(chosen)).toHaveLength(1);
    expect(problems(chosen)[0]).toMatch(message);
  });

  it('names every fault', () => {
    expect(problems({ classTag: '', stages: 5 })).toHaveLength(2);
  });
});

describe('the parameter document', () => {
  it('has one root key, which cfn-guard merges into a template', () => {
    expect(parameterDocument(defaultParameters())).toStrictEqual({ StackadeParameters: defaultParameters() });
  });

  it('clashes with a template that brings the key itself', () => {
    const parameters = parameterDocument(defaultParameters());
    expect(() =>
      mergeInputParameters([parameters], { StackadeParameters: { cmkClasses: [] }, Resources: {} }),
    ).toThrow();
  });
});

describe('parameters in the text of a rule', () => {
  const text =
    'let tag = StackadeParameters.classTag\nlet days = StackadeParameters.maxRotationDays\nrule a { %tag == 1 }\n';

  it('are found and replaced', () => {
    expect(parametersRead(text)).toStrictEqual(['classTag', 'maxRotationDays']);
    expect(inlineParameters(text, { classTag: "it's", maxRotationDays: 365 })).toBe(
      'let tag = "it\'s"\nlet days = 365\nrule a { %tag == 1 }\n',
    );
  });

  it('must all be given', () => {
    expect(() => inlineParameters(text, { classTag: 'x' })).toThrow(RangeError);
    expect(() => inlineParameters('let a = StackadeParameters.constructor', {})).toThrow(RangeError);
  });

  it.each([['ends in \\'], [`'"`], [Number.NaN], [1e21], [-1.5]] as const)('%j cannot be written', (value) => {
    expect(() => guardLiteral(value)).toThrow(RangeError);
  });

  it('are the same value again when the rule is parsed', () => {
    const text_ = fc
      .string({ maxLength: 8 })
      .filter(
        (value) => !value.endsWith('\\') && !(value.includes("'") && value.includes('"')) && !/[\r\0]/.test(value),
      );
    const { value } = fc.letrec<{ value: ParameterValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        text_,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          text_.filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 3 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        // Two documents with the same rule: the value written as a literal equals the value of the document.
        const rule = `rule same { v == ${guardLiteral(given)} }`;
        const { tree, diagnostics } = parseRules(rule, 'same.guard');
        expect(diagnostics).toStrictEqual([]);
        if (Array.isArray(given)) return;
        const loaded = loadData(JSON.stringify({ v: given }), 'v.json');
        if (!loaded.ok) throw new Error(loaded.message);
        const { status } = compileRules(tree!, { file: 'same.guard', text: rule }).evaluate(openDocument(loaded.value));
        expect(status).toBe('PASS');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a rule in a bundle without a parameter document', () => {
  it.each(library.filter((rule) => rule.metadata.parameters.length > 0).map((rule) => [rule.id, rule] as const))(
    '%s gives the verdicts of the default parameters',
    (id, rule) => {
      const defaults = defaultParameters();
      const verdictsOf = (guard: string): ((input: ParameterValue) => string) => {
        const { tree } = parseRules(guard, `${id}.guard`);
        const program = compileRules(tree!, { file: `${id}.guard`, text: guard });
        return (input) =>
          program
            .evaluate(openDocument(input))
            .rules.map((one) => `${one.name} ${one.status}`)
            .join();
      };
      const merged = verdictsOf(rule.guard);
      const bundled = verdictsOf(inlineParameters(rule.guard, defaults));
      for (const { input } of rule.cases) {
        const plain = Object.fromEntries(
          Object.entries(input as Record<string, ParameterValue>).filter(([key]) => key !== PARAMETER_ROOT),
        );
        expect(bundled(plain)).toBe(merged({ ...parameterDocument(defaults), ...plain }));
      }
    },
  );
});
