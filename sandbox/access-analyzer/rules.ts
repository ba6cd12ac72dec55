/** Operations on archive rules, which set new findings aside. */
import type { Call } from '../call.js';
import type { Input, Operation } from '../service.js';
import { analyze } from './analyze.js';
import { analyzerAt, namedAnalyzer } from './analyzers.js';
import type { AnalyzerData, ArchiveRule } from './data.js';
import { matches } from './filters.js';
import { conflict, filterOf, NAME, notFound, overQuota, page, text } from './input.js';

const MOST_RULES = 100;

function ruleOf(analyzer: AnalyzerData, input: Input): ArchiveRule {
  const name = text(input, 'ruleName', NAME);
  const found = analyzer.rules.get(name);
  if (found === undefined) throw notFound('archiveRule', name);
  return found;
}

async function createArchiveRule(call: Call, input: Input): Promise<object> {
  const analyzer = namedAnalyzer(call, input, 'CreateArchiveRule');
  const name = text(input, 'ruleName', NAME);
  const filter = filterOf(input['filter']);
  if (analyzer.rules.has(name)) throw conflict('archiveRule', name);
  if (analyzer.rules.size >= MOST_RULES) {
    throw overQuota('archiveRule', name, `An analyzer has at most ${MOST_RULES} rules`);
  }
  // What is there already is not for the new rule to set aside.
  await analyze(call.host, analyzer);
  analyzer.rules.set(name, { name, filter, createdAt: call.now, updatedAt: call.now });
  return {};
}

function ruleShape({ name, filter, createdAt, updatedAt }: ArchiveRule): object {
  const [made, changed] = [createdAt, updatedAt].map((at) => new Date(at).toISOString());
  return { ruleName: name, filter, createdAt: made, updatedAt: changed };
}

async function applyArchiveRule(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'ApplyArchiveRule');
  const { filter } = ruleOf(analyzer, input);
  await analyze(call.host, analyzer);
  for (const finding of analyzer.findings.values()) {
    if (finding.status !== 'ACTIVE' || !matches(finding, filter)) continue;
    analyzer.findings.set(finding.id, { ...finding, status: 'ARCHIVED', updatedAt: call.now });
  }
  return {};
}

export const RULE_OPERATIONS: Readonly<Record<string, Operation>> = {
  ApplyArchiveRule: applyArchiveRule,
  CreateArchiveRule: createArchiveRule,
  DeleteArchiveRule: (call, input) => {
    const analyzer = namedAnalyzer(call, input, 'DeleteArchiveRule');
    analyzer.rules.delete(ruleOf(analyzer, input).name);
    return {};
  },
  GetArchiveRule: (call, input) => ({
    archiveRule: ruleShape(ruleOf(namedAnalyzer(call, input, 'GetArchiveRule'), input)),
  }),
  ListArchiveRules: (call, input) => {
    const { rules, arn } = namedAnalyzer(call, input, 'ListArchiveRules');
    const { items, rest } = page(input, `rules ${arn}`, [...rules.values()], ({ name }) => name);
    return { archiveRules: items.map(ruleShape), ...rest };
  },
  UpdateArchiveRule: (call, input) => {
    const rule = ruleOf(namedAnalyzer(call, input, 'UpdateArchiveRule'), input);
    rule.filter = filterOf(input['filter']);
    rule.updatedAt = call.now;
    return {};
  },
};
