/**
 * The protocol AWS Query (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): input is a form with the
 * operation in `Action`, output is XML.
 */
import { RequestError, ServiceError, type RequestFault } from '../errors.js';
import type { Answer } from './json.js';

/** The input of an operation: texts by name; lists and structures are told by dots (`Tags.member.1.Key`). */
export class Form {
  constructor(private readonly fields: URLSearchParams) {}

  static of(body: Buffer): Form {
    return new Form(new URLSearchParams(body.toString('utf8')));
  }

  /** `undefined` when it is not given. */
  get(name: string): string | undefined {
    return this.fields.get(name) ?? undefined;
  }

  /** @throws ServiceError when it is missing. */
  text(name: string): string {
    const value = this.get(name);
    if (value !== undefined && value !== '') return value;
    throw new ServiceError(
      'ValidationError',
      `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
    );
  }

  /** The texts of a list, or those below a member of its structures. */
  list(name: string, member = ''): readonly (string | undefined)[] {
    const found: (string | undefined)[] = [];
    for (let index = 1; this.hasBelow(`${name}.member.${index}`); index += 1) {
      found.push(this.get(`${name}.member.${index}${member === '' ? '' : `.${member}`}`));
    }
    return found;
  }

  /** Keys and values of a list of `Key` and `Value`. */
  tags(name = 'Tags'): ReadonlyMap<string, string> {
    const values = this.list(name, 'Value');
    return new Map(this.list(name, 'Key').map((key, index) => [key ?? '', values[index] ?? '']));
  }

  private hasBelow(prefix: string): boolean {
    return [...this.fields.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`));
  }
}

/** A value that an answer can hold; what is `undefined` is left out. */
export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | { readonly [key: string]: XmlValue };

const CONTENT_TYPE = 'text/xml';

const CODES: Readonly<Record<RequestFault, readonly [code: string, status: number]>> = {
  missingToken: ['MissingAuthenticationToken', 403],
  incompleteSignature: ['IncompleteSignature', 403],
  unknownKey: ['InvalidClientTokenId', 403],
  badSignature: ['SignatureDoesNotMatch', 403],
  expiredToken: ['ExpiredToken', 403],
  accessDenied: ['AccessDenied', 403],
  unknownOperation: ['InvalidAction', 400],
  throttled: ['Throttling', 400],
};

/** An answer; an operation that answers nothing has no result element. */
export function queryAnswer(
  operation: string,
  namespace: string,
  output: Readonly<Record<string, XmlValue>> | null,
  requestId: string,
): Answer {
  const result = output === null ? '' : element(`${operation}Result`, output);
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  const body = `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
  return { status: 200, contentType: CONTENT_TYPE, body };
}

export function queryError(error: RequestError | ServiceError, namespace: string, requestId: string): Answer {
  const [code, status] = error instanceof RequestError ? CODES[error.fault] : ([error.code, error.status] as const);
  const told = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: error.message };
  const body = `<ErrorResponse xmlns="${namespace}">${element('Error', told)}${element('RequestId', requestId)}</ErrorResponse>`;
  return { status, contentType: CONTENT_TYPE, body };
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return `<${name}>${escape(String(value))}</${name}>`;
  const inner = isList(value)
    ? value.map((each) => element('member', each))
    : Object.entries(value).map(([key, each]) => element(key, each));
  return `<${name}>${inner.join('')}</${name}>`;
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!)
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
