/** The report of a comparison: for people, for programs, and for a pull request. */
import type { Change, ChangeVerdict, Diff, Place } from '../../analyzers/diff/index.js';
import { jsonText, visible } from '../../findings/index.js';
import type { Location } from '../../findings/index.js';
import { printPolicy } from '../../iam/index.js';
import type { ApplicablePolicies, Policy } from '../../iam/index.js';
import { toolName, toolVersion } from '../version.js';

/** A comparison with the names of what was compared, and the way to places in files. */
export interface Report extends Diff {
  readonly old: string;
  readonly new: string;
  readonly locate: (place: Place) => Location | null;
}

const VERDICTS: readonly (readonly [ChangeVerdict, string])[] = [
  ['BROADENED', 'Broadened'],
  ['NOT_EVALUATED', 'Not evaluated: to be treated as broadened'],
  ['NARROWED', 'Narrowed'],
];

/** One word for the whole comparison. */
function resultOf({ changes }: Diff): ChangeVerdict | 'UNCHANGED' {
  return (
    VERDICTS.map(([verdict]) => verdict).find((verdict) => changes.some((each) => each.verdict === verdict)) ??
    'UNCHANGED'
  );
}

function count({ changes }: Diff, verdict: ChangeVerdict): number {
  return changes.filter((each) => each.verdict === verdict).length;
}

function summary(report: Report): string {
  const [broadened, open, narrowed] = VERDICTS.map(([verdict]) => count(report, verdict));
  if (report.changes.length === 0) return 'Nothing is broader and nothing is narrower.';
  return `${broadened} broadened, ${open} not evaluated, ${narrowed} narrowed.`;
}

/** Most examples that are named. */
const MOST_EXAMPLES = 5;

function examplesWords({ examples }: Report, mark = ''): string {
  const shown = examples.slice(0, MOST_EXAMPLES).map((text) => `${mark}${text}${mark}`);
  const more = examples.length > MOST_EXAMPLES ? ' and others' : '';
  return `Examples of what deployment gives: ${shown.join(', ')}${more}.`;
}

function placeWords(report: Report, change: Change): string {
  const location = report.locate(change.place);
  return location === null ? '' : `${location.file}:${location.line}:${location.column}`;
}

function subjectWords({ subject }: Change): string {
  return subject.type === '' ? subject.name : `${subject.name} (${subject.type})`;
}

// ------------------------------------------------------------------------------------------- pretty

