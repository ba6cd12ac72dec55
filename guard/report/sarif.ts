import type { Locate } from '../evaluate/index.js';
import { printJson } from './json.js';
import { leavesOf } from './leaves.js';
import type { FileReport } from './file-report.js';

/** Where the rule language is explained. */
const GUARD_PAGE = 'https://github.com/aws-cloudformation/cloudformation-guard';

/** Collects the reports of data files into one SARIF log, in the shape of cfn-guard 3.1.1 (measured). */
export class SarifLog {
  private readonly artifacts = new Set<string>();
  private readonly results: string[] = [];

  constructor(private readonly tool: { readonly name: string; readonly version: string }) {}

  add(report: FileReport, locate: Locate): void {
    if (report.status !== 'FAIL') return;
    const uri = report.name.startsWith('/') ? report.name.slice(1) : report.name;
    this.artifacts.add(uri);
    for (const failure of report.failures) {
      const ruleId = 'Rule' in failure ? ruleIdOf(failure.Rule.name) : '';
      for (const { messages, path, place: own } of leavesOf(failure)) {
        const place = own ?? (path === null ? { line: 0, column: 0 } : locate(path));
        const result = {
          ruleId,
          level: 'error',
          message: { text: `${messages.error_message ?? ''} ${messages.custom_message ?? ''}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri },
                region: { startLine: Math.max(place.line, 1), startColumn: Math.max(place.column, 1) },
              },
            },
          ],
        };
        this.results.push(`        ${printJson(result, 2, 8)}`);
      }
    }
  }

  /** The whole log, without a line end after it. */
  print(): string {
    const { name, version } = this.tool;
    const driver = {
      name,
      semanticVersion: version,
      fullName: `${name} ${version}`,
      organization: name,
      downloadUri: GUARD_PAGE,
      informationUri: GUARD_PAGE,
      shortDescription: { text: 'Policy-as-code for AWS: checks structured data with Guard rules.' },
    };
    const artifacts = [...this.artifacts].map((artifact) => ({ location: { uri: artifact } }));
    return [
      '{',
      '  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",',
      '  "version": "2.1.0",',
      '  "runs": [',
      '    {',
      `      "tool": ${printJson({ driver }, 2, 6)},`,
      `      "artifacts": ${printJson(artifacts, 2, 6)},`,
      this.results.length === 0 ? '      "results": []' : `      "results": [\n${this.results.join(',\n')}\n      ]`,
      '    }',
      '  ]',
      '}',
    ].join('\n');
  }
}

/** The name up to its first dot in capitals; the rule of loose clauses thus shows its file's stem. */
function ruleIdOf(name: string): string {
  return name.split('.')[0]!.toUpperCase();
}
