/** Service principals (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services). */

const SERVICE_PRINCIPAL =
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|aws\.internal|aws|c2s\.ic\.gov|sc2s\.sgov\.gov|amazon\.com)$/;

/** Whether a text has the form of a service principal; whether the service exists, no list tells. */
export function isServicePrincipal(text: string): boolean {
  return SERVICE_PRINCIPAL.test(text);
}

/** The form, for messages. */
export const SERVICE_PRINCIPAL_FORM = 'write it as `lambda.amazonaws.com`, in lower case';
