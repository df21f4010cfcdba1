import type { TemplatePreview } from '@signalbox/engine/templates/contract';
import type { TemplateContent } from '@signalbox/nodes/templates/template-content';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Coins, Dices, Ruler, UserRoundX, Users } from 'lucide-react';
import { useState } from 'react';
import { variableName } from '../forms/insertions.ts';
import { problemFrom, request } from '../lib/api.ts';
import { useContactFields } from '../lib/contact-fields.ts';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { formatPhone } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tr } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { languageName } from '../people/languages.ts';
import { Button } from '../ui/button.tsx';
import { FormProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Signal } from '../ui/signal.tsx';

type Person = TemplatePreview['data'][number];

const everybody = 'everybody';

/** The text as twenty real people would get it: the longest, those with gaps, the dearest, and others. Nothing is sent. */
export function PeoplePreview({ content }: { readonly content: TemplateContent }) {
  const [list, setList] = useState(everybody);
  const lists = useQuery(contactListsQuery);
  const ask = useMutation({
    mutationFn: async ({ seed }: { readonly seed: number }) => ({
      seed,
      of: content,
      shown: await request<TemplatePreview>('POST', '/message-templates/preview', {
        body: { content, seed, ...(list === everybody ? {} : { list_id: list }) },
      }),
    }),
  });
  const problem = ask.isError ? problemFrom(ask.error) : null;
  const { data } = ask;
  const isOld = data !== undefined && data.of !== content;
  return (
    <Section
      title={t('templates.people')}
      text={t('templates.people.text')}
      actions={
        <>
          <Select
            label={t('templates.people.whom')}
            className="w-44"
            value={list}
            choices={[
              { value: everybody, label: t('lists.everybody') },
              ...(lists.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setList}
          />
          <Button disabled={ask.isPending} onClick={() => ask.mutate({ seed: data?.seed ?? 0 })}>
            <Users aria-hidden />
            {t(data === undefined || isOld ? 'templates.people.show' : 'templates.people.again')}
          </Button>
          {data === undefined ? null : (
            <Button kind="ghost" disabled={ask.isPending} onClick={() => ask.mutate({ seed: data.seed + 1 })}>
              <Dices aria-hidden />
              {t('templates.people.others')}
            </Button>
          )}
        </>
      }
    >
      <FormProblem
        note={problem === null ? null : { severity: 'error', title: `${problem.title}.`, action: problem.action }}
      />
      {data === undefined ? (
        problem === null ? (
          <p className="text-ink-3 text-sm">{t('templates.people.before')}</p>
        ) : null
      ) : (
        <div aria-busy={ask.isPending}>
          <p role="status" className="mb-3 text-sm">
            {data.shown.looked_at === 0
              ? t('templates.people.nobody')
              : t('templates.people.looked_at', {
                  n: data.shown.looked_at,
                  gaps: data.shown.with_gaps,
                  left_out: data.shown.left_out,
                })}
            {isOld ? <span className="text-wait"> {t('templates.people.old')}</span> : null}
          </p>
          <ul
            aria-label={t('templates.people')}
            className="divide-y divide-line rounded-md border border-line empty:hidden"
          >
            {data.shown.data.map((person) => (
              <PersonRow key={person.contact.id} person={person} />
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

const reasons = {
  longest: { tone: 'test', icon: Ruler },
  gaps: { tone: 'wait', icon: UserRoundX },
  dearest: { tone: 'calm', icon: Coins },
} as const;

function isReason(why: string): why is keyof typeof reasons {
  return Object.hasOwn(reasons, why);
}

function PersonRow({ person }: { readonly person: Person }) {
  const own = useContactFields();
  const { contact, why, language, country, text, reason, gaps, segments, encoding, cost } = person;
  const facts = [
    languageName(language),
    country === null ? null : countryName(country),
    text === null ? null : t('templates.people.parts', { n: segments, encoding }),
    cost === null ? null : shownAmount(cost.micro_units, cost.currency),
  ].filter((fact) => fact !== null);
  return (
    <li className="px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          to="/contacts/$contactId"
          params={{ contactId: contact.id }}
          className="min-w-0 max-w-full truncate font-medium text-sm hover:underline"
        >
          <bdi>{contact.name ?? formatPhone(contact.phone)}</bdi>
        </Link>
        <span className="num text-ink-3 text-sm">{facts.join(' · ')}</span>
        <span className="flex flex-wrap gap-1">
          {why.filter(isReason).map((each) => (
            <Signal key={each} {...reasons[each]}>
              {t(`templates.people.why.${each}`)}
            </Signal>
          ))}
        </span>
      </div>
      {text === null ? (
        <p className="mt-1.5 flex gap-1.5 text-sm text-stop">
          <Ban aria-hidden className="mt-0.5 size-4 shrink-0" />
          {tr(reason ?? '')}
        </p>
      ) : (
        <p
          dir="auto"
          lang={language}
          className="mt-1.5 w-fit max-w-full whitespace-pre-wrap rounded-[14px] rounded-bl-[5px] bg-bubble-in px-3 py-1.5 text-base [overflow-wrap:anywhere]"
        >
          {text}
        </p>
      )}
      {gaps.length === 0 ? null : (
        <p className="mt-1 text-ink-2 text-sm">
          {t('templates.people.gaps', { names: gaps.map((variable) => variableName(variable, own)).join(', ') })}
        </p>
      )}
    </li>
  );
}
