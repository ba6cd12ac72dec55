/** The four files of a new rule: a small rule that works, to be made into the one that is wanted. */
import { resourceType, resourceTypeNames } from '../../catalogue/index.js';
import type { Property, PropertyType, ResourceType } from '../../catalogue/index.js';
import { guardName, renderRulePage } from '../../rules/index.js';
import type { Control, RuleCase, RuleMetadata } from '../../rules/index.js';

/** What a rule is made from. */
export interface NewRule {
  readonly id: string;
  readonly type: ResourceType;
  readonly property: Property;
  readonly control: Control;
  /** The day on which the rule is made, `YYYY-MM-DD`. */
  readonly today: string;
  /** The version that has the rule first. */
  readonly version: string;
}

/** The file of a rule by its path below the folder of rules. */
export type RuleFiles = ReadonlyMap<string, string>;

/** Tags by family of the control; the word list of the rule schema. */
const TAGS: Readonly<Record<string, string>> = {
  ENC: 'encryption-at-rest',
  TLS: 'encryption-in-transit',
  KEY: 'key-management',
  TAG: 'tagging',
  COST: 'cost',
  NET: 'network-exposure',
  LOG: 'audit-logs',
  SEC: 'secrets',
  RES: 'resilience',
  DATA: 'data-classification',
  PIPE: 'supply-chain',
  DET: 'threat-detection',
};

/** Writes the files of a rule; nothing is put on disk. */
export function scaffold(rule: NewRule): RuleFiles {
  const [service] = rule.id.split('-');
  const metadata = metadataOf(rule);
  const guard = guardOf(rule);
  const cases = casesOf(rule);
  const page = renderRulePage({
    metadata,
    guard,
    cases: cases.map(({ name, verdict }) => ({ name, verdict })),
    controls: [rule.control],
    packs: [],
  });
  return new Map([
    [`${service!}/${rule.id}.guard`, guard],
    [`${service!}/${rule.id}.json`, `${printed(metadata)}\n`],
    [`${service!}/tests/${rule.id}_tests.yml`, cases.map((each) => caseText(each, rule)).join('')],
    [`${service!}/${rule.id}.md`, page],
  ]);
}

