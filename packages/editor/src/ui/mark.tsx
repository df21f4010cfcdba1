/** The mark: a line that leaves one signal and reaches another. */
export function Mark({ className = 'size-9' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 36 36" aria-hidden className={className}>
      <rect width="36" height="36" rx="10" fill="var(--action)" />
      <path
        d="M9 25h6.5a4.5 4.5 0 0 0 4.5-4.5v-5a4.5 4.5 0 0 1 4.5-4.5H27"
        fill="none"
        stroke="var(--action-ink)"
        strokeWidth="2.75"
        strokeLinecap="round"
      />
      <circle cx="9.5" cy="25" r="3" fill="var(--action-ink)" />
      <circle cx="26.5" cy="11" r="3" fill="var(--action-ink)" />
    </svg>
  );
}
