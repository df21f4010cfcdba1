import type { SignUpForm } from '@signalbox/engine/signups/contract';
import { useQuery } from '@tanstack/react-query';
import { ClipboardPen, Plus } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { FormRow } from './form-row.tsx';
import { signUpFormsQuery } from './queries.ts';
import { SignUpFormDialog } from './sign-up-form-dialog.tsx';

/** Pages on which people sign up, with how many did. */
export function SignUpFormsScreen() {
  const forms = useQuery(signUpFormsQuery);
  const [editing, setEditing] = useState<SignUpForm | 'new' | null>(null);
  const all = forms.data ?? [];
  const add = (
    <Button kind="primary" onClick={() => setEditing('new')}>
      <Plus aria-hidden />
      {t('signups.new')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('signups.title')}</ScreenTitle>} pageTitle={t('signups.title')}>
        {add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-5 md:px-8 md:py-7">
          {forms.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {forms.isError ? (
            <ErrorState problem={problemFrom(forms.error)} onRetry={() => void forms.refetch()} />
          ) : null}
          {forms.isSuccess && all.length === 0 ? (
            <EmptyState
              art={<ClipboardPen aria-hidden className="size-9 text-ink-3" />}
              title={t('signups.empty.title')}
              text={t('signups.empty.text')}
            >
              {add}
            </EmptyState>
          ) : null}
          {all.length === 0 ? null : (
            <ul
              aria-label={t('signups.list')}
              className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface shadow-card"
            >
              {all.map((form) => (
                <FormRow key={form.id} form={form} onEdit={() => setEditing(form)} />
              ))}
            </ul>
          )}
        </div>
      </div>
      {editing === null ? null : (
        <SignUpFormDialog form={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}
