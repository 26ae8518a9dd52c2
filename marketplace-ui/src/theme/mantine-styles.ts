// In Mantine's cascade layer, so that a style of ours never needs a longer selector to win.
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
