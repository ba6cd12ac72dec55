/** Stacks in stacks: their templates are compared when they are given; what is not given cannot be. */
import { get, isMap, keysOf } from '../../template/index.js';
import type { Comparison } from './comparison.js';
import { textOf } from './side.js';
import type { Resource } from './side.js';

const NESTED = 'AWS::CloudFormation::Stack';

/** @param known - `stack/logicalId` of those whose templates are given on both sides, with the parameters that are texts. */
export function compareNested({ older, newer, say, unknowns }: Comparison, known: ReadonlySet<string>): void {
  const nested = (side: readonly Resource[]): readonly Resource[] => side.filter(({ type }) => type === NESTED);
  const before = new Map(nested(older).map((each) => [`${each.stack}/${each.id}`, each]));
  for (const now of nested(newer)) {
    const key = `${now.stack}/${now.id}`;
    const old = before.get(key);
    const isKnown = known.has(key);
    const [had, has] = [old, now].map((each) =>
      each === undefined ? '' : textFor(each, isKnown, (text) => unknowns.isOpen(text)),
    );
    if (had === has) continue;
    const message = isKnown
      ? 'the nested stack gets other parameters, of which not all are known'
      : `the nested stack ${old === undefined ? 'is new' : 'changed'}, and its template is not given`;
    say({
      ...{ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', message, place: now.place([]) },
      subject: { stack: now.stack, name: now.id, type: NESTED },
    });
  }
}

/** What decides about a nested stack and is not compared elsewhere. */
function textFor({ properties }: Resource, isKnown: boolean, isOpen: (text: string) => boolean): string {
  if (!isKnown) return JSON.stringify(properties);
  const parameters = get(properties, 'Parameters');
  if (parameters === undefined || !isMap(parameters)) return '';
  const open = keysOf(parameters).filter((name) => {
    const text = textOf(get(parameters, name));
    return text === undefined || isOpen(text);
  });
  return JSON.stringify(open.sort().map((name) => [name, get(parameters, name)!]));
}
