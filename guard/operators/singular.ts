/**
 * The singular of an English word as the Rust crate `Inflector` forms it. Its rules see the last word of a key in the
 * key's own letter case, so that many of them never apply to `ClassCase`; that is part of what a key finds.
 */

/** Words without a plural. */
const UNCOUNTABLE = new Set(
  `accommodation adulthood advertising advice aggression aid air aircraft alcohol anger applause arithmetic assistance
  athletics bacon baggage beef biology blood botany bread butter carbon cardboard cash chalk chaos chess crossroads
  countryside dancing deer dignity dirt dust economics education electricity engineering enjoyment envy equipment ethics
  evidence evolution fame fiction flour flu food fuel fun furniture gallows garbage garlic genetics gold golf gossip
  grammar gratitude grief guilt gymnastics happiness hardware harm hate hatred health heat help homework honesty honey
  hospitality housework humour hunger hydrogen ice importance inflation information innocence iron irony jam jewelry judo
  karate knowledge lack laughter lava leather leisure lightning linguine linguini linguistics literature litter livestock
  logic loneliness luck luggage macaroni machinery magic management mankind marble mathematics mayonnaise measles methane
  milk money mud music mumps nature news nitrogen nonsense nurture nutrition obedience obesity oxygen pasta patience
  physics poetry pollution poverty pride psychology publicity punctuation quartz racism relaxation reliability research
  respect revenge rice rubbish rum safety scenery seafood seaside series shame sheep shopping sleep smoke smoking snow
  soap software soil spaghetti species steam stuff stupidity sunshine symmetry tennis thirst thunder timber traffic
  transportation trust underwear unemployment unity validity veal vegetation vegetarianism vengeance violence vitality
  warmth wealth weather welfare wheat wildlife wisdom yoga zinc zoology`.split(/\s+/),
);

const IRREGULAR = new Map([
  ['oxen', 'ox'],
  ['boxes', 'box'],
  ['men', 'man'],
  ['women', 'woman'],
  ['dice', 'die'],
  ['yeses', 'yes'],
  ['feet', 'foot'],
  ['eaves', 'eave'],
  ['geese', 'goose'],
  ['teeth', 'tooth'],
  ['quizzes', 'quiz'],
]);

/** A letter, digit or mark of any script. */
const W = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';

function rule(pattern: string, ending: string): readonly [RegExp, string] {
  return [new RegExp(pattern.replaceAll('\\w', W), 'u'), ending];
}

/** First match wins. The singular is the first group and the ending; `2` stands for the second group. */
const RULES: readonly (readonly [RegExp, string])[] = [
  rule('(database)s$', ''),
  rule('(quiz)zes$', ''),
  rule('(matr)ices$', 'ix'),
  rule('(vert|ind)ices$', 'ex'),
  rule('^(ox)en', ''),
  rule('(alias|status)(es)?$', ''),
  rule('(octop|vir)(us|i)$', 'us'),
  rule('^(a)x[ie]s$', 'xis'),
  rule('(cris|test)(is|es)$', 'is'),
  rule('(shoe)s$', ''),
  rule('(bus)(es)?$', ''),
  rule('(m|l)ice$', 'ouse'),
  rule('(\\w*)(x|ch|ss|sh)es$', '2'),
  rule('(m)ovies$', 'ovie'),
  rule('(s)eries$', 'eries'),
  rule('(\\w*([^aeiouy]|qu))ies$', 'y'),
  rule('(\\w*)([lr])ves$', 'f'),
  rule('(\\w*)(tive)s$', ''),
  rule('(\\w*)(hive)s$', ''),
  rule('(\\w*)([^f])ves$', 'fe'),
  rule('(^analy)(sis|ses)$', 'sis'),
  rule('((a)naly|(b)a|(d)iagno|(p)arenthe|(p)rogno|(s)ynop|(t)he)(sis|ses)$', 'sis'),
  rule('(\\w*)([ti])a$', 'um'),
  rule('(\\w*)(o)es$', ''),
  rule('(n)ews$', 'ews'),
  rule('(\\w*)(ss)$', '2'),
  rule('(\\w*)s$', ''),
];

/** The singular of a word; text before the part that a rule matches is lost, as in the reference. */
export function singular(word: string): string {
  if (UNCOUNTABLE.has(word)) return word;
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  for (const [pattern, ending] of RULES) {
    const match = pattern.exec(word);
    if (match !== null) return match[1]! + (ending === '2' ? match[2]! : ending);
  }
  return word;
}
