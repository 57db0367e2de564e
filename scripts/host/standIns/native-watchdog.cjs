// Stands in for the native module @vscode/native-watchdog, which ends an extension host whose parent has died. The extension
// host looks for its parent by itself once a second, which is enough here.
exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
