/** The description of an organization: reading, and grouping of accounts. */
import { accountsOf, effectiveGroups, readOrganization } from '../organization/index.js';
import { shown, timeOf } from './timing.mjs';
import type { Row } from './report.mjs';

/** A description with 50 units, each with policies of its own or of its parent, and the accounts spread over them. */
function description(accounts: number): string {
  const lines = [
    'version: 1',
    "organization: { managementAccount: '999999999999', homeRegion: eu-central-1 }",
    'root:',
    '  policies: { scp: [leave, hooks], rcp: [perimeter] }',
    '  units:',
  ];
  let next = 0;
  for (let unit = 0; unit < 50; unit += 1) {
    lines.push(`    Unit${unit}:`, `      environment: ${unit % 2 === 0 ? 'production' : 'development'}`);
    if (unit % 5 === 0) lines.push(`      policies: { scp: [regions${unit % 3}] }`);
    lines.push('      accounts:');
    for (let index = 0; index < accounts / 50; index += 1) {
      next += 1;
      lines.push(`        account-${next}: '${String(next).padStart(12, '0')}'`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function organizations(): Row[] {
  return [1_000, 10_000].map((count) => {
    const text = description(count);
    const groups = (): number => {
      const { organization } = readOrganization(text, 'org.yaml');
      if (organization === null || accountsOf(organization).length !== count + 1) throw new Error('not read');
      return effectiveGroups(organization).length;
    };
    const found = groups();
    return {
      what: 'read a description and group its accounts, median',
      size: `${count} accounts in 50 units (${(text.length / 1e3).toFixed(0)} kB YAML), ${found} groups`,
      result: `**${shown(timeOf(10, groups))}**`,
      goal: 'well below 1 s for 1000 accounts',
    };
  });
}
