/** All benches; writes bench/RESULTS.md. Needs the built command (`npm run build`). */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { repositoryRoot } from '../test/support/repository.js';
import { deployPlans } from './deploy-plan.mjs';
import { featureGate } from './gate.mjs';
import { hardInputs } from './hard-inputs.mjs';
import { hookFunction } from './hook.mjs';
import { iamEvaluate } from './iam-evaluate.mjs';
import { iamProve } from './iam-prove.mjs';
import { iamReplay } from './iam-replay.mjs';
import { conditions, engineGrowth, evaluation, reading } from './in-process.mjs';
import { allPacks, notEvaluatedShare } from './posture.mjs';
import { organizations } from './organization.mjs';
import { sandboxRollout } from './sandbox-rollout.mjs';
import { sandboxes } from './sandbox.mjs';
import { resultsPage, type Row } from './report.mjs';
import { scpPack } from './scp-pack.mjs';
import { scanOrganizations } from './scan-org.mjs';
import { scanReport } from './scan-report.mjs';
import { scanTemplates } from './scan-template.mjs';
import { templateChanges } from './template-changes.mjs';
import { growth, start, wholeProcess } from './whole-process.mjs';

const root = repositoryRoot();
const command = join(root, 'dist', 'bin', 'main.js');
if (!existsSync(command)) throw new Error('Build first: npm run build');
const wanted = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'stackade-bench-'));
const benches: readonly (readonly [title: string, bench: () => Row[] | Promise<Row[]>])[] = [
  ['Whole process', () => wholeProcess(work, command)],
  ['Start', () => start(work, command)],
  ['Evaluation in one process', evaluation],
  ['Reading', reading],
  ['Packs', () => allPacks(root, work, command)],
  ['Not evaluated', () => notEvaluatedShare(root)],
  ['Conditions', () => conditions(root)],
  ['Growth of the command', () => growth(work, command)],
  ['Growth of the engine', engineGrowth],
  ['Inputs made to be slow', hardInputs],
  ['Descriptions of organizations', organizations],
  ['Policies of organizations', scpPack],
  ['Replay of trails', () => iamReplay(work, command)],
  ['Feature gate', () => featureGate(root)],
  ['Hook', () => hookFunction(root)],
  ['Sandbox', sandboxes],
  ['Rollout in the sandbox', sandboxRollout],
  ['Plans of rollouts', deployPlans],
  ['Report of a scan', () => scanReport(work)],
  ['Policies of templates', () => scanTemplates(work, command)],
  ['Changes of templates', () => templateChanges(work, command)],
  ['Scan of an organization', () => scanOrganizations(work, command)],
  ['IAM decisions', iamEvaluate],
  ['IAM proofs', () => iamProve(root)],
];
const sections: [string, Row[]][] = [];
try {
  for (const [title, bench] of benches) {
    if (wanted.length > 0 && !wanted.includes(title)) continue;
    const rows = await bench();
    sections.push([title, rows]);
    for (const { what, size, result, goal } of rows) console.log(`${what} [${size}]: ${result} (${goal ?? 'no goal'})`);
  }
} finally {
  rmSync(work, { recursive: true });
}
if (wanted.length === 0) {
  const page = await format(resultsPage(root, sections), { parser: 'markdown' });
  writeFileSync(join(root, 'bench', 'RESULTS.md'), page);
}
