/**
 * Reads what the AWS CLI printed of an organization, so that it can be compared where no program may call AWS: the output
 * of `aws organizations …` commands, one a file. An output does not say of which parent, policy or account it speaks, so
 * the name of its file does, by holding the id.
 */
import type { Diagnostic } from '../findings/index.js';
import { get, isList, isMap, keysOf, readJsonSource } from '../template/index.js';
import type { At, Path, Value, ValueMap } from '../template/index.js';
import { badExport } from './diagnostics.js';
import { API_POLICY_TYPES } from './model.js';
import type { AwsAccount, AwsAttachment, AwsPolicy, AwsRoot, AwsUnit, OrganizationSnapshot } from './reader.js';
import { OrganizationShapes } from './shape.js';

/** A file with the output of one command. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

const PARENT_IN_NAME = /(?<![a-z0-9])(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})(?![a-z0-9])/;
const POLICY_IN_NAME = /(?<![a-z0-9])p-[0-9a-zA-Z_]{8,128}/;
const ACCOUNT_IN_NAME = /(?<![0-9])[0-9]{12}(?![0-9])/;
const TEXT = { pattern: /\S/, expected: 'a text' };

/**
 * Puts exports together.
 *
 * @param files - Outputs of describe-organization, list-roots, list-organizational-units-for-parent and
 *   list-accounts-for-parent of each parent (or list-accounts, where it tells paths), list-policies of each enabled type,
 *   list-targets-for-policy of each policy, list-delegated-administrators, list-delegated-services-for-account of each;
 *   describe-policy for texts. Other keys are left alone.
 * @returns The snapshot; `null` with what is missing or malformed. A part that is missing would read as "there is none",
 *   so that it is an error.
 */
export function readExports(files: readonly ExportFile[]): {
  readonly snapshot: OrganizationSnapshot | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const exports = new Exports();
  for (const file of files) exports.read(file);
  return exports.finish();
}

class Exports {
  private readonly diagnostics: Diagnostic[] = [];
  private organization: OrganizationSnapshot['organization'] | null = null;
  private readonly roots: AwsRoot[] = [];
  private readonly units = new Map<string, AwsUnit>();
  private readonly accounts = new Map<string, AwsAccount>();
  private readonly policies = new Map<string, Omit<AwsPolicy, 'content'>>();
  private readonly contents = new Map<string, string>();
  private readonly attachments: AwsAttachment[] = [];
  private readonly delegates = new Map<string, string[]>();
  private readonly delegatesNamed = new Set<string>();
  /** What was listed: `OrganizationalUnits r-ab12`. */
  private readonly listed = new Set<string>();
  private first = '';

  read({ name, text }: ExportFile): void {
    this.first ||= name;
    const { source, diagnostics } = readJsonSource(text, name);
    if (source === null || !isMap(source.value)) {
      this.diagnostics.push(...diagnostics);
      if (source !== null) this.fault('the file holds no output of the AWS CLI', name);
      return;
    }
    const shapes = new OrganizationShapes(source);
    const top = source.value;
    if (keysOf(top).some((key) => key === 'NextToken' && get(top, key) !== null)) {
      this.fault('the output is cut off: it has a `NextToken`', name, 'leave `--max-items` and `--no-paginate` out');
    }
    for (const key of keysOf(top)) READERS[key]?.(this.access, top, shapes, name);
    this.diagnostics.push(...shapes.diagnostics.map((each) => ({ ...each, code: 'ORG3001' })));
  }

