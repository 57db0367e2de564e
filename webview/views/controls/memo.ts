// A view that is drawn again only when one of its props is another value.

import {
  Component,
  type ComponentChildren,
  type ComponentClass,
  createElement,
  type FunctionComponent,
} from 'preact';

export function memo<Props extends object>(view: FunctionComponent<Props>): ComponentClass<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isShallowEqual(this.props, next);
    }

    override render(): ComponentChildren {
      return createElement(view, this.props);
    }
  };
}

/** Runs once per row and event: it makes no copies. */
function isShallowEqual(one: object, other: object): boolean {
  const keys = Object.keys(other);
  const propOf = (props: object, key: string) => (props as Record<string, unknown>)[key];
  return (
    keys.length === Object.keys(one).length &&
    keys.every((key) => Object.is(propOf(one, key), propOf(other, key)))
  );
}
