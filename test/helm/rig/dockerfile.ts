/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
  /** Name of the stage it belongs to; undefined before the first. */
  readonly stage: string | undefined;
}

/** The instructions in order, comments left out. */
export function instructionsOf(dockerfile: string): readonly Instruction[] {
  const joined = dockerfile.split('\n').filter((line) => !line.startsWith('#')).join('\n').replace(/\\\n\s*/g, '');
  let stage: string | undefined;
  return joined.split('\n').filter((line) => line.trim() !== '').map((line) => {
    const [, keyword = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === '') throw new Error(`not an instruction: ${line}`);
    if (keyword === 'FROM') stage = / AS (\S+)$/.exec(text)?.[1];
    return { keyword, text, stage };
  });
}

/** The stages: what each is called and what it begins with. */
export function stagesOf(instructions: readonly Instruction[]): readonly { readonly name: string; readonly from: string }[] {
  return instructions.filter(({ keyword }) => keyword === 'FROM').map(({ text }) => {
    const [from = '', , name = ''] = text.split(' ');
    return { name, from };
  });
}