  finish(): ReturnType<typeof readExports> {
    const [root] = this.roots;
    if (this.organization === null) this.missing('describe-organization');
    if (root === undefined) this.missing('list-roots');
    const parents = [...this.roots, ...this.units.values()].map(({ id }) => id);
    for (const id of parents) {
      if (!this.listed.has(`units ${id}`)) {
        this.missing(`list-organizational-units-for-parent --parent-id ${id}`, `organizational-units-${id}.json`);
      }
      if (!this.listed.has(`accounts ${id}`) && !this.listed.has('accounts')) {
        this.missing(`list-accounts-for-parent --parent-id ${id}`, `accounts-${id}.json`);
      }
    }
    if (!this.listed.has('delegates')) this.missing('list-delegated-administrators');
    for (const type of Object.values(API_POLICY_TYPES)) {
      if (root?.enabledPolicyTypes.includes(type) !== true || this.listed.has(`policies ${type}`)) continue;
      this.missing(`list-policies --filter ${type}`, `policies-${type}.json`);
    }
    for (const { id } of this.policies.values()) {
      if (!this.listed.has(`targets ${id}`)) {
        this.missing(`list-targets-for-policy --policy-id ${id}`, `targets-${id}.json`);
      }
    }
    for (const id of this.delegatesNamed) {
      if (!this.listed.has(`services ${id}`)) {
        this.missing(`list-delegated-services-for-account --account-id ${id}`, `services-${id}.json`);
      }
    }
    if (this.organization === null || root === undefined || this.diagnostics.length > 0) {
      return { snapshot: null, diagnostics: this.diagnostics };
    }
    return {
      snapshot: {
        organization: this.organization,
        root,
        units: [...this.units.values()],
        accounts: [...this.accounts.values()],
        policies: [...this.policies.values()].map((each) => ({ ...each, content: this.contents.get(each.id) ?? null })),
        attachments: this.attachments,
        delegatedAdministrators: Object.fromEntries(this.delegates),
      },
      diagnostics: [],
    };
  }

  private fault(
    message: string,
    file: string,
    help = 'write the output of one `aws organizations` command there',
  ): void {
    this.diagnostics.push(badExport(message, help, { file, start: 0, end: 0 }));
  }

  private missing(command: string, file = `${command}.json`): void {
    this.fault(
      `the exports lack the output of \`aws organizations ${command}\``,
      this.first,
      `run it with \`--output json > ${file}\` in the folder of the exports`,
    );
  }

  /** What the readers of the parts may do. */
  private readonly access = {
    setOrganization: (value: OrganizationSnapshot['organization']): void => {
      this.organization = value;
    },
    roots: this.roots,
    units: this.units,
    accounts: this.accounts,
    policies: this.policies,
    contents: this.contents,
    attachments: this.attachments,
    delegates: this.delegates,
    delegatesNamed: this.delegatesNamed,
    listed: this.listed,
    noId: (what: string, example: string, file: string): void => {
      const help = `call the file after it, such as ${example}`;
      this.fault(`nothing says of which ${what} this is the output: the name of the file holds no id`, file, help);
    },
  };
}

type Access = Exports['access'];
type PartReader = (to: Access, top: ValueMap, shapes: OrganizationShapes, file: string) => void;

/** The maps of a list. */
function maps(
  top: ValueMap,
  key: string,
  shapes: OrganizationShapes,
): readonly (At<Value> & { readonly value: ValueMap })[] {
  return shapes.list(top, key, [], 'a list').flatMap(({ value, path }) => {
    if (isMap(value)) return [{ value, path }];
    shapes.map(value, path, `an entry of \`${key}\``, []);
    return [];
  });
}

/** The texts under some keys, or `null` when one is missing or no text; that is told. */
function texts<K extends string>(
  map: ValueMap,
  path: Path,
  keys: readonly K[],
  shapes: OrganizationShapes,
): Record<K, string> | null {
  const found = keys.map((key) => {
    if (shapes.required(map, key, path, 'an entry', 'as AWS Organizations prints it') === undefined) return null;
    return shapes.text(map, key, path, TEXT);
  });
  if (found.includes(null)) return null;
  return Object.fromEntries(keys.map((key, index) => [key, found[index]])) as Record<K, string>;
}

