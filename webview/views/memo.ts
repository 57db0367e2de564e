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

function isShallowEqual(one: object, other: object): boolean {
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return left.length === right.size && left.every(([key, value]) => Object.is(value, right.get(key)));
}
