/** What Stackade says of the description of an organization. Each code has one function that builds it. */
import type { Diagnostic, Severity, SourceRange } from '../findings/index.js';
import { POLICY_TYPE_TITLES, type OrganizationPolicyType } from './model.js';

type Label = NonNullable<Diagnostic['labels']>[number];

function diagnostic(
  code: string,
  message: string,
  help: string,
  location: SourceRange,
  labels: readonly Label[] = [],
  severity: Severity = 'error',
): Diagnostic {
  return { code, severity, message, help, location, ...(labels.length > 0 && { labels }) };
}

const guess = (nearest: string | undefined): string => (nearest === undefined ? '' : `did you mean \`${nearest}\`? `);

/** Names in a sentence; of many, the first. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** @param expected - What it must be, such as `a list of Regions`. */
export function badValue(what: string, expected: string, location: SourceRange): Diagnostic {
  return diagnostic('ORG1001', `${what} is not ${expected}`, `write ${expected}`, location);
}

export function unknownKey(
  key: string,
  where: string,
  allowed: readonly string[],
  nearest: string | undefined,
  location: SourceRange,
): Diagnostic {
  return diagnostic(
    'ORG1002',
    `${where} has no key \`${key}\``,
    `${guess(nearest)}the keys here are ${listed(allowed)}`,
    location,
  );
}

/** A key that stands for a type of policies which AWS Organizations has. @param api - Its name there. */
export function typeNotChosen(key: string, api: string, types: readonly string[], location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1002',
    `policies of the type ${api} (\`${key}\`) cannot be chosen: AWS states no quota of attachments for them, so that no plan could tell whether it goes through`,
    `bring them with CloudFormation or the AWS CLI; the keys here are ${listed(types)}`,
    location,
  );
}

export function missingKey(key: string, where: string, expected: string, location: SourceRange): Diagnostic {
  return diagnostic('ORG1003', `${where} has no \`${key}\``, `add \`${key}\`: ${expected}`, location);
}

/** @param written - The id as the file has it. */
export function badAccountId(written: string, quoted: boolean, location: SourceRange): Diagnostic {
  const bare = /^[0-9]{12}$/.test(written);
  return diagnostic(
    'ORG1004',
    bare && !quoted ? `the account id ${written} is a number here` : `\`${written}\` is no account id`,
    bare && !quoted
      ? `put it in quotes, '${written}', because readers of YAML take leading zeros away`
      : "write 12 digits in quotes, such as '111122223333'",
    location,
  );
}

export function accountTwice(id: string, location: SourceRange, first: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1005',
    `the account \`${id}\` is in the tree twice`,
    'keep it where it belongs: an account is in one place of an organization',
    location,
    [{ range: first, text: 'first written here' }],
  );
}

export function unknownUnit(reference: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1006',
    `there is no organizational unit \`${reference}\``,
    `${guess(nearest)}name a unit of the tree by its name, by the end of its path or by its id`,
    location,
  );
}

export function cycle(names: readonly string[], location: SourceRange, others: readonly SourceRange[]): Diagnostic {
  const [first] = names;
  return diagnostic(
    'ORG1007',
    names.length === 1
      ? `the organizational unit \`${first!}\` is its own parent`
      : `organizational units hang below each other in a circle: ${[...names, first!].map((name) => `\`${name}\``).join(' below ')}`,
    'change the `parent` of one of them to a unit that leads to the root, or take it out',
    location,
    others.map((range) => ({ range, text: 'goes on here' })),
  );
}

export function siblingsAlike(name: string, location: SourceRange, first: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1008',
    `two organizational units of one parent are called \`${name}\``,
    'rename one of them, or join the two: AWS Organizations refuses a second one',
    location,
    [{ range: first, text: 'the other one' }],
  );
}

export function tooDeep(path: string, depth: number, limit: number, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1009',
    `the organizational unit \`${path}\` is ${depth} levels below the root; AWS Organizations takes ${limit}`,
    'move it up the tree',
    location,
  );
}

/** @param kind - `organizational unit` or `account`. */
export function ambiguous(
  kind: string,
  reference: string,
  choices: readonly string[],
  location: SourceRange,
): Diagnostic {
  return diagnostic(
    'ORG1010',
    `\`${reference}\` can be more than one ${kind}`,
    `say which one: ${listed(choices)}`,
    location,
  );
}

export function unknownAccount(reference: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1011',
    `there is no account \`${reference}\` in the tree`,
    `${guess(nearest)}name an account of the tree by its name or id`,
    location,
  );
}

export function badRegion(message: string, help: string, location: SourceRange): Diagnostic {
  return diagnostic('ORG1012', message, help, location);
}

