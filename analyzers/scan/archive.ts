/**
 * Archive rules as code: which findings are set aside, why, by whom and until when. Filters have the keys and criteria of
 * Access Analyzer's archive rules
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html, read 2026-11-21), and
 * keys of the scan. A rule that has expired archives nothing.
 */
import { get, isList, isMap, keysOf, readTemplate } from '../../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../../template/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { badArchive } from './diagnostics.js';
import type { Reach, ScanFinding } from './model.js';

/** What a value of a key must be like; all that is given must hold. */
export interface Criterion {
  readonly eq?: readonly string[];
  readonly neq?: readonly string[];
  readonly contains?: readonly string[];
  readonly exists?: boolean;
}

export interface ArchiveRule {
  readonly name: string;
  /** By key; all must hold. */
  readonly filter: Readonly<Record<string, Criterion>>;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it acts, `YYYY-MM-DD`; `null`: for ever, as the file says in so many words. */
  readonly expires: string | null;
  readonly range: SourceRange;
}

/** Keys of the scan. */
const OWN_KEYS = ['account', 'check', 'control', 'ou', 'reach', 'region', 'severity', 'subject'];
/** Keys of Access Analyzer; besides them `principal.…` and `condition.…`. */
const ANALYZER_KEYS = [
  'findingType',
  'id',
  'isPublic',
  'resource',
  'resourceControlPolicyRestriction',
  'resourceOwnerAccount',
  'resourceType',
  'serviceControlPolicyRestriction',
  'status',
];
const MOST_VALUES = 20;

/**
 * Reads a file of archive rules, YAML or JSON.
 *
 * @returns The rules, or `null` and what is wrong; a file with an error in it archives nothing.
 */
export function readArchive(
  text: string,
  file: string,
): { readonly rules: readonly ArchiveRule[] | null; readonly diagnostics: readonly Diagnostic[] } {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { rules: null, diagnostics };
  const reader = new Reader(source);
  const rules = reader.rules();
  return reader.problems.length > 0 ? { rules: null, diagnostics: reader.problems } : { rules, diagnostics: [] };
}

class Reader {
  readonly problems: Diagnostic[] = [];

  constructor(private readonly source: TemplateSource) {}

  rules(): readonly ArchiveRule[] {
    const { value } = this.source;
    if (!this.hasKeys(value, [], 'the file', ['version', 'rules'])) return [];
    if (get(value, 'version') !== 1) this.say([], '`version` is not 1', 'write `version: 1`');
    const rules = get(value, 'rules');
    if (rules === undefined || !isList(rules)) {
      this.say(['rules'], '`rules` is no list', 'write a list of rules; `rules: []` for none');
      return [];
    }
    const read = rules.flatMap((rule, index) => this.rule(rule, ['rules', index]) ?? []);
    const names = new Set<string>();
    for (const [index, { name }] of read.entries()) {
      if (names.has(name)) {
        this.say(['rules', index], `the name \`${name}\` stands there twice`, 'give each rule a name of its own');
      }
      names.add(name);
    }
    return read;
  }

  private rule(value: Value, path: Path): ArchiveRule | null {
    if (!this.hasKeys(value, path, 'a rule', ['name', 'filter', 'reason', 'owner', 'expires'])) return null;
    const name = this.text(get(value, 'name'), [...path, 'name'], 'name');
    const reason = this.text(get(value, 'reason'), [...path, 'reason'], 'reason');
    const owner = this.text(get(value, 'owner'), [...path, 'owner'], 'owner');
    const expires = this.date(get(value, 'expires'), [...path, 'expires']);
    const filter = this.filter(get(value, 'filter'), [...path, 'filter']);
    const range = this.range(path);
    return { name, filter, reason, owner, expires, range };
  }

  private filter(value: Value | undefined, path: Path): ArchiveRule['filter'] {
    if (value === undefined || !isMap(value) || keysOf(value).length === 0) {
      const help =
        'name at least one key, such as `resource: { eq: [ARN] }`; a rule without one would archive everything';
      this.say(path, '`filter` names nothing', help);
      return {};
    }
    return Object.fromEntries(
      keysOf(value).map((key) => {
        const isKnown =
          OWN_KEYS.includes(key) || ANALYZER_KEYS.includes(key) || /^(?:principal|condition)\../.test(key);
        if (!isKnown) {
          const keys = [...ANALYZER_KEYS, ...OWN_KEYS].sort().join(', ');
          this.say([...path, key], `there is no key \`${key}\``, `keys are ${keys}, principal.… and condition.…`);
        }
        return [key, this.criterion(get(value, key)!, [...path, key])];
      }),
    );
  }

