import './lib/zod-config.ts';
import './main.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { whenSignedOut } from './lib/api.ts';
import { keepInputMethodApart } from './lib/keys.ts';
import { queryClient, sessionQuery } from './lib/queries.ts';

keepInputMethodApart(window);
whenSignedOut(() => queryClient.setQueryData(sessionQuery.queryKey, null));

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
