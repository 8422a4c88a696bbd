import { SharpImageCodec } from '@gpt4video/adapters/sharp/sharp-image-codec';
import type { Picture } from '@gpt4video/ports/image-codec';

const picture = (width: number, height: number, colour: readonly [number, number, number]): Picture => ({
  pixels: Uint8Array.from({ length: width * height * 3 }, (_, index) => colour[index % 3] ?? 0),
  width,
  height,
});

const at = ({ pixels, width }: Picture, x: number, y: number): number[] => [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

describe('SharpImageCodec', () => {
  const codec = new SharpImageCodec();

  it.each([
    ['png', 0],
    ['webp', 12],
    ['jpeg', 12],
  ] as const)('encodes %s that decodes to the colour it had', async (format, tolerance) => {
    const decoded = await codec.decode(await codec.encode(picture(33, 17, [200, 40, 90]), format), 10_000);
    expect([decoded.width, decoded.height, decoded.pixels.byteLength]).toEqual([33, 17, 33 * 17 * 3]);
    for (const [channel, value] of [200, 40, 90].entries()) expect(Math.abs((at(decoded, 5, 5)[channel] ?? 0) - value)).toBeLessThanOrEqual(tolerance);
  });

  it('lays a grid out row by row', async () => {
    const sheet = await codec.decode(await codec.grid([picture(4, 2, [255, 0, 0]), picture(4, 2, [0, 255, 0]), picture(4, 2, [0, 0, 255])], 2, 'png'), 1000);
    expect([sheet.width, sheet.height]).toEqual([8, 4]);
    expect([at(sheet, 0, 0), at(sheet, 7, 1), at(sheet, 0, 2), at(sheet, 7, 3)]).toEqual([[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]]);
  });

  it('refuses what is no picture, and a picture beyond the limit, with what to do', async () => {
    await expect(codec.decode(Buffer.from('no picture'), 100)).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('send a JPEG') });
    const big = await codec.encode(picture(50, 50, [1, 2, 3]), 'png');
    await expect(codec.decode(big, 2499)).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('2499 pixels') });
    await expect(codec.decode(big.subarray(0, big.length - 30), 10_000)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(codec.decode(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 100)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('refuses pixels that do not fill the picture', async () => {
    await expect(codec.encode({ pixels: new Uint8Array(5), width: 2, height: 1 }, 'png')).rejects.toMatchObject({ code: 'internal' });
  });
});