/** How each key of an output is read. */
const READERS: Readonly<Partial<Record<string, PartReader>>> = {
  Organization(to, top, shapes) {
    const value = get(top, 'Organization')!;
    if (!isMap(value)) return;
    // MasterAccountId is the name of the API.
    const read = texts(value, ['Organization'], ['Id', 'MasterAccountId'], shapes);
    if (read !== null) to.setOrganization({ id: read.Id, managementAccountId: read.MasterAccountId });
  },
  Roots(to, top, shapes) {
    for (const { value, path } of maps(top, 'Roots', shapes)) {
      const read = texts(value, path, ['Id', 'Name'], shapes);
      if (read === null) continue;
      const types = get(value, 'PolicyTypes');
      const enabledPolicyTypes = (isList(types) ? types : []).flatMap((each) =>
        isMap(each) && get(each, 'Status') === 'ENABLED' && typeof get(each, 'Type') === 'string'
          ? [get(each, 'Type') as string]
          : [],
      );
      to.roots.push({ id: read.Id, name: read.Name, enabledPolicyTypes });
    }
  },
  OrganizationalUnits(to, top, shapes, file) {
    const parentId = PARENT_IN_NAME.exec(baseName(file))?.[0];
    if (parentId === undefined) {
      to.noId('parent', 'organizational-units-r-ab12.json', file);
      return;
    }
    to.listed.add(`units ${parentId}`);
    for (const { value, path } of maps(top, 'OrganizationalUnits', shapes)) {
      const read = texts(value, path, ['Id', 'Name'], shapes);
      if (read !== null) to.units.set(read.Id, { id: read.Id, name: read.Name, parentId });
    }
  },
  Accounts(to, top, shapes, file) {
    const named = PARENT_IN_NAME.exec(baseName(file))?.[0];
    const entries = maps(top, 'Accounts', shapes);
    const isWhole = named === undefined && entries.every(({ value }) => parentInPaths(value) !== undefined);
    if (named === undefined && (!isWhole || entries.length === 0)) {
      to.noId('parent', 'accounts-r-ab12.json', file);
      return;
    }
    to.listed.add(named === undefined ? 'accounts' : `accounts ${named}`);
    for (const { value, path } of entries) {
      const read = texts(value, path, ['Id', 'Name'], shapes);
      if (read === null) continue;
      // `State` takes the place of `Status`, which older versions print.
      const state = get(value, 'State') ?? get(value, 'Status');
      const parentId = named ?? parentInPaths(value)!;
      to.accounts.set(read.Id, {
        id: read.Id,
        name: read.Name,
        state: typeof state === 'string' ? state : null,
        parentId,
      });
    }
  },
  Policies(to, top, shapes, file) {
    for (const type of Object.values(API_POLICY_TYPES)) {
      if (baseName(file).includes(type)) to.listed.add(`policies ${type}`);
    }
    for (const { value, path } of maps(top, 'Policies', shapes)) {
      const read = texts(value, path, ['Id', 'Name', 'Type'], shapes);
      if (read === null) continue;
      const awsManaged = get(value, 'AwsManaged') === true;
      to.listed.add(`policies ${read.Type}`);
      to.policies.set(read.Id, { id: read.Id, name: read.Name, type: read.Type, awsManaged });
    }
  },
  Policy(to, top, shapes) {
    const value = get(top, 'Policy')!;
    const summary = isMap(value) ? get(value, 'PolicySummary') : undefined;
    if (!isMap(value) || !isMap(summary)) return;
    const id = texts(summary, ['Policy', 'PolicySummary'], ['Id'], shapes);
    const content = texts(value, ['Policy'], ['Content'], shapes);
    if (id !== null && content !== null) to.contents.set(id.Id, content.Content);
  },
  Targets(to, top, shapes, file) {
    const policyId = POLICY_IN_NAME.exec(baseName(file))?.[0];
    if (policyId === undefined) {
      to.noId('policy', 'targets-p-examplepolicyid111.json', file);
      return;
    }
    to.listed.add(`targets ${policyId}`);
    for (const { value, path } of maps(top, 'Targets', shapes)) {
      const read = texts(value, path, ['TargetId'], shapes);
      if (read !== null) to.attachments.push({ policyId, targetId: read.TargetId });
    }
  },
  DelegatedAdministrators(to, top, shapes) {
    to.listed.add('delegates');
    for (const { value, path } of maps(top, 'DelegatedAdministrators', shapes)) {
      const read = texts(value, path, ['Id'], shapes);
      if (read !== null) to.delegatesNamed.add(read.Id);
    }
  },
  DelegatedServices(to, top, shapes, file) {
    const accountId = ACCOUNT_IN_NAME.exec(baseName(file))?.[0];
    if (accountId === undefined) {
      to.noId('account', 'services-111122223333.json', file);
      return;
    }
    to.listed.add(`services ${accountId}`);
    for (const { value, path } of maps(top, 'DelegatedServices', shapes)) {
      const read = texts(value, path, ['ServicePrincipal'], shapes);
      if (read === null) continue;
      const ids = to.delegates.get(read.ServicePrincipal) ?? [];
      to.delegates.set(read.ServicePrincipal, [...ids, accountId]);
    }
  },
};

const baseName = (file: string): string => file.replace(/^.*[/\\]/, '');

/** The parent that the paths of an account name: `o-…/r-…/ou-…/111122223333/`. */
function parentInPaths(account: ValueMap): string | undefined {
  const paths = get(account, 'Paths');
  const [path] = isList(paths) ? paths : [];
  if (typeof path !== 'string') return undefined;
  return path.split('/').findLast((step) => /^(?:ou|r)-/.test(step));
}
