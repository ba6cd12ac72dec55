/** A SAM resource while it is turned into the plain resources that it stands for. */
import { isMap } from '../../values.js';
import type { Path, Value } from '../../values.js';
import { textOf } from '../build.js';
import { callOf } from '../intrinsics.js';
import { isNoValue } from '../origins.js';
import type { Located, Origins } from '../origins.js';
import type { Declared } from '../sections.js';

/** Attributes of a SAM resource that its plain resources share. */
const SHARED = ['Condition', 'DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];

/** An entry of a map under construction; left out when there is no value. */
export type Entry = readonly [key: string, value: Located | undefined];

/** A SAM resource with its properties. */
export class ServerlessResource {
  constructor(
    readonly origins: Origins,
    /** Its key under `Resources`. */
    readonly id: string,
    readonly resource: Located,
    /** With what it inherits from `Globals`. */
    readonly properties: Located,
    /** The part that is turned into plain resources. `@default` the whole resource */
    readonly path: Path = resource.path,
  ) {}

  /** A value that the template does not write. */
  constant(node: Value): Located {
    return this.origins.constant(this.path, node);
  }

  property(name: string): Located | undefined {
    const found = this.origins.child(this.properties, name);
    return found === undefined || found.node === null || isNoValue(found.node) ? undefined : found;
  }

  /** The text of a property, when it is written as text. */
  text(name: string): string | undefined {
    const found = this.property(name);
    return found === undefined ? undefined : textOf(found.node);
  }

  /** Properties that are handed on under their name. */
  handedOn(...names: readonly string[]): readonly Entry[] {
    return names.map((name) => [name, this.property(name)] as const);
  }

  map(...entries: readonly Entry[]): Located {
    return this.origins.map(
      this.path,
      entries.filter((entry): entry is readonly [string, Located] => entry[1] !== undefined),
    );
  }

  list(...items: readonly Located[]): Located {
    return this.origins.list(this.path, items);
  }

  ref(id: string): Located {
    return this.constant({ Ref: id });
  }

  attribute(id: string, name: string): Located {
    return this.constant({ 'Fn::GetAtt': [id, name] });
  }

  /** A plain resource of this SAM resource. */
  declare(key: string, type: string, ...properties: readonly Entry[]): Declared {
    const shared = SHARED.map((name) => [name, this.origins.child(this.resource, name)] as const);
    const { node } = this.map(['Type', this.constant(type)], ...shared, ['Properties', this.map(...properties)]);
    return { key, node, path: this.path };
  }

  /** The key of a plain resource that in deployment has the logical ID of the SAM resource itself. */
  own(type: string): string {
    return `${this.id}::${type.split('::').at(-1)!}`;
  }

  /**
   * Tags as a list of `Key` and `Value`, from a map.
   *
   * @param createdBy - The tag with which SAM marks what it makes.
   */
  tagList(createdBy?: string): Located | undefined {
    const mark =
      createdBy === undefined ? [] : [this.map(['Key', this.constant(createdBy)], ['Value', this.constant('SAM')])];
    const tags = this.property('Tags');
    if (tags === undefined) return mark.length === 0 ? undefined : this.list(...mark);
    return this.origins.inBranches(tags, (branch) => {
      if (!isOrdinaryMap(branch)) return isNoValue(branch.node) ? this.list(...mark) : branch;
      const pairs = this.origins.entries(branch).map(([key, value]) =>
        this.origins.map(value.path, [
          ['Key', { node: key, path: value.path }],
          ['Value', value],
        ]),
      );
      return this.origins.list(branch.path, [...mark, ...pairs]);
    });
  }

  /** Where an artifact lies: the parts of an S3 location, from a map or from `s3://bucket/key`. */
  s3Location(
    uri: Located | undefined,
    names: { readonly bucket: string; readonly key: string; readonly version: string },
  ): Located | undefined {
    if (uri === undefined) return undefined;
    const { node, path } = uri;
    if (typeof node === 'string') {
      const match = /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(node);
      if (match === null) return undefined;
      const [, bucket, key, version] = match;
      return this.map(
        [names.bucket, { node: bucket!, path }],
        [names.key, { node: key!, path }],
        [names.version, version === undefined ? undefined : { node: version, path }],
      );
    }
    if (!isOrdinaryMap(uri)) return undefined;
    const part = (name: string): Located | undefined => this.origins.child(uri, name);
    return this.map([names.bucket, part('Bucket')], [names.key, part('Key')], [names.version, part('Version')]);
  }
}

export function isOrdinaryMap({ node }: Located): boolean {
  return isMap(node) && callOf(node) === undefined;
}
