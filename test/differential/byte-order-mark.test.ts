/**
 * cfn-guard 3.1.1 counts a byte-order mark as the first column, so that every further key of the root stands further left
 * than the first one and ends the document: a whole template would silently be compliant. Here all of it is read.
 */
import { evaluate, compile, open } from '../support/engine.js';
import { describeWithReference, loadedByReference } from '../support/reference.js';

const template = '\ufeffAWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n';

describe('a YAML template after a byte-order mark', () => {
  it('is read to its end', () => {
    const compiled = compile('r.guard', 'rule r { Resources.Queue exists }');
    const document = open('t.yaml', template);
    if ('message' in compiled || 'message' in document) throw new Error('unreadable');
    expect(evaluate([compiled.program], document)).toMatchObject({ outcome: 'ran', status: 'PASS' });
  });
});

describeWithReference('the reference on the same template', () => {
  it('sees the first key alone', () => {
    expect(loadedByReference(template)).toBe('{"AWSTemplateFormatVersion":"2010-09-09"}');
  });

  it('sees all keys when a comment stands first', () => {
    expect(loadedByReference(template.replace('\ufeff', '\ufeff# comment\n'))).toContain('"Queue"');
  });
});
