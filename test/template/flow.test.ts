/** Advice in one line is the same advice: its YAML reads back as the same values. */
import { inOneLine, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { library } from '../rules/library.js';

const valueOf = (yaml: string): Value | undefined => readTemplate(yaml, 'advice').source?.value;

it.each([
  [
    'add to the bucket\nA:\n  B:\n    - C: aws:kms\n      D: true',
    'add to the bucket: A: {B: [{C: aws:kms, D: true}]}',
  ],
  ['write a list:\n- a\n- "b c"', 'write a list: [a, "b c"]'],
  ['write\nA: "yes"\nB: "1"\nC: 1.0\nD: {}', 'write: A: "yes", B: "1", C: 1.0, D: {}'],
  ['use\nRole: !GetAtt Role.Arn', 'use: Role: {Fn::GetAtt: [Role, Arn]}'],
  ['one line', 'one line'],
  ['two lines\nof words', 'two lines of words'],
  ['no YAML\nA: [', 'no YAML A: ['],
])('%j', (text, line) => {
  expect(inOneLine(text)).toBe(line);
});

const MENDING = library.map(({ id, metadata }) => [id, metadata.remediation.cloudformation] as const);

it('the advice of the rules of the library stays what it is', () => {
  expect(MENDING.length).toBeGreaterThan(100);
  for (const [id, yaml] of MENDING) {
    const line = inOneLine(`mend\n${yaml}`);
    expect([id, line]).toStrictEqual([id, line.replaceAll('\n', ' ')]);
    expect([id, valueOf(`{${line.slice('mend: '.length)}}`)]).toStrictEqual([id, valueOf(yaml)]);
  }
});