  private criterion(value: Value, path: Path): Criterion {
    if (!this.hasKeys(value, path, 'a criterion', ['eq', 'neq', 'contains', 'exists'])) return {};
    const made: { eq?: readonly string[]; neq?: readonly string[]; contains?: readonly string[]; exists?: boolean } =
      {};
    for (const key of keysOf(value)) {
      const part = get(value, key)!;
      if (key === 'exists') {
        if (typeof part === 'boolean') made.exists = part;
        else this.say([...path, key], '`exists` is neither true nor false', 'write true or false');
        continue;
      }
      const texts = isList(part) ? part.map(textOf) : [];
      if (texts.length === 0 || texts.length > MOST_VALUES || texts.some((text) => text === null || text === '')) {
        this.say([...path, key], `\`${key}\` is no list of 1 to ${MOST_VALUES} texts`, `write \`${key}: [VALUE]\``);
      } else made[key as 'eq' | 'neq' | 'contains'] = texts as readonly string[];
    }
    if (keysOf(value).length === 0) this.say(path, 'the criterion asks for nothing', 'write `eq: [VALUE]`');
    return made;
  }

  private date(value: Value | undefined, path: Path): string | null {
    if (value === 'never') return null;
    const text = typeof value === 'string' ? value : '';
    const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
    // Date.parse takes the 31st of February for a day in March.
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
      this.say(path, '`expires` is no date', "write year, month and day, such as '2027-01-31', or never");
    }
    return text;
  }

  private text(value: Value | undefined, path: Path, what: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.say(path, `\`${what}\` is missing or no text`, `every rule has a ${what}`);
    return '';
  }

  private hasKeys(value: Value, path: Path, what: string, keys: readonly string[]): value is ValueMap {
    if (!isMap(value)) {
      this.say(path, `${what} is no map`, `write a map with ${keys.join(', ')}`);
      return false;
    }
    for (const key of keysOf(value)) {
      if (!keys.includes(key)) this.say([...path, key], `${what} has no key \`${key}\``, `keys are ${keys.join(', ')}`);
    }
    return true;
  }

  /** Of what stands at a path; of the nearest thing around it when it is not there. */
  private range(path: Path): SourceRange {
    const range = this.source.rangeOf(path);
    if (range !== undefined) return range;
    return path.length === 0 ? { file: this.source.file, start: 0, end: 0 } : this.range(path.slice(0, -1));
  }

  private say(path: Path, message: string, help: string): void {
    this.problems.push(badArchive(message, help, this.range(path)));
  }
}

const textOf = (value: Value): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : null;
};

/** What rules ask of a finding. */
export type Filterable = Omit<ScanFinding, 'archived'> & {
  /** In the words of Access Analyzer. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** Archives findings, and keeps count of the rules. */
export class Archive {
  private readonly hits = new Map<string, number>();
  private readonly active: readonly ArchiveRule[];

  /** @param today - `YYYY-MM-DD`; a rule acts up to the end of its last day. */
  constructor(
    private readonly rules: readonly ArchiveRule[],
    private readonly today: string,
  ) {
    this.active = rules.filter((rule) => !this.isExpired(rule));
  }

  /** The first rule that archives a finding. */
  of(finding: Filterable): NonNullable<ScanFinding['archived']> | null {
    const rule = this.active.find(({ filter }) => matches(filter, finding));
    if (rule === undefined) return null;
    this.hits.set(rule.name, (this.hits.get(rule.name) ?? 0) + 1);
    const { name, reason, owner, expires } = rule;
    return { rule: name, reason, owner, expires };
  }

  /** Rules that have expired, and rules in force that archived nothing. */
  idle(): { readonly expired: readonly ArchiveRule[]; readonly unused: readonly ArchiveRule[] } {
    return {
      expired: this.rules.filter((rule) => this.isExpired(rule)),
      unused: this.active.filter(({ name }) => !this.hits.has(name)),
    };
  }

  private isExpired({ expires }: ArchiveRule): boolean {
    return expires !== null && expires < this.today;
  }
}

function matches(filter: ArchiveRule['filter'], finding: Filterable): boolean {
  return Object.entries(filter).every(([key, criterion]) => holds(criterion, valuesOf(key, finding)));
}

/** A value that is not there is none of those asked for, and it is not another one either. */
function holds({ eq, neq, contains, exists }: Criterion, values: readonly string[]): boolean {
  if (exists !== undefined && exists !== values.length > 0) return false;
  if (eq !== undefined && !values.some((value) => eq.includes(value))) return false;
  if (neq !== undefined && (values.length === 0 || values.some((value) => neq.includes(value)))) return false;
  return contains === undefined || values.some((value) => contains.some((part) => value.includes(part)));
}

function valuesOf(key: string, finding: Filterable): readonly string[] {
  const { account, attributes, reach } = finding;
  const own: Readonly<Record<string, () => readonly string[]>> = {
    account: () => [account.id, account.name],
    check: () => [finding.checkId],
    control: () => finding.controls,
    ou: () => [`/${account.path.join('/')}`],
    reach: () => reachOf(reach),
    region: () => [finding.region],
    severity: () => [finding.severity],
    subject: () => [finding.subject],
    resource: () => [finding.resource.arn],
    resourceType: () => [finding.resource.type],
    resourceOwnerAccount: () => [account.id],
  };
  if (Object.hasOwn(own, key)) return own[key]!();
  return Object.hasOwn(attributes, key) ? [attributes[key]!] : [];
}

const reachOf = (reach: Reach | null): readonly string[] => (reach === null ? [] : [reach.verdict]);
