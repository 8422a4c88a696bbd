import { decodeRanges, type PacketRecord, presentationOrder } from './decode-plan.js';

const packet = (pts: number | undefined, key = false, shown = true): PacketRecord => ({ pts, key, shown });

describe('presentationOrder', () => {
  it('orders packets by time and leaves hidden ones out', () => {
    expect(presentationOrder([packet(0, true), packet(3), packet(1), packet(2, false, false)])).toEqual([0, 2, 1]);
  });

  it.each([
    ['a missing time', [packet(0), packet(undefined)]],
    ['two frames at one time', [packet(0), packet(1), packet(1)]],
  ])('gives no order with %s', (_name, records) => {
    expect(presentationOrder(records)).toBeUndefined();
  });
});

describe('decodeRanges', () => {
  const records = [packet(0, true), packet(1), packet(2), packet(3, true), packet(4), packet(5), packet(6, true), packet(7)];

  it('starts at the keyframe before each and joins what touches', () => {
    expect(decodeRanges(records, [1, 7])).toEqual([{ from: 0, to: 1 }, { from: 6, to: 7 }]);
    expect(decodeRanges(records, [2, 4, 5])).toEqual([{ from: 0, to: 5 }]);
    expect(decodeRanges(records, [5, 3])).toEqual([{ from: 3, to: 5 }]);
    expect(decodeRanges(records, [])).toEqual([]);
  });

  it('goes one keyframe further back for a picture that is shown before its keyframe', () => {
    const open = [packet(0, true), packet(1), packet(4, true), packet(2), packet(3), packet(5)];
    expect(decodeRanges(open, [4])).toEqual([{ from: 0, to: 4 }]);
    expect(decodeRanges(open, [5])).toEqual([{ from: 2, to: 5 }]);
  });

  it('starts at the beginning when no keyframe comes before', () => {
    expect(decodeRanges([packet(0), packet(1), packet(2)], [2])).toEqual([{ from: 0, to: 2 }]);
  });
});
