/** What the lint is told of resource types; this room does not know them itself. */
export interface TypeKnowledge {
  /** Names of all resource types. */
  readonly typeNames: () => readonly string[];
  readonly isType: (name: string) => boolean;
  readonly nearestType: (name: string) => string | undefined;
  /** Whether a path below `Properties` exists; `*` stands for the elements of a list or map. */
  readonly hasProperty: (type: string, path: readonly string[]) => boolean;
  /** The name that was probably meant. */
  readonly nearest: (name: string, candidates: readonly string[]) => string | undefined;
}
