import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { applyTheme, chosenTheme } from './theme/theme';
import './styles/base.css';
import './styles/conversation.css';
import './styles/operators.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root element');
applyTheme(chosenTheme());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
