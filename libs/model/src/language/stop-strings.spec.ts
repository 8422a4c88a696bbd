import fc from 'fast-check';
import { StopStrings } from './stop-strings.js';

function run(stops: readonly string[], chunks: readonly string[]): { text: string; stopped: boolean } {
  const filter = new StopStrings(stops);
  const results = chunks.map((chunk) => filter.push(chunk));
  return { text: results.map(({ text }) => text).join('') + filter.flush(), stopped: results.some(({ stopped }) => stopped) };
}

describe('StopStrings', () => {
  it.each<[string[], string[], string, boolean]>([
    [[], ['abc'], 'abc', false],
    [[''], ['abc'], 'abc', false],
    [['###'], ['a#', '##b'], 'a', true],
    [['###'], ['a#', '#b'], 'a##b', false],
    [['###'], ['a##'], 'a##', false],
    [['\nHuman:'], ['Hi\nHu', 'man: x'], 'Hi', true],
    [['b', 'abc'], ['ab', 'c'], 'a', true],
    [['aab'], ['aaab'], 'a', true],
    [['x', 'y'], ['..y..x'], '..', true],
    [['end'], ['end', 'more'], '', true],
  ])('%j over %j shows %j', (stops, chunks, text, stopped) => expect(run(stops, chunks)).toEqual({ text, stopped }));

  it('shows at once what cannot begin a stop string', () => {
    const filter = new StopStrings(['###']);
    expect(filter.push('hello #')).toEqual({ text: 'hello ', stopped: false });
    expect(filter.push('1')).toEqual({ text: '#1', stopped: false });
  });

  it('gives the same text however it is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 24 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(stops, letters, (list, text) => {
        expect(run(list, [...text])).toEqual(run(list, [text]));
        const { text: shown } = run(list, [text]);
        expect(text.startsWith(shown)).toBe(true);
        for (const stop of list) if (stop !== '') expect(shown).not.toContain(stop);
      }),
      { numRuns: 1000 },
    );
  });
});
