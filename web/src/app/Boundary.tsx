import { Component } from 'preact';
import type { ComponentChildren, VNode } from 'preact';
import { Broken } from '../screens/Broken.tsx';

interface Props {
  readonly children: ComponentChildren;
}
interface State {
  readonly fault: unknown;
}
/** Whatever breaks while drawing ends here: a sentence and a way on, never a blank page. */
export class Boundary extends Component<Props, State> {
  override state: State = { fault: null };

  static override getDerivedStateFromError(fault: unknown): State {
    return { fault };
  }

  override render(): VNode {
    const { fault } = this.state;
    if (fault === null) return <>{this.props.children}</>;
    return <Broken reason={fault instanceof Error ? fault.message : 'unknown'} />;
  }
}
