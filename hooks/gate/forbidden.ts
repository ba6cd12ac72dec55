/** Which types are forbidden, for a service control policy that names the types which a stack may hold. */
import { resourceTypeNames } from '../../catalogue/index.js';
import { CATALOGUE_SOURCE } from './snapshot.js';
import type { Gate } from './gate.js';

/** The types of AWS by what a gate says of them. */
export interface TypeList {
  readonly source: { readonly database: string; readonly version: string; readonly date: string };
  /** Types of which something may be created. A policy that denies all but these holds for types of tomorrow, too. */
  readonly approved: readonly string[];
  /** All other types of the catalogue; `AWS::Service::*` where none of a service is approved. */
  readonly forbidden: readonly string[];
}

/**
 * Lists the types of a gate, in the form of the condition key `cloudformation:ResourceTypes`.
 *
 * Follows "Actions, resources, and condition keys for AWS CloudFormation" of the Service Authorization Reference.
 */
export function typeList(gate: Gate): TypeList {
  const approved = gate.approvedTypes();
  const allowed = new Set(approved);
  const services = new Set(approved.map(serviceOf));
  const forbidden = new Set<string>();
  for (const name of resourceTypeNames()) {
    if (!allowed.has(name)) forbidden.add(services.has(serviceOf(name)) ? name : `${serviceOf(name)}::*`);
  }
  return { source: CATALOGUE_SOURCE, approved, forbidden: [...forbidden].sort() };
}

function serviceOf(type: string): string {
  return type.split('::').slice(0, 2).join('::');
}
