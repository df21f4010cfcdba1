import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ellipsis, FileUp, Plus, SearchX, Trash2, Users } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { contactsQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { DensitySwitch } from '../ui/list-card.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ContactList } from './contact-list.tsx';
import { PeopleOfList } from './people-of-list.tsx';

const AddContact = lazy(() =>
  import('./add-contact-dialog.tsx').then((module) => ({ default: module.AddContactDialog })),
);
const DeleteConfirm = lazy(() => import('./delete-confirm.tsx').then((module) => ({ default: module.DeleteConfirm })));
const ImportContacts = lazy(() => import('./import-dialog.tsx').then((module) => ({ default: module.ImportDialog })));

/** Everyone in the workspace. */
export function ContactsScreen() {
  const { search = '', list = '' } = useSearch({ from: '/frame/contacts' });
  const navigate = useNavigate({ from: '/contacts' });
  const [dialog, setDialog] = useState<'add' | 'import' | 'delete' | null>(null);
  const [dropped, setDropped] = useState<File | null>(null);
  const contacts = useInfiniteQuery(contactsQuery(search, list));
  const show = (text: string, of: string) =>
    void navigate({
      search: { ...(text === '' ? {} : { search: text }), ...(of === '' ? {} : { list: of }) },
      replace: true,
    });
  const rows = contacts.data?.pages.flatMap((page) => page.data) ?? [];
  const total = contacts.data?.pages[0]?.total ?? 0;
  const empty = contacts.isSuccess && rows.length === 0 && search === '' && list === '';
  const commands = useMemo(
    (): AppCommand[] => [
      {
        id: 'contacts.add',
        label: t('contacts.add'),
        group: t('commands.group.create'),
        keys: ['KeyN'],
        run: () => setDialog('add'),
      },
      {
        id: 'contacts.import',
        label: t('contacts.import'),
        group: t('commands.group.create'),
        run: () => setDialog('import'),
      },
    ],
    [],
  );
  useCommands(commands);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a short cut; the import button does the same
    <div
      className="flex min-h-0 flex-1 flex-col"
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        const file = event.dataTransfer.files[0];
        if (file === undefined || dialog !== null) return;
        event.preventDefault();
        setDropped(file);
        setDialog('import');
      }}
    >
      <TopBar
        title={<ScreenTitle>{t('nav.contacts')}</ScreenTitle>}
        pageTitle={t('nav.contacts')}
        state={
          contacts.isSuccess ? (
            <span className="num whitespace-nowrap text-ink-3 text-sm">{t('contacts.total', { n: total })}</span>
          ) : null
        }
      >
        <Button onClick={() => setDialog('import')}>
          <FileUp aria-hidden />
          <span className="max-md:sr-only">{t('contacts.import')}</span>
        </Button>
        <Button kind="primary" onClick={() => setDialog('add')}>
          <Plus aria-hidden />
          {t('contacts.add')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {empty ? null : (
            <div className="mb-4 flex items-center gap-2 max-md:flex-wrap">
              <SearchBox
                value={search}
                onChange={(text) => show(text, list)}
                label={t('contacts.search')}
                className="w-full max-w-sm"
              />
              <PeopleOfList search={search} list={list} total={total} onChange={(next) => show(search, next)} />
              {total === 0 ? null : (
                <Menu
                  align="start"
                  trigger={
                    <Button kind="ghost" size="icon" aria-label={t('deleted.more')}>
                      <Ellipsis aria-hidden />
                    </Button>
                  }
                >
                  <MenuItem icon={Trash2} danger onSelect={() => setDialog('delete')}>
                    {t('deleted.delete', { n: total })}
                  </MenuItem>
                </Menu>
              )}
              <span className="flex-1 max-md:hidden" />
              <DensitySwitch />
            </div>
          )}
          {contacts.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} />
            </div>
          ) : null}
          {contacts.isError ? (
            <ErrorState problem={problemFrom(contacts.error)} onRetry={() => void contacts.refetch()} />
          ) : null}
          {empty ? (
            <EmptyState
              art={<Users aria-hidden className="size-9 text-ink-3" />}
              title={t('contacts.empty.title')}
              text={t('contacts.empty.text')}
            >
              <Button kind="primary" onClick={() => setDialog('add')}>
                {t('contacts.add')}
              </Button>
              <Button onClick={() => setDialog('import')}>{t('contacts.import')}</Button>
            </EmptyState>
          ) : null}
          {contacts.isSuccess && rows.length === 0 && search === '' && list !== '' ? (
            <EmptyState
              art={<Users aria-hidden className="size-9 text-ink-3" />}
              title={t('lists.nobody')}
              text={t('lists.nobody.text')}
            />
          ) : null}
          {contacts.isSuccess && rows.length === 0 && search !== '' ? (
            <EmptyState
              art={<SearchX aria-hidden className="size-8 text-ink-3" />}
              title={t('contacts.none_found', { search })}
              text={t('contacts.none_found.text')}
            />
          ) : null}
          {rows.length === 0 ? null : <ContactList contacts={rows} />}
          <More list={contacts} className="pt-4 text-center" />
        </div>
      </div>
      <Suspense fallback={null}>
        {dialog === 'add' ? <AddContact onClose={() => setDialog(null)} /> : null}
        {dialog === 'delete' ? (
          <DeleteConfirm
            whom={{
              filter: { ...(search === '' ? {} : { search }), ...(list === '' ? {} : { list_id: list }) },
            }}
            count={total}
            name={null}
            onClose={() => setDialog(null)}
          />
        ) : null}
        {dialog === 'import' ? (
          <ImportContacts
            file={dropped}
            onClose={() => {
              setDialog(null);
              setDropped(null);
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
