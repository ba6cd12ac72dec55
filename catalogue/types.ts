/** What the catalogue knows of a CloudFormation resource type. Plain, read-only data. */

/** The type of a value, as far as the resource schema tells. */
export type PropertyType =
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'integer'; readonly values?: readonly number[] }
  | { readonly kind: 'number' | 'boolean' | 'timestamp' }
  /** Any JSON value, such as a policy document. */
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly element: PropertyType }
  /** An object whose keys the template chooses. */
  | { readonly kind: 'map'; readonly element: PropertyType }
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Property> }
  /** A value of one of several types. */
  | { readonly kind: 'union'; readonly types: readonly PropertyType[] };

/** A property of a resource type, or of an object in it. */
export interface Property {
  readonly name: string;
  readonly type: PropertyType;
  readonly required: boolean;
  /** Whether a change makes CloudFormation replace the resource. */
  readonly replacement: 'always' | 'sometimes' | 'never';
  readonly deprecated: boolean;
}

/**
 * How a resource type takes tags:
 * - `list`: a list of objects with `Key` and `Value`
 * - `map`: an object from key to value
 * - `autoScaling`: a list of objects with `Key`, `Value` and `PropagateAtLaunch`
 * - `specifications`: a list of objects with `ResourceType` and `Tags`, a list of `Key` and `Value`
 * - `other`: something else; see the property's type
 */
export type TagShape = 'list' | 'map' | 'autoScaling' | 'specifications' | 'other';

/** The property that holds the tags of a resource. */
export interface TagProperty {
  readonly name: string;
  readonly shape: TagShape;
}

/** A resource type such as `AWS::S3::Bucket`. */
export interface ResourceType {
  readonly name: string;
  /** Everything before the last `::`, such as `AWS::S3`. */
  readonly service: string;
  readonly properties: ReadonlyMap<string, Property>;
  /** What `Fn::GetAtt` gives, by attribute name, which can hold dots. */
  readonly attributes: ReadonlyMap<string, PropertyType>;
  /** Properties and attributes that name a resource in the Cloud Control API. */
  readonly primaryIdentifier: readonly string[];
  /** Properties and attributes that `Ref` gives. */
  readonly refIdentifier: readonly string[];
  readonly tags: TagProperty | undefined;
  /** Whether the resource holds data that is lost with it, as far as the source says. */
  readonly stateful: boolean;
  /** Whether a transform (AWS SAM) turns the type into others. */
  readonly transformed: boolean;
}
