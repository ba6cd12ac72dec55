/** `scan template --online`: asks IAM Access Analyzer about the same policies, and tells where the two differ. */
import { differences, onlinePlan } from '../../analyzers/policies/index.js';
import type {
  AccessAnalyzer,
  Difference,
  OnlineCall,
  PolicyScanOptions,
  TemplatePolicy,
  TemplateScan,
} from '../../analyzers/policies/index.js';
import { createFinding } from '../../findings/index.js';
import type { FileResult, Finding, NotEvaluated, Severity } from '../../findings/index.js';
import { calling } from '../aws/connect.js';
import type { Terminal } from '../terminal.js';

/** What is reported of a run; what Access Analyzer adds is put to it. */
interface Parts {
  files: FileResult[];
  findings: Finding[];
  notEvaluated: NotEvaluated[];
}

/** Calls at a time; the SDK slows down when AWS asks for it. */
const AT_ONCE = 8;

/** Errors that speak of one document only. */
const OF_THE_DOCUMENT = new Set(['UnprocessableEntityException', 'InvalidParameterException', 'ValidationException']);

const SEVERITIES: Readonly<Record<Difference['type'], Severity>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'info',
};

/**
 * Asks about the policies of scanned templates.
 *
 * @throws InputError when AWS cannot be asked: then nothing is known of what it would have said.
 */
export async function askOnline(
  scans: readonly TemplateScan[],
  options: PolicyScanOptions,
  open: () => Promise<AccessAnalyzer>,
  parts: Parts,
  terminal: Terminal,
): Promise<void> {
  const plans = scans.map((scan) => ({ scan, plan: onlinePlan(scan.found.policies, options) }));
  const calls = plans.flatMap(({ scan, plan }) => plan.calls.map((call) => ({ scan, call })));
  const charged = calls.filter(({ call }) => call.charged).length;
  terminal.tell(
    `asking IAM Access Analyzer: ${count(calls.length - charged, 'call')} of ValidatePolicy without charge, ` +
      `${count(charged, 'custom policy check')} that AWS charges for\n`,
  );
  for (const { scan, plan } of plans) for (const policy of plan.unknown) notAsked(scan, policy, parts);
  if (calls.length === 0) return;
  const analyzer = await open();
  try {
    for (let from = 0; from < calls.length; from += AT_ONCE) {
      await Promise.all(calls.slice(from, from + AT_ONCE).map(({ scan, call }) => askOne(scan, call, analyzer, parts)));
    }
  } finally {
    analyzer.close();
  }
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

async function askOne(scan: TemplateScan, call: OnlineCall, analyzer: AccessAnalyzer, parts: Parts): Promise<void> {
  const answer = await calling(`${call.operation} of IAM Access Analyzer failed`, async () => {
    try {
      return await call.ask(analyzer);
    } catch (error) {
      if (error instanceof Error && OF_THE_DOCUMENT.has(error.name)) return error;
      throw error;
    }
  });
  if (answer instanceof Error) {
    leaveOpen(scan, call.policy, call.ruleId, `${call.operation} cannot tell: ${answer.message}`, parts);
    return;
  }
  const found = rulesOn(scan, call.policy);
  for (const difference of differences(call, answer, found)) tell(scan, difference, parts);
}

/** The rules of the scan that fail on a policy: on its resource, within its lines. */
function rulesOn({ findings }: TemplateScan, policy: TemplatePolicy): ReadonlySet<string> {
  const whole = policy.locate([]);
  return new Set(
    findings
      .filter(({ resource, location }) => {
        if (resource?.logicalId !== policy.resource.logicalId) return false;
        return location.pointer === whole.pointer || location.pointer.startsWith(`${whole.pointer}/`);
      })
      .map(({ ruleId }) => ruleId),
  );
}

function tell(scan: TemplateScan, { policy, ruleId, by, message, path, type }: Difference, parts: Parts): void {
  const { logicalId } = policy.resource;
  const isOurs = by === 'offline';
  // What only we find is a finding already; that Access Analyzer sees it otherwise is to be known, and no more.
  const severity = isOurs ? 'info' : SEVERITIES[type];
  parts.findings.push(
    createFinding({
      ruleId: isOurs ? 'policy-online-differs' : ruleId,
      severity,
      title: 'The scan and IAM Access Analyzer agree',
      message: isOurs ? `${ruleId} is a finding of this scan only: ${message}` : `IAM Access Analyzer only: ${message}`,
      help: isOurs
        ? 'read the page of the rule, and compare the two; tell us when we are wrong'
        : 'mend the policy: what IAM Access Analyzer finds counts',
      docs: 'docs/scan-template.md#online',
      location: policy.locate(path),
      resource: { logicalId, type: policy.resource.type },
      labels: [isOurs ? 'only-offline' : 'only-online'],
      subject: `${ruleId} ${by}`,
    }),
  );
  if (isOurs) return;
  parts.files = parts.files.map((file) =>
    file.path === scan.file.path ? { ...file, status: 'FAIL', rules: { ...file.rules, [ruleId]: 'FAIL' } } : file,
  );
}

function notAsked(scan: TemplateScan, policy: TemplatePolicy, parts: Parts): void {
  const reasons = [...new Set(policy.unknowns.map(({ reason }) => reason))];
  leaveOpen(scan, policy, 'policy-online', `IAM Access Analyzer is not asked: ${reasons.join('; ')}`, parts);
}

function leaveOpen(scan: TemplateScan, policy: TemplatePolicy, ruleId: string, reason: string, parts: Parts): void {
  const parameters = [...new Set(policy.unknowns.flatMap((unknown) => unknown.parameters))].sort();
  const location = policy.locate([]);
  parts.notEvaluated.push({ path: scan.file.path, ruleId, controls: [], reason, parameters, location });
}
