/** Every template of the library: its files, its policy, its cases, its claims and their twins, and what they notice. */
import { join } from 'node:path';
import { buildPolicy, verifyTemplate } from '../../scp/index.js';
import type { TemplateVerification } from '../../scp/index.js';
import { validatePolicy } from '../../iam/validate/index.js';
import { expectScore, triesMutants } from '../support/scores.js';
import { dataOf, names, templateOf } from './library.js';

/** Names given in `ONLY` of the environment, for work on one template. */
const chosen = names.filter((name) => (process.env['ONLY'] ?? name).split(',').includes(name));

describe.each(chosen)('%s', (name) => {
  const template = templateOf(name);
  let verified: TemplateVerification | undefined;
  const verification = (): TemplateVerification => {
    if (verified !== undefined) return verified;
    const result = verifyTemplate(template, { mutation: triesMutants });
    expect(result.diagnostics).toStrictEqual([]);
    return (verified = result.verification!);
  };

  it('has the name of its folder', () => {
    expect(template.name).toBe(name);
  });

  it('builds a policy that has no error', () => {
    const { built, diagnostics } = buildPolicy(template, template.cases.parameters ?? {}, { examples: true });
    expect(diagnostics).toStrictEqual([]);
    for (const document of built!.documents) {
      const findings = validatePolicy({ ...document }, template.kind);
      expect(findings.filter(({ type }) => type === 'ERROR' || type === 'WARNING')).toStrictEqual([]);
    }
  });

  it('has cases that come out as expected, on both evaluators', () => {
    const faults = verification().cases.filter(({ ok }) => !ok);
    expect(faults.map((each) => `${each.case.name}: ${each.fault!}`)).toStrictEqual([]);
    expect(template.cases.cases.length).toBeGreaterThanOrEqual(6);
    expect(template.cases.cases.filter(({ decision }) => decision === 'ALLOW').length).toBeGreaterThanOrEqual(2);
  });

  it('has claims that hold, and fail under their twins', () => {
    const said = verification().claims.map(({ claim, proof, twin }) => {
      return { claim: claim.claim, proof: proof.kind, twin: twin?.kind, ...(proof.kind === 'HOLDS' ? {} : { proof }) };
    });
    expect(said).toStrictEqual(template.claims.claims.map(({ claim }) => ({ claim, proof: 'HOLDS', twin: 'FAILS' })));
    expect(said.length).toBeGreaterThan(0);
  });

  it('has a case for each statement', () => {
    expect(verification().coverage!.unreached).toStrictEqual([]);
  });

  it('has cases and claims that notice changes (UPDATE_MUTATION=1 tries them again)', () => {
    const score = triesMutants ? verification().mutation : null;
    expectScore(join(__dirname, 'mutation.json'), name, dataOf(name), score, template.survivors);
  });
});
