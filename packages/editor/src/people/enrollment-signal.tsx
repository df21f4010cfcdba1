import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  CircleStop,
  Clock,
  type LucideIcon,
  MoveRight,
  Send,
} from 'lucide-react';
import { tOpen } from '../lib/translate.ts';
import { Signal, type SignalTone } from '../ui/signal.tsx';

const looks: Readonly<Record<string, readonly [SignalTone, LucideIcon]>> = {
  moving: ['live', MoveRight],
  waiting: ['wait', Clock],
  sending: ['live', Send],
  held: ['wait', CirclePause],
  finished: ['calm', CircleCheck],
  failed: ['stop', CircleAlert],
  stopped: ['stop', CircleStop],
};

/** Where an enrollment stands, as icon and word. */
export function EnrollmentSignal({ state }: { readonly state: string }) {
  const [tone, icon] = looks[state] ?? ['calm', MoveRight];
  return (
    <Signal tone={tone} icon={icon} quiet>
      {tOpen(`enrollment.${state}`, state)}
    </Signal>
  );
}
