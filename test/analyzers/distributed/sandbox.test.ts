/** The functions of a distributed scan against the sandbox: batch by batch, they give the bytes of one machine. */
import { beginRun, mergeRun, RunKeys, scanBatch } from '../../../analyzers/distributed/index.js';
import type { Batch, RunStore } from '../../../analyzers/distributed/index.js';
import { workerParts } from '../../../cli/scan/worker-parts.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { AT, runInProcess, runScan, scanOf } from '../../support/scan-command.js';
import {
  GOVERNANCE,
  PARTNER,
  REGIONS,
  ROLE,
  scanEnvironment,
  scanOrganizationText,
  seedBuckets,
  startScanSandbox,
} from '../../support/scan-organization.js';

const MEMBERS = ['333333333331', '333333333332', '333333333333'];
const FILES = {
  'org.yaml': scanOrganizationText(MEMBERS),
  'archive.yaml': `version: 1
rules:
  - name: partner
    filter: { resource: { eq: ['arn:aws:s3:::data-${MEMBERS[0]!}-0'] }, principal.AWS: { eq: ['${PARTNER}'] } }
    reason: the partner reads daily exports
    owner: data@example.com
    expires: '2027-06-30'
`,
  'attestations.yaml': `version: 1
attestations:
  - control: TLS-AGENT-01
    statement: The agents use client certificates.
    owner: data@example.com
    date: '2025-11-01'
    expires: '2026-11-01'
`,
};

class MemoryStore implements RunStore {
  readonly objects = new Map<string, string>();

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.objects.get(key) ?? null);
  }

  put(key: string, text: string | Iterable<string>): Promise<void> {
    this.objects.set(key, typeof text === 'string' ? text : [...text].join(''));
    return Promise.resolve();
  }

  list(prefix: string): Promise<readonly string[]> {
    return Promise.resolve([...this.objects.keys()].filter((key) => key.startsWith(prefix)));
  }
}

it('gives the bytes of one machine, with archive rules, attestations and a selection', async () => {
  const scanned = await startScanSandbox(MEMBERS, {}, [MEMBERS[2]!]);
  seedBuckets(scanned, MEMBERS, 2);
  const folder = folderOf(FILES);
  const environment = scanEnvironment(scanned, folder, GOVERNANCE);
  const controls = ['BND-ROLE-01', 'IAM-EXT-01', 'TLS-AGENT-01'];
  const [archive, attestations] = ['archive.yaml', 'attestations.yaml'];
  const store = new MemoryStore();
  try {
    for (const ou of [[], ['/Workloads']]) {
      const local = await runScan(folder, environment, { controls, archive, attestations, ou });
      store.objects.clear();
      await runInProcess(folder, environment, async (terminal) => {
        const files = { config: 'org.yaml', archive, attestations };
        const choice = { controls, regions: REGIONS, accounts: [], ou, details: false };
        const parts = await workerParts({ ...files, ...choice, role: ROLE, configuration: '', at: AT }, terminal);
        await beginRun('run', 2, store, parts);
        const batches = JSON.parse(store.objects.get(new RunKeys('run').batches)!) as Batch[];
        const options = { concurrency: 4, isLate: (): boolean => false };
        for (const batch of batches.reverse()) await scanBatch('run', batch, options, store, parts);
        await mergeRun('run', store, parts);
        parts.close();
        return 0;
      });
      expect(store.objects.get(new RunKeys('run').scan)).toBe(local.stdout);
      const { findings, units } = scanOf(local);
      expect(findings.filter(({ archived }) => archived?.rule === 'partner')).toHaveLength(1);
      expect(findings.some(({ source }) => source === 'attestation')).toBe(true);
      expect(new Set(units.map(({ account }) => account.id)).size).toBe(ou.length === 0 ? 5 : 3);
    }
  } finally {
    await scanned.sandbox.close();
    removeFolders();
  }
});
