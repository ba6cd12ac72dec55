/**
 * Which policies apply to a request: those of the caller, those of the organization above caller and resource, and the
 * resource's own.
 */
import type { Caller } from '../callers.js';
import { AWS_MANAGED } from '../iam/aws-managed.js';
import { IAM, type Entity, type IamAccount, type Role, type User } from '../iam/data.js';
import { pathTo } from '../organizations/data.js';
import { policyArn } from '../organizations/shapes.js';
import type { SandboxState } from '../state.js';
import { documentOf, type Document, type Documents } from './documents.js';

/** A policy with the ARN that messages name, where it has one. */
export interface Source {
  readonly document: Document;
  readonly arn: string | null;
}

/** All that applies, by layer; positions are those of the compiled set. */
export interface Applicable {
  readonly identity: readonly Source[];
  readonly boundary: readonly Source[] | null;
  readonly session: readonly Source[] | null;
  readonly scp: readonly (readonly Source[])[] | null;
  readonly rcp: readonly (readonly Source[])[] | null;
  readonly resource: Source | null;
}

/** A policy of a resource, with its kind. */
export interface ResourcePolicy {
  readonly text: string;
  readonly kind: 'resource' | 'trust';
  /**
   * Unique ids of the users and roles that the text names, by ARN, as they were when it was stored. One that was made
   * anew since is not meant.
   */
  readonly principals?: ReadonlyMap<string, string>;
}

/** The user or role that a caller is or is a session of; `undefined` when it is gone, or was made anew since. */
export function issuerOf(state: SandboxState, caller: Caller): User | Role | undefined {
  if (caller.kind !== 'user' && caller.kind !== 'session') return undefined;
  const { users, roles } = IAM.of(state, caller.account);
  const name = caller.issuer.slice(caller.issuer.lastIndexOf('/') + 1).toLowerCase();
  const found = caller.kind === 'user' ? users.get(name) : roles.get(name);
  return found !== undefined && found.id === caller.userId.split(':')[0] ? found : undefined;
}

/** @param owner - Account of the resource. */
export function applicable(
  state: SandboxState,
  caller: Caller,
  owner: string,
  resource: ResourcePolicy | null,
): Applicable {
  const account = caller.account === '' ? undefined : IAM.of(state, caller.account);
  const issuer = issuerOf(state, caller);
  return {
    identity: issuer === undefined || account === undefined ? [] : identityOf(account, issuer),
    boundary:
      issuer === undefined || account === undefined || issuer.boundary === null
        ? null
        : [managed(account, issuer.boundary, 'boundary')],
    session: caller.session?.policies?.map((text) => ({ document: documentOf(text, 'session'), arn: null })) ?? null,
    scp: caller.account === '' ? null : levels(state, caller.account, 'SERVICE_CONTROL_POLICY', 'scp'),
    rcp: levels(state, owner, 'RESOURCE_CONTROL_POLICY', 'rcp'),
    resource: resource && { document: documentOf(currentText(state, resource), resource.kind), arn: null },
  };
}

export function documentsOf({ identity, boundary, session, scp, rcp, resource }: Applicable): Documents {
  const plain = (list: readonly Source[]): readonly Document[] => list.map(({ document }) => document);
  return {
    identity: plain(identity),
    boundary: boundary && plain(boundary),
    session: session && plain(session),
    scps: scp?.map(plain) ?? null,
    rcps: rcp?.map(plain) ?? null,
    resource: resource?.document ?? null,
  };
}

function identityOf(account: IamAccount, { inline, attached }: Entity): readonly Source[] {
  return [
    ...[...inline.values()].map((text) => ({ document: documentOf(text, 'identity'), arn: null })),
    ...attached.map((arn) => managed(account, arn, 'identity')),
  ];
}

/** A policy that is in use cannot be deleted; were it gone all the same, what it stands for would deny everything. */
function managed({ policies }: IamAccount, arn: string, kind: 'identity' | 'boundary'): Source {
  const policy = policies.get(arn) ?? AWS_MANAGED.get(arn);
  return { document: documentOf(policy?.versions.get(policy.defaultVersion)?.text ?? '', kind), arn };
}

/** Level by level from the root; `null` for the management account, for strangers, and while the type is not enabled. */
function levels(
  { organization }: SandboxState,
  account: string,
  type: string,
  kind: 'scp' | 'rcp',
): readonly (readonly Source[])[] | null {
  const { enabledPolicyTypes, managementAccountId, accounts, policies, attachments } = organization;
  if (!enabledPolicyTypes.has(type) || account === managementAccountId || !accounts.has(account)) return null;
  return pathTo(organization, account).map((target) =>
    (attachments.get(target) ?? []).flatMap((id) => {
      const policy = policies.get(id);
      if (policy?.type !== type) return [];
      return [{ document: documentOf(policy.content, kind), arn: policyArn(organization, policy) }];
    }),
  );
}

/** The text with unique ids in place of the ARNs of those that are gone or were made anew. */
export function currentText(state: SandboxState, { text, principals }: ResourcePolicy): string {
  const gone = new Map([...(principals ?? [])].filter(([arn, id]) => idOfPrincipal(state, arn) !== id));
  if (gone.size === 0) return text;
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return gone.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
  };
  const document = JSON.parse(text) as { Statement: Readonly<Record<string, unknown>> | readonly object[] };
  const Statement = [document.Statement]
    .flat()
    .map((statement) =>
      Object.fromEntries(
        Object.entries(statement).map(([key, value]) => [
          key,
          key === 'Principal' || key === 'NotPrincipal' ? replaced(value) : (value as unknown),
        ]),
      ),
    );
  return JSON.stringify({ ...document, Statement });
}

/** Unique id of the user or role with an ARN; `undefined` when there is none. */
export function idOfPrincipal(state: SandboxState, arn: string): string | undefined {
  const [, account = '', kind, name = ''] = /^arn:aws:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (!state.organization.accounts.has(account)) return undefined;
  const { users, roles } = IAM.of(state, account);
  const found = (kind === 'user' ? users : roles).get(name.toLowerCase());
  return found?.arn === arn ? found.id : undefined;
}
