import type { MessagePreview } from '@signalbox/engine/inbox/contract';
import type { SenderDocument } from '@signalbox/engine/routing/contract';
import { purposes } from '@signalbox/nodes/define/ports';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { formatExact, formatPhone } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tOpen, tr } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { senderName } from '../people/sender-name.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Signal } from '../ui/signal.tsx';

const looks = {
  send: { tone: 'live', icon: CircleCheck },
  later: { tone: 'wait', icon: Clock },
  refuse: { tone: 'stop', icon: CircleX },
} as const;

/** What would happen to a message, without sending one. */
export function MessagePreviewSection({ senders }: { readonly senders: readonly SenderDocument[] }) {
  const [values, setValues] = useState({ to: '', purpose: 'marketing', text: '', sender: '' });
  const ask = useMutation({
    mutationFn: () => {
      const { sender, ...rest } = values;
      return request<MessagePreview>('POST', '/messages/preview', {
        body: { ...rest, ...(sender === '' ? {} : { sender }) },
      });
    },
  });
  const problem = ask.isError ? problemFrom(ask.error) : null;
  const above = formNote(problem, ['to', 'purpose', 'text', 'sender'], { title: '', action: '' });
  return (
    <Section title={t('preview.title')} text={t('preview.text')}>
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <FormProblem note={above} />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field id="preview-to" label={t('preview.to')} notes={fieldNotes(problem, 'to')}>
            <Input
              id="preview-to"
              inputMode="tel"
              autoComplete="off"
              placeholder="+61 491 570 156"
              value={values.to}
              aria-invalid={fieldNotes(problem, 'to').length > 0 || undefined}
              aria-describedby="preview-to-problems"
              onChange={(event) => setValues({ ...values, to: event.target.value })}
            />
          </Field>
          <Field id="preview-purpose" label={t('message.purpose')}>
            <Select
              id="preview-purpose"
              label={t('message.purpose')}
              value={values.purpose}
              choices={purposes.map((purpose) => ({ value: purpose, label: t(`message.purpose.${purpose}`) }))}
              onChange={(purpose) => setValues({ ...values, purpose })}
            />
          </Field>
          <Field id="preview-sender" label={t('preview.sender')}>
            <Select
              id="preview-sender"
              label={t('preview.sender')}
              value={values.sender === '' ? 'any' : values.sender}
              choices={[
                { value: 'any', label: t('preview.sender.any') },
                ...senders.map(({ address }) => ({ value: address, label: senderName(address) })),
              ]}
              onChange={(sender) => setValues({ ...values, sender: sender === 'any' ? '' : sender })}
            />
          </Field>
        </div>
        <Field id="preview-text" label={t('preview.words')} notes={fieldNotes(problem, 'text')}>
          <Textarea
            id="preview-text"
            rows={2}
            maxLength={1_600}
            value={values.text}
            aria-describedby="preview-text-problems"
            onChange={(event) => setValues({ ...values, text: event.target.value })}
          />
        </Field>
        <div>
          <Button type="submit" disabled={values.to.trim() === '' || ask.isPending}>
            {t('preview.ask')}
          </Button>
        </div>
      </form>
      {ask.data === undefined ? null : <Answer preview={ask.data} />}
    </Section>
  );
}

function Answer({ preview }: { readonly preview: MessagePreview }) {
  const { sender, route, why, rules, country } = preview;
  const to = formatPhone(preview.to);
  return (
    <div role="status" className="mt-5 flex flex-col gap-3 border-line border-t pt-4">
      <p className="text-sm">
        {t('preview.goes', {
          to: country === null ? to : `${to} (${countryName(country)})`,
          n: preview.segments,
          encoding: preview.encoding,
        })}{' '}
        {preview.price === null
          ? ''
          : `${t('preview.price', { amount: shownAmount(preview.price.micro_units, preview.price.currency) })} `}
        {sender === null
          ? t('preview.no_sender')
          : t('preview.from', { sender: senderName(sender.address), account: sender.account_name })}{' '}
        {route === null ? tOpen(`preview.why.${why ?? ''}`, '') : t('preview.route', { route: route.name })}
      </p>
      <ul aria-label={t('preview.rules')} className="divide-y divide-line rounded-md border border-line">
        {rules.map(({ rule, title, verdict, until, reason }) => (
          <li key={rule} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
            <span className="min-w-0 flex-1 basis-32 font-medium">{tr(title)}</span>
            {reason === null ? null : (
              <span className="text-ink-2">
                {tr(reason.text)}
                {until === null ? '' : ` – ${t('preview.until', { time: formatExact(until) })}`}
              </span>
            )}
            <Signal {...looks[verdict]}>{t(`preview.verdict.${verdict}`)}</Signal>
          </li>
        ))}
      </ul>
    </div>
  );
}
