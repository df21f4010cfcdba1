import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { contactListsQuery, useMembersChange } from '../lib/contact-lists.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';

const everybody = 'all';

/** Whom the list of people shows by list or tag, and what is done with all whom it shows. */
export function PeopleOfList({
  search,
  list,
  total,
  onChange,
}: {
  readonly search: string;
  /** The id of the list that is shown; empty for everybody. */
  readonly list: string;
  readonly total: number;
  readonly onChange: (list: string) => void;
}) {
  const all = useQuery(contactListsQuery).data ?? [];
  const change = useMembersChange();
  if (all.length === 0) return null;
  const shown = all.find(({ id }) => id === list);
  const filter = {
    ...(search === '' ? {} : { search }),
    ...(list === '' ? {} : { list_id: list }),
  };
  return (
    <>
      <Select
        label={t('lists.filter')}
        className="w-44"
        value={shown === undefined ? everybody : list}
        choices={[
          { value: everybody, label: t('lists.everybody') },
          ...all.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(value) => onChange(value === everybody ? '' : value)}
      />
      {total === 0 ? null : (
        <Menu
          align="start"
          trigger={
            <Button disabled={change.isPending}>
              <Tags aria-hidden />
              <span className="max-md:sr-only">{t('lists.add_all')}</span>
            </Button>
          }
        >
          {all
            .filter(({ id }) => id !== list)
            .slice(0, 50)
            .map((entry) => (
              <MenuItem key={entry.id} onSelect={() => change.mutate({ list: entry, action: 'add', filter })}>
                <bdi>{entry.name}</bdi>
              </MenuItem>
            ))}
          {shown === undefined ? null : (
            <MenuItem danger onSelect={() => change.mutate({ list: shown, action: 'remove', filter })}>
              {t('lists.remove_all', { n: total, name: shown.name })}
            </MenuItem>
          )}
        </Menu>
      )}
    </>
  );
}
