/** What to do about a failure of the CUDA runtime, by its number. */
const REMEDIES: Readonly<Record<string, string>> = {
  2: 'something else holds the memory of the card (nvidia-smi tells what); give this process a card or a slice of its own',
  35: "the node's NVIDIA driver is older than the image's CUDA; update the driver",
  100: 'give this process a card: a pool with GPUs, and no CUDA_VISIBLE_DEVICES that hides them',
  209: 'the CUDA provider holds no code for this card; run on another one',
};

/** `CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; … ; expr=cudaSetDevice(…); `, whatever C++ stands before it. */
const FAILURE = /\b([A-Z]+) failure (-?\d+): (.+?) ; GPU=(?:.* ; expr=(\w+))?/s;

/**
 * The runtime's complaint about CUDA for people, on one line: which library failed in which call with which number, its words, and what to
 * do where that is known. What is no such complaint stays as it is, without its line breaks.
 */
export function cudaFailure(said: string): string {
  const [, library = '', number = '', words, call] = FAILURE.exec(said) ?? [];
  if (words === undefined) return said.replace(/\s+/g, ' ').trim();
  const where = `${library} failure ${number}${call === undefined ? '' : ` of ${call}`}`;
  const remedy = library === 'CUDA' ? REMEDIES[number] : undefined;
  return `${words.trim()} (${where})${remedy === undefined ? '' : `; ${remedy}`}`;
}
