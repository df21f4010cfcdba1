import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { ContactsScreen } from '../contacts/contacts-screen.tsx';
import { FlowsScreen } from '../flows/flows-screen.tsx';
import { SignInScreen } from '../sign-in/sign-in-screen.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { Root } from './root.tsx';
import { screens } from './screens.ts';

const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFound });

const signInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in', component: SignInScreen });

const frameRoute = createRoute({ getParentRoute: () => rootRoute, id: 'frame', component: Frame });

const indexRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

const flowsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/flows',
  component: FlowsScreen,
  validateSearch: z.object({ search: z.string().optional(), state: z.string().optional() }),
});

const flowRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/flows/$flowId',
  component: lazyRouteComponent(() => import('../flow/flow-screen.tsx'), 'FlowScreen'),
  validateSearch: z.object({
    step: z.string().optional(),
    people: z.string().optional(),
    moved_on: z.boolean().optional(),
    phone: z.boolean().optional(),
  }),
});

const contactsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/contacts',
  component: ContactsScreen,
  validateSearch: z.object({ search: z.string().optional() }),
});

const contactRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/contacts/$contactId',
  component: lazyRouteComponent(() => import('../contacts/contact-screen.tsx'), 'ContactScreen'),
  validateSearch: z.object({ enrollment: z.string().optional() }),
});

const conversationsSearch = z.object({
  search: z.string().optional(),
  unhandled: z.boolean().optional(),
  phone: z.boolean().optional(),
});

const conversationsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/conversations',
  component: lazyRouteComponent(() => import('../conversations/conversations-screen.tsx'), 'ConversationsScreen'),
  validateSearch: conversationsSearch,
});

const conversationRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/conversations/$contactId',
  component: lazyRouteComponent(() => import('../conversations/conversations-screen.tsx'), 'ConversationsScreen'),
  validateSearch: conversationsSearch,
});

/** The screens whose address the rest of the editor links to by name. */
const known = [
  indexRoute,
  flowsRoute,
  flowRoute,
  contactsRoute,
  contactRoute,
  conversationsRoute,
  conversationRoute,
] as const;

const routeTree = rootRoute.addChildren([signInRoute, frameRoute.addChildren(known)]);

// A screen that brings what it shows needs no line here.
const own = screens.flatMap(({ id, path, load }) =>
  load === undefined
    ? []
    : createRoute({
        getParentRoute: () => frameRoute,
        path,
        component: lazyRouteComponent(async () => ({ [id]: await load() }), id),
      }),
);
frameRoute.addChildren([...known, ...own]);

export const router = createRouter({ routeTree });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
