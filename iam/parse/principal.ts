/**
 * Reads the `Principal` and `NotPrincipal` elements
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
import { get, isMap, keysOf } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { parseArn } from '../arn.js';
import type { Principal } from '../model.js';
import { kindOf, shown } from './problems.js';
import type { Problems } from './problems.js';
import { textList } from './text-list.js';

const KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;

/** Everybody, known to AWS or not. */
export const EVERYONE: Principal = { kind: 'AWS', value: '*' };

/** Reads one element. @returns `null` after a fatal problem. */
export function parsePrincipals(
  value: Value,
  element: 'Principal' | 'NotPrincipal',
  path: Path,
  problems: Problems,
): readonly Principal[] | null {
  if (value === '*') return [EVERYONE];
  if (typeof value === 'string') {
    return problems.fatal(
      'INVALID_PRINCIPAL_FORMAT',
      path,
      `\`${element}\` is the text ${shown(value)}, and only \`*\` may stand without a kind`,
      'write a map such as `{"AWS": "arn:aws:iam::111122223333:role/Name"}` or `{"Service": "lambda.amazonaws.com"}`',
    );
  }
  if (!isMap(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      path,
      `\`${element}\` is ${kindOf(value)}`,
      'write `*` or a map from `AWS`, `Service`, `Federated` or `CanonicalUser` to texts',
    );
  }
  const principals: Principal[] = [];
  let faulty = false;
  for (const key of keysOf(value)) {
    const at = [...path, key];
    const kind = KINDS.find((name) => name === key);
    if (kind === undefined) {
      problems.fatal(
        'INVALID_PRINCIPAL_KEY',
        at,
        `${shown(key)} is no kind of principal`,
        `write one of ${KINDS.map((name) => `\`${name}\``).join(', ')}; case counts`,
      );
      faulty = true;
      continue;
    }
    const texts = textList(get(value, key)!, `${element}.${key}`, at, problems);
    for (const { text, path: place } of texts ?? []) {
      if (acceptable(kind, text, place, problems)) principals.push({ kind, value: text });
      else faulty = true;
    }
    if (texts === null) faulty = true;
  }
  return faulty ? null : principals;
}

function acceptable(kind: Principal['kind'], text: string, path: Path, problems: Problems): boolean {
  if (kind === 'AWS') return isAwsPrincipal(text, path, problems);
  if (!/[*?]/.test(text) && text !== '') return true;
  problems.fatal(
    text === '' ? 'INVALID_PRINCIPAL_FORMAT' : 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    path,
    text === '' ? `a principal of kind \`${kind}\` is empty` : `the principal ${shown(text)} holds a wildcard`,
    kind === 'Service'
      ? 'name each service, such as `lambda.amazonaws.com`'
      : 'write the principal in full, or use `"*"` with a condition',
  );
  return false;
}

/** ARNs of users, roles, sessions and accounts; `cloudfront` stands where the account does for origin access identities. */
const ARN_RESOURCES: Readonly<Record<string, RegExp>> = {
  iam: /^(?:root|user\/.+|role\/.+)$/,
  sts: /^(?:assumed-role\/[^/]+\/.+|federated-user\/.+|self)$/,
};

function isAwsPrincipal(text: string, path: Path, problems: Problems): boolean {
  if (text === '*' || /^\d{12}$/.test(text) || /^A(?:IDA|ROA|KIA|SIA|GPA|IPA|NPA)[A-Z0-9]{12,}$/.test(text)) {
    return true;
  }
  if (/[*?]/.test(text)) {
    problems.fatal(
      'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
      path,
      `the principal ${shown(text)} holds a wildcard`,
      'write `*` or the account, and narrow it with a condition on `aws:PrincipalArn`',
    );
    return false;
  }
  const arn = parseArn(text);
  const form = arn === undefined ? undefined : ARN_RESOURCES[arn.service];
  if (arn?.region === '' && /^(?:\d{12}|cloudfront)$/.test(arn.account) && form?.test(arn.resource) === true) {
    return true;
  }
  problems.fatal(
    'INVALID_PRINCIPAL_FORMAT',
    path,
    `${shown(text)} is no AWS principal`,
    'write `*`, an account id of 12 digits, or the ARN of a user, role, session or `:root`; groups cannot be principals',
  );
  return false;
}
