// Starts the built host as the user `nobody`, who owns the data folder.
process.setgroups([]);
process.setgid(65_534);
process.setuid(65_534);
await import('../../host/dist/main.mjs');
