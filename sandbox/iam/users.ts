/** Operations on users and their access keys. */
import type { Call } from '../call.js';
import { userCaller } from '../callers.js';
import { optionalText, tagList, text, timeText, unsatisfied } from '../input.js';
import type { Input, Operation } from '../service.js';
import { newCredentials, uniqueId } from '../state.js';
import {
  alreadyExists,
  ARN,
  authorizeOn,
  boundaryOf,
  conflict,
  entityOf,
  entityShape,
  iamOf,
  limitExceeded,
  NAME,
  noSuchEntity,
  paged,
  PATH,
} from './common.js';
import type { User } from './data.js';
import { checkDeletable } from './entities.js';

const MOST_KEYS = 2;

function createUser(call: Call, input: Input): object {
  const name = text(input, 'UserName', NAME);
  const path = optionalText(input, 'Path', PATH) ?? '/';
  const tags = tagList(input);
  const asked = optionalText(input, 'PermissionsBoundary', ARN);
  const arn = `arn:aws:iam::${call.account}:user${path}${name}`;
  call.authorize('iam:CreateUser', arn, {
    requestTags: tags,
    context: asked === undefined ? {} : { 'iam:PermissionsBoundary': asked },
  });
  if (tags.size > 0) call.authorize('iam:TagUser', arn, { requestTags: tags });
  const { users } = iamOf(call);
  if (users.has(name.toLowerCase())) throw alreadyExists(`User with name ${name} already exists.`);
  const user: User = {
    name,
    path,
    id: uniqueId('AIDA'),
    arn,
    createdAt: Math.floor(call.now / 1000) * 1000,
    tags: new Map(tags),
    boundary: asked === undefined ? null : boundaryOf(call, asked),
    inline: new Map(),
    attached: [],
    accessKeys: [],
  };
  users.set(name.toLowerCase(), user);
  return { User: entityShape('User', user) };
}

function getUser(call: Call, input: Input): object {
  const user = entityOf(call, 'User', input, true);
  authorizeOn(call, 'GetUser', user);
  return { User: entityShape('User', user) };
}

function deleteUser(call: Call, input: Input): null {
  const user = entityOf(call, 'User', input) as User;
  authorizeOn(call, 'DeleteUser', user);
  checkDeletable(user);
  if (user.accessKeys.length > 0) throw conflict('Cannot delete entity, must delete access keys first.');
  iamOf(call).users.delete(user.name.toLowerCase());
  return null;
}

function createAccessKey(call: Call, input: Input): object {
  const user = entityOf(call, 'User', input, true) as User;
  authorizeOn(call, 'CreateAccessKey', user);
  if (user.accessKeys.length >= MOST_KEYS) throw limitExceeded('AccessKeysPerUser', MOST_KEYS);
  const { accessKeyId, secretAccessKey } = newCredentials(
    call.state,
    userCaller({ ...user, account: call.account }),
    call.now,
  );
  user.accessKeys.push(accessKeyId);
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: accessKeyId,
      Status: 'Active',
      SecretAccessKey: secretAccessKey,
      CreateDate: timeText(call.now),
    },
  };
}

function keyOf(user: User, input: Input): string {
  const id = text(input, 'AccessKeyId', { least: 16, most: 128, pattern: /^\w+$/ });
  if (!user.accessKeys.includes(id)) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return id;
}

function updateAccessKey(call: Call, input: Input): null {
  const user = entityOf(call, 'User', input, true) as User;
  authorizeOn(call, 'UpdateAccessKey', user);
  const status = text(input, 'Status');
  if (status !== 'Active' && status !== 'Inactive') {
    throw unsatisfied(status, 'Status', 'satisfy enum value set: [Active, Inactive]');
  }
  const id = keyOf(user, input);
  call.state.accessKeys.set(id, { ...call.state.accessKeys.get(id)!, status });
  return null;
}

function deleteAccessKey(call: Call, input: Input): null {
  const user = entityOf(call, 'User', input, true) as User;
  authorizeOn(call, 'DeleteAccessKey', user);
  const id = keyOf(user, input);
  user.accessKeys.splice(user.accessKeys.indexOf(id), 1);
  call.state.accessKeys.delete(id);
  return null;
}

function listAccessKeys(call: Call, input: Input): object {
  const user = entityOf(call, 'User', input, true) as User;
  authorizeOn(call, 'ListAccessKeys', user);
  const { items, rest } = paged(input, user.accessKeys);
  const AccessKeyMetadata = items.map((AccessKeyId) => {
    const { status, createdAt } = call.state.accessKeys.get(AccessKeyId)!;
    return { UserName: user.name, AccessKeyId, Status: status, CreateDate: timeText(createdAt) };
  });
  return { AccessKeyMetadata, ...rest };
}

export const USER_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateAccessKey: createAccessKey,
  CreateUser: createUser,
  DeleteAccessKey: deleteAccessKey,
  DeleteUser: deleteUser,
  GetUser: getUser,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
};
