import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { Chips } from '../forms/chips.tsx';
import { contactListsQuery, listsOfContactQuery, useMembersChange } from '../lib/contact-lists.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';

/** The lists that a person is on and their tags: put on others, or taken off. */
export function ListsOfPerson({ contactId }: { readonly contactId: string }) {
  const all = useQuery(contactListsQuery).data ?? [];
  const own = useQuery(listsOfContactQuery(contactId)).data ?? [];
  const change = useMembersChange();
  const others = all.filter(({ id }) => own.every((entry) => entry.id !== id));
  return (
    <section aria-label={t('lists.of_person')} className="mb-4 flex flex-wrap items-center gap-2">
      {own.length === 0 ? <span className="text-ink-3 text-sm">{t('lists.of_person.none')}</span> : null}
      <Chips
        chips={own.map(({ id, name }) => ({ key: id, name }))}
        disabled={change.isPending}
        onRemove={(id) => {
          const list = own.find((entry) => entry.id === id);
          if (list !== undefined) change.mutate({ list, action: 'remove', contact_ids: [contactId] });
        }}
      />
      {others.length === 0 ? null : (
        <Menu
          align="start"
          trigger={
            <Button kind="ghost" size="sm" disabled={change.isPending}>
              <Tags aria-hidden />
              {t('lists.of_person.add')}
            </Button>
          }
        >
          {others.slice(0, 50).map((list) => (
            <MenuItem key={list.id} onSelect={() => change.mutate({ list, action: 'add', contact_ids: [contactId] })}>
              <bdi>{list.name}</bdi>
            </MenuItem>
          ))}
        </Menu>
      )}
    </section>
  );
}
