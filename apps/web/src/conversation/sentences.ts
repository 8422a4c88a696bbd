/** The sentences of a text that is being written; the last one only when it is whole. A screen reader reads each once. */
export function sentencesOf(text: string, isWhole: boolean): readonly string[] {
  const parts = text.match(/[^.!?…\n]+(?:[.!?…]+["’”)]*|\n|$)\s*/g) ?? [];
  const ended = parts.filter((part, index) => isWhole || index < parts.length - 1 || /[.!?…]["’”)]*\s+$|\n\s*$/.test(part));
  return ended.map((part) => part.trim()).filter((part) => part !== '');
}
