import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { brandRamp, customProperties, dangerRamp, darkRamp, greyRamp, palettes } from './tokens.ts';

/** Nothing moves for longer than this. */
const motionMs = 120;
const overlays = { transitionProps: { duration: motionMs } };
/** The head of a dialog is no banner of the page. */
const dialogs = { ...overlays, attributes: { header: { role: 'presentation' } } };

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  colors: {
    brand: brandRamp,
    red: dangerRamp,
    dark: darkRamp,
    gray: greyRamp,
  },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.75rem' },
      h2: { fontSize: '1rem', lineHeight: '1.5rem' },
      h3: { fontSize: '0.875rem', lineHeight: '1.25rem' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { ...dialogs, centered: true, radius: 'lg' } },
    Drawer: { defaultProps: dialogs },
    // The list scrolls, so the keyboard must be able to reach it.
    SpotlightActionsList: { defaultProps: { viewportProps: { tabIndex: 0 } } },
    // The placeholder would be a child that a menu may not have.
    Menu: { defaultProps: { ...overlays, shadow: 'md', withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { ...overlays, openDelay: 300, withArrow: false } },
    Select: { defaultProps: { comboboxProps: overlays, checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { comboboxProps: overlays, checkIconPosition: 'right' } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    Paper: { defaultProps: { withBorder: true } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});

/** Tells Mantine's own variables what the tokens say. */
export const cssVariables: CSSVariablesResolver = () => {
  const scheme = (name: 'light' | 'dark') => {
    const palette = palettes[name];
    return {
      ...customProperties(name),
      '--mantine-color-body': palette.surface,
      '--mantine-color-text': palette.text,
      '--mantine-color-dimmed': palette['text-muted'],
      '--mantine-color-placeholder': palette['text-faint'],
      '--mantine-color-anchor': palette['brand-text'],
      '--mantine-color-default': palette.surface,
      '--mantine-color-default-hover': palette.hover,
      '--mantine-color-default-color': palette.text,
      '--mantine-color-default-border': palette['border-strong'],
      '--mantine-color-error': name === 'light' ? '#b3191f' : '#ff918e',
      '--mantine-color-brand-filled': palette.brand,
      '--mantine-color-brand-filled-hover': palette['brand-hover'],
      '--mantine-color-brand-light': palette['brand-tint'],
      '--mantine-color-brand-light-hover': palette.selected,
      '--mantine-color-brand-light-color': palette['brand-text'],
      '--mantine-color-brand-outline': palette['brand-text'],
      '--mantine-color-red-filled': palette['danger-fill'],
      '--mantine-color-red-filled-hover': palette['danger-fill-hover'],
      '--mantine-color-red-light-color': name === 'light' ? '#b3191f' : '#ff918e',
      '--mantine-color-red-outline': name === 'light' ? '#b3191f' : '#ff918e',
      '--mantine-color-gray-light-color': palette['text-muted'],
      '--mantine-primary-color-filled': palette.brand,
      '--mantine-primary-color-filled-hover': palette['brand-hover'],
      '--mantine-primary-color-light': palette['brand-tint'],
      '--mantine-primary-color-light-color': palette['brand-text'],
    };
  };
  return { variables: {}, light: scheme('light'), dark: scheme('dark') };
};
