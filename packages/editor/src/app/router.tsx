import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { screen as campaign } from '../campaigns/campaign.screen.ts';
import { screen as campaigns } from '../campaigns/campaigns.screen.ts';
import { screen as codes } from '../codes/codes.screen.ts';
import { screen as pool } from '../codes/pool.screen.ts';
import { screen as contact } from '../contacts/contact.screen.ts';
import { screen as contacts } from '../contacts/contacts.screen.ts';
import { ContactsScreen } from '../contacts/contacts-screen.tsx';
import { screen as conversation } from '../conversations/conversation.screen.ts';
import { screen as conversations } from '../conversations/conversations.screen.ts';
import { screen as test } from '../experiments/test.screen.ts';
import { screen as tests } from '../experiments/tests.screen.ts';
import { screen as flow } from '../flow/flow.screen.ts';
import { screen as flows } from '../flows/flows.screen.ts';
import { FlowsScreen } from '../flows/flows-screen.tsx';
import { screen as goal } from '../goals/goal.screen.ts';
import { screen as goals } from '../goals/goals.screen.ts';
import { screen as message } from '../messages/message.screen.ts';
import { screen as messages } from '../messages/messages.screen.ts';
import { screen as notices } from '../notices/notices.screen.ts';
import { screen as account } from '../providers/account.screen.ts';
import { screen as providers } from '../providers/providers.screen.ts';
import { screen as segment } from '../segments/segment.screen.ts';
import { screen as segments } from '../segments/segments.screen.ts';
import { screen as settings } from '../settings/settings.screen.ts';
import { SignInScreen } from '../sign-in/sign-in-screen.tsx';
import { screen as template } from '../templates/template.screen.ts';
import { screen as templates } from '../templates/templates.screen.ts';
import { screen as webhook } from '../webhooks/webhook.screen.ts';
import { screen as webhooks } from '../webhooks/webhooks.screen.ts';
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
    throw redirect({ to: flows.path });
  },
});

/** Digits alone, typed into the address, are read as a number. */
const words = z.union([z.string(), z.number().transform(String)]).optional();

const flowsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: flows.path,
  component: FlowsScreen,
  validateSearch: z.object({ search: words, state: z.string().optional() }),
});

const flowRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: flow.path,
  component: lazyRouteComponent(() => import('../flow/flow-screen.tsx'), 'FlowScreen'),
  validateSearch: z.object({
    step: z.string().optional(),
    people: z.string().optional(),
    moved_on: z.boolean().optional(),
    phone: z.boolean().optional(),
  }),
});

const campaignsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: campaigns.path,
  component: lazyRouteComponent(() => import('../campaigns/campaigns-screen.tsx'), 'CampaignsScreen'),
  validateSearch: z.object({ search: words, state: z.string().optional(), archived: z.boolean().optional() }),
});

const campaignRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: campaign.path,
  component: lazyRouteComponent(() => import('../campaigns/campaign-screen.tsx'), 'CampaignScreen'),
});

const contactsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: contacts.path,
  component: ContactsScreen,
  validateSearch: z.object({ search: words, list: z.string().optional() }),
});

const contactRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: contact.path,
  component: lazyRouteComponent(() => import('../contacts/contact-screen.tsx'), 'ContactScreen'),
  validateSearch: z.object({ enrollment: z.string().optional() }),
});

const conversationsSearch = z.object({
  search: words,
  unhandled: z.boolean().optional(),
  phone: z.boolean().optional(),
});

const conversationsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: conversations.path,
  component: lazyRouteComponent(() => import('../conversations/conversations-screen.tsx'), 'ConversationsScreen'),
  validateSearch: conversationsSearch,
});

const conversationRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: conversation.path,
  component: lazyRouteComponent(() => import('../conversations/conversations-screen.tsx'), 'ConversationsScreen'),
  validateSearch: conversationsSearch,
});

const messagesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: messages.path,
  component: lazyRouteComponent(() => import('../messages/messages-screen.tsx'), 'MessagesScreen'),
  validateSearch: z.object({
    search: words,
    state: z.string().optional(),
    direction: z.string().optional(),
  }),
});

const messageRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: message.path,
  component: lazyRouteComponent(() => import('../messages/message-screen.tsx'), 'MessageScreen'),
});

const templatesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: templates.path,
  component: lazyRouteComponent(() => import('../templates/templates-screen.tsx'), 'TemplatesScreen'),
  validateSearch: z.object({
    kind: z.string().optional(),
    search: z.string().optional(),
    archived: z.boolean().optional(),
  }),
});

const templateRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: template.path,
  component: lazyRouteComponent(() => import('../templates/template-screen.tsx'), 'TemplateScreen'),
});

const testsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: tests.path,
  component: lazyRouteComponent(() => import('../experiments/tests-screen.tsx'), 'TestsScreen'),
  validateSearch: z.object({ state: z.string().optional() }),
});

const testRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: test.path,
  component: lazyRouteComponent(() => import('../experiments/test-screen.tsx'), 'TestScreen'),
});

const settingsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: settings.path,
  component: lazyRouteComponent(() => import('../settings/settings-screen.tsx'), 'SettingsScreen'),
});

const segmentsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: segments.path,
  component: lazyRouteComponent(() => import('../segments/segments-screen.tsx'), 'SegmentsScreen'),
});

const segmentRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: segment.path,
  component: lazyRouteComponent(() => import('../segments/segment-screen.tsx'), 'SegmentScreen'),
});

const goalsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: goals.path,
  component: lazyRouteComponent(() => import('../goals/goals-screen.tsx'), 'GoalsScreen'),
});

const goalRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: goal.path,
  component: lazyRouteComponent(() => import('../goals/goal-screen.tsx'), 'GoalScreen'),
});

const codesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: codes.path,
  component: lazyRouteComponent(() => import('../codes/codes-screen.tsx'), 'CodesScreen'),
});

const poolRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: pool.path,
  component: lazyRouteComponent(() => import('../codes/pool-screen.tsx'), 'PoolScreen'),
});

const providersRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: providers.path,
  component: lazyRouteComponent(() => import('../providers/providers-screen.tsx'), 'ProvidersScreen'),
});

const accountRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: account.path,
  component: lazyRouteComponent(() => import('../providers/account-screen.tsx'), 'AccountScreen'),
});

const noticesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: notices.path,
  component: lazyRouteComponent(() => import('../notices/notices-screen.tsx'), 'NoticesScreen'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: webhooks.path,
  component: lazyRouteComponent(() => import('../webhooks/webhooks-screen.tsx'), 'WebhooksScreen'),
});

const webhookRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: webhook.path,
  component: lazyRouteComponent(() => import('../webhooks/webhook-screen.tsx'), 'WebhookScreen'),
});

/** The screens that the rest of the editor links to: their routes are declared, so that links know what stands in an address. */
const known = [
  indexRoute,
  flowsRoute,
  flowRoute,
  campaignsRoute,
  campaignRoute,
  contactsRoute,
  contactRoute,
  conversationsRoute,
  conversationRoute,
  messagesRoute,
  messageRoute,
  segmentsRoute,
  segmentRoute,
  goalsRoute,
  goalRoute,
  codesRoute,
  poolRoute,
  templatesRoute,
  templateRoute,
  testsRoute,
  testRoute,
  settingsRoute,
  providersRoute,
  accountRoute,
  noticesRoute,
  webhooksRoute,
  webhookRoute,
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
