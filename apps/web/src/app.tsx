import { lazy, Suspense } from 'react';
import { ConversationPage } from './conversation/conversation-page';

// Few people are operators; the others need not wait for it.
const OperatorsPage = lazy(() => import('./operators/operators-page').then((module) => ({ default: module.OperatorsPage })));

/** The page at this address. */
export function App() {
  if (location.pathname !== '/operators') return <ConversationPage />;
  return (
    <Suspense>
      <OperatorsPage />
    </Suspense>
  );
}
