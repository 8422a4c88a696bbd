import { Icon, type IconName } from '../icon';

/** The bundler copies the bundle's own sample beside the page. */
const SAMPLE = new URL('../../../../models/cartoon/samples/red-star.mp4', import.meta.url).href;

interface Idea {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  /** True where a sample clip goes with the question. */
  readonly withClip: boolean;
}

const IDEAS: readonly Idea[] = [
  { icon: 'film', title: 'Watch a sample clip', text: 'What is in this video?', withClip: true },
  { icon: 'film', title: 'Follow what moves', text: 'Which way does the star move?', withClip: true },
  { icon: 'spark', title: 'Make a film', text: 'Make a video of a blue boat that moves left on the sea.', withClip: false },
  { icon: 'spark', title: 'Make another', text: 'Please film a yellow rocket rising at night.', withClip: false },
];

interface Props {
  onAsk(text: string): void;
  onAskAbout(clip: File, text: string): void;
}

/** An empty conversation: what can be done here, and four ways to begin. */
export function Welcome({ onAsk, onAskAbout }: Props) {
  const begin = async ({ text, withClip }: Idea): Promise<void> => {
    if (!withClip) return onAsk(text);
    const bytes = await (await fetch(SAMPLE)).blob();
    onAskAbout(new File([bytes], 'red-star.mp4', { type: 'video/mp4' }), text);
  };
  return (
    <section className="welcome" aria-labelledby="welcome">
      <h2 id="welcome">Show a clip, or ask for one</h2>
      <p>Drop a video anywhere and ask about it. Describe a scene, and it is filmed right here in the conversation.</p>
      <ul>
        {IDEAS.map((idea) => (
          <li key={idea.title}>
            <button type="button" className="idea" onClick={() => void begin(idea)}>
              <Icon name={idea.icon} />
              <strong>{idea.title}</strong>
              <span>{idea.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
