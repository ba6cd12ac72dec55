/**
 * The resource that a finding names. AWS SAM makes plain resources of the ones that are written; a reader finds only
 * those in the template.
 */
import { get, isMap, keysOf } from '../../template/index.js';
import type { Path, ResolvedDocument, Value } from '../../template/index.js';

export interface ReportedResource {
  /** As written in the template; a copy that a loop makes has the name that the loop gives it. */
  readonly logicalId: string;
  readonly type: string;
  /** The logical id of the resource that AWS SAM makes and that the finding is about, when it is not the one above. */
  readonly generated: string | null;
}

/** Names the resources of a resolved document. */
export class ReportedResources {
  private readonly resources: Value;
  /** SAM resources, the longest name first: what SAM makes begins with the name of what it is made of. */
  private serverless: readonly string[] | null = null;

  constructor(private readonly document: ResolvedDocument) {
    this.resources = get(document.value, 'Resources') ?? null;
  }

  /** @param key - A key under `Resources` of the resolved document. */
  of(key: string): ReportedResource {
    const plain = { logicalId: key, type: this.typeOf(key), generated: null };
    this.serverless ??= this.serverlessIds();
    if (this.serverless.length === 0 || this.serverless.includes(key)) return plain;
    const path = this.pathOf(key);
    if (path[1] === key) return plain;
    const owner =
      this.serverless.find((id) => key.startsWith(id) && startsWith(path, this.pathOf(id))) ??
      this.serverless.find((id) => startsWith(path, this.pathOf(id)));
    if (owner === undefined) return plain;
    const made = key.split('::')[0]!;
    return { logicalId: owner, type: this.typeOf(owner), generated: made === owner ? null : made };
  }

  private serverlessIds(): readonly string[] {
    if (!isMap(this.resources)) return [];
    return keysOf(this.resources)
      .filter((key) => this.typeOf(key).startsWith('AWS::Serverless::'))
      .sort((a, b) => b.length - a.length);
  }

  private typeOf(key: string): string {
    const resource = isMap(this.resources) ? get(this.resources, key) : undefined;
    const type = isMap(resource) ? get(resource, 'Type') : undefined;
    return typeof type === 'string' ? type : '';
  }

  private pathOf(key: string): Path {
    return this.document.sourcePath(['Resources', key]);
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}
