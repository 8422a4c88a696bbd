import { sentences, textWindows } from './text-windows.js';

const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

it.each([
  [0, []],
  [3, [[0, 1, 2]]],
  [4, [[0, 1, 2, 3]]],
  [5, [[0, 1, 2, 3], [3, 4]]],
  [7, [[0, 1, 2, 3], [3, 4, 5, 6]]],
  [8, [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7]]],
])('cuts %i tokens into windows of four that share one', (count, windows) => {
  expect(textWindows(ids(count), { size: 4, overlap: 1 })).toEqual(windows);
});

it.each([
  ['', []],
  [' \n ', []],
  ['One sentence', ['One sentence']],
  ['Stop. Go! Why? (Yes.) End', ['Stop. ', 'Go! ', 'Why? ', '(Yes.) ', 'End']],
  ['version 1.5 of a.b', ['version 1.5 of a.b']],
  ['first line\nsecond', ['first line\n', 'second']],
  ['它很红。它在动', ['它很红。', '它在动']],
])('cuts %j at the ends of sentences', (text, parts) => {
  expect(sentences(text)).toEqual(parts);
});