/** For people. */
export function printPretty(report: Report): string {
  const lines: string[] = [`${report.old} → ${report.new}`];
  for (const [verdict, title] of VERDICTS) {
    const list = report.changes.filter((each) => each.verdict === verdict);
    if (list.length > 0) lines.push('', title);
    for (const change of list) {
      const { severity, message, controls, example, unknowns } = change;
      const marks = [...(verdict === 'NARROWED' ? [] : [severity]), ...controls].map((word) => `[${word}]`).join(' ');
      lines.push('', `  ${subjectWords(change)}: ${message}${marks === '' ? '' : ` ${marks}`}`);
      lines.push(`    --> ${placeWords(report, change)}`);
      if (example !== '' && verdict !== 'NARROWED') lines.push(`    for example: ${example}`);
      for (const { text, reason } of unknowns) lines.push(`    ${text}: ${reason}`);
    }
  }
  for (const { stack, from, to } of report.renamed) lines.push('', `  ${stack}: ${from} is called ${to} now`);
  if (report.examples.length > 0) lines.push('', `  ${examplesWords(report)}`);
  lines.push('', summary(report));
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

// ------------------------------------------------------------------------------------------- json

/** For programs. */
export function printJson(report: Report): string {
  const data = {
    version: 1,
    tool: { name: toolName, version: toolVersion() },
    old: report.old,
    new: report.new,
    result: resultOf(report),
    changes: report.changes.map((change) => dataOf(report, change)),
    renamed: report.renamed,
    examples: report.examples,
    summary: {
      broadened: count(report, 'BROADENED'),
      errors: report.changes.filter(({ verdict, severity }) => verdict === 'BROADENED' && severity === 'error').length,
      notEvaluated: count(report, 'NOT_EVALUATED'),
      narrowed: count(report, 'NARROWED'),
    },
  };
  return jsonText(data);
}

function dataOf(report: Report, change: Change): object {
  const { verdict, kind, severity, controls, subject, message, example, unknowns, place, decided } = change;
  const evidence =
    decided === null
      ? null
      : { request: decided.request, old: policiesData(decided.old), new: policiesData(decided.new) };
  return {
    ...{ verdict, kind, severity, controls, subject, message, example, unknowns },
    side: place.side,
    location: report.locate(place),
    decided: evidence,
  };
}

/** Policies as `iam evaluate` takes them. */
function policiesData(policies: ApplicablePolicies): object {
  const list = (documents: readonly Policy[] | null): unknown => documents?.map(policyData) ?? null;
  return {
    identity: list(policies.identity),
    boundary: list(policies.boundary),
    session: list(policies.session),
    scps: policies.scps?.map(list) ?? null,
    rcps: policies.rcps?.map(list) ?? null,
    resource: policies.resource === null ? null : policyData(policies.resource),
    vpcEndpoint: policies.vpcEndpoint === null ? null : policyData(policies.vpcEndpoint),
  };
}

function policyData(policy: Policy): unknown {
  return JSON.parse(printPolicy(policy, 0));
}

/** The requests as lines for `iam evaluate --batch`, each against the old and the new policies. */
export function printRequests(report: Report): string {
  const lines = report.changes.flatMap(({ decided }, index) => {
    if (decided === null) return [];
    const { request } = decided;
    return (['old', 'new'] as const).map((side) =>
      JSON.stringify({ name: `${index + 1} ${side}`, request, policies: policiesData(decided[side]) }),
    );
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

// ------------------------------------------------------------------------------------------- markdown

/** Longest list of one kind in a comment of a pull request, which has 65,536 characters. */
const MOST_ROWS = 100;

/** For a pull request. */
export function printMarkdown(report: Report): string {
  const lines = [
    `## ${TITLES[resultOf(report)]}`,
    '',
    `\`${inCode(report.old)}\` → \`${inCode(report.new)}\`: ${summary(report)}`,
  ];
  for (const [verdict, title] of VERDICTS) {
    const list = report.changes.filter((each) => each.verdict === verdict);
    if (list.length === 0) continue;
    lines.push('', `### ${title}`, '', '| | what | change | example | where |', '| --- | --- | --- | --- | --- |');
    for (const change of list.slice(0, MOST_ROWS)) {
      const { severity, message, controls, example, unknowns } = change;
      const notes = unknowns.map(({ text, reason }) => `${text}: ${reason}`);
      const change_ = [message, ...controls.map((id) => `(${id})`), ...notes].join('<br>');
      const cells = [
        verdict === 'NARROWED' ? '' : severity,
        subjectWords(change),
        change_,
        example,
        placeWords(report, change),
      ];
      lines.push(`| ${cells.map(cell).join(' | ')} |`);
    }
    if (list.length > MOST_ROWS) lines.push('', `${list.length - MOST_ROWS} more are left out here.`);
  }
  const renamed = report.renamed.map(({ from, to }) => `\`${inCode(from)}\` is \`${inCode(to)}\` now`);
  if (renamed.length > 0) lines.push('', `Renamed: ${renamed.join(', ')}.`);
  if (report.examples.length > 0) lines.push('', examplesWords(report, '`'));
  return `${lines.join('\n')}\n`;
}

const TITLES: Readonly<Record<ReturnType<typeof resultOf>, string>> = {
  BROADENED: 'This change broadens what is allowed',
  NOT_EVALUATED: 'This change may broaden what is allowed',
  NARROWED: 'This change narrows what is allowed',
  UNCHANGED: 'This change broadens nothing',
};

function inCode(text: string): string {
  return visible(text).replaceAll('`', '');
}

/** Text of a template in a cell: none of it is markup. */
function cell(text: string): string {
  const parts = text.split(/(<br>|`[^`]*`)/);
  return parts
    .map((part) => {
      if (part === '<br>') return part;
      const plain = visible(part).replaceAll('|', '\\|');
      return part.startsWith('`') ? plain : plain.replace(/[<>[\]*_@#~]/g, (mark) => `\\${mark}`);
    })
    .join('');
}
