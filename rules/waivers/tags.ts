/** The tags of a resource as its template writes them. */
import { tagPropertyOf } from '../../catalogue/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import type { Tags } from './scope.js';

const NONE: Tags = { known: new Map(), open: false };
const OPEN: Tags = { known: new Map(), open: true };

/**
 * Reads the tags of one resource.
 *
 * @returns A value that an intrinsic function makes is `null`; `open` when whole tags may be hidden by one. A type that
 *   the catalogue does not know is read as having its tags under `Tags`.
 */
export function tagsOf(resource: Value | undefined, type: string): Tags {
  const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
  if (properties === undefined) return NONE;
  if (!isMap(properties) || isIntrinsic(properties)) return OPEN;
  const written = get(properties, tagPropertyOf(type)?.name ?? 'Tags');
  if (written === undefined) return NONE;
  const known = new Map<string, string | null>();
  let open = false;
  const put = (key: string, value: Value | undefined): void => {
    // Two tags with one key: CloudFormation refuses them or takes one, so neither is believed.
    known.set(key, known.has(key) || typeof value !== 'string' ? null : value);
  };
  if (isList(written)) {
    for (const entry of written) {
      const key = isMap(entry) ? get(entry, 'Key') : undefined;
      if (isMap(entry) && typeof key === 'string') put(key, get(entry, 'Value'));
      else open = true;
    }
  } else if (isMap(written) && !isIntrinsic(written)) {
    for (const [key, value] of Object.entries(written)) put(key, value);
  } else return OPEN;
  return { known, open };
}

function isIntrinsic(value: Readonly<Record<string, Value>>): boolean {
  return Object.keys(value).some((key) => key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'));
}
