/** The checkpoint: whatever happens to its bytes, nothing is lost, doubled or changed unnoticed. */
import fc from 'fast-check';
import { FIRST_DIGEST, JournalError, journalLine, JournalReader, readJournal } from '../../../analyzers/scan/index.js';
import type { JournalHeader, JournalRecord, UnitResult } from '../../../analyzers/scan/index.js';

const HEADER: JournalHeader = {
  kind: 'scan',
  version: 1,
  tool: { name: 'stackade', version: '1' },
  started: '2026-11-21T08:00:00.000Z',
  configuration: 'digest',
};
const unit = (account: string, message = 'größer'): JournalRecord => ({
  kind: 'unit',
  result: result(account, message),
});
const result = (account: string, message: string): UnitResult => ({
  account,
  region: 'eu-central-1',
  outcome: 'read',
  failures: [],
  concerned: [],
  findings: [{ check: 'one', arn: 'arn', type: 'AWS::S3::Bucket', subject: '', message }],
  extracts: {},
});

function written(records: readonly JournalRecord[]): Uint8Array {
  let digest = FIRST_DIGEST;
  let text = '';
  for (const record of records) {
    const made = journalLine(record, digest);
    text += made.line;
    ({ digest } = made);
  }
  return new TextEncoder().encode(text);
}

const RECORDS = [HEADER, unit('111111111111'), unit('222222222222'), unit('333333333333')];
const WHOLE = written(RECORDS);

it('reads what was written, in pieces of any size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (size) => {
      const reader = new JournalReader();
      for (let from = 0; from < WHOLE.length; from += size) reader.push(WHOLE.slice(from, from + size));
      const journal = reader.end()!;
      expect([...journal.results.keys()]).toStrictEqual([
        '111111111111 eu-central-1',
        '222222222222 eu-central-1',
        '333333333333 eu-central-1',
      ]);
      expect(journal.results.get('222222222222 eu-central-1')).toStrictEqual(result('222222222222', 'größer'));
      expect(journal.length).toBe(WHOLE.length);
    }),
    { numRuns: 30 },
  );
});

it('cuts off what a dying process has left, at any byte, and goes on from there', () => {
  for (let cut = 0; cut < WHOLE.length; cut++) {
    const journal = readJournal(WHOLE.slice(0, cut));
    if (journal === null) {
      expect(WHOLE.slice(0, cut)).not.toContain(10);
      continue;
    }
    const whole = journal.results.size + 1;
    expect(journal.length).toBe(written(RECORDS.slice(0, whole)).length);
    // The lines behind go on where the journal ended.
    const { line } = journalLine(RECORDS[whole] ?? unit('444444444444'), journal.digest);
    const again = new Uint8Array([...WHOLE.slice(0, journal.length), ...new TextEncoder().encode(line)]);
    expect(readJournal(again)!.results.size).toBe(whole);
  }
});

it('refuses any changed byte of a whole line, and any line that is missing, doubled or moved', () => {
  fc.assert(
    fc.property(fc.nat(WHOLE.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = WHOLE.slice();
      changed[at] = changed[at]! ^ by;
      let journal: ReturnType<typeof readJournal>;
      try {
        journal = readJournal(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(JournalError);
        return;
      }
      // The end of the last line may be lost: then the line is scanned again.
      expect(at).toBe(WHOLE.length - 1);
      expect(journal?.results.size).toBe(2);
    }),
    { numRuns: 200 },
  );
  const lines = new TextDecoder().decode(WHOLE).split('\n').slice(0, -1);
  const [first, second, third, fourth] = lines as [string, string, string, string];
  for (const wrong of [
    [first, third, fourth],
    [first, second, second, third, fourth],
    [first, third, second, fourth],
    [second, third],
  ]) {
    expect(() => readJournal(new TextEncoder().encode(`${wrong.join('\n')}\n`))).toThrow(JournalError);
  }
});

it('refuses what is well written and makes no sense', () => {
  const cases: [readonly JournalRecord[], string][] = [
    [[HEADER, unit('111111111111'), unit('111111111111')], 'line 3: 111111111111 eu-central-1 stands there twice'],
    [[HEADER, unit('111111111111'), { kind: 'end', units: 2 }], 'line 3: 2 parts were scanned, 1 are there'],
    [[HEADER, { kind: 'end', units: 0 }, unit('1')], 'line 3: it stands behind the end of the scan'],
    [[unit('1')], 'line 1: it is not of a scan of this version of Stackade'],
    [[{ ...HEADER, version: 2 as 1 }], 'line 1: it is not of a scan of this version of Stackade'],
    [[HEADER, HEADER], 'line 2: it is not of a scan of this version of Stackade'],
  ];
  for (const [records, message] of cases) expect(() => readJournal(written(records))).toThrow(message);
});
