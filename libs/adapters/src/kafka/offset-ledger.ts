/** Which offsets of one partition were taken and are not settled yet, and so how far it may be committed. */
export class OffsetLedger {
  // Offsets are taken in ascending order, so that the first of the set is the lowest.
  private readonly open = new Set<bigint>();
  private nextOffset: bigint | undefined;

  /** The offset after the last one taken; undefined before the first. */
  get next(): bigint | undefined {
    return this.nextOffset;
  }

  /** Everything below it is settled: the offset to commit. Undefined before the first was taken. */
  get settledBelow(): bigint | undefined {
    const [lowest] = this.open;
    return lowest ?? this.nextOffset;
  }

  /** Offsets in hand. */
  get inHand(): number {
    return this.open.size;
  }

  /** Takes an offset; false when it was taken before. */
  take(offset: bigint): boolean {
    if (this.nextOffset !== undefined && offset < this.nextOffset) return false;
    this.open.add(offset);
    this.nextOffset = offset + 1n;
    return true;
  }

  /** Its effect is done, or it is safe elsewhere. */
  settle(offset: bigint): void {
    this.open.delete(offset);
  }
}
