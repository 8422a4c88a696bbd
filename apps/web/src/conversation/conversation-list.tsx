import { Icon } from '../icon';
import { type Library, titleOf } from './library';

interface Props {
  readonly library: Library;
  onOpen(id: string): void;
  onRemove(id: string): void;
  onBegin(): void;
}

/** The conversations of this browser, the one that was asked last first. */
export function ConversationList({ library, onOpen, onRemove, onBegin }: Props) {
  return (
    <nav className="conversations" aria-label="Conversations">
      <button type="button" className="soft" onClick={onBegin}>
        <Icon name="plus" /> New conversation
      </button>
      <ul>
        {library.conversations.map((conversation) => {
          const title = titleOf(conversation);
          return (
            <li key={conversation.id}>
              <button type="button" className="title" aria-current={conversation.id === library.current ? 'page' : undefined} onClick={() => onOpen(conversation.id)}>
                {title}
              </button>
              <button type="button" className="plain square" aria-label={`Delete “${title}”`} onClick={() => onRemove(conversation.id)}>
                <Icon name="close" />
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
