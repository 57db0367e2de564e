/** Whether the keyboard before this page is a Mac's: its shortcuts are held with Cmd. */
export const IS_MAC = navigator.platform.startsWith('Mac');
