/**
 * s3-bucketpolicy-organization-reads: what a bucket policy gives to everybody, it gives to the own organization, for
 * reading, and from open buckets only. Asked of the evaluator with callers from inside and outside.
 */
import type { Policy, Request, Statement } from '../../iam/index.js';
import type { Unknown } from '../../template/index.js';
import { alone, ask, unknownsOf } from '../code/bounds.js';
import {
  bucketArnOf,
  bucketCalls,
  bucketOf,
  callersInConditions,
  firstAllowed,
  MEMBER_ACCOUNT,
} from '../code/buckets.js';
import type { BucketCall } from '../code/buckets.js';
import { OUTSIDE_ABSENT, OUTSIDE_ACCOUNT, OUTSIDE_CONTEXT } from '../code/outsiders.js';
import { pathIn } from '../code/policy-paths.js';
import { tagOf } from '../code/tags.js';
import type { PolicyUnder, View } from '../code/view.js';

type Caller = Omit<Request, 'action' | 'resource'>;

const READ = /^s3:(?:getobject|getbucket|list)/i;

export function check(view: View): void {
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const { policy, resource } = found;
    const arn = bucketArnOf(view, found);
    if (policy === undefined || arn === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    policy.statements.forEach((statement, index) => {
      if (statement.effect === 'Allow') checkStatement(view, found, policy, statement, index, bucketCalls(arn));
    });
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkStatement(
  view: View,
  found: PolicyUnder,
  policy: Policy,
  statement: Statement,
  index: number,
  calls: readonly BucketCall[],
): void {
  const only = alone(policy, statement);
  const element = statement.principal?.negated === true ? 'NotPrincipal' : 'Principal';
  const say = (answer: 'yes' | readonly Unknown[], message: string, place: string): void => {
    const path = pathIn(found, index, place);
    if (answer !== 'yes') view.open(found.resource, path, answer);
    else view.fail(found.resource, { path, message, subject: `statement ${index} ${place}` });
  };
  const may = (callers: readonly Caller[], some: readonly BucketCall[]): 'no' | 'yes' | readonly Unknown[] => {
    const answer = ask(view, [only], ([least]) =>
      callers.some((caller) => firstAllowed(least!, some, caller) !== undefined),
    );
    return answer === 'open' ? unknownsOf(view, only) : answer;
  };

  const outside = may(outsiders(view), calls);
  if (outside !== 'no') {
    say(outside, 'the statement lets in everybody, and no condition holds it to the own organization', element);
    return;
  }
  const own = view.parameters['orgId'];
  for (const id of organizationsIn(only)) {
    const members = membersOf(view, only, id);
    const call = calls.find((one) => members.some((caller) => firstAllowed(only, [one], caller) !== undefined));
    if (call === undefined) continue;
    if (typeof own === 'string' && id !== own) {
      const unknown = view.unknownsIn(id);
      say(
        unknown.length > 0 ? unknown : 'yes',
        `the statement lets in the organization \`${id}\`, which is not the own one (\`orgId\`)`,
        'Condition',
      );
      continue;
    }
    const notRead = calls.filter(({ action }) => !READ.test(action));
    const writes = may(members, notRead);
    if (writes !== 'no') {
      const written = notRead.find((one) => members.some((caller) => firstAllowed(only, [one], caller) !== undefined));
      say(
        writes,
        `the statement gives the whole organization more than reading: \`${written?.action ?? ''}\``,
        statement.action.negated ? 'NotAction' : 'Action',
      );
    }
    // Roles that a pattern of names picks are no organization-wide access.
    if (members.slice(0, 1).some((caller) => firstAllowed(only, calls, caller) !== undefined)) {
      checkClass(view, found, (answer, message) => {
        say(answer, message, element);
      });
    }
  }
}

/** Nobody in particular: anonymous, of another organization, of an account without one. */
function outsiders(view: View): readonly Caller[] {
  const resourceAccount = view.place.accountId;
  const principal = `arn:aws:iam::${OUTSIDE_ACCOUNT}:role/outsider`;
  const organization = ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'];
  const without = Object.fromEntries(Object.entries(OUTSIDE_CONTEXT).filter(([key]) => !organization.includes(key)));
  return [
    { principal, resourceAccount, context: OUTSIDE_CONTEXT, absent: OUTSIDE_ABSENT },
    { principal, resourceAccount, context: without, absent: [...OUTSIDE_ABSENT, ...organization] },
    { principal: 'anonymous', resourceAccount, context: without, absent: [...OUTSIDE_ABSENT, ...organization] },
  ];
}

/** The organizations that conditions name. */
function organizationsIn({ statements }: Policy): readonly string[] {
  return [...new Set(statements.flatMap(organizationPaths).map((path) => path.split('/')[0]!))];
}

function organizationPaths({ conditions }: Statement): readonly string[] {
  return conditions.flatMap(({ key, values }) => (/^aws:principalorg(?:id|paths)$/i.test(key) ? values : []));
}

/** Somebody of an organization, and whoever has a name that conditions ask for. */
function membersOf(view: View, { statements }: Policy, id: string): readonly Caller[] {
  const paths = statements
    .flatMap(organizationPaths)
    .filter((path) => path.startsWith(`${id}/`))
    .map((path) => path.replace(/\*/g, 'x'));
  const names = [`arn:aws:iam::${MEMBER_ACCOUNT}:role/member`, ...callersInConditions(statements)];
  return names.map((principal) => ({
    principal,
    resourceAccount: view.place.accountId,
    context: {
      ...OUTSIDE_CONTEXT,
      'aws:PrincipalOrgID': id,
      'aws:PrincipalOrgPaths': paths.length > 0 ? paths : [`${id}/r-0000/`],
    },
    absent: OUTSIDE_ABSENT,
  }));
}

function checkClass(
  view: View,
  found: PolicyUnder,
  say: (answer: 'yes' | readonly Unknown[], message: string) => void,
): void {
  const bucket = bucketOf(view, found);
  const key = view.parameters['classTag'];
  if (bucket === undefined || typeof key !== 'string') return;
  const tag = tagOf(view, bucket, key);
  if (tag.state === 'unknown' || (tag.state === 'value' && tag.unknowns.length > 0)) {
    say(tag.unknowns, '');
  } else if (tag.state === 'value' && !view.texts('openClasses').includes(tag.text)) {
    say('yes', `the whole organization reads a bucket of the class \`${tag.text}\`, which is none of \`openClasses\``);
  } else if (tag.state === 'absent' && !view.texts('stackTagsProvided').includes(key)) {
    say('yes', `the whole organization reads a bucket without the tag \`${key}\`, which counts as the highest class`);
  }
}
