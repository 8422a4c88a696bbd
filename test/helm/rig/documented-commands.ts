/** A command that a page tells people to type. */
export interface DocumentedCommand {
  readonly page: string;
  readonly words: readonly string[];
}

const PROGRAMS = /^(k|kubectl|helm|npx gpt4video) /;

/** The commands of a page that begin with a program that we can ask: those in its fences, and those between backticks. */
export function documentedCommands(page: string, markdown: string): readonly DocumentedCommand[] {
  const fences = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, lines = '']) => lines.replace(/\\\n\s*/g, ' ').split('\n'));
  const inline = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  return [...fences, ...inline].filter((line) => PROGRAMS.test(line)).map((line) => ({ page, words: wordsOf(line) }));
}

/** Words of a command as a shell takes them, up to a pipe, a redirection, a comment or the next command. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, single, double, bare, stop] of line.matchAll(/'([^']*)'|"([^"]*)"|((?:[^\s'"|>;#&]|(?<=\S)[#&](?=\S))+(?:=(?:'[^']*'|"[^"]*"))?)|([|>;#&])/g)) {
    if (stop !== undefined) break;
    words.push(single ?? double ?? bare ?? '');
  }
  return words;
}
