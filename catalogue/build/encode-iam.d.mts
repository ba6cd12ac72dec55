interface SourceKey {
  readonly key: string;
  readonly type: string;
}

interface SourceResourceType {
  readonly key: string;
  readonly arn: string;
  readonly conditionKeys?: readonly string[];
}

interface SourceAction {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: readonly string[];
    readonly dependentActions: readonly string[];
  }[];
  readonly conditionKeys: readonly string[];
  readonly dependentActions: readonly string[];
}

/** The parts of the package's data that the generator reads. */
export interface IamSource {
  readonly services: readonly string[];
  readonly serviceNames: Readonly<Record<string, string>>;
  readonly rcpSupportedServices: readonly string[];
  actions(service: string): Readonly<Record<string, SourceAction>>;
  conditionKeys(service: string): Readonly<Record<string, SourceKey>>;
  resourceTypes(service: string): Readonly<Record<string, SourceResourceType>>;
}

/** The data as it is written. */
export interface EncodedIam {
  readonly services: readonly {
    readonly prefix: string;
    readonly name: string;
    readonly actions: readonly string[];
    readonly text: string;
  }[];
  readonly arnServices: readonly (readonly [string, readonly string[]])[];
  readonly rcpServices: readonly string[];
  readonly keyOwners: readonly (readonly [string, readonly string[]])[];
}

export function encodeIam(source: IamSource): EncodedIam;
export function iamModuleText(data: EncodedIam, info: { readonly version: string; readonly date: string }): string;
