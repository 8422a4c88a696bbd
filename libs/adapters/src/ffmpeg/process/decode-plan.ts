/** What the demuxer says of one packet of the video stream. */
export interface PacketRecord {
  /** Presentation time in ticks of the stream; undefined when the container does not say. */
  readonly pts: number | undefined;
  readonly key: boolean;
  /** False for packets whose frame is not shown: cut by an edit list, or a hidden reference. */
  readonly shown: boolean;
}

/** Positions of packets in decoding order, both inclusive; decoding may start at `from`. */
export interface PacketRange {
  readonly from: number;
  readonly to: number;
}

/** Positions of the shown packets in the order of presentation; undefined when their times do not give one. */
export function presentationOrder(records: readonly PacketRecord[]): readonly number[] | undefined {
  const shown = records.flatMap(({ shown: isShown, pts }, position) => (isShown ? [{ position, pts }] : []));
  const times = new Set(shown.map(({ pts }) => pts));
  if (times.has(undefined) || times.size !== shown.length) return undefined;
  return shown.sort((one, other) => (one.pts ?? 0) - (other.pts ?? 0)).map(({ position }) => position);
}

/** The least that must be decoded for the frames at `positions`: from the keyframe before each up to it. */
export function decodeRanges(records: readonly PacketRecord[], positions: readonly number[]): readonly PacketRange[] {
  const ranges: PacketRange[] = [];
  for (const position of positions.toSorted((one, other) => one - other)) {
    const from = entryBefore(records, position);
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.to + 1) ranges[ranges.length - 1] = { from: last.from, to: Math.max(last.to, position) };
    else ranges.push({ from, to: position });
  }
  return ranges;
}

/** The last keyframe at or before the packet; one further back for a picture that leads its keyframe and leans on the group before. */
function entryBefore(records: readonly PacketRecord[], position: number): number {
  const time = records[position]?.pts ?? 0;
  for (let at = position; at > 0; at -= 1) {
    const record = records[at];
    if (record?.key === true && (record.pts ?? 0) <= time) return at;
  }
  return 0;
}
