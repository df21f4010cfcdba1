import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronRight, Ellipsis, MessagesSquare, Trash2 } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { formatPhone } from '../lib/format.ts';
import { contactQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { ConsentSignal } from '../people/consent-signal.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { ErrorState, Skeleton, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ConsentHistory } from './consent-history.tsx';
import { ContactPaths } from './contact-paths.tsx';
import { ContactTimeline } from './contact-timeline.tsx';
import { ListsOfPerson } from './lists-of-person.tsx';
import { MessageHistory } from './message-history.tsx';
import { ProfileForm } from './profile-form.tsx';

const DeleteConfirm = lazy(() => import('./delete-confirm.tsx').then((module) => ({ default: module.DeleteConfirm })));

const tabLook =
  'relative h-10 shrink-0 rounded-sm px-1 font-medium focus-visible:-outline-offset-2 text-ink-3 hover:text-ink data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-0 data-[state=active]:after:-bottom-px data-[state=active]:after:h-0.5 data-[state=active]:after:rounded-full data-[state=active]:after:bg-action max-md:h-11';

/** An address of a person who is not there, or not any more. */
function Missing() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('nav.contacts')}</ScreenTitle>} pageTitle={t('contact.missing.title')} />
      <MissingState title={t('contact.missing.title')} text={t('contact.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/contacts">{t('contact.missing.action')}</Link>
        </Button>
      </MissingState>
    </>
  );
}

/** One person: profile, path through flows, consent, messages. */
export function ContactScreen() {
  const { contactId } = useParams({ from: '/frame/contacts/$contactId' });
  const search = useSearch({ from: '/frame/contacts/$contactId' });
  const contact = useQuery(contactQuery(contactId));
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const name = contact.data === undefined ? t('nav.contacts') : nameOf(contact.data);
  if (contact.isError && contact.data === undefined && problemFrom(contact.error).status === 404) return <Missing />;
  return (
    <>
      <TopBar
        pageTitle={name}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/contacts" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('nav.contacts')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {contact.data === undefined ? '' : name}
            </h1>
          </nav>
        }
        state={contact.data === undefined ? null : <ConsentSignal contact={contact.data} />}
      >
        {contact.data === undefined ? null : (
          <Menu
            trigger={
              <Button kind="ghost" size="icon" aria-label={t('deleted.more_of_person')}>
                <Ellipsis aria-hidden />
              </Button>
            }
          >
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              {t('deleted.delete_one', { name })}
            </MenuItem>
          </Menu>
        )}
        <Button kind="primary" asChild>
          <Link to="/conversations/$contactId" params={{ contactId }}>
            <MessagesSquare aria-hidden />
            <span className="max-md:sr-only">{t('contact.open_conversation')}</span>
          </Link>
        </Button>
      </TopBar>
      <Suspense fallback={null}>
        {deleting ? (
          <DeleteConfirm
            whom={{ contact_ids: [contactId] }}
            count={1}
            name={name}
            onDeleted={() => void navigate({ to: '/contacts' })}
            onClose={() => setDeleting(false)}
          />
        ) : null}
      </Suspense>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {contact.isPending ? (
          <div className="mx-auto max-w-5xl p-8">
            <Skeleton className="h-24" />
            <SkeletonRows label={t('loading')} rows={4} />
          </div>
        ) : null}
        {contact.isError ? (
          <ErrorState problem={problemFrom(contact.error)} onRetry={() => void contact.refetch()} />
        ) : null}
        {contact.data === undefined ? null : (
          <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-5 md:grid-cols-[320px_minmax(0,1fr)] md:px-8 md:py-7">
            <section
              aria-label={t('contact.profile')}
              className="h-fit rounded-lg border border-line bg-surface p-4 shadow-card"
            >
              <div className="mb-4 flex items-center gap-3">
                <Avatar name={name} className="size-11 text-sm" />
                <div className="min-w-0">
                  <p dir="auto" className="truncate text-left font-semibold text-lg">
                    {name}
                  </p>
                  <p className="num text-ink-2">
                    {hasName(contact.data) ? formatPhone(contact.data.phone) : t('contact.no_name')}
                  </p>
                </div>
              </div>
              <ListsOfPerson contactId={contact.data.id} />
              <ProfileForm key={contact.data.id} contact={contact.data} />
            </section>
            <Tabs.Root defaultValue="path" className="min-w-0">
              <Tabs.List
                aria-label={t('contact.sections')}
                className="thin-scroll flex gap-5 overflow-x-auto border-line border-b"
              >
                <Tabs.Trigger value="path" className={tabLook}>
                  {t('contact.path')}
                </Tabs.Trigger>
                <Tabs.Trigger value="timeline" className={tabLook}>
                  {t('timeline.title')}
                </Tabs.Trigger>
                <Tabs.Trigger value="messages" className={tabLook}>
                  {t('contact.messages')}
                </Tabs.Trigger>
                <Tabs.Trigger value="consent" className={tabLook}>
                  {t('contact.consent')}
                </Tabs.Trigger>
              </Tabs.List>
              <Tabs.Content value="path" className="rounded-sm pt-4 outline-offset-4">
                <ContactPaths contactId={contactId} opened={search.enrollment ?? null} />
              </Tabs.Content>
              <Tabs.Content value="timeline" className="rounded-sm pt-4 outline-offset-4">
                <ContactTimeline contactId={contactId} />
              </Tabs.Content>
              <Tabs.Content value="messages" className="rounded-sm pt-4 outline-offset-4">
                <MessageHistory contactId={contactId} />
              </Tabs.Content>
              <Tabs.Content value="consent" className="rounded-sm pt-4 outline-offset-4">
                <ConsentHistory contact={contact.data} />
              </Tabs.Content>
            </Tabs.Root>
          </div>
        )}
      </div>
    </>
  );
}
