import type { Change } from './conversation';
import { currentEntries, type Library, type LibraryAction, reduceLibrary, titleOf } from './library';
import { keepLibrary, restoreLibrary } from './library-storage';

const asked = (text: string): Change => ({ kind: 'asked', question: `q ${text}`, entry: `a ${text}`, text, clips: [], request: { kind: 'remix', key: 'k', filmId: 'f', prompt: 'p' } });
const ask = (id: string, at: number, text = id): LibraryAction => ({ kind: 'changed', id, at, change: asked(text) });
const after = (...actions: LibraryAction[]): Library => actions.reduce(reduceLibrary, { conversations: [], current: 'one' });


/** The entries are the object's own keys, as they are of a browser's storage. */
class MemoryStorage {
  [key: string]: unknown;
  getItem(key: string): string | null {
    return (this[key] as string | undefined) ?? null;
  }
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}
const makeStorage = (): Storage => new MemoryStorage() as unknown as Storage;

describe('the library of conversations', () => {
  it('puts the one that was asked last first, and keeps writing into the others', () => {
    const library = after(ask('one', 1), ask('two', 2), { kind: 'changed', id: 'one', at: 3, change: { kind: 'wrote', entry: 'a one', text: 'Hello.' } });
    expect(library.conversations.map(({ id }) => id)).toEqual(['two', 'one']);
    expect(currentEntries(library).at(-1)?.text).toBe('Hello.');
  });

  it('does not bring back a conversation that was deleted while its answer came', () => {
    const library = after(ask('one', 1), { kind: 'removed', id: 'one', next: 'two' }, { kind: 'changed', id: 'one', at: 2, change: { kind: 'wrote', entry: 'a one', text: 'Late.' } });
    expect(library).toEqual({ conversations: [], current: 'two' });
  });

  it('is called by its first question', () => {
    expect(after(ask('one', 1, '  What is\n in it? ')).conversations.map(titleOf)).toEqual(['What is in it?']);
    expect(after(ask('one', 1, 'long '.repeat(30))).conversations.map(titleOf)[0]).toHaveLength(48);
  });

  it('is there again after a reload, each conversation by itself', () => {
    const storage = makeStorage();
    const empty: Library = { conversations: [], current: 'one' };
    const library = after(ask('one', 1), ask('two', 2));
    keepLibrary(storage, library, empty);
    expect(restoreLibrary(storage)).toEqual(library);
    // Another tab, which has never heard of `two`, keeps a third.
    keepLibrary(storage, after(ask('three', 3)), empty);
    expect(restoreLibrary(storage).conversations.map(({ id }) => id)).toEqual(['three', 'two', 'one']);
    keepLibrary(storage, { ...library, conversations: library.conversations.slice(0, 1) }, library);
    expect(restoreLibrary(storage).conversations.map(({ id }) => id)).toEqual(['three', 'two']);
  });

  it('passes over what it cannot read', () => {
    const storage = makeStorage();
    storage.setItem('gpt4video.conversation.bad', '{');
    storage.setItem('gpt4video.conversation.none', '{"id":"none","entries":[]}');
    expect(restoreLibrary(storage).conversations).toEqual([]);
  });
});
