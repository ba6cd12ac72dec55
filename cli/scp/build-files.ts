/** The files of a build. */
import type { Certificate, Composition } from '../../scp/compose/index.js';
import { LIST_FILE } from './build-folder.js';
import type { BuildFile } from './build-folder.js';

/** The documents as they are to be saved, what is attached where, and the certificate. */
export function buildFiles(composition: Composition, certificate: Certificate): readonly BuildFile[] {
  const documents = composition.documents.map(({ content, ...each }) => {
    return { ...each, file: `${each.type}/${each.name}.json`, characters: content.length };
  });
  const files = [...documents.map(({ file }) => file), LIST_FILE, 'certificate.json'];
  const list = { version: 1, documents, attachments: composition.attachments, files };
  return [
    // Without a line break at the end: characters count.
    ...composition.documents.map(({ type, name, content }) => ({ path: `${type}/${name}.json`, text: content })),
    { path: LIST_FILE, text: `${JSON.stringify(list, null, 2)}\n` },
    { path: 'certificate.json', text: certificateText(certificate) },
  ];
}

/** A certificate as JSON. */
export function certificateText(certificate: Certificate): string {
  return `${JSON.stringify(certificate, null, 2)}\n`;
}
