/**
 * Names, accounts and Regions of which only the deployment knows what they are: comparisons have texts for them that are
 * like no other, reports have examples that read like what will be there.
 */
import { madeUpName } from '../../template/index.js';
import type { SupposedPlace } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { OWN_ACCOUNT, OWN_REGION } from './side.js';
import type { StackSide } from './side.js';

const REGIONS = ['eu-central-1', 'us-east-1', 'eu-west-1', 'ap-southeast-2', 'ca-central-1', 'sa-east-1', 'eu-north-1'];
/** Accounts of AWS's documentation. */
const ACCOUNTS = ['111122223333', '123456789012', '444455556666', '777788889999', '222233334444', '555566667777'];

export class Examples {
  private readonly by = new Map<string, string>();
  private readonly pattern: RegExp | null;
  private readonly shown = new Set<string>();

  /** @param sides - Everything that is compared: no example is a name that stands in it. */
  constructor(sides: readonly StackSide[], place: SupposedPlace) {
    const texts = sides.map(({ input }) => jsonOf([input.template, input.parameters ?? null]));
    const isFree = (text: string): boolean =>
      ![...this.by.values()].includes(text) && !texts.some((each) => each.includes(text));
    const choose = (made: string, examples: readonly string[]): void => {
      const example = examples.find(isFree);
      if (example !== undefined) this.by.set(made, example);
    };
    if (place.region === OWN_REGION) choose(OWN_REGION, REGIONS);
    if (place.accountId === OWN_ACCOUNT) choose(OWN_ACCOUNT, ACCOUNTS);
    const taken = new Set<string>();
    for (const { key, type } of sides.flatMap(({ resolution }) => [...resolution.model.resources.values()])) {
      const made = madeUpName(key, type, place);
      if (this.by.has(made)) continue;
      let example = exampleOf(made, taken.size);
      if (taken.has(example)) example = `${example}-${taken.size}`;
      taken.add(example);
      this.by.set(made, example);
    }
    const longestFirst = [...this.by.keys()].sort((one, other) => other.length - one.length);
    this.pattern = longestFirst.length === 0 ? null : new RegExp(longestFirst.map(escaped).join('|'), 'g');
  }

  /** A text with examples in it. */
  in(text: string): string {
    if (this.pattern === null) return text;
    return text.replace(this.pattern, (made) => {
      const example = this.by.get(made)!;
      this.shown.add(example);
      return example;
    });
  }

  /** The examples that texts were given. */
  get used(): readonly string[] {
    return [...this.shown].sort();
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** @param made - Such as `orders-ebbede668a43`, `vpc-` with digits, or digits in the form of a UUID. */
function exampleOf(made: string, number: number): string {
  const count = number.toString(16).padStart(2, '0').slice(-2);
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(made)) return `1234abcd-12ab-34cd-56ef-1234567890${count}`;
  const named = /^(.*[a-z].*[-_])[\da-f]{12}$/.exec(made);
  if (named !== null) return `${named[1]!}example`;
  // Identifiers of digits keep their form.
  const [, head = '', digits = ''] = /^(.*?[-_:]|E)?([\da-f]+)$/.exec(made) ?? [];
  if (digits.length < 6) return made;
  return `${head}${'0123456789abcdef0123456789abcdef01234567'.slice(0, digits.length - 2)}${count}`;
}
