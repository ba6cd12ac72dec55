/** The pages of the codes, and the table of codes of the guide, made from the table of checks and its cases. */
import { NOT_REPORTED, POLICY_CHECKS, validatePolicyText } from '../../../iam/validate/index.js';
import type { PolicyCheck, PolicyFindingType } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';
import { CASES } from './cases/index.js';

/** Finding types in the words of the pages. */
const TYPES: Readonly<Record<PolicyFindingType, string>> = {
  ERROR: 'ERROR (a part of the policy does not work); `error` in reports',
  SECURITY_WARNING: 'SECURITY_WARNING (access is too broad); `warning` in reports',
  WARNING: 'WARNING (not as policies should be written); `warning` in reports',
  SUGGESTION: 'SUGGESTION (no access changes); `info` in reports',
};

const KINDS: Readonly<Record<string, string>> = {
  identity: 'policies of identities',
  resource: 'policies of resources',
  trust: 'trust policies of roles',
  scp: 'service control policies',
  rcp: 'resource control policies',
};

const SOURCE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html';
/** Longer documents are described and not shown. */
const LONGEST = 2_000;

/** JSON with lists of texts on one line where they fit, as the project's formatter has it. */
function json(value: unknown, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const simple = value.every((item) => typeof item !== 'object');
    if (value.length === 0 || (simple && indent.length + before + flat.length <= 119)) return flat;
    return `[\n${value.map((item) => inner + json(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const head = `${JSON.stringify(key)}: `;
    return `${inner}${head}${json(item, inner, head.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function textOf(value: Value, given: string | undefined): string {
  return given ?? json(value);
}

/** The page of a code, `docs/iam/codes/CODE.md`. */
export function pageOf(code: string): string {
  const { type, title } = POLICY_CHECKS.get(code)!;
  const each = CASES.find((one) => one.code === code)!;
  const bad = textOf(each.bad, each.text?.bad);
  const finding = validatePolicyText(bad, each.kind, 'policy.json', each.options).findings.find(
    (one) => one.code === code,
  )!;
  const block = (value: Value, text: string | undefined): readonly string[] => {
    const whole = textOf(value, text);
    const cut = whole.length > LONGEST;
    return [
      cut || text !== undefined ? '```text' : '```json',
      cut ? `${whole.slice(0, 400).trimEnd()}\n…` : whole,
      '```',
    ];
  };
  return `${[
    `# ${code}: ${title}`,
    '',
    `- Type: ${TYPES[type]}`,
    code.startsWith('IAM')
      ? '- A check of Stackade; Access Analyzer has none'
      : `- A check of [IAM Access Analyzer](${SOURCE})`,
    '',
    '## What it finds',
    '',
    `In this example of ${KINDS[each.kind]!}${each.options?.resourceType === undefined ? '' : `, attached to \`${each.options.resourceType}\``}:`,
    '',
    ...block(each.bad, each.text?.bad),
    '',
    '```text',
    `${finding.code} at ${finding.path.length === 0 ? 'the document' : `/${finding.path.join('/')}`}: ${finding.message}`,
    `help: ${finding.help}`,
    '```',
    '',
    '## Why it matters',
    '',
    each.why,
    '',
    '## How to mend it',
    '',
    `${finding.help.charAt(0).toUpperCase()}${finding.help.slice(1)}${/[?]$/.test(finding.help) ? '' : '.'}`,
    '',
    ...block(each.good, each.text?.good),
  ].join('\n')}\n`;
}

/** The index of the pages, with what is not reported, `docs/iam/codes/README.md`. */
export function indexPage(): string {
  const ours = [...POLICY_CHECKS.values()].filter(({ code }) => code.startsWith('IAM'));
  const theirs = [...POLICY_CHECKS.values()].filter(({ code }) => !code.startsWith('IAM'));
  const line = ({ code, type, title }: PolicyCheck): string =>
    `- [${code}](${code}.md): ${type}, implemented. ${title}.`;
  return `${[
    '# Findings of policy validation',
    '',
    `${theirs.length} codes of Access Analyzer and ${ours.length} of Stackade are reported by \`stackade iam validate\`; \`stackade explain CODE\` prints a page.`,
    '',
    '## Codes of Access Analyzer',
    '',
    ...theirs.map(line),
    '',
    '## Codes of Access Analyzer that are not reported',
    '',
    ...Object.entries(NOT_REPORTED).map(([code, reason]) => `- ${code}: ${reason}.`),
    '',
    '## Codes of Stackade',
    '',
    ...ours.map(line),
  ].join('\n')}\n`;
}
