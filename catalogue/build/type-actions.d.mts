/** What tests use of type-actions.mjs. */
export function typeActionsText(data: { readonly namespaces: object; readonly rows: object }): string;
