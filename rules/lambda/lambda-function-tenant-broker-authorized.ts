/**
 * lambda-function-tenant-broker-authorized: whoever calls the broker of tenants has been authenticated before, so that the
 * tenant can come from what was verified.
 */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import { rolesOf } from '../code/roles.js';
import { textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const prefix = textParameter(view, 'tenantRolePrefix');
  const brokers = rolesOf(view).filter(({ resource, policies }) => {
    const name = view.text(property(resource, 'RoleName')) ?? '';
    const assumes = policies.some(({ policy }) =>
      (policy?.statements ?? []).some(
        ({ effect, action, resource: roles }) =>
          effect === 'Allow' &&
          !action.negated &&
          action.patterns.some((pattern) => expandActionPattern(pattern).includes('sts:AssumeRole')) &&
          roles?.patterns.some((pattern) => pattern.includes(`:role/${prefix}`)) === true,
      ),
    );
    return assumes || view.texts('tenantBrokers').includes(name);
  });
  const keys = new Set(brokers.map(({ resource }) => resource.key));
  for (const broker of view.resources('AWS::Lambda::Function')) {
    const role = property(broker, 'Role');
    const key = role === undefined ? undefined : view.graph.target(role, 'AWS::IAM::Role')?.key;
    if (key !== undefined && keys.has(key)) checkCallers(view, broker);
  }
}

function checkCallers(view: View, broker: ResourceUnder): void {
  const reaches = (resource: ResourceUnder, ...names: readonly string[]): boolean =>
    names.some((name) => {
      const value = property(resource, name);
      return value !== undefined && view.graph.mentioned(value, 'AWS::Lambda::Function').includes(broker);
    });
  const integrations = view
    .resources('AWS::ApiGatewayV2::Integration')
    .filter((integration) => reaches(integration, 'IntegrationUri'));
  const isRouted = (route: ResourceUnder): boolean => {
    const target = view.text(property(route, 'Target'));
    return integrations.some(
      ({ key }) => target !== undefined && view.graph.target(target.replace(/^integrations\//, ''))?.key === key,
    );
  };
  for (const method of view.resources('AWS::ApiGateway::Method')) {
    const isOptions = view.text(property(method, 'HttpMethod')) === 'OPTIONS';
    if (!isOptions && reaches(method, 'Integration')) checkType(view, method, 'AuthorizationType', broker);
  }
  for (const route of view.resources('AWS::ApiGatewayV2::Route')) {
    if (isRouted(route)) checkType(view, route, 'AuthorizationType', broker);
  }
  for (const url of view.resources('AWS::Lambda::Url')) {
    if (reaches(url, 'TargetFunctionArn')) checkType(view, url, 'AuthType', broker);
  }
}

function checkType(view: View, resource: ResourceUnder, name: string, broker: ResourceUnder): void {
  const value = property(resource, name);
  const type = view.text(value) ?? 'NONE';
  const unknown = view.unknownsIn(type);
  const properties = ['Resources', resource.key, 'Properties'];
  if (unknown.length > 0) view.open(resource, [...properties, name], unknown);
  else if (type.toUpperCase() !== 'NONE') view.pass(resource);
  else {
    view.fail(resource, {
      path: value === undefined ? properties : [...properties, name],
      ...(value === undefined ? { missing: true } : {}),
      message: `anybody may call \`${broker.logicalId}\`, which hands out sessions of tenants: no authorizer verifies who the tenant is`,
      subject: name,
    });
  }
}