export function managementAsDelegate(service: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1013',
    `the management account cannot be a delegated administrator of \`${service}\``,
    'name a member account: AWS Organizations refuses the management account',
    location,
  );
}

export function idTwice(id: string, location: SourceRange, first: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1014',
    `the id \`${id}\` is written at two organizational units`,
    'write each id at the unit that has it, as `aws organizations list-organizational-units-for-parent` shows it',
    location,
    [{ range: first, text: 'first written here' }],
  );
}

export function parentOfNested(what: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1015',
    `${what} is written below a unit and has a \`parent\` as well`,
    'take the `parent` out, or write it directly below `root`',
    location,
  );
}

export function tooManyUnits(count: number, limit: number, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG1016',
    `the tree has ${count} organizational units; AWS Organizations takes ${limit}`,
    'join units that need the same guardrails',
    location,
  );
}

export function unknownTemplate(name: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG2001',
    `there is no policy template \`${name}\``,
    `${guess(nearest)}name a template of the library, or a document of your own with \`file\``,
    location,
  );
}

export function missingParameter(
  parameter: string,
  template: string,
  target: string,
  source: string | null,
  location: SourceRange,
): Diagnostic {
  return diagnostic(
    'ORG2002',
    `\`${template}\` at \`${target}\` needs the parameter \`${parameter}\`, which nothing sets`,
    source ?? `set it in the \`parameters\` of this use, of this place, or of one above it`,
    location,
  );
}

export function unknownParameter(parameter: string, message: string, help: string, location: SourceRange): Diagnostic {
  return diagnostic('ORG2003', `the parameter \`${parameter}\` ${message}`, help, location);
}

export function idleOverride(
  parameter: string,
  target: string,
  template: string,
  above: string,
  location: SourceRange,
  place: SourceRange,
): Diagnostic {
  return diagnostic(
    'ORG2004',
    `\`${parameter}\` at \`${target}\` has no effect on \`${template}\`, which is attached above, at \`${above}\``,
    `a policy has the same text wherever it is inherited: choose \`${template}\` at the units that differ, or here too if the value here is stricter`,
    location,
    [{ range: place, text: 'chosen here' }],
  );
}

export function badParameter(parameter: string, template: string, problem: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG2005',
    `the parameter \`${parameter}\` of \`${template}\` ${problem}`,
    `\`stackade scp show ${template}\` tells what it takes`,
    location,
  );
}

export function policyTwice(name: string, location: SourceRange, first: SourceRange): Diagnostic {
  return diagnostic(
    'ORG2006',
    `the policy \`${name}\` is chosen twice at one place`,
    'take one of the two out, or give one another `name`',
    location,
    [{ range: first, text: 'first chosen here' }],
  );
}

export function nothingAllowed(target: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG2007',
    `no service control policy is attached at \`${target}\`, so that nothing is allowed there and below`,
    'choose the policies that allow what is needed under `scp`, or leave `fullAwsAccess` out',
    location,
  );
}

export function managementUnrestrained(type: OrganizationPolicyType, location: SourceRange): Diagnostic {
  return diagnostic(
    'ORG2008',
    `a ${POLICY_TYPE_TITLES[type]} at the management account restrains nobody`,
    'guard the management account by IAM policies and by keeping workloads out of it; take this choice out',
    location,
    [],
    'warning',
  );
}

export function wrongType(
  template: string,
  chosen: OrganizationPolicyType,
  types: readonly OrganizationPolicyType[],
  location: SourceRange,
): Diagnostic {
  return diagnostic(
    'ORG2009',
    `the template \`${template}\` makes no ${POLICY_TYPE_TITLES[chosen]}`,
    `choose it under ${types.map((type) => `\`${type}\``).join(' or ')}`,
    location,
  );
}

/** A document of settings that AWS Organizations would refuse. @param reason - The end of a sentence about the place. */
export function badSetting(
  type: OrganizationPolicyType,
  path: readonly (number | string)[],
  reason: string,
  location: SourceRange | undefined,
): Diagnostic {
  const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return {
    code: 'ORG2010',
    severity: 'error',
    message: `the document is no ${POLICY_TYPE_TITLES[type]}: \`${pointer === '' ? '/' : pointer}\` ${reason}`,
    help: 'write it by the syntax page of the type in the AWS Organizations User Guide: each value stands under an operator, `{ "@@assign": … }`',
    ...(location === undefined ? {} : { location }),
  };
}

/** An export of `aws organizations` that lacks what is needed. */
export function badExport(message: string, help: string, location: SourceRange): Diagnostic {
  // Of an output that no file holds there is no place to show.
  return { code: 'ORG3001', severity: 'error', message, help, ...(location.file === '' ? {} : { location }) };
}
