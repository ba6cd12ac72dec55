/** glue-job-lake-governed: a job whose role has grants of Lake Formation reads tables through Lake Formation. */
import { lakeGrants } from '../code/lake-grants.js';
import { at, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { View } from '../code/view.js';

const ENABLED = /(?:^|\s)spark\.sql\.catalog\.\w+\.glue\.lakeformation-enabled=true(?:\s|$)/;

export function check(view: View): void {
  const grants = lakeGrants(view).map(({ principal }) => view.graph.target(principal, 'AWS::IAM::Role'));
  for (const job of view.resources('AWS::Glue::Job')) {
    const role = view.graph.target(property(job, 'Role'), 'AWS::IAM::Role');
    if (role === undefined || !grants.includes(role)) continue;
    const given = property(job, 'DefaultArguments');
    const whole = view.text(given);
    const settings = scalar(view, at(given, '--conf')) ?? '';
    const fine = scalar(view, at(given, '--enable-lakeformation-fine-grained-access')) ?? '';
    const unknowns = view.unknownsIn(whole ?? '', settings, fine);
    const path = pathOf(job, 'DefaultArguments');
    if (ENABLED.test(settings) || fine.toLowerCase() === 'true') view.pass(job);
    else if (unknowns.length > 0) view.open(job, path, unknowns);
    else {
      const message =
        'the role of the job has grants of Lake Formation, but the job does not ask for them: `glue.lakeformation-enabled=true` is not in `--conf`';
      view.fail(job, { path, message, subject: 'DefaultArguments', ...(given === undefined ? { missing: true } : {}) });
    }
  }
}
