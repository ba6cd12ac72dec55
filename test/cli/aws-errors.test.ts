/** What is told of errors that come from settings of the SDK, before AWS is called. */
import { awsDiagnostic } from '../../cli/aws/errors.js';

const named = (error: Error, name: string): Error => Object.assign(error, { name });

it.each([
  ['', 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID'],
  ['nope', 'the profile `nope` (AWS_PROFILE) gives none'],
])('says what to do without credentials, with the profile "%s"', (profile, help) => {
  const error = named(new Error('Could not load credentials'), 'CredentialsProviderError');
  const diagnostic = awsDiagnostic(error, 'it cannot be read', { AWS_PROFILE: profile });
  expect(diagnostic).toMatchObject({ code: 'AWS1001', help: expect.stringContaining(help) as string });
});

it('takes an address that is none for a setting, not for a fault of ours', () => {
  const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: 'nonsense' });
  expect(awsDiagnostic(error, 'it cannot be read', {})).toMatchObject({
    code: 'AWS1001',
    help: expect.stringContaining('AWS_ENDPOINT_URL') as string,
  });
});

it('does not ask for rights where a policy of the organization denies', () => {
  const arn = 'arn:aws:organizations::111111111111:policy/o-exampleorgid/service_control_policy/p-uzspowqec5';
  const error = Object.assign(
    named(
      new Error(`is not authorized to do this with an explicit deny in a service control policy: ${arn}`),
      'AccessDenied',
    ),
    { $metadata: { httpStatusCode: 403 } },
  );
  expect(awsDiagnostic(error, 'it cannot be read', {})).toMatchObject({
    code: 'AWS1002',
    help: expect.stringMatching(
      /^the policy p-uzspowqec5 of the organization denies it.*docs\/incidents\.md$/,
    ) as string,
  });
});

it('leaves other errors to the caller', () => {
  expect(awsDiagnostic(new TypeError('x is not a function'), 'it cannot be read', {})).toBeNull();
});
