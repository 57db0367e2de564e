import assert from 'node:assert/strict';
import { menuPlace } from '../../../webview/model/menuPlace.ts';

const page = { width: 900, height: 700 };
const menu = { width: 200, height: 150 };
const pointer = (x: number, y: number) => ({ x, top: y, bottom: y });

describe('the place of a menu', () => {
  it('is at the pointer, downward, where there is room', () => {
    assert.deepEqual(menuPlace(pointer(100, 100), menu, page), { left: 100, top: 100, maxHeight: undefined });
  });

  it('is below its button', () => {
    assert.equal(menuPlace({ x: 100, top: 90, bottom: 120 }, menu, page).top, 120);
  });

  it('is above the pointer near the lower edge, so that its last entry is in sight', () => {
    assert.equal(menuPlace(pointer(100, 640), menu, page).top, 490);
  });

  it('is above its button near the lower edge, so that the button stays in sight', () => {
    assert.equal(menuPlace({ x: 100, top: 630, bottom: 660 }, menu, page).top, 480);
  });

  it('fits exactly to the edge before it goes up', () => {
    assert.equal(menuPlace(pointer(0, 546), menu, page).top, 546);
    assert.equal(menuPlace(pointer(0, 547), menu, page).top, 397);
  });

  it('is shifted into the page where neither above nor below is room', () => {
    const low = { width: 900, height: 170 };
    assert.equal(menuPlace(pointer(0, 100), menu, low).top, 4);
  });

  it('never goes over a side', () => {
    assert.equal(menuPlace(pointer(850, 100), menu, page).left, 696);
    assert.equal(menuPlace(pointer(-20, 100), menu, page).left, 4);
  });

  it('is as high as the page where the menu is higher, and the menu scrolls', () => {
    const low = { width: 900, height: 100 };
    assert.deepEqual(menuPlace(pointer(10, 50), menu, low), { left: 10, top: 4, maxHeight: 92 });
  });
});
