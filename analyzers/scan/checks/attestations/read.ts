/**
 * Attestations: dated statements of persons on what nobody can look at. Text in, statements or diagnostics out; a file with
 * an error in it attests nothing.
 */
import { nearestName } from '../../../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../../../findings/index.js';
import { get, isList, isMap, keysOf, readTemplate } from '../../../../template/index.js';
import type { Path, TemplateSource, Value, ValueMap } from '../../../../template/index.js';

/** What somebody says of a control. */
export interface Attestation {
  readonly control: string;
  readonly statement: string;
  readonly owner: string;
  /** The day of the statement, `YYYY-MM-DD`. */
  readonly date: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** A file of attestations. */
export interface Attestations {
  /** Ids of the controls that the organization wants attested; sorted. Those that are attested are among them. */
  readonly controls: readonly string[];
  readonly statements: readonly Attestation[];
}

const KEYS = ['control', 'statement', 'owner', 'date', 'expires'];

/**
 * Reads a file of attestations, YAML or JSON; docs/scan-controls.md tells its form.
 *
 * @param attestable - Ids of the controls that can be attested.
 */
export function readAttestations(
  text: string,
  file: string,
  attestable: readonly string[],
): { readonly attestations: Attestations | null; readonly diagnostics: readonly Diagnostic[] } {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { attestations: null, diagnostics };
  const reader = new Reader(source, attestable);
  const attestations = reader.file();
  return reader.problems.length > 0
    ? { attestations: null, diagnostics: reader.problems }
    : { attestations, diagnostics: [] };
}

class Reader {
  readonly problems: Diagnostic[] = [];

  constructor(
    private readonly source: TemplateSource,
    private readonly attestable: readonly string[],
  ) {}

  file(): Attestations {
    const { value } = this.source;
    if (!this.hasKeys(value, [], 'the file', ['version', 'controls', 'attestations'])) {
      return { controls: [], statements: [] };
    }
    if (get(value, 'version') !== 1) this.say(['version'], '`version` is not 1', 'write `version: 1`');
    const wanted = this.list(value, 'controls', true).map((one, index) => this.control(one, ['controls', index]));
    const statements = this.list(value, 'attestations', false).flatMap((one, index) =>
      this.attestation(one, ['attestations', index]),
    );
    const seen = new Set<string>();
    for (const [index, { control }] of statements.entries()) {
      if (seen.has(control)) {
        const help = 'keep the newer statement: a control has one';
        this.say(['attestations', index, 'control'], `\`${control}\` is attested twice`, help);
      }
      seen.add(control);
    }
    return { controls: [...new Set([...wanted, ...seen])].sort(), statements };
  }

  private attestation(value: Value, path: Path): readonly Attestation[] {
    if (!this.hasKeys(value, path, 'an attestation', KEYS)) return [];
    const at = (key: string): Path => [...path, key];
    const control = this.control(get(value, 'control'), at('control'));
    const statement = this.text(value, path, 'statement');
    const owner = this.text(value, path, 'owner');
    const date = this.date(get(value, 'date'), at('date'), 'date');
    const expires = this.date(get(value, 'expires'), at('expires'), 'expires');
    if (date !== '' && expires !== '' && expires <= date) {
      this.say(at('expires'), `it expires on ${expires}, not after its date ${date}`, 'write a later day');
    }
    return [{ control, statement, owner, date, expires }];
  }

  private control(value: Value | undefined, path: Path): string {
    if (typeof value === 'string' && this.attestable.includes(value)) return value;
    const near = typeof value === 'string' ? nearestName(value, this.attestable) : undefined;
    const what = typeof value === 'string' ? `\`${value}\` is no control that can be attested` : 'a control is missing';
    this.say(path, what, near === undefined ? 'docs/scan-controls.md lists them' : `did you mean \`${near}\`?`);
    return '';
  }

  private list(map: ValueMap, key: string, isOptional: boolean): readonly Value[] {
    const value = get(map, key);
    if (value === undefined && isOptional) return [];
    if (value !== undefined && isList(value)) return value;
    this.say([key], `\`${key}\` is no list`, `write \`${key}: []\` for none`);
    return [];
  }

  private date(value: Value | undefined, path: Path, what: string): string {
    const text = typeof value === 'string' ? value : '';
    const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
    // Date.parse takes the 31st of February for a day in March.
    if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text) return text;
    this.say(path, `\`${what}\` is no date`, "write year, month and day, such as '2027-01-31'");
    return '';
  }

  private text(map: ValueMap, path: Path, what: string): string {
    const value = get(map, what);
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.say([...path, what], `\`${what}\` is missing or no text`, `every attestation names its ${what}`);
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
    this.problems.push(badAttestation(message, help, this.range(path)));
  }
}

/** A file of attestations has a fault. */
function badAttestation(message: string, help: string, location: SourceRange): Diagnostic {
  return { code: 'SCN1101', severity: 'error', message, help, location };
}
