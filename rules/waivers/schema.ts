/** The schema of a waiver file, draft-07. A `description` says what a value must be; messages quote it. */
import { OU_SCOPE } from './ou.js';

const text = (what: string): object => ({ type: 'string', pattern: '\\S', description: what });

const oneOrMore = (item: object, what: string): object => ({
  if: { type: 'array' },
  then: { type: 'array', minItems: 1, items: item, description: what },
  else: item,
});

const patterns = (what: string): object => oneOrMore(text(what), `${what}, or a list of these`);

const accountId = { type: 'string', pattern: '^[0-9]{12}$', description: 'an account id of 12 digits, in quotes' };
const ouId = {
  type: 'string',
  pattern: OU_SCOPE,
  description:
    'the id of an organizational unit such as ou-ab12-11111111, or of a root; with /** behind it for all units below, too',
};

export const WAIVER_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://stackade.dev/schema/waivers.json',
  title: 'waivers.yaml',
  type: 'object',
  description: 'a map with version and waivers',
  additionalProperties: false,
  required: ['version'],
  properties: {
    version: { const: 1, description: '1' },
    allowDeveloperSuppressions: {
      if: { type: 'array' },
      then: { type: 'array', items: text('the id of a rule or control') },
      else: { type: 'boolean', description: 'true, false or a list of rules and controls' },
    },
    neverWaivable: {
      type: 'array',
      items: text('the id of a rule or control'),
      description: 'a list of rules and controls',
    },
    waivers: {
      type: 'array',
      description: 'a list of waivers',
      items: {
        type: 'object',
        description: 'a map with rule or control, scope, reason, owner, ticket and expires',
        additionalProperties: false,
        required: ['reason', 'owner', 'ticket', 'expires'],
        properties: {
          rule: text('the id of a rule'),
          control: text('the id of a control'),
          scope: {
            type: 'object',
            description: 'a map with file, logicalId, resourceType, account, ou or tag',
            additionalProperties: false,
            properties: {
              file: patterns('a pattern of paths'),
              logicalId: patterns('a pattern of logical ids'),
              resourceType: patterns('a pattern of resource types'),
              account: oneOrMore(accountId, 'an account id, or a list of these'),
              ou: oneOrMore(ouId, 'the id of an organizational unit, or a list of these'),
              tag: {
                type: 'object',
                minProperties: 1,
                description: 'a map from tag key to value',
                additionalProperties: patterns('a pattern of tag values'),
              },
            },
          },
          reason: text('a text that says why'),
          owner: text('a text that names who answers for it'),
          ticket: text('a text that names where it was decided'),
          expires: { type: 'string', description: 'a date such as 2027-01-31' },
        },
      },
    },
  },
} as const;
