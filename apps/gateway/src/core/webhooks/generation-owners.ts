/** Whose a generation is, for what is not asked by a tenant. */
export abstract class GenerationOwners {
  /** The tenant's id, or undefined when the generation is gone. */
  abstract ownerOf(generationId: string): Promise<string | undefined>;
}
