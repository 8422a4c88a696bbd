import fc from 'fast-check';
import { OffsetLedger } from './offset-ledger.js';

describe('OffsetLedger', () => {
  it('may be committed up to the lowest offset that is not settled, in whatever order they settle', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }), fc.infiniteStream(fc.boolean()), (offsets, choices) => {
        const ledger = new OffsetLedger();
        const taken = [...offsets].sort((a, b) => a - b);
        for (const offset of taken) expect(ledger.take(BigInt(offset))).toBe(true);
        const open = new Set(taken);
        for (const offset of offsets) {
          if (choices.next().value === true) ledger.settle(BigInt(offset)), open.delete(offset);
          const lowest = Math.min(...open, (taken.at(-1) ?? 0) + 1);
          expect(ledger.settledBelow).toBe(BigInt(lowest));
          expect(ledger.inHand).toBe(open.size);
        }
      }),
    );
  });

  it('takes no offset twice, and knows nothing before the first', () => {
    const ledger = new OffsetLedger();
    expect([ledger.next, ledger.settledBelow]).toEqual([undefined, undefined]);
    expect([5n, 5n, 4n, 9n].map((offset) => ledger.take(offset))).toEqual([true, false, false, true]);
    expect(ledger.next).toBe(10n);
  });
});
