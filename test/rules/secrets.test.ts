/** What may be a secret is in no report: not in the message, not as a line of the file. */
import { buildBundle, checkTemplate, parameterDocument, PARAMETERS } from '../../rules/index.js';
import { createReport, reporters } from '../../findings/index.js';
import { codeRules, isGuard, loadLibrary, rulesOf, ruleSource } from '../../cli/library.js';

const SECRET = 'hunter2-hunter2';
const TEMPLATE = `
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: { MasterUserPassword: ${SECRET} }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Environment: { Variables: { DB_PASSWORD: ${SECRET}, KEY: AKIAIOSFODNN7EXAMPLE } } }
  Job:
    Type: AWS::Glue::Job
    Properties: { DefaultArguments: { '--password': ${SECRET} } }
  Connection:
    Type: AWS::Glue::Connection
    Properties: { ConnectionInput: { ConnectionProperties: { PASSWORD: ${SECRET} } } }
`;

it('holds for every format', async () => {
  const library = loadLibrary();
  const packs = library.packs.filter(({ id }) => id === 'foundation');
  const chosen = rulesOf(library, packs).filter(({ rule }) => rule.metadata.tags.includes('secrets'));
  const { bundle } = buildBundle(chosen.filter(isGuard).map(ruleSource), await codeRules(chosen));
  const defaults = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { default: value }]) => [name, value]));
  const checked = checkTemplate(TEMPLATE, 't.yaml', bundle!, {}, { inputs: parameterDocument(defaults) });
  if (checked.kind !== 'checked') throw new Error(checked.kind);
  const { file, findings, notEvaluated } = checked.result;
  expect(new Set(findings.map(({ resource }) => resource?.logicalId))).toStrictEqual(
    new Set(['Database', 'Function', 'Job', 'Connection']),
  );
  const report = createReport({ tool: { name: 't', version: '1' }, files: [file], findings, notEvaluated });
  const sources = new Map([['t.yaml', TEMPLATE]]);
  for (const [name, reporter] of Object.entries(reporters)) {
    const text = reporter(report, { sources, color: false });
    expect([name, text.includes(SECRET), text.includes('AKIAIOSFODNN7EXAMPLE')]).toStrictEqual([name, false, false]);
  }
});
