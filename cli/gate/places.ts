/** Where accounts stand: from the description of the organization (org.yaml) to what fills `<orgId>` and `<ouId>`. */
import { resolve } from 'node:path';
import type { AccountPlace } from '../../hooks/lambda/index.js';
import { accountPaths, readOrganization } from '../../organization/index.js';
import type { Organization } from '../../organization/index.js';
import { isMap, readTemplate } from '../../template/index.js';
import { badOption } from '../check/diagnostics.js';
import { shownPath } from '../check/discover.js';
import { readFileText } from '../check/read-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';

export type AccountPlaces = ReadonlyMap<string, AccountPlace>;

/** What `--config` named: a description of the organization, or the configuration of the command. */
export interface ConfigFiles {
  /** The configuration; `undefined` when none was named. */
  readonly config: string | undefined;
  /** `null` when no description was named. */
  readonly organization: { readonly file: string; readonly id: string | null; readonly places: AccountPlaces } | null;
}

/**
 * Where each account of a description stands. An id that is not written there is not known: nothing is made up.
 *
 * @param organizationId - `null` when it is not known.
 */
export function accountPlaces(organization: Organization, organizationId: string | null): AccountPlaces {
  const places = [...accountPaths(organization)].map(([account, path]): readonly [string, AccountPlace] => {
    const above = path.slice(0, -1);
    const ids = above.map((target) => (target.kind === 'account' ? null : target.id));
    const unit = above.at(-1)?.kind === 'unit' ? ids.at(-1) : null;
    return [
      account,
      {
        ...(organizationId !== null && { orgId: organizationId }),
        ...(typeof unit === 'string' && { ouId: unit }),
        // A way with a gap is none.
        ...(ids.every((id) => id !== null) && { ouPath: ids.join('/') }),
      },
    ];
  });
  return new Map(places.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Looks what `--config` names, by the content of the file: a description has `organization` and `root`.
 *
 * @throws InputError with every fault of a description.
 */
export function readConfigFiles(path: string | undefined, terminal: Terminal): ConfigFiles {
  const { cwd } = terminal;
  if (path === undefined) return { config: undefined, organization: null };
  const name = shownPath(path, cwd);
  const { text } = readFileText(resolve(cwd, path), name);
  if (text === null || !isDescription(text, name)) return { config: path, organization: null };
  const sources = new Map([[name, text]]);
  const { organization, diagnostics } = readOrganization(text, name);
  if (organization === null) throw new InputError(diagnostics, sources);
  tellDiagnostics(diagnostics, sources, terminal);
  const { id } = organization;
  return { config: undefined, organization: { file: name, id, places: accountPlaces(organization, id) } };
}

function isDescription(text: string, name: string): boolean {
  const value = readTemplate(text, name).source?.value;
  return value !== undefined && isMap(value) && Object.hasOwn(value, 'organization') && Object.hasOwn(value, 'root');
}

/**
 * Where one account stands, from a description and from options.
 *
 * @param given - What options say. They may add to the description, and not contradict it.
 * @throws InputError when they do, or when the description does not have the account.
 */
export function placeOf({ organization }: ConfigFiles, account: string | undefined, given: AccountPlace): AccountPlace {
  if (organization === null) return given;
  const { file, id, places } = organization;
  const known = account === undefined ? (id === null ? {} : { orgId: id }) : places.get(account);
  if (known === undefined) {
    const help = 'add it to the description, or name another account';
    throw new InputError([badOption('--account', `\`${account!}\` is no account of \`${file}\``, help)]);
  }
  const options = { orgId: '--organization', ouId: '--ou' } as const;
  for (const key of ['orgId', 'ouId'] as const) {
    const [said, written] = [given[key], known[key]];
    if (said === undefined || written === undefined || said === written) continue;
    const message = `\`${said}\` is not what \`${file}\` says of the account, \`${written}\``;
    throw new InputError([badOption(options[key], message, 'leave the option out, or mend the description')]);
  }
  return { ...given, ...known };
}
