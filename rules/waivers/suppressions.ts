/**
 * Suppressions that developers wrote for other tools into a template: what they name and where they stand. Reading them
 * decides nothing; whether they count is the waiver file's to say.
 *
 * The forms: `Metadata.guard.SuppressedRules` of the AWS Guard Rules Registry; `Metadata.cfn-lint.config.ignore_checks` of
 * cfn-lint, at the template or a resource; `Metadata.cfn_nag.rules_to_suppress` and `Metadata.cdk_nag.rules_to_suppress`
 * of cfn-nag and cdk-nag; `Metadata.checkov.skip` and comments `checkov:skip=ID:reason` of checkov, inside a resource.
 */
import type { SourceRange } from '../../findings/index.js';
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../../template/index.js';

export type SuppressingTool = 'guard' | 'cfn-lint' | 'cfn_nag' | 'cdk_nag' | 'checkov';

/** One name that a template suppresses. */
export interface Suppression {
  readonly tool: SuppressingTool;
  readonly name: string;
  /** `''` when none is given. */
  readonly reason: string;
  /** The resource that it is for; `null` for the whole template. */
  readonly logicalId: string | null;
  readonly range: SourceRange;
}

/** Where each tool keeps its list below `Metadata`, and the keys of an entry. */
const LISTS: readonly {
  readonly tool: SuppressingTool;
  readonly path: readonly string[];
  readonly reason: string;
}[] = [
  { tool: 'guard', path: ['guard', 'SuppressedRules'], reason: 'reason' },
  { tool: 'cfn-lint', path: ['cfn-lint', 'config', 'ignore_checks'], reason: 'reason' },
  { tool: 'cfn_nag', path: ['cfn_nag', 'rules_to_suppress'], reason: 'reason' },
  { tool: 'cdk_nag', path: ['cdk_nag', 'rules_to_suppress'], reason: 'reason' },
  { tool: 'checkov', path: ['checkov', 'skip'], reason: 'comment' },
];

/** A comment of checkov; the name ends at `:`, blank or the end of the line. */
const COMMENT = /#[^\n]*?checkov:skip=([^\s:,]+)(?::([^\n]*))?/g;

/** Words that say that a template may suppress something; few have any of them. */
const MARKS = /SuppressedRules|ignore_checks|rules_to_suppress|checkov/;

/** Reads the suppressions of a template, in the order of the file. */
export function suppressionsOf(source: TemplateSource): readonly Suppression[] {
  const { value, text } = source;
  // A JSON text may write any letter as an escape, so only its values tell.
  if (!isMap(value) || (!MARKS.test(text) && !text.includes('\\u'))) return [];
  const found: Suppression[] = [];
  const resources = get(value, 'Resources');
  readMetadata(source, get(value, 'Metadata'), ['Metadata'], null, found);
  if (!isMap(resources)) return found;
  const ids = keysOf(resources);
  for (const logicalId of ids) {
    const resource = resources[logicalId];
    if (isMap(resource)) {
      const path = ['Resources', logicalId, 'Metadata'];
      readMetadata(source, get(resource, 'Metadata'), path, logicalId, found);
    }
  }
  readComments(source, ids, found);
  return found.sort((a, b) => a.range.start - b.range.start);
}

function readMetadata(
  source: TemplateSource,
  metadata: Value | undefined,
  at: Path,
  logicalId: string | null,
  found: Suppression[],
): void {
  for (const { tool, path, reason } of LISTS) {
    const list = path.reduce<Value | undefined>((map, key) => (isMap(map) ? get(map, key) : undefined), metadata);
    if (list === undefined) continue;
    const entries = isList(list) ? list : [list];
    entries.forEach((entry, index) => {
      const where = isList(list) ? [...at, ...path, index] : [...at, ...path];
      const name = isMap(entry) ? get(entry, 'id') : entry;
      if (typeof name !== 'string' || name === '') return;
      found.push({
        tool,
        name,
        reason: isMap(entry) ? textOf(entry, reason) : '',
        logicalId,
        range: source.rangeOf(where) ?? { file: source.file, start: 0, end: 0 },
      });
    });
  }
}

function textOf(map: ValueMap, key: string): string {
  const value = get(map, key);
  return typeof value === 'string' ? value : '';
}

/** A comment belongs to the resource whose lines it stands in: from its key to the key of the next one. */
function readComments(source: TemplateSource, ids: readonly string[], found: Suppression[]): void {
  const { text, file } = source;
  // JSON has no comments.
  if (!text.includes('checkov:skip=') || /^\ufeff?\s*\{/.test(text)) return;
  const spans = ids.map((id) => {
    const key = source.keyRangeOf(['Resources', id]);
    const value = source.rangeOf(['Resources', id]);
    return { id, start: key?.start ?? value?.start ?? 0, end: value?.end ?? 0 };
  });
  for (const match of text.matchAll(COMMENT)) {
    const [whole, name, reason] = match;
    const start = match.index;
    const inside = spans.find((span) => start >= span.start && start < span.end);
    // Outside of resources checkov takes no notice of it.
    if (inside === undefined || insideText(source, inside.id, start)) continue;
    const range = { file, start, end: start + whole.trimEnd().length };
    found.push({ tool: 'checkov', name: name!, reason: (reason ?? '').trim(), logicalId: inside.id, range });
  }
}

/** Whether a place lies in a value that is text, such as a script, where `#` begins no comment. */
function insideText(source: TemplateSource, logicalId: string, offset: number): boolean {
  const inValue = (value: Value, path: Path): boolean => {
    const range = source.rangeOf(path);
    if (range === undefined || offset < range.start || offset >= range.end) return false;
    if (isList(value)) return value.some((item, index) => inValue(item, [...path, index]));
    if (isMap(value)) return keysOf(value).some((key) => inValue(value[key]!, [...path, key]));
    return true;
  };
  const resource = get(get(source.value as ValueMap, 'Resources') as ValueMap, logicalId);
  return resource !== undefined && inValue(resource, ['Resources', logicalId]);
}