/** JSON with short lists of texts on one line, as the other files have them. */
function printed(metadata: RuleMetadata): string {
  return JSON.stringify(metadata, null, 2).replaceAll(/\[\n\s+("[^"\n]*")\n\s+\]/g, '[$1]');
}

const nounOf = ({ type }: NewRule): string => type.name.slice(type.name.lastIndexOf('::') + 2);

function metadataOf(rule: NewRule): RuleMetadata {
  const { id, type, property, control, today, version } = rule;
  const family = control.id.split('-')[0]!;
  return {
    id,
    kind: 'guard',
    title: `${nounOf(rule)} declares ${property.name}`,
    severity: control.severity,
    status: 'preview',
    since: version,
    aliases: [],
    controls: [control.id],
    tags: [TAGS[family] ?? 'access-control'],
    resourceTypes: [type.name],
    parameters: [],
    description: `Looks at \`${property.name}\`: every ${type.name} declares it.`,
    risk: `Without \`${property.name}\` the service decides, and nobody sees from the template what it decided.`,
    remediation: {
      text: `Declare \`${property.name}\`.`,
      cloudformation: yamlOf(property.name, sampleOf(property.type)),
    },
    limits: ['The value itself is not looked at.'],
    sources: [{ title: type.name, read: today, url: pageOf(type.name) }],
  };
}

/** The page of a type in the CloudFormation template reference. */
function pageOf(name: string): string {
  const words = name
    .split('::')
    .slice(1)
    .map((word) => word.toLowerCase());
  return `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-${words.join('-')}.html`;
}

function guardOf(rule: NewRule): string {
  const { id, type, property } = rule;
  const sample = yamlOf(property.name, sampleOf(property.type))
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  return `# ${id}: every ${type.name} declares ${property.name}.
let resources = Resources.*[ Type == '${type.name}' ]

rule ${guardName(id)} when %resources !empty {
  %resources {
    Properties.${property.name} exists
    <<
      the resource does not declare ${property.name}
      help: add to the properties of the resource
${sample}
    >>
  }
}
`;
}

interface Case extends RuleCase {
  readonly input: readonly string[];
}

function casesOf({ type, property }: NewRule): readonly Case[] {
  const resource = (id: string, properties: string): string => `  ${id}: { Type: '${type.name}'${properties} }`;
  const good = `, Properties: { ${property.name}: ${flow(sampleOf(property.type))} }`;
  const bad = ', Properties: {}';
  const make = (name: string, verdict: RuleCase['verdict'], ...input: string[]): Case => ({
    name: `${name}, ${verdict}`,
    verdict,
    input: input.length === 0 ? ['Resources: {}'] : input,
  });
  const resources = (...lines: string[]): string[] => ['Resources:', ...lines];
  return [
    make('other types only', 'SKIP', ...resources("  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' }")),
    make('no resource', 'SKIP'),
    make('no Resources section', 'SKIP', 'Description: no Resources section'),
    make('declared', 'PASS', ...resources(resource('Good', good))),
    make(
      'declared, from a parameter',
      'PASS',
      'Parameters: { Value: { Type: String } }',
      ...resources(resource('Good', `, Properties: { ${property.name}: { Ref: Value } }`)),
    ),
    make('not declared', 'FAIL', ...resources(resource('Bad', bad))),
    make('Properties missing', 'FAIL', ...resources(resource('Bad', ''))),
    make('one good and one bad', 'FAIL', ...resources(resource('Good', good), resource('Bad', bad))),
    make(
      'a suppression written into the template changes nothing',
      'FAIL',
      ...resources(resource('Bad', `, Metadata: { guard: { SuppressedRules: [ANY] } }${bad}`)),
    ),
  ];
}

function caseText({ name, verdict, input }: Case, { id }: NewRule): string {
  const lines = input.map((line) => `    ${line}`).join('\n');
  return `- name: ${name}\n  input:\n${lines}\n  expectations: { rules: { ${guardName(id)}: ${verdict} } }\n`;
}

/** A value in an example. */
type Sample = string | number | boolean | readonly Sample[] | { readonly Key: string };

/** A value that fits a property. */
function sampleOf(type: PropertyType): Sample {
  switch (type.kind) {
    case 'list':
      return [sampleOf(type.element)];
    case 'union':
      return sampleOf(type.types[0]!);
    case 'object':
    case 'map':
    case 'json':
      return { Key: 'example' };
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 1;
    default:
      return 'example';
  }
}

function yamlOf(name: string, sample: Sample): string {
  return `${name}: ${flow(sample)}`;
}

/** A value in YAML's flow form. */
function flow(sample: Sample): string {
  if (typeof sample !== 'object') return String(sample);
  return isList(sample) ? `[${sample.map(flow).join(', ')}]` : `{ Key: ${sample.Key} }`;
}

const isList = (sample: Sample): sample is readonly Sample[] => Array.isArray(sample);

/** The type that an id speaks of: `sqs-queue-encrypted` → `AWS::SQS::Queue`; the one with the most words of the id. */
export function guessType(id: string): ResourceType | undefined {
  const [service, ...rest] = id.split('-');
  const words = rest.slice(0, -1);
  let best: string | undefined;
  let most = 0;
  for (const name of resourceTypeNames()) {
    const [, typeService, noun] = name.toLowerCase().split('::');
    if (typeService !== service || noun === undefined) continue;
    for (let count = words.length; count > most; count -= 1) {
      if (noun !== words.slice(0, count).join('')) continue;
      best = name;
      most = count;
    }
  }
  return best === undefined ? undefined : resourceType(best);
}

/** The property that an id speaks of, by its words; else the first that is no tag list and may be left out. */
export function guessProperty(id: string, { properties, tags }: ResourceType): Property | undefined {
  const words = id.split('-').slice(2);
  const all = [...properties.values()].filter(({ name, deprecated }) => name !== tags?.name && !deprecated);
  const score = ({ name, required }: Property): number =>
    2 * words.filter((word) => word.length > 3 && name.toLowerCase().includes(word.slice(0, 5))).length +
    (required ? 0 : 1);
  return all.reduce<Property | undefined>(
    (best, each) => (best === undefined || score(each) > score(best) ? each : best),
    undefined,
  );
}

/** The control of a service that an id probably serves. */
export function guessControl(id: string, controls: readonly Control[]): Control | undefined {
  const service = id.split('-')[0]!.toUpperCase();
  return controls.find((control) => control.id.split('-')[1] === service);
}
