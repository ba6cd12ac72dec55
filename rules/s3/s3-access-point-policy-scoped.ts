/**
 * s3-access-point-policy-scoped: an access point gives objects of a prefix, or with a tag, and not every object of its
 * bucket. Asked of the evaluator for an object that no policy names and that has no tags.
 */
import { expandActionPattern, iamAction } from '../../catalogue/iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { alone, ask, UNNAMED, unknownsOf } from '../code/bounds.js';
import { callersNamed, firstAllowed } from '../code/buckets.js';
import { pathIn } from '../code/policy-paths.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const KEY = `${UNNAMED}/${UNNAMED}`;

export function check(view: View): void {
  for (const found of view.policies('AWS::S3::AccessPoint')) {
    const { policy, resource } = found;
    if (policy === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    policy.statements.forEach((statement, index) => {
      if (statement.effect === 'Allow') checkStatement(view, found, policy, statement, index);
    });
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkStatement(view: View, found: PolicyUnder, policy: Policy, statement: Statement, index: number): void {
  const only = scoped(alone(policy, statement));
  const requests = objectActions(only).flatMap((action) =>
    objectsOf(view, found, statement).flatMap((resource) =>
      callersOf(view, statement).map((principal): Request => requestOf(view, only, principal, action, resource)),
    ),
  );
  let open: Request | undefined;
  const answer = ask(view, [only], ([one]) => {
    open = requests.find((request) => firstAllowed(one!, [request], request) !== undefined);
    return open !== undefined;
  });
  if (answer === 'no') return;
  const path = pathIn(found, index, statement.resource?.negated === true ? 'NotResource' : 'Resource');
  if (answer === 'open') {
    view.open(found.resource, path, unknownsOf(view, only));
    return;
  }
  const message = `\`${open!.action}\` is allowed on every object of the access point: neither a prefix nor an object tag holds it back`;
  view.fail(found.resource, { path, message, subject: `statement ${index}` });
}

/** Variables hold a resource to the caller. */
function scoped(policy: Policy): Policy {
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      ...(statement.resource === undefined
        ? {}
        : {
            resource: {
              ...statement.resource,
              patterns: statement.resource.patterns.map((one) =>
                one.replace(/\$\{(?![*?$]\})[^}]*\}/g, 'of-the-caller'),
              ),
            },
          }),
    })),
  };
}

/** The actions on objects: all where some are not named. */
function objectActions({ statements }: Policy): readonly string[] {
  const named = statements.flatMap(({ effect, action }) =>
    effect === 'Allow' && !action.negated ? action.patterns.flatMap((pattern) => expandActionPattern(pattern)) : [],
  );
  const onObjects = named.filter((name) => iamAction(name)?.resourceTypes.some((type) => type.name === 'object'));
  return [...new Set(onObjects.length > 0 ? onObjects : ['s3:GetObject', 's3:PutObject'])];
}

/** ARNs of an object that nobody named, in the forms in which the statement may speak of the access point. */
function objectsOf(view: View, { resource }: PolicyUnder, { resource: element }: Statement): readonly string[] {
  const { partition, region, accountId } = view.place;
  const name = view.text(property(resource, 'Name')) ?? resource.key.toLowerCase();
  const heads = (element?.patterns ?? []).flatMap((pattern) => {
    const at = pattern.indexOf('/object/');
    return at < 0 ? [] : [pattern.slice(0, at).replace(/[*?]/g, 'x')];
  });
  const own = `arn:${partition}:s3:${region}:${accountId}:accesspoint/${name}`;
  return [own, ...heads].map((head) => `${head}/object/${KEY}`);
}

function callersOf(view: View, statement: Statement): readonly Request['principal'][] {
  const { partition, accountId } = view.place;
  return [...callersNamed(view, statement), `arn:${partition}:iam::${accountId}:role/some-role`];
}

function requestOf(
  view: View,
  { statements }: Policy,
  principal: Request['principal'],
  action: string,
  resource: string,
): Request {
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => key));
  return {
    principal,
    action,
    resource,
    resourceAccount: view.place.accountId,
    context: { 'aws:SecureTransport': 'true' },
    absent: keys.filter((key) => /^s3:existingobjecttag\//i.test(key)),
  };
}
