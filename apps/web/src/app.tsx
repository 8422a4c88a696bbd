import { ConversationPage } from './conversation/conversation-page';

/** The page at this address. */
export function App() {
  return <ConversationPage />;
}
