/** What the commands say of packages that are published. Each code has one function that builds it. */
import type { Diagnostic } from '../../findings/index.js';

function error(code: string, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}

/** The caller, or the bucket, is not the one that the package is for. */
export function wrongPlace(message: string, help: string): Diagnostic {
  return error('HOK1001', message, help);
}

/** What lies in a bucket is not what the package holds, or somebody else publishes at the same time. */
export function notAsPackaged(message: string, help: string): Diagnostic {
  return error('HOK1002', message, help);
}

/** The hooks of a package would refuse one of its templates. @param blocks - Whether a wave refuses; else all of them warn. */
export function ownTemplateRefused(template: string, refusal: string, blocks: boolean): Diagnostic {
  return {
    code: 'HOK1003',
    severity: blocks ? 'error' : 'warning',
    message: `the hooks would refuse their own \`${template}\`, and the next rollout with it: ${refusal}`,
    help: 'approve it in an overlay, give what rules ask for by --tags and --role-boundary, or waive it with --waivers',
  };
}
