/** Which part of a list is wanted. */
export interface PageRequest {
  /** Most entries, from 1 to 100. */
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Id of the entry before the first wanted one; absent for the beginning. */
  readonly after?: string;
}

/** A part of a list, by time of creation. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly hasMore: boolean;
}
