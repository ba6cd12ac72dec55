/** Attestations: text to statements with places for errors, and statements to findings. */
import { attestationChecks, readAttestations } from '../../../analyzers/scan/index.js';
import { contextOf, verdictOf } from './live.js';

const ATTESTABLE = ['TLS-AGENT-01', 'ORG-MAP-01', 'PIPE-REPO-01'];
const STATEMENT = `version: 1
controls: [ORG-MAP-01]
attestations:
  - control: TLS-AGENT-01
    statement: Agents on both hosts use certificates.
    owner: data-platform@example.com
    date: '2026-06-01'
    expires: '2027-06-01'
`;

function read(text: string): readonly string[] {
  const { attestations, diagnostics } = readAttestations(text, 'attestations.yaml', ATTESTABLE);
  expect(attestations === null).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code, message, location }) => {
    const { start, end } = location!;
    return `${code} ${message}: ${text.slice(start, end).split('\n')[0]!}`;
  });
}

it('reads statements; what is attested is wanted', () => {
  const { attestations } = readAttestations(STATEMENT, 'attestations.yaml', ATTESTABLE);
  expect(attestations).toStrictEqual({
    controls: ['ORG-MAP-01', 'TLS-AGENT-01'],
    statements: [
      {
        control: 'TLS-AGENT-01',
        statement: 'Agents on both hosts use certificates.',
        owner: 'data-platform@example.com',
        date: '2026-06-01',
        expires: '2027-06-01',
      },
    ],
  });
});

it.each([
  [
    'no such control',
    'control: TLS-AGENT-01',
    'control: TLS-AGENT-1',
    /^SCN1101 `TLS-AGENT-1` is no control .*: TLS-AGENT-1$/,
  ],
  [
    'a control that cannot be attested',
    '[ORG-MAP-01]',
    '[ENC-S3-01]',
    /is no control that can be attested: ENC-S3-01$/,
  ],
  ['no owner', '    owner: data-platform@example.com\n', '', /`owner` is missing or no text/],
  ['a day that is none', "'2027-06-01'", "'2027-02-30'", /`expires` is no date: '2027-02-30'$/],
  ['a date that is no text', "'2026-06-01'", '20260601', /`date` is no date: 20260601$/],
  [
    'an end before the beginning',
    "'2027-06-01'",
    "'2026-06-01'",
    /expires on 2026-06-01, not after its date 2026-06-01/,
  ],
  ['a key that nobody knows', 'owner:', 'holder:', /an attestation has no key `holder`/],
  ['another version', 'version: 1', 'version: 2', /`version` is not 1: 2$/],
  ['no list', 'attestations:', 'attestation:', /`attestations` is no list/],
  ['no map', STATEMENT, '[]', /the file is no map/],
])('%s is an error at its place', (_, old, replaced, message) => {
  const found = read(STATEMENT.replace(old, replaced));
  expect(found.join('\n')).toMatch(new RegExp(message.source, 'm'));
});

it('refuses two statements on one control', () => {
  const [, entry] = STATEMENT.split('attestations:\n');
  expect(read(STATEMENT + entry!)).toStrictEqual(['SCN1101 `TLS-AGENT-01` is attested twice: TLS-AGENT-01']);
});

it('tells a text that is no YAML', () => {
  expect(read('version: [').length).toBe(1);
});

function verdicts(text: string): readonly string[] {
  const { attestations } = readAttestations(text, 'attestations.yaml', ATTESTABLE);
  const context = contextOf({});
  return attestationChecks(attestations).map((check) => {
    const outcome = check.check(context);
    return `${check.id} ${verdictOf(outcome)} ${outcome.findings.map(({ message }) => message).join()}`.trim();
  });
}

it.each([
  ['in force', "'2027-06-01'", 'PASS'],
  ['on its last day', "'2026-11-21'", 'PASS'],
  [
    'the day after',
    "'2026-11-20'",
    'FAIL the attestation of data-platform@example.com of 2026-06-01 expired on 2026-11-20',
  ],
])('a statement %s', (_, expires, expected) => {
  expect(verdicts(STATEMENT.replace("'2027-06-01'", expires))).toStrictEqual([
    'attestation-org-map-01 FAIL the organization wants the control attested, and nobody did',
    `attestation-tls-agent-01 ${expected}`,
  ]);
});

it('takes no statement of a day to come', () => {
  expect(verdicts(STATEMENT.replace("'2026-06-01'", "'2026-11-22'"))[1]).toBe(
    'attestation-tls-agent-01 FAIL the attestation of data-platform@example.com is dated 2026-11-22, a day to come',
  );
});

it('wants nothing without a file', () => {
  expect(attestationChecks(null)).toStrictEqual([]);
});
