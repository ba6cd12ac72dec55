/** The machine-readable report. Its members and their order are part of the command-line contract. */
import { jsonText } from '../escape.js';
import type { Finding, Location, NotEvaluated, Waived } from '../finding.js';
import type { Reporter } from './options.js';

/**
 * Prints the report as one JSON document. Values are the true ones; unsafe characters stand as JSON escapes.
 * Members are written out one by one, so that nothing an engine keeps beside them gets into the contract.
 */
export const json: Reporter = (report) =>
  jsonText({
    version: report.version,
    tool: { name: report.tool.name, version: report.tool.version },
    files: report.files.map(({ path, status, rules }) => ({ path, status, rules })),
    findings: report.findings.map(finding),
    notEvaluated: report.notEvaluated.map(notEvaluated),
    summary: {
      files: report.summary.files,
      rules: report.summary.rules,
      errors: report.summary.errors,
      warnings: report.summary.warnings,
      infos: report.summary.infos,
      waived: report.summary.waived,
      notEvaluated: report.summary.notEvaluated,
    },
  });

function finding(value: Finding): Finding {
  const { ruleId, controls, severity, title, message, help, docs, fingerprint, resource, labels, waived } = value;
  return {
    ruleId,
    controls,
    severity,
    title,
    message,
    help,
    docs,
    fingerprint,
    location: location(value.location),
    resource: resource && { logicalId: resource.logicalId, type: resource.type },
    labels,
    waived: waived && waivedPart(waived),
  };
}

function notEvaluated(value: NotEvaluated): NotEvaluated {
  const { path, ruleId, controls, reason, parameters, waived } = value;
  return {
    path,
    ruleId,
    controls,
    reason,
    parameters,
    location: value.location && location(value.location),
    ...(waived && { waived: waivedPart(waived) }),
  };
}

function waivedPart({ reason, owner, expires }: Waived): Waived {
  return { reason, owner, expires };
}

function location({ file, line, column, endLine, endColumn, pointer }: Location): Location {
  return { file, line, column, endLine, endColumn, pointer };
}
