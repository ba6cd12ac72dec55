/**
 * The policy checks of IAM Access Analyzer through the AWS SDK, which is loaded when a client is made
 * (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html).
 */
import type { AccessAnalyzerClient, PathElement, ValidatePolicyFinding } from '@aws-sdk/client-accessanalyzer';
import type { PolicyFindingType } from '../../iam/validate/index.js';
import type { Path } from '../../template/index.js';

export type PolicyTypeName =
  'IDENTITY_POLICY' | 'RESOURCE_POLICY' | 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** The types that the custom policy checks take. */
export type CheckedKind = 'IDENTITY_POLICY' | 'RESOURCE_POLICY';

/** A finding of ValidatePolicy. */
export interface AnalyzerFinding {
  readonly code: string;
  readonly type: PolicyFindingType;
  readonly message: string;
  /** The first place in the document. */
  readonly path: Path;
}

/** The result of a custom policy check. */
export interface AnalyzerResult {
  readonly passes: boolean;
  readonly message: string;
  /** Numbers of the statements that are the reason. */
  readonly statements: readonly number[];
}

/** What asks IAM Access Analyzer. Calls reject with the errors of the SDK. */
export interface AccessAnalyzer {
  /** ValidatePolicy: all pages. No charge. */
  validate(
    document: string,
    type: PolicyTypeName,
    resourceType: string | undefined,
  ): Promise<readonly AnalyzerFinding[]>;
  /** CheckNoPublicAccess. Charged. */
  noPublicAccess(document: string, resourceType: string): Promise<AnalyzerResult>;
  /** CheckAccessNotGranted. Charged. */
  accessNotGranted(document: string, kind: CheckedKind, actions: readonly string[]): Promise<AnalyzerResult>;
  /** CheckNoNewAccess. Charged. */
  noNewAccess(existing: string, updated: string, kind: CheckedKind): Promise<AnalyzerResult>;
  /** Closes its connections. */
  close(): void;
}

export interface AccessAnalyzerOptions {
  readonly region?: string;
  /** Such as `http://127.0.0.1:4567`. `@default` what `AWS_ENDPOINT_URL` or the configuration of AWS says. */
  readonly endpoint?: string;
  /** `@default` the chain of the SDK: environment, profiles, roles of the machine. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Tries of a call that is throttled or fails on its way. `@default` 8 */
  readonly maxAttempts?: number;
}

/** The Region that is asked where nothing names one: the checks give the same answer in all. */
const SOME_REGION = 'us-east-1';

/** Makes a client. */
export async function accessAnalyzerClient(options: AccessAnalyzerOptions = {}): Promise<AccessAnalyzer> {
  const sdk = await import('@aws-sdk/client-accessanalyzer');
  const { region = SOME_REGION, endpoint, credentials, maxAttempts = 8 } = options;
  const client = new sdk.AccessAnalyzerClient({
    region,
    retryMode: 'adaptive',
    maxAttempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return clientOf(sdk, client);
}

/** Most actions that CheckAccessNotGranted takes in one call. */
const MOST_ACTIONS = 100;

function clientOf(sdk: typeof import('@aws-sdk/client-accessanalyzer'), client: AccessAnalyzerClient): AccessAnalyzer {
  return {
    async validate(policyDocument, policyType, resourceType) {
      const found: AnalyzerFinding[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new sdk.ValidatePolicyCommand({
            policyDocument,
            policyType,
            nextToken,
            ...(resourceType === undefined ? {} : { validatePolicyResourceType: resourceType as never }),
          }),
        );
        found.push(...(page.findings ?? []).map(findingOf));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
    async noPublicAccess(policyDocument, resourceType) {
      const type = resourceType as never;
      return resultOf(await client.send(new sdk.CheckNoPublicAccessCommand({ policyDocument, resourceType: type })));
    },
    async accessNotGranted(policyDocument, policyType, actions) {
      const results: AnalyzerResult[] = [];
      for (let from = 0; from < actions.length; from += MOST_ACTIONS) {
        const access = [{ actions: actions.slice(from, from + MOST_ACTIONS) }];
        results.push(
          resultOf(await client.send(new sdk.CheckAccessNotGrantedCommand({ policyDocument, policyType, access }))),
        );
      }
      return results.find(({ passes }) => !passes) ?? results[0]!;
    },
    async noNewAccess(existingPolicyDocument, newPolicyDocument, policyType) {
      return resultOf(
        await client.send(new sdk.CheckNoNewAccessCommand({ existingPolicyDocument, newPolicyDocument, policyType })),
      );
    },
    close: () => {
      client.destroy();
    },
  };
}

interface CheckOutput {
  readonly result?: string | undefined;
  readonly message?: string | undefined;
  readonly reasons?:
    readonly { readonly description?: string | undefined; readonly statementIndex?: number | undefined }[] | undefined;
}

/** Anything but PASS is none: what is not understood is never taken for a policy without fault. */
function resultOf({ result, message, reasons = [] }: CheckOutput): AnalyzerResult {
  return {
    passes: result === 'PASS',
    message: [message, ...reasons.map(({ description }) => description)].filter((text) => text !== undefined).join(' '),
    statements: reasons.flatMap(({ statementIndex }) => (statementIndex === undefined ? [] : [statementIndex])),
  };
}

const TYPES: readonly PolicyFindingType[] = ['ERROR', 'SECURITY_WARNING', 'WARNING', 'SUGGESTION'];

function findingOf({ issueCode, findingType, findingDetails, locations }: ValidatePolicyFinding): AnalyzerFinding {
  return {
    code: issueCode ?? 'UNKNOWN',
    type: TYPES.find((type) => type === findingType) ?? 'ERROR',
    message: findingDetails ?? '',
    path: pathOf(locations?.[0]?.path ?? []),
  };
}

/** The way to a value; a part of a text is told at the text. */
function pathOf(elements: readonly PathElement[]): Path {
  const path: (string | number)[] = [];
  for (const { index, key, value } of elements) {
    if (index !== undefined) path.push(index);
    else if (key !== undefined || value !== undefined) path.push(key ?? value);
  }
  return path;
}
