import { Icon } from '../icon';
import { explain, type Refusal } from './refusal';

/** Tells kindly what was declined, why, and what can be done. */
export function RefusalNote({ refusal }: { readonly refusal: Refusal }) {
  const { title, text, hint } = explain(refusal);
  return (
    <section className="refusal" data-kind={refusal.kind} aria-label={title}>
      <Icon name="shield" />
      <div>
        <h3>{title}</h3>
        <p>{text}</p>
        <p className="faint">{hint}</p>
      </div>
    </section>
  );
}
