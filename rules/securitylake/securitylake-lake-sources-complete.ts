/** securitylake-lake-sources-complete: a security data lake collects every source that the organization asks for. */
import { pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const LAKE = 'AWS::SecurityLake::DataLake';

export function check(view: View): void {
  const wanted = view.texts('securityLakeSources');
  const lakes = new Map<string, { at: ResourceUnder; sources: ResourceUnder[] }>();
  for (const lake of view.resources(LAKE)) lakes.set(`resource ${lake.key}`, { at: lake, sources: [] });
  const [only] = lakes.values();
  for (const source of view.resources('AWS::SecurityLake::AwsLogSource')) {
    const arn = property(source, 'DataLakeArn');
    const lake = view.graph.target(arn, LAKE);
    const id = lake === undefined ? (scalar(view, arn) ?? '') : `resource ${lake.key}`;
    const isOnly = only !== undefined && lakes.size === 1 && lake === undefined && view.unknownsIn(id).length > 0;
    const group = isOnly ? only : (lakes.get(id) ?? { at: source, sources: [] });
    if (!isOnly) lakes.set(id, group);
    group.sources.push(source);
  }
  for (const { at, sources } of lakes.values()) {
    const names = sources.map((source) => scalar(view, property(source, 'SourceName')) ?? '');
    const missing = wanted.filter((name) => !names.includes(name));
    const unknowns = view.unknownsIn(...names);
    if (missing.length === 0) view.pass(at);
    else if (unknowns.length > 0) view.open(at, pathOf(at), unknowns);
    else {
      view.fail(at, {
        path: ['Resources', at.key],
        message: `the security data lake does not collect ${missing.map((name) => `\`${name}\``).join(', ')}`,
        subject: 'sources',
      });
    }
  }
}
