import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';

export type FieldNote = { readonly severity: 'error' | 'warning'; readonly title: string; readonly action: string };

/** A problem beside the thing it is about: what happened and what to do. */
export function FieldProblem({ id, note }: { readonly id?: string; readonly note: FieldNote }) {
  const Icon = note.severity === 'error' ? CircleAlert : TriangleAlert;
  return (
    <p id={id} className={cn('flex gap-1.5 text-sm', note.severity === 'error' ? 'text-stop' : 'text-wait')}>
      <Icon aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
        {note.action === '' || /[.!?]$/.test(note.title) ? note.title : `${note.title}.`}
        {note.action === '' ? null : <span className="text-ink-2"> {note.action}</span>}
      </span>
    </p>
  );
}

/** What is wrong with a form and belongs to none of its fields, read out as it appears; nothing where nothing is. */
export function FormProblem({ note }: { readonly note: FieldNote | null }) {
  if (note === null) return null;
  return (
    <div role="alert">
      <FieldProblem note={note} />
    </div>
  );
}

/** Label, control, help and problems of one field. The control carries `id`. */
export function Field({
  id,
  label,
  help,
  notes = [],
  group = false,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly notes?: readonly FieldNote[];
  /** Several controls under one label. */
  readonly group?: boolean;
  readonly children: ReactNode;
}) {
  const body = (
    <>
      {help === undefined ? null : (
        <p id={`${id}-help`} className="-mt-1 text-ink-3 text-sm">
          {help}
        </p>
      )}
      {children}
      <div id={`${id}-problems`} className="empty:hidden">
        {notes.map((note) => (
          <FieldProblem key={note.title} note={note} />
        ))}
      </div>
    </>
  );
  if (group) {
    return (
      <fieldset className="flex min-w-0 flex-col gap-1.5" aria-describedby={`${id}-problems`}>
        <legend className="mb-1.5 font-medium text-ink text-sm">{label}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-ink text-sm">
        {label}
      </label>
      {body}
    </div>
  );
}
