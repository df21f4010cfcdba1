import type { SenderDocument } from '@signalbox/engine/routing/contract';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleHelp, CircleX, Clock, type LucideIcon, Unplug } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient, sendersQuery } from '../lib/queries.ts';
import { t, tOpen } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { senderKindName, senderName } from '../people/sender-name.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Signal, type SignalTone } from '../ui/signal.tsx';

const states = ['unknown', 'unregistered', 'pending', 'registered', 'rejected'] as const;

/** Every sender with what is known of its registration, and what is missing. */
export function Senders({ senders }: { readonly senders: readonly SenderDocument[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Section
      title={t('routing.senders')}
      text={t('routing.senders.text')}
      actions={
        <Button asChild size="sm">
          <Link to="/settings/providers">{t('routing.senders.providers')}</Link>
        </Button>
      }
    >
      {senders.length === 0 ? (
        <p className="text-ink-2 text-sm">{t('routing.senders.none')}</p>
      ) : (
        <ul aria-label={t('routing.senders')} className="divide-y divide-line rounded-md border border-line">
          {senders.map((sender) => (
            <li key={sender.id} className="px-3 py-2">
              <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
                <div className="min-w-0 flex-1 basis-44">
                  <bdi className="num font-medium">{senderName(sender.address)}</bdi>
                  <p className="text-ink-3 text-sm">
                    {[
                      senderKindName(sender.kind),
                      sender.country === null ? null : countryName(sender.country),
                      sender.account.name,
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </p>
                  <BrandLine sender={sender} />
                </div>
                <Standing sender={sender} />
                <Button
                  size="sm"
                  aria-expanded={open === sender.id}
                  onClick={() => setOpen(open === sender.id ? null : sender.id)}
                >
                  {t('routing.registration.change')}
                </Button>
              </div>
              {open === sender.id ? <Registration sender={sender} onDone={() => setOpen(null)} /> : null}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The brand that a sender is registered for, and what carriers take of it; nothing where nobody said so. */
function BrandLine({ sender }: { readonly sender: SenderDocument }) {
  const { registration_brand: brand, brand_daily_segments: cap } = sender;
  if (brand === null) return null;
  return (
    <p className="num text-ink-3 text-sm">
      {cap === null
        ? t('routing.registration.of_brand', { brand })
        : t('routing.registration.of_brand_capped', { brand, n: cap })}
    </p>
  );
}

const looks: Readonly<Record<string, { readonly tone: SignalTone; readonly icon: LucideIcon }>> = {
  registered: { tone: 'live', icon: CircleCheck },
  pending: { tone: 'wait', icon: Clock },
  unknown: { tone: 'wait', icon: CircleHelp },
  unregistered: { tone: 'stop', icon: CircleX },
  rejected: { tone: 'stop', icon: CircleX },
};
const unknownLook = { tone: 'wait', icon: CircleHelp } as const;

/** How a sender stands: its account's health first, then its registration where it has to have one. */
function Standing({ sender: { account, registration, duties } }: { readonly sender: SenderDocument }) {
  if (account.health === 'down')
    return (
      <Signal tone="stop" icon={Unplug}>
        {t('routing.health.down')}
      </Signal>
    );
  if (duties.length === 0)
    return (
      <Signal tone="calm" icon={CircleCheck}>
        {t('routing.registration.none')}
      </Signal>
    );
  return (
    <Signal {...(looks[registration] ?? unknownLook)}>
      {tOpen(`routing.registration.${registration}`, registration)}
    </Signal>
  );
}

/** What somebody says of a sender's registration. */
function Registration({ sender, onDone }: { readonly sender: SenderDocument; readonly onDone: () => void }) {
  const [values, setValues] = useState({
    registration: String(sender.registration),
    registration_reference: sender.registration_reference ?? '',
    registration_expires_on: sender.registration_expires_on ?? '',
    registration_brand: sender.registration_brand ?? '',
    brand_daily_segments: sender.brand_daily_segments === null ? '' : String(sender.brand_daily_segments),
  });
  const capped = sender.kind === 'long_code' && sender.duties.length > 0;
  const save = useMutation({
    mutationFn: () =>
      request<SenderDocument>('PATCH', `/senders/${sender.id}`, {
        revision: sender.revision,
        body: {
          registration: values.registration,
          registration_reference: values.registration_reference.trim() || null,
          registration_expires_on: values.registration_expires_on || null,
          ...(capped
            ? {
                registration_brand: values.registration_brand.trim() || null,
                brand_daily_segments: values.brand_daily_segments === '' ? null : Number(values.brand_daily_segments),
              }
            : {}),
        },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: sendersQuery.queryKey });
      toast.success(t('routing.registration.saved', { sender: senderName(sender.address) }));
      onDone();
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: sendersQuery.queryKey }),
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const fields = [
    'registration',
    'registration_reference',
    'registration_expires_on',
    'registration_brand',
    'brand_daily_segments',
  ] as const;
  const above = formNote(problem, fields, {
    title: t('routing.changed_elsewhere'),
    action: t('routing.save_again'),
  });
  const id = `registration-${sender.id}`;
  return (
    <form
      className="flex flex-col gap-4 py-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {sender.duties.map(({ country, register }) => (
        <p key={country} className="text-ink-2 text-sm">
          {t('routing.registration.duty', { register, country: countryName(country) })}
        </p>
      ))}
      <FormProblem note={above} />
      <div className="grid gap-4 sm:grid-cols-3">
        <Field id={`${id}-state`} label={t('routing.registration')} notes={fieldNotes(problem, 'registration')}>
          <Select
            id={`${id}-state`}
            label={t('routing.registration')}
            value={values.registration}
            choices={states.map((state) => ({ value: state, label: t(`routing.registration.${state}`) }))}
            onChange={(registration) => setValues({ ...values, registration })}
          />
        </Field>
        <Field
          id={`${id}-reference`}
          label={t('routing.registration.reference')}
          notes={fieldNotes(problem, 'registration_reference')}
        >
          <Input
            id={`${id}-reference`}
            value={values.registration_reference}
            maxLength={80}
            className="font-mono text-sm"
            autoComplete="off"
            onChange={(event) => setValues({ ...values, registration_reference: event.target.value })}
          />
        </Field>
        <Field
          id={`${id}-expires`}
          label={t('routing.registration.expires')}
          notes={fieldNotes(problem, 'registration_expires_on')}
        >
          <Input
            id={`${id}-expires`}
            type="date"
            value={values.registration_expires_on}
            onChange={(event) => setValues({ ...values, registration_expires_on: event.target.value })}
          />
        </Field>
        {capped ? (
          <>
            <Field
              id={`${id}-brand`}
              label={t('routing.registration.brand')}
              notes={fieldNotes(problem, 'registration_brand')}
            >
              <Input
                id={`${id}-brand`}
                value={values.registration_brand}
                maxLength={80}
                className="font-mono text-sm"
                autoComplete="off"
                onChange={(event) => setValues({ ...values, registration_brand: event.target.value })}
              />
            </Field>
            <Field
              id={`${id}-cap`}
              label={t('routing.registration.cap')}
              help={t('routing.registration.cap.help')}
              notes={fieldNotes(problem, 'brand_daily_segments')}
            >
              <Input
                id={`${id}-cap`}
                type="number"
                inputMode="numeric"
                min={1}
                value={values.brand_daily_segments}
                onChange={(event) => setValues({ ...values, brand_daily_segments: event.target.value })}
              />
            </Field>
          </>
        ) : null}
      </div>
      <div className="flex gap-2">
        <Button kind="primary" size="sm" type="submit" disabled={save.isPending}>
          {t('routing.registration.save')}
        </Button>
        <Button size="sm" onClick={onDone}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  );
}
