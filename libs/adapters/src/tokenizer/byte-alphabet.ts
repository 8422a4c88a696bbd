/** The byte-level alphabet of GPT-2: printable bytes stand for themselves, the others for characters from U+0100 on, in order. */
export const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = alphabet();

function alphabet(): Map<string, number> {
  const printable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 0x100; byte += 1) map.set(String.fromCharCode(printable(byte) ? byte : next++), byte);
  return map;
}
