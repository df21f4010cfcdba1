import type { Contact } from '@signalbox/engine/contacts/contract';
import { Link } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { formatInZone, formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { useNow } from '../lib/use-now.ts';
import { Avatar } from '../people/avatar.tsx';
import { ConsentSignal } from '../people/consent-signal.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { ListCard } from '../ui/list-card.tsx';
import { Time } from '../ui/time.tsx';

/** People, a row each. */
export function ContactList({ contacts }: { readonly contacts: readonly Contact[] }) {
  const now = useNow();
  return (
    <ListCard
      label={t('nav.contacts')}
      heads={
        <>
          <span className="flex-1 pl-13 group-data-[density=compact]/list:pl-11">{t('contacts.head.person')}</span>
          <span className="w-40">{t('contacts.head.time')}</span>
          <span className="w-36">{t('contacts.head.consent')}</span>
          <span className="w-28 text-right max-lg:hidden">{t('list.head.changed')}</span>
        </>
      }
    >
      {contacts.map((contact) => (
        <ContactRow key={contact.id} contact={contact} now={now} />
      ))}
    </ListCard>
  );
}

/** Who it is, what time it is for them, whether they may be texted. */
function ContactRow({ contact, now }: { readonly contact: Contact; readonly now: number }) {
  return (
    <li className="relative flex items-center gap-x-4 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1 md:group-data-[density=compact]/list:[&>:first-child]:size-7">
      <Avatar name={nameOf(contact)} />
      <div className="min-w-0 flex-1 md:group-data-[density=compact]/list:flex md:group-data-[density=compact]/list:items-baseline md:group-data-[density=compact]/list:gap-3">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/contacts/$contactId"
            params={{ contactId: contact.id }}
            dir="auto"
            className="truncate font-semibold outline-none after:absolute after:inset-0"
          >
            {nameOf(contact)}
          </Link>
          {contact.is_sample ? (
            <FlaskConical aria-label={t('flows.sample')} className="size-3.5 shrink-0 text-ink-3" />
          ) : null}
        </div>
        <p className="num truncate text-ink-2 text-sm">
          {hasName(contact) ? formatPhone(contact.phone) : t('contact.no_name')}
          {contact.email === null ? null : <bdi className="text-ink-3"> · {contact.email}</bdi>}
        </p>
      </div>
      <span className="w-40 truncate text-ink-2 text-sm max-md:hidden" title={contact.time_zone ?? undefined}>
        {contact.time_zone === null ? (
          <span className="text-ink-3">{t('contacts.no_zone')}</span>
        ) : (
          formatInZone(contact.time_zone, now)
        )}
      </span>
      <span className="flex w-36 justify-start max-md:w-auto">
        <ConsentSignal contact={contact} />
      </span>
      <Time at={contact.updated_at} className="w-28 text-right text-ink-3 text-sm max-lg:hidden" />
    </li>
  );
}
